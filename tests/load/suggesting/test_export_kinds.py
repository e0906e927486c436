"""Kinds of exports that once loaded silently wrong: what is asked of each, and what is proposed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest
from workbench.store import open_store

ROWS = 24
DAYS = [f"2024-03-{place + 1:02}" for place in range(ROWS)]
BUYERS = [f"K{place % 5}" for place in range(ROWS)]
AMOUNTS = [f"{place + 10}.50" for place in range(ROWS)]
SALES = {"会员号": BUYERS, "下单日期": DAYS, "金额": AMOUNTS}


def again(*texts: str) -> list[str]:
    return [texts[place % len(texts)] for place in range(ROWS)]


def looked(file: str = "x.csv", /, titles: tuple[str, ...] = (), **columns: list[str]) -> Mapping:
    return suggest([RowSample(file, None, tuple(columns), columns, titles=titles)])


def asked(mapping: Mapping, key: str) -> list[Question]:
    return [one for one in mapping.questions if one.key == key]


def test_rows_of_totals_say_nothing_of_a_column_and_are_not_asked_about():
    columns = {
        "日期": [*DAYS, "合计"], "会员号": [*BUYERS, ""],
        "交易类型": [*again("消费", "退款"), "24 笔"], "金额": [*AMOUNTS, "1.00"],
    }  # fmt: skip
    mapping = looked(**columns)
    assert mapping.sources[0].columns["日期"] == "day"
    assert "24 笔" not in [one.facts.get("value") for one in mapping.questions]


def test_equal_instalments_of_a_contract_are_not_proposed_as_its_total():
    contracts = {"合同号": again("H1", "H1", "H1", "H2", "H2", "H2"), **SALES, "金额": ["1000.00"] * ROWS}
    (question,) = asked(looked(**contracts), "amount_of")
    assert question.facts["suggested"] == ""
    (question,) = asked(looked(**{**contracts, "下单日期": ["2024-03-01"] * ROWS}), "amount_of")
    assert question.facts["suggested"] == "order"


@pytest.mark.parametrize(
    ("header", "values", "suggested"),
    [
        ("Deal Stage", ("Closed Won", "Contract Sent"), {"Contract Sent": ""}),
        ("amount-type", ("ItemPrice", "ItemFees"), {"ItemPrice": "", "ItemFees": "no_sale"}),
        ("费用项", ("货款", "平台服务费"), {"货款": "", "平台服务费": "no_sale"}),
    ],
)
def test_stages_and_kinds_of_money_are_asked_about(header: str, values: tuple[str, ...], suggested: dict[str, str]):
    questions = asked(looked(**SALES, **{header: again(*values)}), "status_value")
    assert {one.facts["value"]: one.facts["suggested"] for one in questions} == suggested


def test_a_bill_that_is_not_paid_is_no_sale():
    (source,) = looked(**SALES, 缴费状态=again("已缴", "欠费")).sources
    assert source.meanings["缴费状态"] == {"已缴": "sale", "欠费": "no_sale"}


def test_months_without_a_day_are_asked_about_and_dated_at_their_end(tmp_path: Path):
    months = ["202401", "2024-02", "2024年3月", "2024/4"]
    lines = [f"K{place},{month},{place + 1}.50" for place, month in enumerate(months)]
    (tmp_path / "账单.csv").write_text("\n".join(["会员号,账期,实收金额", *lines]), encoding="utf-8")
    mapping = suggest_mapping(tmp_path / "账单.csv")
    (question,) = asked(mapping, "month_days")
    assert (question.facts["suggested"], [*question.choices]) == ("month_end", ["month_end", "leave"])
    answered(mapping, question, "month_end").save(tmp_path / "m.toml")
    report = load(tmp_path / "账单.csv", store=tmp_path / "s", mapping=tmp_path / "m.toml", today=date(2024, 4, 10))
    assert report.rows_loaded == 4
    with open_store(tmp_path / "s") as store:
        days = store.collect(store.transactions.order_by("source_line"))["day"]
    assert [str(day.date()) for day in days] == ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-10"]


def test_a_column_of_days_goes_before_one_of_months():
    mapping = looked(**SALES, 月份=["2024-03"] * ROWS)
    assert (mapping.sources[0].columns["下单日期"], mapping.questions) == ("day", ())


def test_a_report_of_sums_across_shops_is_no_plain_list():
    columns = {
        "商品编码": [f"P{place}" for place in range(ROWS)],
        "上海店": AMOUNTS,
        "北京店": AMOUNTS,
        "合计": AMOUNTS,
    }
    (question,) = asked(looked(**columns), "which_table")
    assert (question.facts["because"], question.facts["suggested"]) == ("crosstab", "products")


def test_a_rating_that_stands_alone_is_asked_about_and_what_a_tool_computes_is_none():
    survey = {
        "ResponseId": [f"R{place}" for place in range(ROWS)], "Submitted": DAYS,
        "NPS": [str(place % 11) for place in range(ROWS)], "Q1_NPS_GROUP": again("1", "2", "3"),
        "Rate our staff": again("1", "2", "3", "4", "5"), "Household size": again("1", "2", "3", "4", "5"),
    }  # fmt: skip
    mapping = looked(**survey)
    assert set(mapping.sources[0].items) == {"NPS", "Rate our staff"}
    assert [one.facts["items"] for one in asked(mapping, "item_kind")] == [["Rate our staff"]]


@pytest.mark.parametrize("said", ["√", "是", "True"])
def test_answers_of_a_test_are_left_out_however_yes_is_written(said: str):
    survey = {
        "编号": [str(place) for place in range(ROWS)],
        "提交时间": DAYS,
        "总体满意度": again("1", "2", "3", "4", "5"),
    }
    (source,) = looked(**survey, 是否测试=[said, *["否"] * (ROWS - 1)]).sources
    assert source.leave_out == {"是否测试": (said,)}


def test_answers_that_were_never_sent_off_are_known_under_a_header_of_code_and_text():
    survey = {
        "id. Response ID": [str(place) for place in range(ROWS)], "submitdate. Date submitted": [*DAYS[:-1], ""],
        "Q1. Satisfaction": again("1", "2", "3", "4", "5"),
    }  # fmt: skip
    (question,) = asked(looked(**survey), "unsubmitted_rows")
    assert question.facts["count"] == 1


def test_the_rows_of_a_grid_are_one_family_and_asked_about_together():
    grid = {f"Please rate [{part}]": again("1", "2", "3", "4", "5") for part in ("Food", "Service", "Price")}
    survey = {"Timestamp": DAYS, "Overall satisfaction": again("5", "4", "3", "2", "1"), **grid}
    (question,) = asked(looked(**survey), "survey_items")
    assert (question.facts["items"], question.facts["suggested"]) == ([*grid], "yes")


def test_the_choices_of_a_question_stand_below_it_as_further_headers():
    survey = {
        "Respondent ID": ["", *(str(place) for place in range(ROWS))], "End Date": ["", *DAYS],
        "How satisfied are you?": ["Response", *again("Satisfied", "Dissatisfied", "Very satisfied")],
        "What do you use?": ["Email", *again("Email", "")], "column_5": ["Phone", *again("", "Phone")],
    }  # fmt: skip
    (source,) = looked(**survey).sources
    assert source.extra_header_rows == 1
    assert "Response" not in source.missing.get("How satisfied are you?", ())


def test_the_upper_header_that_only_says_what_it_is_about_does_not_hide_the_lower_one():
    columns = {
        "会员信息—会员卡号": [f"V{place}" for place in range(ROWS)],
        "会员信息—手机": [f"138{place:08}" for place in range(ROWS)],
        "消费情况—累计金额": AMOUNTS, "消费情况—累计次数": again("1", "2"), "消费情况—最近消费": DAYS,
    }  # fmt: skip
    mapping = looked(**columns)
    assert asked(mapping, "which_table")[0].facts["because"] == "ready_facts"
    assert mapping.sources[0].columns["消费情况—累计金额"] == "monetary"


def test_a_phone_or_mail_address_is_suggested_as_the_customer_and_a_masked_one_is_not():
    sales = {
        "单号": [f"{place}" for place in range(ROWS)],
        "下单日期": DAYS,
        "金额": AMOUNTS,
        "桌号": again("A1", "A2"),
    }
    (question,) = asked(looked(**sales, 联系电话=[f"1380000{place % 7:04}" for place in range(ROWS)]), "which_customer")
    assert (question.facts["suggested"], next(iter(question.choices))) == ("联系电话", "联系电话")
    (question,) = asked(looked(**sales, 联系电话=[f"138****{place % 7:04}" for place in range(ROWS)]), "which_customer")
    assert question.facts["suggested"] == ""


def test_rows_of_targets_beside_those_of_sales_are_asked_about():
    questions = asked(looked(**SALES, 指标=again("实际", "目标")), "status_value")
    assert {one.facts["value"]: one.facts["suggested"] for one in questions} == {"实际": "", "目标": "no_sale"}


def test_money_paid_back_is_not_taken_off_a_net_amount_unasked():
    columns = {"日期": DAYS, "会员号": BUYERS, "销售额": AMOUNTS, "退货额": again("1.00", "0"), "净销售额": AMOUNTS}
    mapping = looked(**columns)
    assert mapping.sources[0].deduct == ("退货额",)
    (question,) = asked(mapping, "two_candidates")
    (anew,) = asked(answered(mapping, question, "净销售额"), "refund_column")
    assert anew.facts["suggested"] == ""
    assert answered(mapping, anew, "keep").sources[0].deduct == ()


def test_gross_and_net_are_both_offered():
    columns = {"Invoice": again("I1", "I2"), "Date": DAYS, "Customer": BUYERS, "Net": AMOUNTS, "Gross": AMOUNTS}
    (question,) = asked(looked(**columns), "two_candidates")
    assert [*question.choices] == ["Gross", "Net"]


def test_month_names_between_hyphens_with_two_digits_of_the_year_are_asked_about():
    columns = {**SALES, "下单日期": [f"Mar-{place + 1:02}-24" for place in range(ROWS)]}
    (question,) = asked(looked(**columns), "date_order")
    assert question.facts["suggested"] == "%b-%d-%y"


def test_a_deposit_that_went_back_is_asked_about():
    columns = {"日期": DAYS, "会员号": BUYERS, "实收合计": AMOUNTS, "已退押金": again("10.00", "0")}
    (question,) = asked(looked(**columns), "refund_column")
    assert (question.facts["header"], question.facts["suggested"]) == ("已退押金", "deduct")


def test_a_discount_is_asked_about_where_another_column_shows_that_the_amount_is_before_it():
    columns = {
        "订单编号": [f"D{place}" for place in range(ROWS)], "会员号": BUYERS, "下单时间": DAYS,
        "数量": ["2"] * ROWS, "单价": ["50"] * ROWS, "金额": ["106"] * ROWS,
        "优惠": again("5", "0"), "到账": again("101", "106"),
    }  # fmt: skip
    (question,) = asked(looked(**columns), "price_change")
    assert (question.facts["header"], question.facts["suggested"]) == ("优惠", "less")


@pytest.mark.parametrize(
    "columns",
    [
        {"Date": DAYS, "Ticket": [f"T{place}" for place in range(ROWS)], "Montant TTC": AMOUNTS},
        {
            "id": [f"{place}" for place in range(ROWS)],
            "user_id": BUYERS,
            "price": AMOUNTS,
            "paid_at": DAYS,
            "discount": again("5", "0"),
        },
    ],
)
def test_a_till_s_tickets_are_no_complaints_and_prices_that_were_paid_no_list_of_products(
    columns: dict[str, list[str]],
):
    (question,) = asked(looked(**columns), "which_table")
    assert (question.facts["because"], question.facts["suggested"]) == ("several_fit", "transactions")


def test_the_state_of_an_invoice_decides_what_its_row_means_and_that_of_a_delivery_does_not():
    (source,) = looked(**SALES, 发票状态=again("正常", "作废"), 配送状态=again("pending", "delivered")).sources
    assert source.meanings == {"发票状态": {"正常": "sale", "作废": "no_sale"}}


def test_the_number_of_an_invoice_is_no_phone():
    columns = {
        "发票代码": [f"0440{place:06}" for place in range(ROWS)],
        "开票日期": DAYS,
        "金额": AMOUNTS,
        "公司": BUYERS,
    }
    (question,) = asked(looked(**columns), "which_customer")
    assert question.facts["suggested"] == ""


def test_a_sale_without_a_moment_of_payment_is_not_proposed_to_be_paid_like_the_one_above():
    mapping = looked(user_id=BUYERS, paid_at=[*DAYS[:-4], "", "", "", ""], amount=AMOUNTS)
    assert [one.facts["suggested"] for one in asked(mapping, "blank_order_columns")] == [""]
    assert mapping.sources[0].fill_down == ()


def test_what_was_bought_from_suppliers_is_not_taken_for_sales_unasked():
    bought = {"单据编号": [f"CG{place}" for place in range(ROWS)], "日期": DAYS, "供应商": BUYERS, "金额": AMOUNTS}
    (question,) = asked(looked(**bought), "which_table")
    assert (question.facts["because"], question.facts["suggested"]) == ("purchases", "")
    assert asked(looked(**SALES, 供应商=BUYERS), "which_table") == []
