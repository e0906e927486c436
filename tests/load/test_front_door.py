"""Files that would be taken for something else in silence: returns, coupons, categories, parts of a cent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from workbench.load import Mapping, SourceMapping, check, load, remove, suggest_mapping
from workbench.load.mapping.analyst_answers import answered
from workbench.panels import Session
from workbench.store import open_store

ORDERS = pd.DataFrame(
    {
        "订单号": ["A1", "A2", "A3"],
        "会员号": ["K1", "K2", "K1"],
        "下单日期": ["2024-05-01", "2024-05-02", "2024-05-03"],
        "商品编码": ["P1", "P2", "P1"],
        "金额": [100.0, 50.0, 30.0],
    }
)
ORDERS_BY_HEADER = {"订单号": "order_id", "会员号": "customer_id", "下单日期": "day", "金额": "amount"}
PRODUCTS = pd.DataFrame({"商品编码": ["P1", "P2"], "商品名称": ["机油", "轮胎"], "品类": ["保养", "轮胎类"]})


def settled(path: Path, **answers: str) -> Mapping:
    mapping = suggest_mapping(path)
    while mapping.questions:
        question = mapping.questions[0]
        mapping = answered(mapping, question, answers.get(question.key) or str(question.facts["suggested"]))
    return mapping


def spent(store: Path) -> dict[str, float]:
    with open_store(store) as opened:
        rows = opened.collect(Session(opened).facts.order_by("customer_id"))
    return dict(zip(rows["customer_id"], rows["monetary"], strict=True))


@pytest.mark.parametrize("money", ["退款金额", "实退"])
def test_a_sheet_of_returns_takes_off_whatever_its_money_is_called(money: str, tmp_path):
    back = {"退货单号": ["R1"], "会员号": ["K1"], "退货日期": ["2024-05-10"], money: [25.0]}
    with pd.ExcelWriter(tmp_path / "销售.xlsx", engine="xlsxwriter") as book:
        ORDERS.to_excel(book, sheet_name="销售", index=False)
        pd.DataFrame(back).to_excel(book, sheet_name="退货", index=False)
    load(tmp_path / "销售.xlsx", store=tmp_path / "s", mapping=settled(tmp_path / "销售.xlsx", which_amount=money))
    assert spent(tmp_path / "s") == {"K1": 105.0, "K2": 50.0}


@pytest.mark.parametrize(
    "header", ["COUPON_UPC,PRODUCT_ID,CAMPAIGN", "coupon_id,customer_id,discount", "优惠券编号,商品编码,面额"]
)
def test_a_list_of_coupons_is_suggested_to_be_left_out(header: str, tmp_path):
    (tmp_path / "list.csv").write_text(f"{header}\n1,2,9\n3,4,8\n", encoding="utf-8")
    (question,) = [one for one in suggest_mapping(tmp_path / "list.csv").questions if one.key == "which_table"]
    assert question.facts["suggested"] == "leave"
    assert settled(tmp_path / "list.csv").sources == ()


def test_sales_without_a_category_have_that_of_their_product_as_it_is_said_now(tmp_path):
    store, sales, goods = tmp_path / "s", tmp_path / "订单.csv", tmp_path / "商品.csv"

    def categories() -> list[str | None]:
        with open_store(store) as opened:
            rows = opened.collect(opened.transactions.order_by("source_id", "source_line"))["category"]
        return [None if one != one else one for one in rows.astype(object)]

    ORDERS.to_csv(sales, index=False)
    PRODUCTS.to_csv(goods, index=False)
    load(sales, store=store)
    assert categories() == [None, None, None]
    load(goods, store=store)
    assert categories() == ["保养", "轮胎类", "保养"]
    PRODUCTS.assign(品类=["养护", "轮胎类"]).to_csv(goods, index=False)
    load(goods, store=store)
    assert categories() == ["养护", "轮胎类", "养护"]
    with open_store(store) as opened:
        totals = opened.collect(Session(opened).totals("category").order_by("category"))
    assert dict(zip(totals["category"], totals["monetary"], strict=True)) == {"养护": 130.0, "轮胎类": 50.0}
    own = ORDERS.assign(订单号=["B1", "B2", "B3"], 品类=["自有", "", "自有"])
    own.to_csv(tmp_path / "网店订单.csv", index=False)
    load(tmp_path / "网店订单.csv", store=store)
    assert categories()[3:] == ["自有", None, "自有"], "who says it themselves is not corrected"
    remove("商品.csv", store=store)
    assert categories() == [None, None, None, "自有", None, "自有"]


def test_what_rounding_lines_to_cents_makes_is_said_with_its_sum(tmp_path):
    path = tmp_path / "订单.csv"
    lines = ("A,K1,2024-05-01,0.333,1", "B,K1,2024-05-01,1.005,1", "C,K1,2024-05-01,2.675,3", "D,K1,2024-05-01,2.50,2")
    path.write_text("订单号,会员号,下单日期,单价,数量\n" + "\n".join(lines) + "\n", encoding="utf-8")
    report = load(path, store=tmp_path / "s")
    (said,) = [one for one in report.problems if one.key == "lines_rounded"]
    assert (said.facts["count"], said.facts["money"]) == (3, "+0.0070")
    assert "3 行的“数量×单价”" in report.text("zh")
    path.write_text("订单号,会员号,下单日期,单价,数量\nA,K1,2024-05-01,2.50,2\n", encoding="utf-8")
    report = load(path, store=tmp_path / "other")
    assert [one for one in report.problems if one.key == "lines_rounded"] == []


IN_AND_OUT = """交易时间,交易号,对方账户,收入（元）,支出（元）,余额
2024-03-01 10:00,T1,张三,100.00,0.00,1100.00
2024-03-03 12:00,T2,张三,,40.00,1060.00
2024-03-04 12:00,T3,王五,30.00,,1090.00
"""


@pytest.mark.parametrize(("answer", "paid"), [("deduct", 60.0), ("no_sale", 100.0)])
def test_money_that_went_out_is_paid_back_or_other_spending(answer: str, paid: float, tmp_path):
    path = tmp_path / "流水.csv"
    path.write_text(IN_AND_OUT, encoding="utf-8")
    report = load(path, store=tmp_path / "s", mapping=settled(path, which_customer="对方账户", paid_out=answer))
    assert report.rows_loaded == 3
    assert spent(tmp_path / "s") == {"张三": paid, "王五": 30.0}


def test_what_has_no_moment_of_payment_is_asked_about(tmp_path):
    path = tmp_path / "订单.csv"
    lines = ("A,K1,2024-05-01,100,2024-05-01 10:00", "B,K1,2024-05-02,50,", "C,K2,2024-05-03,30,2024-05-03 10:00")
    path.write_text("订单号,会员号,下单日期,金额,付款时间\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (asked,) = [one for one in suggest_mapping(path).questions if one.key == "blank_mark"]
    assert (asked.facts["count"], asked.facts["suggested"]) == (1, "no_sale")
    report = load(path, store=tmp_path / "s", mapping=settled(path))
    assert spent(tmp_path / "s") == {"K1": 100.0, "K2": 30.0}
    assert [one.facts["money"] for one in report.problems if one.key == "status_moved"] == ["50.00"]
    load(path, store=tmp_path / "t", mapping=settled(path, blank_mark="sale"))
    assert spent(tmp_path / "t") == {"K1": 150.0, "K2": 30.0}


def test_what_lacks_the_yes_of_the_other_rows_is_asked_about(tmp_path):
    path = tmp_path / "出库.csv"
    lines = ("A,K1,2024-05-01,100,Y", "B,K1,2024-05-02,50,", "C,K2,2024-05-03,30,Y")
    path.write_text("单据编号,客户编号,日期,金额,审核标志\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (asked,) = [one for one in suggest_mapping(path).questions if one.key == "blank_mark"]
    assert (asked.facts["count"], asked.facts["suggested"]) == (1, "")
    load(path, store=tmp_path / "s", mapping=settled(path, blank_mark="no_sale"))
    assert spent(tmp_path / "s") == {"K1": 100.0, "K2": 30.0}


def test_a_payment_on_the_first_line_of_an_order_is_that_of_all_its_lines(tmp_path):
    path = tmp_path / "orders.csv"
    lines = ("#1,a,2024-05-01,10,2024-05-01 10:00", "#1,a,2024-05-01,5,", "#2,b,2024-05-02,7,")
    path.write_text("Order ID,Customer ID,Order Date,Amount,Paid at\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (asked,) = [one for one in suggest_mapping(path).questions if one.key == "blank_mark"]
    assert asked.facts["count"] == 1
    load(path, store=tmp_path / "s", mapping=settled(path))
    assert spent(tmp_path / "s") == {"a": 15.0}


def test_what_rounding_a_written_amount_makes_is_said_with_its_sum(tmp_path):
    path = tmp_path / "订单.csv"
    lines = ("A,K1,2024-05-01,100.005", "B,K1,2024-05-01,60.1234", "C,K1,2024-05-01,2.500")
    path.write_text("订单号,会员号,下单日期,金额\n" + "\n".join(lines) + "\n", encoding="utf-8")
    mapping = Mapping((SourceMapping(("*",), "transactions", columns=ORDERS_BY_HEADER),))
    report = check(path, mapping=mapping)
    (said,) = [one for one in report.problems if one.key == "amounts_rounded"]
    assert (said.facts["count"], said.facts["money"]) == (2, "+0.0016")


def test_moments_are_brought_from_the_zone_that_their_row_names(tmp_path):
    path = tmp_path / "bill.csv"
    rows = {"PST": "11", "utc": "11", "UTC+8": "10", "+09:00": "10", "8": "10", "America/New_York": "11"}
    rows |= {"北京时间": "10", "": None, "Mars": None}
    lines = [f"2024-03-10,23:30:00,{zone},{place}@x.com,5" for place, zone in enumerate(rows)]
    path.write_text("\n".join(["Date,Time,TimeZone,Email,Amount", *lines]), encoding="utf-8")
    mapping = suggest_mapping(path)
    asked = {one.key: one for one in mapping.questions}
    assert (asked["zone_column"].facts["suggested"], asked["time_zone"].facts["suggested"]) == ("convert", "")
    for key, answer in {"zone_column": "convert", "time_zone": "Asia/Shanghai", "which_customer": "Email"}.items():
        mapping = answered(mapping, asked[key], answer)
    mapping.save(tmp_path / "mapping.toml")
    report = load(path, store=tmp_path / "s", mapping=tmp_path / "mapping.toml")
    assert set(report.rejects["reason"]) == {"time_zone_unknown"}
    with open_store(tmp_path / "s") as store:
        sales = store.collect(store.transactions.order_by("source_line"))
    assert [f"{day:%d}" for day in sales["day"]] == [day for day in rows.values() if day]
    as_written = answered(suggest_mapping(path), asked["zone_column"], "as_written")
    assert as_written.sources[0].zone_column is None


def test_a_zone_column_without_the_companys_zone_is_asked_about_when_it_is_used(tmp_path):
    path = tmp_path / "bill.csv"
    path.write_text("Created,TimeZone,Email,Amount\n2024-03-10 23:30:00,PST,a@x.com,5\n", encoding="utf-8")
    columns = {"Created": "day", "Email": "customer_id", "Amount": "amount"}
    entry = SourceMapping(("*",), "transactions", columns=columns, zone_column="TimeZone")
    (asked,) = check(path, mapping=Mapping((entry,))).questions
    assert (asked.key, asked.facts["zones"]) == ("time_zone", ["PST"])
    assert asked.choices["Asia/Shanghai"] == ("2024-03-10 23:30:00 PST → 2024-03-11 15:30:00",)


def test_the_likely_customers_are_listed_first_and_a_day_of_the_data_answers_whose_figures(tmp_path):
    path = tmp_path / "订单.csv"
    text = "单号,日期,金额,柜台,买家邮箱\n1,2024-01-01,5,a1,a@x.com\n2,2024-01-02,6,a2,b@x.com\n"
    path.write_text(text, encoding="utf-8")
    choices = [list(one.choices) for one in suggest_mapping(path).questions if one.key == "which_customer"]
    assert all(one[0] == "买家邮箱" for one in choices)
    ready = tmp_path / "ready.csv"
    ready.write_text("会员号,最近一次消费距今天数,消费次数,消费金额\nK1,3,2,80\nK2,30,1,20\n", encoding="utf-8")
    assert "which_as_of" in [one.key for one in check(ready).questions]
    report = check(ready, as_of=date(2024, 12, 31), mapping=_agreed_table(ready))
    assert [str(one.facts["day"]) for one in report.problems if one.key == "ready_as_of"] == ["2024-12-31"]


def _agreed_table(path: Path) -> Mapping:
    mapping = suggest_mapping(path)
    for question in mapping.questions:
        if question.key != "which_as_of":
            mapping = answered(mapping, question, str(question.facts["suggested"]))
    return mapping


ONE_ORDER_OF_TWO_LINES = """订单号,下单帐号,下单时间,商品ID,订购数量,订单金额
2811,a,2024-05-01 10:00:00,1001,1,398.00
2811,a,2024-05-01 10:00:00,1002,1,398.00
2812,b,2024-05-03 10:00:00,1003,1,500.00
"""


def test_a_total_repeated_in_a_single_order_is_asked_about(tmp_path):
    path = tmp_path / "导出.csv"
    path.write_text(ONE_ORDER_OF_TWO_LINES, encoding="utf-8")
    (asked,) = [one for one in suggest_mapping(path).questions if one.key == "amount_of"]
    assert asked.facts["suggested"] == "order"
    load(path, store=tmp_path / "s", mapping=settled(path, two_candidates="订单金额", which_customer="下单帐号"))
    assert spent(tmp_path / "s") == {"a": 398.0, "b": 500.0}


def test_what_was_not_captured_is_not_proposed_as_a_sale_because_refunds_stand_in_a_column(tmp_path):
    path = tmp_path / "payments.csv"
    lines = ("1,a,2024-01-05,20,0,true", "2,b,2024-01-06,30,10,true", "3,a,2024-01-07,50,0,false")
    path.write_text("id,Customer ID,Date,Amount,Amount Refunded,Captured\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (asked,) = [one for one in suggest_mapping(path).questions if one.facts.get("header") == "Captured"]
    assert (asked.facts["value"], asked.facts["suggested"]) == ("false", "no_sale")


def test_ticked_choices_are_proposed_as_no_satisfaction_and_invalid_answers_to_be_left_out(tmp_path):
    path = tmp_path / "问卷.csv"
    header = "序号,提交答卷时间,清洗数据结果,1、整体满意度,2、您不满意的方面（多选）:价格\n"
    rows = "".join(
        f"{n},2024/5/{n} 10:00:00,{'无效' if n == 3 else '有效'},{n % 5 + 1},{n % 2}\n" for n in range(1, 12)
    )
    path.write_text(header + rows, encoding="utf-8")
    mapping = suggest_mapping(path)
    kinds = [one.facts["suggested"] for one in mapping.questions if "价格" in str(one.facts.get("question"))]
    assert kinds == [""], "ticked or not is no satisfaction, which only a person may say"
    assert [one.facts["values"] for one in mapping.questions if one.key == "left_out_rows"] == [["无效"]]


def test_bare_check_ins_may_be_visits(tmp_path):
    path = tmp_path / "checkins.csv"
    path.write_text("member_id,checkin_time,club,duration_min\n1,2024-05-01 10:20,East,55\n1,2024-05-02 9:00,East,5\n")
    keys = [one.key for one in suggest_mapping(path).questions]
    assert keys == ["which_table", "which_amount"], "the minutes are no money, which only a person knows"
    assert settled(path, which_amount="no_amount").sources[0].money == "unknown"
