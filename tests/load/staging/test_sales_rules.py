"""Rules of sales: totals of orders, statuses, money paid back, currencies; each moves exactly what it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.load.conftest import ORDERS
from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, SourceMapping, answered, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

WIDE = "订单号,客户编号,下单日期,数量,单价,金额,订单状态"
SALES = replace(
    ORDERS,
    columns={
        **ORDERS.columns,
        "数量": "quantity",
        "单价": "unit_price",
        "订单状态": "status",
    },
)
PER_ORDER = replace(SALES, per_order=("金额",))


def lines_of(store: Path) -> list[tuple[str, Decimal, bool, bool]]:
    """Return order, amount in cents, whether it is cancelled, whether it is a purchase, line by line."""
    with open_store(store) as opened:
        lines = opened.table("transactions").order_by("source_line")
        lines = lines.select(
            "order_id", "is_cancelled", "is_purchase", cents=(lines.amount * 100).round().cast("int64")
        )
        return list(
            opened.collect(lines)[["order_id", "cents", "is_cancelled", "is_purchase"]].itertuples(
                index=False, name=None
            )
        )


def test_a_total_is_spread_by_quantity_and_price_to_the_cent(write, store):
    path = write("A,C1,2024-05-01,1,10.00,100.01,已完成", "A,C1,2024-05-01,2,10.00,100.01,已完成", header=WIDE)
    report = load(path, store=store, mapping=Mapping((PER_ORDER,)))
    assert [cents for _, cents, _, _ in lines_of(store)] == [3334, 6667]
    words = "1 个订单共 100.01，已按“数量×单价”分摊到 2 行；各行合计为 30.00，差额 +70.01"
    assert words in report.text("zh")


def test_a_total_on_the_first_line_alone_is_spread_and_the_others_are_not_rejected(write, store):
    path = write(
        "A,C1,2024-05-01,1,10.00,9.99,已完成",
        "A,C1,2024-05-01,1,10.00,,已完成",
        "A,C1,2024-05-01,1,10.00,,已完成",
        header=WIDE,
    )
    report = load(path, store=store, mapping=Mapping((PER_ORDER,)))
    assert report.rows_loaded == 3
    assert [cents for _, cents, _, _ in lines_of(store)] == [333, 333, 333]


def test_one_number_of_two_customers_is_two_orders(write, store):
    path = write("1,C1,2024-05-01,1,10.00,30.00,已完成", "1,C2,2024-05-01,1,10.00,50.00,已完成", header=WIDE)
    load(path, store=store, mapping=Mapping((PER_ORDER,)))
    assert [cents for _, cents, _, _ in lines_of(store)] == [3000, 5000]


def test_lines_of_an_order_with_two_totals_are_rejected_and_kept(write, store):
    path = write(
        "A,C1,2024-05-01,1,10.00,30.00,已完成",
        "A,C1,2024-05-01,1,10.00,31.00,已完成",
        "B,C1,2024-05-01,1,1,1,已完成",
        header=WIDE,
    )
    report = load(path, store=store, mapping=Mapping((PER_ORDER,)))
    assert report.rejects["reason"].tolist() == ["order_total_differs"] * 2
    assert report.rejects["line"].tolist() == [2, 3]
    assert '"31.00"' in report.rejects["facts"][1]
    assert "同一订单的各行总额不一致" in report.text("zh")
    assert "the lines of this order show different totals" in report.text("en")


def test_free_lines_get_nothing_and_are_no_purchases(write, store):
    path = write("A,C1,2024-05-01,1,10.00,8.00,已完成", "A,C1,2024-05-01,1,0,8.00,已完成", header=WIDE)
    load(path, store=store, mapping=Mapping((PER_ORDER,)))
    assert lines_of(store) == [("A", 800, False, True), ("A", 0, False, False)]


@pytest.mark.parametrize(
    "status", ["已关闭", "交易关闭", "待付款", "Failed", "pending payment", "Pending_Payment", "VOIDED", " 已取消 "]
)
def test_a_status_of_the_trade_leaves_its_rows_out_and_says_so(status: str, write, store):
    path = write(f"A,C1,2024-05-01,1,10.00,10.00,{status}", "B,C1,2024-05-01,1,7,7,交易成功", header=WIDE)
    report = load(path, store=store, mapping=Mapping((SALES,)))
    assert lines_of(store) == [("A", 1000, True, False), ("B", 700, False, True)]
    assert f"“订单状态”为“{status.strip()}”（未成交，不计入）：1 行，10.00" in report.text("zh")
    assert f"“订单状态” = “{status.strip()}” (not sold, left out): 1 rows, 10.00" in report.text("en")


@pytest.mark.parametrize("status", ["部分退款", "状态7", "refunded", "已退款", "partially_refunded", "处理中?"])
def test_a_status_that_nobody_explained_is_asked_before_anything_is_loaded(status: str, write, store):
    path = write(f"A,C1,2024-05-01,1,10.00,10.00,{status}", "B,C1,2024-05-01,1,7,7,交易成功", header=WIDE)
    report = load(path, store=store, mapping=Mapping((SALES,)))
    (question,) = report.questions
    assert (question.key, question.facts["value"], question.facts["count"]) == ("status_value", status, 1)
    assert question.facts["suggested"] == ""
    assert not (store / "CURRENT").exists()
    for lang in LANGUAGES:
        assert status in question_words(question, lang)
        assert len({choice_words(question, choice, lang) for choice in question.choices}) == 3
    for meaning, expected in {"sale": 1700, "no_sale": 700, "refund": -300}.items():
        mapping = answered(Mapping((SALES,), questions=report.questions), question, meaning)
        assert load(path, store=store, mapping=mapping).questions == ()
        assert sum(cents for _, cents, is_cancelled, _ in lines_of(store) if not is_cancelled) == expected


def test_a_refund_below_zero_needs_no_question(write, store):
    path = write("A,C1,2024-05-01,1,10.00,-4.00,退款", "B,C1,2024-05-01,1,7,7,交易成功", header=WIDE)
    assert load(path, store=store, mapping=Mapping((SALES,))).questions == ()
    assert lines_of(store) == [("A", -400, False, False), ("B", 700, False, True)]


def test_a_new_status_next_month_is_asked(write, store):
    told = replace(SALES, meanings={"订单状态": {"甲": "sale"}})
    january = write("A,C1,2024-01-01,1,10.00,10.00,甲", header=WIDE, name="一月.csv")
    assert load(january, store=store, mapping=Mapping((told,))).questions == ()
    february = write("B,C1,2024-02-01,1,10.00,10.00,乙", header=WIDE, name="二月.csv")
    (question,) = load(february, store=store, mapping=Mapping((told,))).questions
    assert question.facts["value"] == "乙"


def test_a_description_is_not_taken_for_a_status_in_silence(write, store):
    rows = [f"A{n},C1,2024-05-01,1,1,1,说明{n}" for n in range(60)]
    report = load(write(*rows, header=WIDE), store=store, mapping=Mapping((SALES,)))
    assert "“订单状态”有 60 种不同取值，未作为状态处理" in report.text("zh")


BACK = "订单号,客户编号,下单日期,金额,订单状态,退款金额"


@pytest.mark.parametrize("written", ["20.00", "-20.00", "￥20"])
def test_money_paid_back_is_taken_off_however_its_sign_is_written(written: str, write, store):
    rules = replace(ORDERS, columns={**ORDERS.columns, "订单状态": "status"}, deduct=("退款金额",))
    path = write(
        f"A,C1,2024-05-01,80.80,已发货,{written}",
        "B,C1,2024-05-01,399,交易关闭,399",
        "C,C1,2024-05-02,5,已发货,5",
        header=BACK,
    )
    report = load(path, store=store, mapping=Mapping((rules,)))
    assert lines_of(store) == [("A", 6080, False, True), ("B", 39900, True, False), ("C", 0, False, False)]
    assert "已从 2 行的金额中扣除“退款金额”，合计 25.00" in report.text("zh")


def test_an_unreadable_refund_is_rejected_not_ignored(write, store):
    rules = replace(ORDERS, deduct=("退款金额",))
    path = write("A,C1,2024-05-01,80.80,,见备注", "B,C1,2024-05-01,5,,", header=BACK)
    report = load(path, store=store, mapping=Mapping((rules,)))
    assert report.rejects[["line", "reason"]].to_numpy().tolist() == [[2, "not_money"]]


PARENT = "订单号,客户编号,下单日期,金额,订单状态,原订单号"


@pytest.mark.parametrize(("number", "parent"), [("A", ""), ("R1", "A")], ids=["own number", "names the order"])
def test_the_refund_of_an_order_that_was_never_sold_is_left_out_with_it(number: str, parent: str, write, store):
    rules = replace(ORDERS, columns={**ORDERS.columns, "订单状态": "status"})
    path = write(
        "A,C1,2024-05-01,120,已取消,",
        f"{number},C1,2024-05-02,-120,已完成,{parent}",
        "B,C1,2024-05-02,50,已完成,",
        header=PARENT,
    )
    report = load(path, store=store, mapping=Mapping((rules,)))
    assert report.questions == ()
    assert sum(cents for _, cents, is_cancelled, _ in lines_of(store) if not is_cancelled) == 5000
    assert "1 行退款（-120.00）属于未成交的订单" in report.text("zh")


def test_a_refund_that_names_no_order_is_asked_where_the_money_is_that_of_an_unsold_one(write, store):
    rules = replace(ORDERS, columns={**ORDERS.columns, "订单状态": "status"})
    path = write(
        "A,C1,2024-05-01,120,已取消,", "R9,C1,2024-05-02,-120,已完成,", "B,C1,2024-05-02,50,已完成,", header=PARENT
    )
    (question,) = load(path, store=store, mapping=Mapping((rules,))).questions
    assert question.key == "unsold_refunds"
    for choice, cents in {"leave_out": 5000, "deduct": -7000}.items():
        mapping = answered(Mapping((rules,), questions=(question,)), question, choice)
        assert load(path, store=store, mapping=mapping).questions == ()
        assert sum(money for _, money, is_cancelled, _ in lines_of(store) if not is_cancelled) == cents


COINS = "订单号,客户编号,下单日期,金额,币种"


@pytest.mark.parametrize("declared", [False, True], ids=["column known by its name", "column declared"])
def test_currencies_are_refused_without_a_rate_and_converted_with_one(declared: bool, write, store):
    path = write("A,C1,2024-05-01,100,CNY", "B,C1,2024-05-02,10,美元", "C,C1,2024-05-02,10,usd", header=COINS)
    rules = replace(ORDERS, currency="币种" if declared else None)
    with pytest.raises(LoadError) as refused:
        load(path, store=store, mapping=Mapping((rules,)))
    assert (refused.value.key, refused.value.facts["counts"]) == ("mixed_currencies", ["USD × 2", "CNY × 1"])
    load(path, store=store, mapping=Mapping((replace(rules, rates={"USD": "7.12"}),)))
    assert [cents for _, cents, _, _ in lines_of(store)] == [10000, 7120, 7120]


def test_one_foreign_currency_is_refused_until_it_is_declared(write, store):
    path = write("A,C1,2024-05-01,100,USD", header=COINS)
    with pytest.raises(LoadError, match="USD"):
        load(path, store=store, mapping=Mapping((ORDERS,)))
    load(path, store=store, mapping=Mapping((ORDERS,)), currency="USD")
    assert [cents for _, cents, _, _ in lines_of(store)] == [10000]


@pytest.mark.parametrize(("amounts", "currency", "is_right"), [
    (("$100", "￥50"), None, False),
    (("$100", "$50"), None, False),
    (("$100", "$50"), "USD", True),
    (("$100", "$50"), "HKD", True),
    (("¥100", "50元"), None, True),
    (("100 EUR", "50"), None, False),
    (("€100", "£50"), "EUR", False),
])  # fmt: skip
def test_signs_of_another_currency_are_refused(amounts, currency, is_right: bool, write, store):
    path = write(
        *(f"A{n},C1,2024-05-01,{amount}" for n, amount in enumerate(amounts)), header="订单号,客户编号,下单日期,金额"
    )
    if is_right:
        assert load(path, store=store, mapping=Mapping((ORDERS,)), currency=currency).rows_loaded == 2
    else:
        with pytest.raises(LoadError) as refused:
            load(path, store=store, mapping=Mapping((ORDERS,)), currency=currency)
        assert refused.value.key == "foreign_signs"


@pytest.mark.parametrize("header", ["金额（美元）", "Amount (USD)", "total_usd", "Total USD"])
def test_a_currency_in_the_header_is_refused_or_converted(header: str, write, store):
    """What is paid back is converted like the amount."""
    path = write("A,C1,2024-05-01,100,20.00", header=f"订单号,客户编号,下单日期,{header},Refunded USD")
    columns = {"订单号": "order_id", "客户编号": "customer_id", "下单日期": "day", header: "amount"}
    source = replace(ORDERS, columns=columns, deduct=("Refunded USD",))
    with pytest.raises(LoadError) as refused:
        load(path, store=store, mapping=Mapping((source,)))
    assert refused.value.key == "currency_of_header"
    load(path, store=store, mapping=Mapping((replace(source, rates={"USD": "7.1"}),)))
    assert [cents for _, cents, *_ in lines_of(store)] == [56800]


def test_a_currency_above_the_table_is_refused(write, store):
    path = write(
        "币种：美元,,,", "客户编号,订单号,下单日期,金额", "C1,A,2024-05-01,5", "C2,B,2024-05-01,6", header="销售明细,,,"
    )
    with pytest.raises(LoadError) as refused:
        load(path, store=store, mapping=Mapping((ORDERS,)))
    assert (refused.value.key, refused.value.facts["currency"]) == ("currency_of_header", "USD")


@pytest.mark.parametrize("header", ["id", "会员名", "手机", "openid", "Email", "buyer", "买家昵称_"])
def test_sales_without_a_known_customer_ask_who_bought(header: str, write):
    rows = [f"2024-05-0{n},{n}0,x{n % 3}@y.cn" for n in range(1, 6)]
    mapping = suggest_mapping(write(*rows, header=f"下单日期,金额,{header}", name="orders.csv"))
    about = [one for one in mapping.questions if one.facts.get("column") == "customer_id"]
    assert about or mapping.sources[0].header_of("customer_id") == header
    assert all(header in one.choices for one in about)


def test_no_customer_needs_a_yes(write, store):
    path = write("2024-05-01,10", "2024-05-02,20", header="下单日期,金额")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, list(question.choices)) == ("which_customer", ["no_customer"])
    mapping = answered(mapping, question, "no_customer")
    assert mapping.sources[0].no_customer
    assert load(path, store=store, mapping=mapping).rows_loaded == 2


def test_all_of_it_reads_back_from_the_mapping_file(tmp_path):
    rules: SourceMapping = replace(
        PER_ORDER, deduct=("退款金额",), meanings={"订单状态": {"甲": "sale", '乙 "x"': "no_sale"}},
        unsold_refunds="deduct", currency="币种", rates={"USD": "7.12"},
    )  # fmt: skip
    nameless = replace(ORDERS, columns={"下单日期": "day", "金额": "amount"}, no_customer=True)
    mapping = Mapping((rules, nameless))
    mapping.save(tmp_path / "mapping.toml")
    assert Mapping.read(tmp_path / "mapping.toml") == mapping
    assert '"金额" = {column = "amount", per = "order"}' in mapping.text()


@pytest.mark.parametrize(("line", "key"), [
    ('"金额" = {column = "amount", per = "day"}', "mapping_unknown_choice"),
    ('"金额" = {column = "amount", pro = "order"}', "mapping_unknown_entry_near"),
    ('[source.rates]\nUSD = 0', "mapping_wrong_rate"),
    ('[source.rates]\nUSX = 7', "mapping_unknown_choice_near"),
    ('[source.meanings."订单状态"]\n"甲" = "sold"', "mapping_unknown_choice"),
])  # fmt: skip
def test_a_mistake_in_the_mapping_is_named_with_its_line(line: str, key: str, tmp_path: Path):
    columns = '"订单号" = "order_id"\n"下单日期" = "day"\n' + (
        "" if line.startswith('"金额"') else '"金额" = "amount"\n'
    )
    text = f'[[source]]\nfiles = ["*"]\ntable = "transactions"\n[source.columns]\n{columns}{line}\n'
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as wrong:
        Mapping.read(tmp_path / "mapping.toml")
    assert wrong.value.key.startswith(key.removesuffix("_near"))
    assert int(str(wrong.value.facts["line"])) > 3


@pytest.mark.parametrize("name", ["退货单.csv", "Returns 2024.csv", "售后退款.csv"])
def test_a_file_of_returns_is_asked_about_and_taken_off(name: str, write, store):
    path = write("C1,R1,2024-05-02,30.00", "C2,R2,2024-05-03,5.00", name=name)
    (question,) = suggest_mapping(path).questions
    assert (question.key, question.facts["suggested"]) == ("returns", "refund")
    load(path, store=store, mapping=answered(suggest_mapping(path), question, "refund"))
    assert [(cents, is_purchase) for _, cents, _, is_purchase in lines_of(store)] == [(-3000, False), (-500, False)]


def test_returns_below_zero_and_turnover_are_no_question(write):
    assert (
        suggest_mapping(write("C1,R1,2024-05-02,-30.00", "C2,R2,2024-05-03,-5.00", name="退货单.csv")).questions == ()
    )
    assert (
        suggest_mapping(write("C1,R1,2024-05-02,30.00", "C2,R2,2024-05-03,5.00", name="turnover.csv")).questions == ()
    )


@pytest.mark.parametrize("header", ["毛利", "Profit", "利润（元）"])
def test_a_profit_gives_the_cost(header: str, write, store, column_of):
    path = write(
        "C1,A1,2024-05-02,30.00,12.50", "C2,A2,2024-05-03,5.00,-1", header=f"客户编号,订单号,下单日期,金额,{header}"
    )
    load(path, store=store)
    assert [float(value) for value in column_of("transactions", "cost")] == [17.5, 6.0]


def test_a_column_of_refunds_below_zero_is_asked_about_too(write):
    rows = [f"A{n},C{n},2024-05-0{n},80,{'-20.00' if n == 1 else '0.00'}" for n in range(1, 6)]
    mapping = suggest_mapping(write(*rows, header="订单号,客户编号,下单日期,金额,退款金额"))
    assert [one.key for one in mapping.questions] == ["refund_column"]
    assert mapping.questions[0].choices["deduct"] == ("-20.00",)


PRICED = "订单号,客户编号,下单日期,数量,单价,折扣"
AT_A_PRICE = replace(
    ORDERS,
    columns={
        "订单号": "order_id",
        "客户编号": "customer_id",
        "下单日期": "day",
        "数量": "quantity",
        "单价": "unit_price",
    },
)


@pytest.mark.parametrize(
    ("change", "cents"),
    [
        ("times", {"0.8": 160, "80%": 160, "8折": 160, "八五折": 170, "20% off": 160, "原价": 200, "": 200}),
        ("times_tenths", {"8.5": 170, "8.5折": 170}),
        ("times_percent", {"80": 160, "80%": 160}),
        ("less_share", {"0.2": 160, "20%": 160, "-0.2": 160}),
        ("less_percent", {"20": 160, "8折": 160}),
        ("less", {"40": 160, "-40": 160, "￥40.00": 160}),
        ("less_per_order", {"40": 160}),
        ("plus_share", {"13%": 226, "0.13": 226}),
        ("plus_percent", {"13": 226}),
        ("plus", {"26": 226}),
    ],
)
def test_a_discount_or_a_tax_changes_quantity_times_price(change, cents, write, store):
    path = write(*(f"{place},C1,2024-05-01,2,100.00,{one}" for place, one in enumerate(cents)), header=PRICED)
    load(path, store=store, mapping=Mapping((replace(AT_A_PRICE, price_changes={"折扣": change}),)))
    assert [paid for _, paid, *_ in lines_of(store)] == [100 * whole for whole in cents.values()]


def test_a_rate_that_cannot_be_meant_is_rejected_and_a_return_is_discounted_too(write, store):
    lines = ["A,C1,2024-05-01,-2,100.00,0.8", "B,C1,2024-05-01,1,100.00,80", "C,C1,2024-05-01,1,0.333,0.5"]
    path = write(*lines, header=PRICED)
    report = load(path, store=store, mapping=Mapping((replace(AT_A_PRICE, price_changes={"折扣": "times"}),)))
    assert [(order, cents) for order, cents, *_ in lines_of(store)] == [("A", -16000), ("C", 17)]
    assert report.rows_rejected == 1
    assert "“折扣”使 2 行的金额合计变动 +39.84" in report.text("zh")


def test_the_discount_of_an_order_is_taken_off_once_to_the_cent(write, store):
    lines = [
        "A,C1,2024-05-01,1,10.00,10",
        "A,C1,2024-05-01,2,10.00,10",
        "B,C2,2024-05-01,1,5.00,",
        "B,C2,2024-05-01,1,5.00,1",
    ]
    path = write(*lines, header=PRICED)
    report = load(path, store=store, mapping=Mapping((replace(AT_A_PRICE, price_changes={"折扣": "less_per_order"}),)))
    assert [cents for _, cents, *_ in lines_of(store)] == [667, 1333, 450, 450]
    assert "“折扣”已从 2 个订单中各扣一次，合计 11.00" in report.text("zh")


@pytest.mark.parametrize(
    ("header", "value", "meanings"),
    [
        ("类型", "套餐明细", {"套餐明细": "no_sale", "单品": "sale"}),
        ("是否赠品", "是", {"是": "no_sale", "否": "sale"}),
        ("所属套餐", "双人餐", {"*": "no_sale"}),
    ],
)
def test_gifts_and_parts_of_sets_take_no_share_of_their_order_s_money(header, value, meanings, write, store):
    """Before, 50 of the 90 that were paid went with the part that is no sale."""
    own = {"类型": "单品", "是否赠品": "否", "所属套餐": ""}[header]
    lines = [f"A,C1,2024-05-01,1,40.00,90.00,{own}", f"A,C1,2024-05-01,1,50.00,90.00,{value}"]
    lines += [f"A,C1,2024-05-01,2,20.00,90.00,{own}", f"B,C1,2024-05-01,1,20.00,15.00,{value}"]
    path = write(*lines, header=f"订单号,客户编号,下单日期,数量,单价,金额,{header}")
    columns = {**ORDERS.columns, "数量": "quantity", "单价": "unit_price"}
    source = replace(ORDERS, columns=columns, per_order=("金额",), meanings={header: meanings})
    load(path, store=store, mapping=Mapping((source,)))
    assert [(cents, out) for _, cents, out, _ in lines_of(store)] == [
        (4500, False),
        (0, True),
        (4500, False),
        (1500, True),
    ]


@pytest.mark.parametrize("first", ["amount_of", "refund_column"])
def test_a_refund_on_every_line_is_taken_off_once_in_whatever_order_the_answers_come(first, write, store):
    """With amounts that seem the lines' own, and are the orders'."""
    lines = ["A,C1,2024-05-01,1,30.00,50.00,20.00", "A,C1,2024-05-01,1,25.00,50.00,20.00"]
    lines += ["B,C1,2024-05-01,1,30.00,60.00,0.00", "B,C1,2024-05-01,1,35.00,60.00,0.00"]
    path = write(*lines, header="订单号,客户编号,下单日期,数量,单价,金额,退款金额")
    mapping = suggest_mapping(path)
    questions = sorted(mapping.questions, key=lambda one: one.key != first)
    for said in ({"amount_of": "line", "refund_column": "keep"}, {"amount_of": "order", "refund_column": "deduct"}):
        for question in questions:
            mapping = answered(mapping, question, said[question.key])
    mapping.save(store.with_suffix(".toml"))
    load(path, store=store, mapping=Mapping.read(store.with_suffix(".toml")))
    assert sum(cents for _, cents, *_ in lines_of(store)) == 9000
