"""Checks of the rows: what is rejected and why, what is kept and marked, what is ignored."""

from __future__ import annotations

import json
from datetime import date

import pytest

from workbench.load import Mapping, SourceMapping, load

GOOD = "1,D1,2024-01-05,5"


@pytest.fixture
def rejects(store, orders):
    """Load a file and return line, column and reason of every reject."""

    def load_and_list(path, mapping=None, **more):
        report = load(path, store=store, mapping=mapping or orders, today=date(2026, 1, 1), **more)
        places = report.rejects[["line", "column_name", "reason"]]
        return report, [tuple(place) for place in places.itertuples(index=False)]

    return load_and_list


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("1,D2,,5", "day", "missing_value"),
        ("1,D2,2024-01-06,", "amount", "missing_value"),
        ("1,D2,20250229,5", "day", "impossible_date"),
        ("1,D2,03/05/2024,5", "day", "ambiguous_date"),
        ("1,D2,2026-01-02,5", "day", "future_date"),
        ("1,D2,2026-01-01 23:59,5,", None, None),
        ("1,D2,2024-01-06,五十", "amount", "not_money"),
        ("1,D2,2024-01-06,99999999999999999999", "amount", "too_large"),
        ("6.22E+17,D2,2024-01-06,5", "customer_id", "id_lost_digits"),
        ("1,D2,2024-01-06", None, "too_few_cells"),
        ("1,D2,2024-01-06,5,多", None, "too_many_cells"),
        ('1,"D2,2024-01-06,5', None, "unclosed_quote"),
        ('1,"D2"x,2024-01-06,5', None, "stray_quote"),
        ("1,D\x002,2024-01-06,5", None, "nul_byte"),
        ("1," + "D" * 1_100_000 + ",2024-01-06,5", None, "too_long"),
    ],
)
def test_one_bad_row_is_rejected_with_its_place_and_reason(write, rejects, line, column, reason):
    report, found = rejects(write(GOOD, line, "3,D3,2024-01-07,7"))
    assert found == ([(3, column, reason)] if reason else [])
    assert report.rows_read == report.rows_loaded + report.rows_rejected == 3


def test_a_row_with_two_faults_is_one_reject_that_names_both(write, rejects):
    report, found = rejects(write(GOOD, "6.22E+17,D2,明天,5"))
    assert len(found) == 1
    facts = json.loads(report.rejects["facts"].iloc[0])
    assert [problem["reason"] for problem in facts["problems"]] == ["id_lost_digits", "not_date"]
    assert facts["row"] == {"客户编号": "6.22E+17", "订单号": "D2", "下单日期": "明天", "金额": "5"}


def test_rejects_are_kept_in_the_store(write, rejects, column_of, store):
    from workbench.store import open_store

    rejects(write(GOOD, "1,D2,20250229,5"))
    with open_store(store) as opened:
        kept = opened.collect(opened.rejects)
    assert kept[["file", "line", "table_name", "column_name", "value", "reason"]].values.tolist() == [
        ["订单.csv", 3, "transactions", "day", "20250229", "impossible_date"]
    ]


def test_the_declared_day_is_the_last_that_is_not_in_the_future(write, rejects):
    path = write(GOOD, "1,D2,2024-06-30,5", "1,D3,2024-07-01,5")
    _, found = rejects(path, as_of=date(2024, 6, 30))
    assert found == [(4, "day", "future_date")]


def test_rows_without_data_are_ignored_and_counted_by_kind(write, rejects):
    path = write(GOOD, "", ",,,", "客户编号,订单号,下单日期,金额", "2,D2,2024-01-06,6", "合计：,,,11", ", ,小 计,11")
    report, found = rejects(path)
    (file,) = report.files
    assert found == []
    assert dict(file.ignored) == {"blank": 2, "repeated_header": 1, "total": 2}
    assert (file.rows_read, file.rows_loaded, file.rows_ignored) == (7, 2, 5)


def test_a_customer_called_total_is_no_total_row(write, rejects):
    report, _ = rejects(write("合计,D1,2024-01-05,5"))
    assert report.rows_loaded == 1


def test_equal_rows_stay_where_no_key_is_declared(write, rejects):
    report, _ = rejects(write(GOOD, GOOD, GOOD))
    assert report.rows_loaded == 3


