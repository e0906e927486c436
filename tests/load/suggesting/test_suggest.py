"""Suggested mappings: right where headers and values prove it, a question where they do not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import ChoiceError, LoadError
from workbench.i18n import LANGUAGES, t
from workbench.load import check, load
from workbench.load.mapping.analyst_answers import answered
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.mapping.mapping_file import mapping_text, parse_mapping
from workbench.load.mapping.source_mapping import Cancelled, Item, SourceMapping
from workbench.load.questions import Question
from workbench.load.suggesting.column_shapes import RowSample, column_shapes
from workbench.load.suggesting.suggest import suggest, suggest_mapping
from workbench.store import open_store

DAYS = ["2024-01-05", "2024-01-06", "2024-02-07", "2024-02-08"]
AMOUNTS = ["100.50", "20.00", "￥1,300.00", "99.90"]


def sample(file: str, /, sheet: str | None = None, **columns: list[str]) -> RowSample:
    return RowSample(file, sheet, tuple(columns), columns)


def source(mapping: Mapping) -> SourceMapping:
    (only,) = mapping.sources
    return only


def keys(mapping: Mapping) -> list[str]:
    return [question.key for question in mapping.questions]


def question(mapping: Mapping, key: str) -> Question:
    (only,) = [one for one in mapping.questions if one.key == key]
    return only


def in_words(mapping: Mapping) -> list[str]:
    """Every reason and question in both languages: KeyError where a text or a blank is missing."""
    texts = [(f"load.reason_{one.reason}", one.facts) for entry in mapping.sources for one in entry.suggestions]
    texts += [(f"load.question.{one.key}", {"file": one.file, **one.facts}) for one in mapping.questions]
    return [t(key, lang, **facts) for key, facts in texts for lang in LANGUAGES]


def test_known_headers_with_fitting_values_are_mapped_without_a_question():
    orders = sample(
        "订单.csv",
        **{
            "订单 ID": ["A1", "A2", "A3", "A3"],
            "会员号": ["1", "1", "2", "3"],
            "下单日期": DAYS,
            "销售额": AMOUNTS,
            "备注": ["", "", "急", ""],
        },
    )
    mapping = suggest([orders])
    entry = source(mapping)
    assert mapping.questions == ()
    assert entry.table == "transactions"
    assert entry.columns == {"订单 ID": "order_id", "会员号": "customer_id", "下单日期": "day", "销售额": "amount"}
    assert {name: kept.publish for name, kept in entry.attributes.items()} == {"备注": False}
    assert all(one.sure and one.confidence > 0.9 for one in entry.suggestions)


@pytest.mark.parametrize(
    ("file", "headers", "table", "columns"),
    [
        (
            "进厂.xlsx",
            "车牌号 车架号 进厂日期 结算金额 工时费 配件费 服务顾问",
            "transactions",
            {"车牌号": "customer_id", "进厂日期": "day", "结算金额": "amount", "服务顾问": "employee_id"},
        ),
        (
            "淘宝.csv",
            "订单编号 买家会员名 买家实际支付金额 订单状态 收货地址 订单付款时间 宝贝总数量",
            "transactions",
            {
                "订单编号": "order_id",
                "买家会员名": "customer_id",
                "买家实际支付金额": "amount",
                "订单付款时间": "day",
                "宝贝总数量": "quantity",
            },
        ),
        (
            "车主.xlsx",
            "客户编码 车主姓名 联系电话 购车日期 性别 客户经理 信用等级",
            "customers",
            {
                "客户编码": "customer_id",
                "车主姓名": "name",
                "联系电话": "phone",
                "购车日期": "registered_on",
                "信用等级": "credit_grade",
            },
        ),
        ("套餐.csv", "用户编号 套餐 在网时长 ARPU", "customers", {"用户编号": "customer_id"}),
        (
            "发票.csv",
            "客户编码 发票号 开票日期 价税合计 含税单价",
            "transactions",
            {"客户编码": "customer_id", "发票号": "order_id", "开票日期": "day", "价税合计": "amount"},
        ),
        (
            "工单.csv",
            "投诉编号 客户号 投诉日期 办结时间 投诉类型 投诉内容 处理状态",
            "complaints",
            {
                "投诉编号": "complaint_id",
                "投诉日期": "day",
                "办结时间": "closed_on",
                "投诉类型": "category",
                "投诉内容": "narrative",
            },
        ),
        (
            "log.csv",
            "interaction_id customer_id contact_date channel points_earned",
            "interactions",
            {"interaction_id": "interaction_id", "contact_date": "day", "points_earned": "points"},
        ),
        (
            "items.csv",
            "sku product_name unit_cost list_price category",
            "products",
            {"sku": "product_id", "product_name": "product_name", "unit_cost": "unit_cost", "list_price": "unit_price"},
        ),
        (
            "staff.csv",
            "工号 员工姓名 部门 入职日期",
            "employees",
            {"工号": "employee_id", "员工姓名": "employee_name", "部门": "team", "入职日期": "hired_on"},
        ),
        (
            "long.csv",
            "response_id question score survey_date",
            "surveys",
            {"response_id": "response_id", "question": "item", "score": "score", "survey_date": "day"},
        ),
    ],
)
def test_files_of_every_trade_find_their_table(file: str, headers: str, table: str, columns: dict[str, str]):
    def values(header: str) -> list[str]:
        if any(word in header for word in ("日期", "时间", "date")):
            return DAYS
        if any(word in header for word in ("金额", "费", "单价", "合计", "cost", "price")):
            return AMOUNTS
        if any(word in header for word in ("数量", "score", "points", "ARPU", "时长")):
            return ["1", "2", "5", "4"]
        return [f"{header}1", f"{header}2", f"{header}3", f"{header}4"]

    mapping = suggest([sample(file, **{header: values(header) for header in headers.split()})])
    assert source(mapping).table == table
    assert columns.items() <= source(mapping).columns.items()
    assert source(mapping).lacking() == ()
    assert in_words(mapping)


def test_values_speak_against_a_header():
    mapping = suggest(
        [sample("订单.csv", 会员号=["1", "2", "1", "2"], 日期=DAYS, 金额=["甲", "乙", "丙", "丁"], 实付=AMOUNTS)]
    )
    assert source(mapping).header_of("amount") == "实付"
    assert "金额" in source(mapping).attributes
    assert [one.reason for one in source(mapping).suggestions if one.header == "金额"] == ["values_do_not_fit"]
    assert in_words(mapping)


def test_two_amounts_are_asked_about_and_the_better_one_is_preselected():
    mapping = suggest([sample("订单.csv", 会员号=["1", "2", "1", "2"], 日期=DAYS, 应付金额=AMOUNTS, 实付金额=AMOUNTS)])
    asked = question(mapping, "two_candidates")
    assert (asked.facts["column"], asked.facts["suggested"]) == ("amount", "实付金额")
    assert set(asked.choices) == {"应付金额", "实付金额"}
    other = answered(mapping, asked, "应付金额")
    assert source(other).columns["应付金额"] == "amount"
    assert set(source(other).attributes) == {"实付金额"}
    assert other.questions == ()
    assert in_words(mapping)


def test_a_missing_amount_is_asked_for_with_the_columns_it_could_be():
    mapping = suggest(
        [
            sample(
                "订单.csv",
                订单号=["1", "2", "3", "4"],
                会员号=["1", "2", "1", "2"],
                日期=DAYS,
                流水=AMOUNTS,
                天气=["晴"] * 4,
            )
        ]
    )
    asked = question(mapping, "which_amount")
    likely_first = ["流水", "天气", "订单号", "会员号", "日期", "no_amount", "leave"]
    assert list(asked.choices) == likely_first, "the likely one first, then every other, none, and not to load it"
    assert asked.choices["天气"] == ("晴",)
    assert source(mapping).lacking() == ("amount / quantity + unit_price",)
    assert in_words(mapping)
    answer = source(answered(mapping, asked, "流水"))
    assert answer.columns["流水"] == "amount", "and can be read back"
    assert parse_mapping(mapping_text([answer]))[0].sources == (answer,)


def test_a_file_that_fits_no_table_is_asked_about_and_the_answer_is_used():
    odd = sample("x.csv", 天气=["晴", "雨", "晴", "阴"], 温度=["20", "21", "19", "18"])
    mapping = suggest([odd])
    assert mapping.sources == ()
    assert keys(mapping) == ["which_table"]
    assert source(suggest([odd], tables={"x.csv": "interactions"})).table == "interactions"
    assert in_words(mapping)


def test_the_order_of_day_and_month_is_asked_and_preselected_where_the_values_prove_it():
    dates = ["03/05/2024", "13/05/2024", "01/02/2024", "04/04/2024"]
    mapping = suggest([sample("订单.csv", 会员号=["1", "2", "1", "2"], 日期=dates, 金额=AMOUNTS)])
    asked = question(mapping, "date_order")
    assert (asked.facts["suggested"], source(mapping).date_format) == ("%d/%m/%Y", "%d/%m/%Y")
    assert asked.choices == {
        "%d/%m/%Y": ("03/05/2024 → 2024-05-03", "13/05/2024 → 2024-05-13", "01/02/2024 → 2024-02-01")
    }
    assert [one.sure for one in source(mapping).suggestions if one.target == "day"] == [False]


def test_the_order_of_day_and_month_is_not_guessed():
    dates = ["03/05/2024", "04/05/2024", "01/02/2024", "04/04/2024"]
    mapping = suggest([sample("订单.csv", 会员号=["1", "2", "1", "2"], 日期=dates, 金额=AMOUNTS)])
    asked = question(mapping, "date_order")
    assert set(asked.choices) == {"%d/%m/%Y", "%m/%d/%Y"}
    assert (asked.facts["suggested"], source(mapping).date_format) == ("", None)
    assert source(answered(mapping, asked, "%m/%d/%Y")).date_format == "%m/%d/%Y"
    with pytest.raises(LoadError, match="year, month and day"):
        answered(mapping, asked, "%H:%M")


def test_a_decimal_comma_is_asked_about():
    mapping = suggest(
        [sample("sales.csv", customer_id=["1", "2", "1", "2"], date=DAYS, amount=["1.234,50", "12,30", "7,00", "1,5"])]
    )
    assert source(mapping).decimal == ","
    asked = question(mapping, "decimal_comma")
    assert asked.choices[","][0] == "1.234,50 → 1234.50"
    assert source(answered(mapping, asked, ".")).decimal == "."


@pytest.mark.parametrize(("quantities", "asked"), [(["1", "2", "3", "-1"], False), (["1", "2", "3", "4"], True)])
def test_a_letter_before_an_order_number_is_a_cancelled_order_where_the_quantity_says_so(
    quantities: list[str], asked: bool
):
    numbers = ["10001", "10002", "10003", "C10004"] * 5
    mapping = suggest(
        [
            sample(
                "orders.csv",
                InvoiceNo=numbers,
                CustomerID=["1", "2", "1", "2"] * 5,
                InvoiceDate=DAYS * 5,
                Quantity=quantities * 5,
                UnitPrice=AMOUNTS * 5,
            )
        ]
    )
    assert source(mapping).cancelled == Cancelled("InvoiceNo", "C")
    assert keys(mapping) == (["cancelled_lines"] if asked else [])
    if asked:
        assert source(answered(mapping, mapping.questions[0], "no")).cancelled is None


def test_another_letter_before_an_order_number_is_only_a_letter():
    numbers = ["10001", "10002", "10003", "W10004"]
    mapping = suggest([sample("orders.csv", 订单号=numbers, 会员号=["1", "2", "1", "2"], 日期=DAYS, 金额=AMOUNTS)])
    assert source(mapping).cancelled is None
    assert mapping.questions == ()


def test_values_that_stand_for_none_are_proposed():
    mapping = suggest(
        [
            sample(
                "会员.csv",
                会员号=["1", "2", "3", "4"],
                姓名=["张三", "李四", "王五", "赵六"],
                生日=["1980-01-01", "1900-01-01", "1990-05-06", "1900-01-01"],
            )
        ]
    )
    assert source(mapping).missing == {"生日": ("1900-01-01",)}
    assert source(answered(mapping, question(mapping, "stand_ins"), "valid")).missing == {}
    assert in_words(mapping)


def test_walk_ins_are_proposed_to_be_nobody(write, store):
    lines = [
        f"X{place},{who},2024-01-0{place + 1},{place + 10}"
        for place, who in enumerate(("V1", "散客", "000", "散客", "V2"))
    ]
    path = write(*lines, header="小票号,会员卡号,销售日期,实收", name="小票.csv")
    mapping = suggest_mapping(path)
    asked_about = question(mapping, "stand_ins")
    assert (asked_about.facts["items"], sorted(asked_about.facts["values"])) == (["会员卡号"], ["000", "散客"])
    report = load(path, store=store, mapping=answered(mapping, asked_about, "missing"))
    assert report.files[0].rows_loaded == 5
    with open_store(store) as opened:
        assert sorted(opened.collect(opened.transactions)["customer_id"].dropna()) == ["V1", "V2"]
    assert source(answered(mapping, asked_about, "valid")).missing == {}


@pytest.mark.parametrize(("others", "is_asked"), [(("1", "2", "3"), False), (("17", "204", "35"), True)])
def test_a_customer_0_is_nobody_unless_customers_are_counted_from_0(others: tuple[str, ...], is_asked: bool):
    columns = {"订单号": ["T1", "T2", "T3", "T4"], "会员号": ["0", *others], "交易日期": DAYS, "金额": AMOUNTS}
    mapping = suggest([sample("流水.csv", **columns)])
    assert ("stand_ins" in keys(mapping)) == is_asked


def test_a_list_of_returns_is_no_list_of_complaints(write, store):
    path = write(
        "R1,O1,C1,2024-01-05,30.00,质量", "R2,O9,C2,2024-01-06,12.00,不想要",
        header="退货单号,原订单号,客户编号,退货日期,退款金额,退货原因", name="售后.csv",
    )  # fmt: skip
    mapping = suggest_mapping(path)
    assert question(mapping, "which_table").facts["suggested"] == "transactions"
    for _ in range(9):
        if not mapping.questions:
            break
        mapping = answered(mapping, mapping.questions[0], str(mapping.questions[0].facts["suggested"]))
    load(path, store=store, mapping=mapping)
    with open_store(store) as opened:
        assert sorted(opened.collect(opened.transactions)["amount"].astype(float)) == [-30.0, -12.0]


@pytest.mark.parametrize("header", ["借贷标志", "收付标志", "DR/CR", "Credit/Debit", "收支标志"])
def test_which_way_money_went_is_asked_of_every_word_for_it(header: str):
    columns = {"流水号": ["T1", "T2", "T3", "T4"], "会员号": ["1", "2", "1", "2"], "交易日期": DAYS, "金额": AMOUNTS}
    mapping = suggest([sample("流水.csv", **columns, **{header: ["贷", "贷", "借", "贷"]})])
    assert {one.facts["value"] for one in mapping.questions if one.key == "status_value"} == {"贷", "借"}


def test_ids_of_the_customer_file_show_which_column_is_the_customer():
    ids = [f"K{number:03}" for number in range(1, 9)]
    customers = sample("客户.csv", 客户编号=ids, 姓名=["某"] * 8, 性别=["男", "女"] * 4)
    orders = sample("订单.csv", 单号=[f"D{n}" for n in range(8)], 谁=ids, 日期=DAYS * 2, 金额=AMOUNTS * 2)
    entry = suggest([customers, orders]).sources[1]
    (found,) = [one for one in entry.suggestions if one.target == "customer_id"]
    assert (found.header, found.reason, found.sure, found.facts["percent"]) == ("谁", "ids_shared", True, 100)
    assert "谁" not in entry.attributes
    assert suggest([orders]).sources[0].header_of("customer_id") is None


def test_a_file_without_a_header_is_always_asked_about():
    rows = {
        "column_1": ["00004", "00004", "00021", "00050"],
        "column_2": ["19970101", "19970118", "19970101", "19970101"],
        "column_3": ["2", "1", "3", "1"],
        "column_4": ["29.33", "14.96", "63.34", "6.79"],
    }
    mapping = suggest([sample("CDNOW.txt", **rows)])
    entry = source(mapping)
    assert entry.columns == {"column_1": "customer_id", "column_2": "day", "column_3": "quantity", "column_4": "amount"}
    assert entry.header_row == 0
    assert not any(one.sure for one in entry.suggestions)
    assert "no_header" in keys(mapping)
    assert in_words(mapping)


def survey(**columns: list[str]) -> Mapping:
    number = len(next(iter(columns.values())))
    return suggest([sample("问卷.csv", 答卷编号=[str(n) for n in range(number)], **columns)])


def test_a_value_outside_the_scale_is_proposed_as_no_answer():
    mapping = survey(
        推荐意愿=["0", "6", "10", "11", "9", "8", "7", "5"], 满意度=["1", "2", "3", "4", "5", "5", "0", "-99"]
    )
    entry = source(mapping)
    assert entry.layout == "wide"
    assert entry.items == {"推荐意愿": Item("nps", 0, 10), "满意度": Item("csat", 1, 5)}
    assert entry.missing == {"推荐意愿": ("11",), "满意度": ("-99", "0")}
    asked = [one for one in mapping.questions if one.key == "no_answers"]
    assert {tuple(one.facts["items"]): tuple(one.facts["values"]) for one in asked} == {
        ("推荐意愿",): ("11",),
        ("满意度",): ("-99", "0"),
    }
    assert "推荐意愿" not in source(answered(mapping, asked[0], "valid")).missing
    assert in_words(mapping)


def test_a_family_of_rating_columns_is_asked_about():
    levels = ["1", "2", "3", "4", "5", "6", "0", "Blank"]
    mapping = survey(Q7ART=levels, Q7FOOD=levels[::-1], Q8CODE=["101", "205", "", "", "", "", "", ""], GATE=["A1"] * 8)
    asked = question(mapping, "survey_items")
    assert asked.facts["items"] == ["Q7ART", "Q7FOOD"]
    assert source(mapping).missing["Q7ART"] == ("0", "6", "Blank")
    refused = source(answered(mapping, asked, "no"))
    assert (refused.items, refused.missing) == ({}, {})
    assert {"Q7ART", "Q7FOOD"} <= set(refused.attributes)


def test_yes_and_no_columns_are_no_ratings():
    mapping = survey(推荐意愿=["0", "6", "10", "9", "9", "8", "7", "5"], Q1A=["1", "0"] * 4, Q1B=["1", "2"] * 4)
    assert set(source(mapping).items) == {"推荐意愿"}


def test_an_answer_that_is_no_choice_is_refused():
    mapping = survey(推荐意愿=["0", "6", "10", "11", "9", "8", "7", "5"])
    with pytest.raises(ChoiceError, match="maybe"):
        answered(mapping, question(mapping, "no_answers"), "maybe")


def test_files_alike_share_an_entry_and_a_pattern():
    def month(file: str) -> RowSample:
        return sample(file, 会员号=["1", "2", "1", "2"], 日期=DAYS, 金额=AMOUNTS)

    mapping = suggest(
        [month("订单-01.csv"), month("订单-02.csv"), sample("会员.csv", 会员号=["1", "2"], 姓名=["甲", "乙"])]
    )
    assert [entry.files for entry in mapping.sources] == [("订单-*.csv",), ("会员.csv",)]


def test_a_name_with_brackets_matches_itself():
    mapping = suggest([sample("订单[1].csv", 会员号=["1", "2", "1", "2"], 日期=DAYS, 金额=AMOUNTS)])
    assert len(mapping.sources_for("订单[1].csv")) == 1


def test_a_suggestion_without_open_columns_can_be_saved_and_read(tmp_path: Path):
    mapping = suggest(
        [sample('订 "单".csv', **{"会员\n号": ["1", "2", "1", "2"], "日期": DAYS, "金额（元）": AMOUNTS})]
    )
    mapping.save(tmp_path / "m.toml")
    assert Mapping.read(tmp_path / "m.toml") == mapping


def test_empty_columns_and_empty_files_are_no_trouble():
    mapping = suggest([sample("订单.csv", 会员号=["1", "2"], 日期=DAYS[:2], 金额=AMOUNTS[:2], 渠道=["", ""])])
    assert source(mapping).columns["渠道"] == "channel"
    assert suggest([sample("订单.csv", 会员号=[], 日期=[], 金额=[])]).sources[0].table == "transactions"
    assert suggest([RowSample("leer.csv", None, (), {})]).sources == ()


def test_a_sheet_each_of_a_workbook_is_suggested(tmp_path: Path):
    with pd.ExcelWriter(tmp_path / "数据.xlsx", engine="xlsxwriter") as book:
        pd.DataFrame({"会员号": ["1", "2", "1"], "日期": DAYS[:3], "金额": [1.5, 2.5, 3.5]}).to_excel(
            book, sheet_name="订单", index=False
        )
        pd.DataFrame({"会员号": ["1", "2"], "姓名": ["甲", "乙"], "性别": ["男", "女"]}).to_excel(
            book, sheet_name="会员", index=False
        )
    mapping = suggest_mapping(tmp_path / "数据.xlsx")
    assert {entry.sheet: entry.table for entry in mapping.sources} == {"订单": "transactions", "会员": "customers"}


def test_a_phone_is_known_as_one_under_any_header():
    columns = {
        "客户编号": ["1", "2", "3"],
        "姓名": ["甲", "乙", "丙"],
        "备用": ["13800138000", "13900139000", "138****8000"],
    }
    mapping = suggest([sample("客户.csv", **columns)])
    assert source(mapping).columns["备用"] == "phone"
    assert in_words(mapping)


def test_phones_mails_and_id_numbers_are_told_by_their_shape():
    shape = column_shapes(
        sample("x", p=["13800138000", "138****8000"], m=["a@b.com", "甲"], i=["110101199001011234", "x"])
    )
    assert [shape["p"].phones, shape["m"].emails, shape["i"].id_numbers] == [2, 1, 1]


REAL = [
    (
        "cn_orders_gbk/order_1_gbk.csv",
        "transactions",
        {
            "order_id": "order_id",
            "user_id": "customer_id",
            "product_id": "product_id",
            "order_time": "day",
            "quantity": "quantity",
            "amount": "amount",
            "price": "unit_price",
            "order_status": "status",
            "user_province_name": "region",
        },
    ),
    (
        "cn_orders_gbk/retail_sales_raw_gbk.csv",
        "transactions",
        {
            "顾客编号": "customer_id",
            "销售日期": "day",
            "销售金额": "amount",
            "销售数量": "quantity",
            "商品单价": "unit_price",
        },
    ),
    (
        "cn_orders_gbk/missing_optional.csv",
        "transactions",
        {"顾客编号": "customer_id", "销售日期": "day", "销售金额": "amount"},
    ),
    (
        "online_retail/onlineretail.parquet",
        "transactions",
        {
            "InvoiceNo": "order_id",
            "StockCode": "product_id",
            "Quantity": "quantity",
            "InvoiceDate": "day",
            "UnitPrice": "unit_price",
            "CustomerID": "customer_id",
            "Country": "region",
        },
    ),
    ("telco_churn/Telco-Customer-Churn_IBM.csv", "customers", {"customerID": "customer_id", "gender": "gender"}),
    (
        "rfm_orders/rfm_data_orders.csv",
        "transactions",
        {"customer_id": "customer_id", "order_date": "day", "revenue": "amount"},
    ),
    ("rfm_orders/rfm_data_customer.csv.gz", "customers", {"customer_id": "customer_id", "email": "email"}),
    (
        "cdnow/CDNOW_master.txt",
        "transactions",
        {"customer_id": "customer_id", "date": "day", "number_of_cds": "quantity", "dollar_value": "amount"},
    ),
]


@pytest.mark.parametrize(("file", "table", "columns"), REAL)
def test_a_real_file_is_mapped_right_without_a_question(
    shared_data: Path, file: str, table: str, columns: dict[str, str]
):
    mapping = suggest_mapping(shared_data / file)
    assert source(mapping).table == table
    assert columns.items() <= source(mapping).columns.items()
    assert mapping.questions == ()


def test_the_cancelled_invoices_of_a_real_shop_are_recognised(shared_data: Path):
    mapping = suggest_mapping(shared_data / "online_retail/onlineretail.parquet")
    assert source(mapping).cancelled == Cancelled("InvoiceNo", "C")


def test_real_complaints_are_mapped_and_their_date_order_asked(shared_data: Path):
    mapping = suggest_mapping(shared_data / "cfpb_complaints/ccdb-pipeline_v2-public.csv")
    wanted = {
        "Complaint ID": "complaint_id",
        "Date received": "day",
        "Issue": "category",
        "State": "region",
        "Submitted via": "channel",
        "Consumer complaint narrative": "narrative",
        "Company response to consumer": "status",
    }
    assert wanted.items() <= source(mapping).columns.items()
    assert (keys(mapping), source(mapping).date_format) == (["date_order"], "%m/%d/%y")


def test_real_complaints_without_an_id_are_asked_for_one(shared_data: Path):
    mapping = suggest_mapping(shared_data / "cfpb_complaints/ccdb-pipeline_complaints-subset.csv")
    assert source(mapping).table == "complaints"
    assert question(mapping, "which_column").facts["column"] == "complaint_id"


def test_a_real_survey_proposes_its_sentinels_and_asks(shared_data: Path):
    mapping = suggest_mapping(shared_data / "sfo_survey_2017/2017_SFO_Customer_Survey_20250817.csv")
    entry = source(mapping)
    assert (entry.table, entry.layout) == ("surveys", "wide")
    assert entry.columns == {"RESPNUM": "response_id", "WEIGHT": "weight"}
    assert entry.items["NETPRO"] == Item("nps", 0, 10)
    assert entry.items["Q7ALL"] == Item("csat", 1, 5)
    assert entry.missing["NETPRO"] == ("11",)
    assert entry.missing["Q7ART"] == ("0", "6")
    assert entry.missing["Q7ALL"] == ("Blank",)
    assert "INTDATE" in entry.attributes
    assert {"survey_items", "no_answers", "unread_day"} == set(keys(mapping))
    assert question(mapping, "unread_day").facts["header"] == "INTDATE"


def test_a_real_questionnaire_without_ids_is_all_items(shared_data: Path):
    mapping = suggest_mapping(shared_data / "ecsi_mobi/mobi.csv")
    assert set(source(mapping).items.values()) == {Item("other", 1, 10)}
    assert len(source(mapping).items) == 24
    assert keys(mapping) == ["survey_items"]


def test_real_reviews_are_a_wide_survey_where_minus_two_is_asked_about(shared_data: Path):
    mapping = suggest_mapping(shared_data / "cn_reviews/train_sample.csv")
    entry = source(mapping)
    assert entry.columns == {"index": "response_id", "reviewbody": "comment"}
    assert entry.items["star"] == Item("csat", 1, 5)
    aspects = {name: item for name, item in entry.items.items() if name != "star"}
    assert (len(aspects), set(aspects.values())) == (18, {Item("other", -1, 1)})
    assert all(entry.missing[name] == ("-2",) for name in aspects)
    assert "no_answers" in keys(mapping)


def test_the_real_file_without_a_header_is_suggested_by_shape_and_asked(shared_data: Path):
    mapping = suggest_mapping(shared_data / "cdnow/CDNOW_sample.txt")
    assert source(mapping).columns == {
        "column_1": "customer_id",
        "column_3": "day",
        "column_4": "quantity",
        "column_5": "amount",
    }
    assert keys(mapping) == ["no_header", "two_candidates"]
    assert set(question(mapping, "two_candidates").choices) == {"column_1", "column_2"}


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("ecsi_mobi/mobi.csv", 250),
        ("cfpb_complaints/ccdb-pipeline_v2-public.csv", 30),
        ("cdnow/CDNOW_sample.txt", 6919),
        ("sfo_survey_2017/2017_SFO_Customer_Survey_20250817.csv", 2831),
    ],
)
def test_a_real_file_passes_under_its_suggestion_once_the_questions_are_answered(
    shared_data: Path, tmp_path: Path, file: str, rows: int
):
    mapping = suggest_mapping(shared_data / file)
    for one in mapping.questions:
        mapping = answered(mapping, one, str(one.facts["suggested"]))
    mapping.save(tmp_path / "m.toml")
    (report,) = check(shared_data / file, mapping=tmp_path / "m.toml").files
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (rows, rows, 0)
