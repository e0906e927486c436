"""A file is not taken for a table in silence: only ids, ready figures, visits without money; and it can be left out."""

# ruff: noqa: E501 - a row of cases each
from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import ChoiceError, LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.load.suggesting.column_shapes import RowSample
from workbench.load.suggesting.suggest import suggest
from workbench.schema import TABLES

DAYS = [f"2024-03-{day:02}" for day in range(1, 13)]
NUMBERS = [str(number) for number in range(12)]
AMOUNTS = [f"{number}.50" for number in range(12)]


def sample(file: str = "x.csv", /, sheet: str | None = None, **columns: list[str]) -> RowSample:
    return RowSample(file, sheet, tuple(columns), columns)


def table_question(mapping: Mapping) -> Question:
    (question,) = [one for one in mapping.questions if one.key == "which_table"]
    assert set(question.choices) == {*TABLES, "leave"}, "every table can be answered, and to leave the file out"
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
        assert all(choice_words(question, choice, lang) for choice in question.choices)
    return question


@pytest.mark.parametrize(
    ("columns", "because", "suggested"),
    [
        ({"COUPON_UPC": NUMBERS, "PRODUCT_ID": NUMBERS, "CAMPAIGN": ["9"] * 12}, "coupons", "leave"),
        ({"id": NUMBERS, "甲": NUMBERS, "乙": AMOUNTS}, "only_ids", "products"),
        ({"会员号": NUMBERS, "甲": ["x"] * 12}, "only_ids", "customers"),
        ({"Id": NUMBERS, "R": NUMBERS, "F": NUMBERS, "M": AMOUNTS}, "ready_facts", "customer_facts"),
        ({"customer_id": NUMBERS, "Recency (days)": NUMBERS, "Frequency": NUMBERS}, "ready_facts", "customer_facts"),
        (
            {"会员号": NUMBERS, "最近消费天数": NUMBERS, "消费次数": NUMBERS, "消费金额": AMOUNTS},
            "ready_facts",
            "customer_facts",
        ),
        (
            {
                "手机号": NUMBERS,
                "成为客户时间": DAYS,
                "累计消费金额": AMOUNTS,
                "累计消费次数": NUMBERS,
                "最近消费时间": DAYS,
            },
            "ready_facts",
            "customer_facts",
        ),
        ({"Customer ID": NUMBERS, "Total Spent": AMOUNTS, "Last Order Date": DAYS}, "ready_facts", "customer_facts"),
        ({"cust": ["1", "2"] * 6, "date": DAYS}, "no_money", "transactions"),
        ({"会员号": ["1", "2"] * 6, "到店日期": DAYS}, "no_money", "transactions"),
        ({"customer_id": ["1", "2"] * 6, "order_id": NUMBERS, "order_date": DAYS}, "no_money", "transactions"),
    ],
)
def test_it_is_said_why_the_table_is_asked_for(columns: dict[str, list[str]], because: str, suggested: str):
    question = table_question(suggest([sample(**columns)]))
    assert (question.facts["because"], question.facts["suggested"]) == (because, suggested)


def test_a_file_without_headers_or_sense_shows_all_it_has():
    question = table_question(suggest([sample(天气=["晴", "雨"], 温度=["20", "18"])]))
    assert question.choices["transactions"] == ("天气: 晴, 雨", "温度: 18, 20")
    question = table_question(suggest([sample(column_1=["甲", "乙"], column_2=["丙", "丙"])]))
    assert question.facts["because"] == "no_header"
    assert question.choices["customers"] == ("column_1: 乙, 甲", "column_2: 丙")


@pytest.mark.parametrize(
    "columns",
    [
        {"客户编号": NUMBERS, "下单日期": DAYS, "金额": AMOUNTS},
        {"customer_id": NUMBERS, "name": ["x"] * 12, "Frequency": NUMBERS},
        {"interaction_id": NUMBERS, "customer_id": NUMBERS, "contact_date": DAYS, "channel": ["web"] * 12},
        {"sku": NUMBERS, "product_name": ["x"] * 12, "list_price": AMOUNTS},
    ],
)
def test_a_file_whose_columns_speak_for_it_is_not_asked_about(columns: dict[str, list[str]]):
    assert suggest([sample(**columns)]).questions == ()


