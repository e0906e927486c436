"""Rows that are no sale: with a reason why nothing came of it, totals among lines, pieces that came back."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest

TODAY = date(2026, 1, 1)
ORDERS = {
    "订单号": ["A1", "A2", "A3", "A4"],
    "下单日期": ["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"],
    "会员号": ["V1", "V2", "V1", "V3"],
    "订单金额": ["100.00", "50.00", "80.00", "30.00"],
}


def looked(**columns: list[str]) -> Mapping:
    return suggest([RowSample("x.csv", None, tuple(columns), columns)])


def asked(mapping: Mapping, key: str) -> Question:
    (question,) = [one for one in mapping.questions if one.key == key]
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert all(choice_words(question, choice, lang) for choice in question.choices)
    return question


@pytest.mark.parametrize(
    ("header", "values", "suggested", "known"),
    [
        ("取消原因", ["", "不想要了", "", ""], "no_sale", {}),
        ("订单关闭原因", ["订单未关闭", "买家拒收", "-", "订单未关闭"], "no_sale", {"订单未关闭": "sale", "-": "sale"}),
        ("Reason for Rejection", ["", "Too expensive", "", ""], "no_sale", {}),
        ("Return reason", ["", "Defective", "N/A", ""], "", {"N/A": "sale"}),
        ("motivo de cancelación", ["", "precio", "", ""], "no_sale", {}),
    ],
)
def test_rows_with_a_reason_why_nothing_came_of_them_are_asked_about(header, values, suggested, known):
    mapping = looked(**ORDERS, **{header: values})
    question = asked(mapping, "filled_mark")
    assert (question.facts["header"], question.facts["count"], question.facts["suggested"]) == (header, 1, suggested)
    (source,) = answered(mapping, question, "no_sale").sources
    assert source.meanings[header] == {**known, "*": "no_sale"}


def test_a_reason_beside_a_status_that_says_enough_is_no_question():
    mapping = looked(**ORDERS, 订单状态=["已完成", "已取消", "已完成", "已完成"], 取消原因=["", "不想要了", "", ""])
    assert mapping.questions == ()


TOTALS = [
    "A1,2024-01-05,V1,ORDER,,,70.00",
    "A1,2024-01-05,V1,LINE,MUG,2,40.00",
    "A1,2024-01-05,V1,LINE,POT,1,30.00",
    "A2,2024-01-06,V2,ORDER,,,20.00",
    "A2,2024-01-06,V2,LINE,MUG,1,20.00",
]


def test_totals_of_orders_among_their_lines_are_left_out_once_a_person_agrees(write, store, column_of):
    path = write(*TOTALS, header="订单号,下单日期,会员号,行标识,商品编码,数量,金额")
    mapping = suggest_mapping(path)
    question = asked(mapping, "order_rows")
    assert (question.facts["count"], question.facts["suggested"]) == (2, "yes")
    assert question.choices["yes"] == ("A1: 70.00", "A2: 20.00")
    mapping = answered(mapping, question, "yes")
    assert mapping.questions == ()
    report = load(path, store=store, mapping=mapping, today=TODAY)
    assert (report.rows_loaded, report.rows_ignored) == (3, 2)
    assert column_of("transactions", "amount") == [40, 30, 20]


@pytest.mark.parametrize(
    "amounts",
    [
        ["40.00", "20.00", "20.00", "20.00", "20.00"],  # one sum may be chance
        ["70.00", "40.00", "31.00", "20.00", "20.00"],
    ],
)
def test_lines_that_are_no_sums_are_no_totals(amounts):
    numbers, products = ["A1", "A1", "A1", "A2", "A2"], ["SET", "MUG", "POT", "MUG", "POT"]
    days, buyers = ["2024-01-05"] * 5, ["V1", "V1", "V1", "V2", "V2"]
    mapping = looked(订单号=numbers, 下单日期=days, 会员号=buyers, 商品编码=products, 金额=amounts)
    assert [one.key for one in mapping.questions if one.key == "order_rows"] == []


RETURNED = ["A1,2024-01-05,V1,P1,2,100.00", "A2,2024-01-06,V2,P1,1,50.00", "A3,2024-01-08,V1,P1,-1,50.00"]


def test_pieces_below_zero_beside_an_amount_above_it_are_asked_about(write, store, column_of):
    path = write(*RETURNED, header="单号,日期,会员号,商品编码,数量,金额")
    mapping = suggest_mapping(path)
    question = asked(mapping, "negative_pieces")
    assert (question.facts["count"], question.facts["suggested"]) == (1, "refund")
    assert answered(mapping, question, "sale").sources[0].negative_pieces_back is False
    answered(mapping, question, "refund").save(store.with_suffix(".toml"))
    load(path, store=store, mapping=store.with_suffix(".toml"), today=TODAY)
    assert column_of("transactions", "amount") == [100, 50, -50]


def test_a_ledger_of_stock_that_writes_every_sale_below_zero_is_asked_without_a_suggestion():
    mapping = looked(**ORDERS, 数量=["-1", "-2", "-1", "-3"])
    assert asked(mapping, "negative_pieces").facts["suggested"] == ""
    assert mapping.sources[0].negative_pieces_back is False


@pytest.mark.parametrize(("kind", "amount"), [("refund", "-20.00"), ("退款", "20.00")])
def test_money_paid_back_in_a_row_and_in_a_column_is_taken_off_once(kind, amount):
    columns = {**ORDERS, "订单号": ["A1", "A2", "A3", "A1"], "会员号": ["V1", "V2", "V1", "V1"]}
    columns["订单金额"] = ["100.00", "50.00", "80.00", amount]
    mapping = looked(**columns, 交易类型=["sale", "sale", "sale", kind], 已退款金额=["20.00", "0", "0", "0"])
    question = asked(mapping, "refund_column")
    assert (question.facts["suggested"], mapping.sources[0].deduct) == ("keep", ())
    apart = looked(**{**columns, "订单号": ["A1", "A2", "A3", "A3"]}, 已退款金额=["20.00", "0", "0", "0"])
    assert asked(apart, "refund_column").facts["suggested"] == "deduct"


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("订单类型", ["普通订单", "换货订单", "补发订单"], {"换货订单": "", "补发订单": ""}),
        ("Order Type", ["Standard", "Exchange", "Warranty"], {"Standard": "", "Exchange": "", "Warranty": ""}),
        ("收款类型", ["定金", "尾款", "退定金"], {"退定金": ""}),
        ("菜品类型", ["单品", "套餐", "套餐明细"], {"套餐明细": ""}),
        ("付费类型", ["客户付费", "厂家索赔", "内部结算"], {"厂家索赔": "", "内部结算": ""}),
        ("账单状态", ["已结账", "已挂账", "反结账"], {"已挂账": ""}),
        ("Billing Type", ["F2", "RE", "S1"], {"F2": "", "RE": "", "S1": ""}),
        ("Transaction Type", ["Earn", "Redeem", "Sale"], {"Earn": "", "Redeem": ""}),
    ],
)
def test_kinds_of_rows_that_may_bring_no_money_are_asked_about_under_any_such_header(header, values, expected):
    mapping = looked(**ORDERS, **{header: [*values, values[0]]})
    questions = [one for one in mapping.questions if one.key == "status_value"]
    assert {one.facts["value"]: one.facts["suggested"] for one in questions} == expected
    assert {*mapping.sources[0].meanings[header]} == {*values} - {*expected}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("支付方式", ["现金", "退款卡", "微信"]),
        ("商品名称", ["样品盒", "换货袋", "杯子"]),
        ("Customer Type", ["internal", "retail", "retail"]),
        ("订单类型", ["普通订单", "拼团订单", "普通订单"]),
        ("配送状态", ["配送中", "已送达", "待取货"]),
    ],
)
def test_how_it_was_paid_or_sent_or_to_whom_says_nothing_of_the_money(header, values):
    mapping = looked(**ORDERS, **{header: [*values, values[0]]})
    assert [one for one in mapping.questions if one.key == "status_value"] == []
    assert header not in mapping.sources[0].meanings


@pytest.mark.parametrize(("header", "yes"), [("Void", "Y"), ("Training", "true"), ("作废", "是"), ("Return", "1")])
def test_a_yes_that_says_that_a_row_is_no_sale_is_asked_about(header, yes):
    no = {"Y": "N", "true": "false", "是": "否", "1": "0"}[yes]
    question = asked(looked(**ORDERS, **{header: [no, yes, no, no]}), "status_value")
    assert (question.facts["value"], question.facts["suggested"]) == (yes, "no_sale")


def test_a_tax_is_not_taken_for_the_amount_beside_it():
    columns = {**ORDERS, "Amount incl. VAT": ORDERS["订单金额"], "VAT Amount": ["13.00", "6.50", "10.40", "3.90"]}
    columns.pop("订单金额")
    (source,) = looked(**columns).sources
    assert source.columns["Amount incl. VAT"] == "amount"


def test_red_slips_are_money_paid_back_and_parts_of_sets_are_asked_about():
    columns = {**ORDERS, "红蓝标识": ["蓝", "蓝", "红", "蓝"], "所属套餐": ["", "双人餐", "", ""]}
    mapping = looked(**columns)
    assert asked(mapping, "status_value").facts["value"] == "红"
    assert asked(mapping, "filled_mark").facts["header"] == "所属套餐"
    of_variants = looked(**ORDERS, **{"Parent SKU": ["P1", "P1", "P2", "P2"]})
    assert of_variants.questions == ()


def test_a_list_of_returns_leaves_out_those_that_were_called_off():
    columns = {"售后单号": ["S1", "S2"], "会员号": ["V1", "V2"], "退款时间": ["2024-01-05", "2024-01-06"]}
    columns |= {"退款金额": ["20.00", "50.00"], "售后状态": ["退款完成", "售后关闭"]}
    mapping = suggest([RowSample("售后单.csv", None, tuple(columns), columns)])
    (source,) = mapping.sources
    assert source.meanings["售后状态"]["售后关闭"] == "no_sale"
    both = {**ORDERS, "业务类型": ["销售", "销售", "销售", "退款"], "订单金额": ["100.00", "50.00", "80.00", "-30.00"]}
    mapping = suggest([RowSample("订单退款.csv", None, tuple(both), both)])
    assert [one.key for one in mapping.questions if one.key == "returns"] == [], "its rows say which are returns"


def test_points_that_were_spent_are_taken_away_however_they_are_written(write, store, column_of):
    lines = ["V1,2024-01-05,消费赠送,100", "V1,2024-01-06,积分兑换,40", "V2,2024-12-31,积分过期,50"]
    path = write(*lines, header="会员卡号,变动时间,变动类型,变动积分", name="积分明细.csv")
    mapping = suggest_mapping(path)
    question = asked(mapping, "points_spent")
    assert (question.facts["values"], question.facts["suggested"]) == (["积分兑换", "积分过期"], "yes")
    assert answered(mapping, question, "no").sources[0].points_spent == {}
    answered(mapping, question, "yes").save(store.with_suffix(".toml"))
    load(path, store=store, mapping=store.with_suffix(".toml"), today=TODAY)
    assert column_of("interactions", "points") == [100, -40, -50]
    write(
        *(line.replace(",40", ",-40") for line in lines),
        header="会员卡号,变动时间,变动类型,变动积分",
        name="积分明细.csv",
    )
    assert suggest_mapping(path).questions == (), "where their sign is written it counts"


def test_a_shop_may_be_the_customer_and_the_number_of_persons_is_none():
    columns = {"日期": ORDERS["下单日期"], "门店编码": ["S1", "S2", "S1", "S3"], "金额": ORDERS["订单金额"]}
    question = asked(looked(**columns), "which_customer")
    assert "门店编码" in question.choices
    guests = {"Date": ORDERS["下单日期"], "Persons": ["2", "1", "2", "3"], "Guest": ["Ann", "Bob", "Ann", "Cat"]}
    assert asked(looked(**guests, Amount=ORDERS["订单金额"]), "which_customer").facts["suggested"] == ""


TILL = [
    "1,2024-01-05,C1,Sale,,30.00", "1,2024-01-05,C1,Sale Line,T1,10.00", "1,2024-01-05,C1,Sale Line,T2,20.00",
    "1,2024-01-05,C1,Payment,,30.00", "2,2024-01-06,C2,Sale,,10.00", "2,2024-01-06,C2,Sale Line,T1,10.00",
    "2,2024-01-06,C2,Payment,,10.00",
]  # fmt: skip


def test_a_till_s_rows_of_sale_and_payment_count_once_beside_their_lines(write, store, column_of):
    """Before, each sale counted three times, without a question."""
    path = write(*TILL, header="Receipt,Date,Customer Code,Line Type,Sku,Total")
    mapping = suggest_mapping(path)
    question = asked(mapping, "order_rows")
    assert (question.facts["values"], question.facts["suggested"]) == (["Sale", "Payment"], "yes")
    mapping = answered(mapping, question, "yes")
    assert mapping.questions == ()
    report = load(path, store=store, mapping=mapping, today=TODAY)
    assert (report.rows_loaded, report.rows_ignored) == (3, 4)
    assert column_of("transactions", "amount") == [10, 20, 10]


@pytest.mark.parametrize("kind", ["A/R Credit Memo", "Credit Note", "贷项通知单", "Nota de crédito"])
def test_credit_memos_above_zero_are_not_counted_as_sales_unasked(kind):
    mapping = looked(**ORDERS, **{"Document Type": ["A/R Invoice", "A/R Invoice", kind, "A/R Invoice"]})
    assert asked(mapping, "status_value").facts["value"] == kind


def test_those_who_come_again_are_no_returns():
    mapping = looked(**ORDERS, **{"Visit type": ["New", "Returning", "Returning", "New"]})
    assert [one for one in mapping.questions if one.key == "status_value"] == []


def test_two_persons_of_one_name_are_told_apart_by_their_phones():
    """Before, both were one customer, without a question."""
    columns = {name: values for name, values in ORDERS.items() if name != "会员号"}
    phones = ["13800000001", "13800000002", "13800000001", "13800000003"]
    mapping = looked(**columns, 客户姓名=["王", "王", "王", "李"], 手机号=phones)
    question = asked(mapping, "two_candidates")
    assert (question.facts["suggested"], [*question.choices]) == ("手机号", ["手机号", "客户姓名"])
    assert mapping.sources[0].columns["手机号"] == "customer_id"
    assert looked(**columns, 客户姓名=["王", "张", "王", "李"], 手机号=phones).questions == ()


@pytest.mark.parametrize(
    ("header", "text", "suggested"),
    [("取消原因", "拍错了", "no_sale"), ("Cancelled at", "2024-02-09 10:00:00", ""), ("所属套餐", "双人餐", "")],
)
def test_a_reason_that_was_blank_in_january_is_asked_about_in_february(
    header, text, suggested, write, store, column_of
):
    """Before, what was cancelled in February counted, for nobody had been asked in January."""
    names = f"单号,日期,会员号,金额,{header}"
    january = write("A1,2024-01-05,V1,10.00,", "A2,2024-01-06,V2,20.00,", header=names, name="orders_1.csv")
    mapping = suggest_mapping(january)
    assert mapping.questions == ()
    mapping.save(store.with_suffix(".toml"))
    path = store.with_suffix(".toml")
    path.write_text(path.read_text(encoding="utf-8").replace("orders_1.csv", "orders_*.csv"), encoding="utf-8")
    rules = Mapping.read(path)
    assert load(january, store=store, mapping=rules, today=TODAY).questions == ()
    february = write(f"B1,2024-02-05,V1,30.00,{text}", "B2,2024-02-06,V2,40.00,", header=names, name="orders_2.csv")
    report = load(february, store=store, mapping=rules, today=TODAY)
    (question,) = report.questions
    assert (question.key, question.facts["count"], question.facts["suggested"]) == ("filled_mark", 1, suggested)
    rules = answered(Mapping(rules.sources, questions=report.questions), question, "no_sale")
    assert load(february, store=store, mapping=rules, today=TODAY).questions == ()
    assert column_of("transactions", "is_cancelled") == [False, False, True, False]