def test_a_declared_key_ignores_repeats_and_rejects_contradictions(write, rejects, orders_with):
    path = write(GOOD, GOOD, "1,D1,2024-01-05,6", ",,2024-01-05,7", ",,2024-01-05,7")
    report, found = rejects(path, orders_with(key=("order_id",)))
    (file,) = report.files
    assert dict(file.ignored) == {"duplicate": 1}
    assert found == [(4, "order_id", "conflicting_key")]
    assert file.rows_loaded == 3
    facts = json.loads(report.rejects["facts"].iloc[0])
    assert (facts["kept_line"], facts["row"]["amount"]) == (2, "6.00")


def test_products_are_kept_once_over_files(write, store):
    columns = {"编号": "product_id", "名称": "product_name"}
    mapping = Mapping((SourceMapping(files=("商品*",), table="products", columns=columns),))
    first = write("1,机油", "2,滤芯", name="商品一.csv", header="编号,名称")
    second = write("2,滤芯", "3,轮胎", "1,齿轮油", name="商品二.csv", header="编号,名称")
    load(first, store=store, mapping=mapping)
    report = load(second, store=store, mapping=mapping)
    file = report.files[-1]
    assert (file.rows_loaded, file.rows_rejected, dict(file.ignored)) == (1, 1, {"duplicate": 1})
    facts = json.loads(report.rejects["facts"].iloc[0])
    assert (facts["kept_source"], facts["kept_line"]) == (1, 2)


def test_customers_nobody_knows_are_counted_with_examples(write, store, customers_and_orders, tmp_path):
    write("1,王芳,城南", name="客户.csv", header="客户编号,姓名,地区")
    write(GOOD, "8,D8,2024-01-05,5", "9,D9,2024-01-05,5", ",D0,2024-01-05,5")
    report = load([tmp_path / "客户.csv", tmp_path / "订单.csv"], store=store, mapping=customers_and_orders)
    (strangers,) = [problem for problem in report.problems if problem.key == "unknown_customers"]
    assert strangers.facts == {"table": "transactions", "count": 2, "examples": ["8", "9"]}
    assert report.rows_rejected == 0


def test_lines_that_are_no_purchases_are_counted(write, rejects):
    report, _ = rejects(write(GOOD, "1,D2,2024-01-05,-5", "1,D3,2024-01-05,0", ",D4,2024-01-05,5"))
    counted = {problem.key: problem.facts["count"] for problem in report.problems}
    assert counted == {"negative_lines": 1, "zero_lines": 1, "lines_without_customer": 1}


def test_declared_words_for_missing_are_counted(write, rejects, orders_with):
    path = write(GOOD, "-99,D2,2024-01-05,5", "None,D3,2024-01-05,5")
    report, _ = rejects(path, orders_with(missing={"客户编号": ("-99",)}))
    counted = {problem.key: problem.facts["count"] for problem in report.problems}
    assert counted == {"values_missing": 2, "lines_without_customer": 2}


def test_values_outside_the_allowed_ones_are_rejected(write, store):
    mapping = SourceMapping(
        files=("*",),
        table="surveys",
        columns={"编号": "response_id", "题目": "item", "类型": "kind", "评分": "score"},
    )
    report = load(
        write("R1,推荐,nps,9", "R2,推荐,好评,9", header="编号,题目,类型,评分"), store=store, mapping=Mapping((mapping,))
    )
    assert report.rejects["reason"].tolist() == ["not_allowed"]


@pytest.mark.parametrize(("weight", "reasons"), [("0", ["too_low"]), ("-1.5", ["too_low"]), ("0.000001", []), ("", [])])
def test_a_weight_of_nought_or_less_is_refused_with_its_reason(write, store, weight, reasons):
    mapping = SourceMapping(
        files=("*",),
        table="surveys",
        columns={"编号": "response_id", "题目": "item", "评分": "score", "权重": "weight"},
    )
    path = write("R1,推荐,9,1.2", f"R2,推荐,9,{weight}", header="编号,题目,评分,权重")
    report = load(path, store=store, mapping=Mapping((mapping,)))
    assert report.rejects["reason"].tolist() == reasons
    assert report.rows_loaded == 2 - len(reasons)