def test_the_table_that_was_suggested_is_agreed_to_and_another_is_suggested_anew():
    products = sample(PRODUCT_ID=NUMBERS, CAMPAIGN=["9"] * 12)
    mapping = suggest([products])
    question = table_question(mapping)
    assert answered(mapping, question, "products").questions == ()
    with pytest.raises(ChoiceError) as caught:
        answered(mapping, question, "interactions")
    assert (caught.value.key, caught.value.facts["file"]) == ("suggest_again", "x.csv")
    again = suggest([products], tables={"x.csv": "interactions"})
    assert [one.key for one in again.questions] == ["which_column", "which_customer"], "not the table again"
    assert list(again.questions[0].choices) == ["PRODUCT_ID", "CAMPAIGN", "leave"]


def test_an_unknown_file_is_not_answered_by_a_table_in_passing():
    mapping = suggest([sample(天气=["晴", "雨"], 温度=["20", "18"])])
    with pytest.raises(ChoiceError) as caught:
        answered(mapping, table_question(mapping), "interactions")
    assert caught.value.key == "suggest_again"


def test_a_file_or_a_sheet_can_be_left_out(tmp_path: Path):
    with pd.ExcelWriter(tmp_path / "数据.xlsx", engine="xlsxwriter") as book:
        orders = {"会员号": ["1", "2", "1"], "日期": DAYS[:3], "金额": [1.5, 2.5, 3.5]}
        pd.DataFrame(orders).to_excel(book, sheet_name="订单", index=False)
        pd.DataFrame({"天气": ["晴", "雨"], "温度": [20, 18]}).to_excel(book, sheet_name="天气", index=False)
    mapping = suggest_mapping(tmp_path / "数据.xlsx")
    question = table_question(mapping)
    assert question.facts["sheet"] == "天气"
    left = answered(mapping, question, "leave")
    assert [source.sheet for source in left.sources] == ["订单"]
    assert left.questions == ()
    report = load(tmp_path / "数据.xlsx", store=tmp_path / "s", mapping=left)
    assert [(file.sheet, file.rows_loaded) for file in report.files] == [("订单", 3)]
    with pytest.raises(ChoiceError) as caught:
        answered(mapping, question, "products")
    name = str(caught.value.facts["file"])
    stated = suggest_mapping(tmp_path / "数据.xlsx", tables={name: "products"})
    assert {source.sheet: source.table for source in stated.sources} == {"订单": "transactions", "天气": "products"}


def test_leaving_a_file_out_takes_its_other_questions_along(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Id,R,F,M\n1,2,3,4.5\n2,3,4,5.5\n", encoding="utf-8")
    mapping = suggest_mapping(tmp_path / "a.csv")
    assert [question.key for question in mapping.questions] == ["which_table", "which_as_of"]
    left = answered(mapping, table_question(mapping), "leave")
    assert (left.sources, left.questions) == ((), ())
    with pytest.raises(LoadError) as caught:
        load(tmp_path / "a.csv", store=tmp_path / "s", mapping=left)
    assert caught.value.key == "left_out_by_mapping"


def test_contacts_with_unknown_numbers_that_may_be_money_are_asked_about(tmp_path):
    path = tmp_path / "till.csv"
    path.write_text("小票,会员,日期,流水,积分\nS1,K1,2024-05-01,20.5,2\nS2,K2,2024-05-02,30.5,3\n", encoding="utf-8")
    (question,) = [one for one in suggest_mapping(path).questions if one.key == "which_table"]
    assert question.facts["suggested"] == "transactions"


@pytest.mark.parametrize(
    ("columns", "suggested"),
    [
        ({"工单编号": NUMBERS, "创建时间": DAYS, "客户编号": NUMBERS, "问题描述": ["x"] * 12}, ""),
        ({"Ticket ID": NUMBERS, "Created at": DAYS, "Requester ID": NUMBERS, "Subject": ["x"] * 12, "Status": ["open"] * 12}, ""),
        ({"工单编号": NUMBERS, "创建时间": DAYS, "客户编号": NUMBERS, "工单类型": ["咨询", "维修", "安装"] * 4}, "interactions"),
        ({"工单编号": NUMBERS, "创建时间": DAYS, "客户编号": NUMBERS, "工单类型": ["咨询", "故障", "安装"] * 4}, ""),
    ],
)  # fmt: skip
def test_tickets_that_nowhere_say_complaint_are_asked_about(columns: dict[str, list[str]], suggested: str):
    question = table_question(suggest([sample("工单.csv", **columns)]))
    assert (question.facts["because"], question.facts["suggested"]) == ("tickets", suggested)
    complaints = suggest([sample("工单.csv", **columns)], tables={"工单.csv": "complaints"})
    kinds = [one.facts["value"] for one in complaints.questions if one.key == "ticket_value"]
    assert kinds == sorted({*columns.get("工单类型", ())})


def test_of_each_kind_of_ticket_it_is_asked_whether_it_is_a_complaint():
    tickets = sample(
        "工单.csv", 工单编号=NUMBERS, 创建时间=DAYS, 客户编号=NUMBERS, 工单类型=["咨询", "故障", "服务差"] * 4
    )
    mapping = suggest([tickets], tables={"工单.csv": "complaints"})
    asked = {str(one.facts["value"]): one for one in mapping.questions if one.key == "ticket_value"}
    assert {value: one.facts["suggested"] for value, one in asked.items()} == {
        "咨询": "other",
        "故障": "",
        "服务差": "",
    }
    mapping = answered(mapping, asked["咨询"], "other")
    mapping = answered(mapping, asked["故障"], "other")
    mapping = answered(mapping, asked["服务差"], "complaint")
    assert mapping.sources[0].leave_out == {"工单类型": ("咨询", "故障")}
    assert mapping.questions == ()


@pytest.mark.parametrize(
    "columns",
    [
        {"投诉编号": NUMBERS, "创建时间": DAYS, "客户编号": NUMBERS},
        {"Ticket ID": NUMBERS, "Created at": DAYS, "Requester ID": NUMBERS, "Complaint": ["x"] * 12},
    ],
)
def test_tickets_that_say_complaint_are_complaints(columns: dict[str, list[str]]):
    mapping = suggest([sample(**columns)])
    assert (mapping.sources[0].table, [one.key for one in mapping.questions if one.key == "which_table"]) == (
        "complaints",
        [],
    )


@pytest.mark.parametrize(
    ("columns", "because", "product_id"),
    [
        ({"项目": ["洗", "烫", "染"], "金额": ["58", "398", "298"]}, "price_list", "项目"),
        ({"套餐名称": ["甲", "乙", "丙"], "月费": ["39", "59", "99"], "流量(GB)": ["10", "20", "50"]}, None, "套餐名称"),
        ({"Item": ["Mug", "Cup", "Pot"], "Price": ["9.90", "4.50", "20"]}, None, "Item"),
    ],
)  # fmt: skip
def test_a_price_list_is_a_list_of_products_told_apart_by_their_names(
    columns: dict[str, list[str]], because: str | None, product_id: str
):
    mapping = suggest([sample(**columns)])
    assert mapping.sources[0].table == "products"
    assert [one.facts["because"] for one in mapping.questions if one.key == "which_table"] == (
        [because] if because else []
    )
    (question,) = [one for one in mapping.questions if one.key == "which_column"]
    assert (question.facts["column"], question.facts["suggested"]) == ("product_id", product_id)


def test_contacts_that_name_no_customer_need_a_yes():
    contacts = {"回访日期": DAYS, "回访方式": ["电话", "微信"] * 6, "回访内容": ["好", "差"] * 6}
    mapping = suggest([sample("回访记录.csv", **contacts)])
    (question,) = mapping.questions
    assert (question.key, mapping.sources[0].table) == ("which_customer", "interactions")
    assert "interactions" not in question_words(question, "zh")
    assert answered(mapping, question, "no_customer").sources[0].no_customer
    phones = sample("回访记录.csv", **contacts, 电话=[f"1380000{place:04}" for place in range(12)])
    (question,) = suggest([phones]).questions
    assert question.facts["suggested"] == "电话"


def test_visits_whose_day_stands_in_several_columns_are_asked_about_too():
    visits = {
        "Customer ID": ["1", "2"] * 6, "Year": ["2024"] * 12, "Month": ["3"] * 12, "Day": [*NUMBERS[1:], "12"],
        "Branch": ["A"] * 12,
    }  # fmt: skip
    mapping = suggest([sample("visits.csv", **visits)])
    question = table_question(mapping)
    assert (question.facts["because"], question.facts["suggested"]) == ("no_money", "transactions")
    assert (mapping.sources[0].money, mapping.sources[0].day_parts) == (
        "unknown",
        {"Month": "month", "Day": "day_of_month"},
    )
