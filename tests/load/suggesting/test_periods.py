"""A table with months, quarters or years as columns is asked about, turned into sales of each period, or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import Mapping, SourceMapping, answered, load, suggest_mapping
from workbench.load.questions import Question
from workbench.load.reading.header_periods import period_of
from workbench.load.reporting.sentences import question_words
from workbench.store import open_store

TODAY = date(2024, 3, 15)
CUSTOMERS = range(1, 13)


def table(folder: Path, name: str, *headers: str, total: bool = False) -> Path:
    """A row for each of twelve customers: 10.50 in the first period, nothing, a dash and 0 further on."""
    rows = [["客户编号", "客户等级", *headers]]
    for number in CUSTOMERS:
        figures = ["10.50", *["7", "", "-", "0"][: len(headers) - 1], *["7"] * max(len(headers) - 5, 0)]
        rows.append([f"C{number}", "金卡", *figures])
    if total:
        rows.append(["合计", "全部", "126.00", *["84"] * (len(headers) - 1)])
    (folder / name).write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return folder / name


def asked_of(mapping: Mapping) -> Question:
    (question,) = (one for one in mapping.questions if one.key == "which_table")
    for lang in LANGUAGES:
        assert "{" not in question_words(question, lang)
    return question


def as_sales(path: Path) -> Mapping:
    mapping = suggest_mapping(path)
    return answered(mapping, asked_of(mapping), "transactions")


def sold(store: Path) -> dict[str, object]:
    with open_store(store) as opened:
        sales = opened.transactions.filter(opened.transactions.is_purchase)
        figures = sales.aggregate(
            purchases=sales.count(), money=sales.amount.sum(), first=sales.day.min(), last=sales.day.max()
        )
        row = opened.collect(figures).iloc[0].to_dict()
    return {name: str(cell.date()) if hasattr(cell, "date") else cell for name, cell in row.items()}


@pytest.mark.parametrize(
    "headers",
    [
        ("2024年1月", "2024年2月"),
        ("Sales (Jan 2024)", "Sales (Feb 2024)"),
    ],
)
def test_a_column_for_each_month_becomes_sales_at_the_end_of_the_month(tmp_path: Path, headers: tuple[str, ...]):
    mapping = as_sales(table(tmp_path, "pivot.csv", *headers))
    assert mapping.questions == ()
    mapping.save(tmp_path / "mapping.toml")
    report = load(tmp_path / "pivot.csv", store=tmp_path / "s", mapping=tmp_path / "mapping.toml", today=TODAY)
    assert (report.rows_read, report.rows_loaded) == (24, 24), "a figure is a row"
    assert sold(tmp_path / "s") == {"purchases": 24, "money": 210.0, "first": "2024-01-31", "last": "2024-02-29"}


def test_headers_name_periods_in_many_ways():
    said = {
        "2024-01 202401 2024.1 Jan-24 01/2024 2024M01 24年1月 2024年1月销售额 January,2024 2024一月": "2024-01-31",
        "2024Q1 Q1-2024 2024年第一季度 2024-1季度": "2024-03-31",
        "2024H1 2024上半年": "2024-06-30",
        "2024 2024年度 sales_2024": "2024-12-31",
        "2024-01-05 20240105 2024年1月5日": "2024-01-05",
        "2024-W01": "2024-01-07",
    }
    for headers, day in said.items():
        assert {str(period.last) for one in headers.split() if (period := period_of(one))} == {day}, headers
        assert all(map(period_of, headers.split())), headers
    assert not any(
        map(
            period_of,
            ("客户编号", "Market", "Q5", "近12个月消费", "marker", "2024-13", "column_1", "手机号2", "PERQ1", "Q1a"),
        )
    )


@pytest.mark.parametrize(
    ("name", "headers", "days"),
    [
        ("pivot.csv", ("2022", "2023"), ("2022-12-31", "2023-12-31")),
        ("销售_2023.csv", ("一月", "二月"), ("2023-01-31", "2023-02-28")),
        ("pivot.csv", ("2024-02", "2024-03"), ("2024-02-29", "2024-03-15")),
    ],
)
def test_every_kind_of_period_is_dated_at_its_end_the_running_one_today(
    tmp_path: Path, name: str, headers: tuple[str, ...], days: tuple[str, str]
):
    path = table(tmp_path, name, *headers)
    load(path, store=tmp_path / "s", mapping=as_sales(path), today=TODAY)
    assert (sold(tmp_path / "s")["first"], sold(tmp_path / "s")["last"]) == days


def test_totals_of_rows_and_columns_and_cells_without_a_figure_are_no_sales(tmp_path: Path):
    headers = ("2023年10月", "2023年11月", "2023年12月", "2023年四季度", "合计")
    path = table(tmp_path, "客户销售.csv", *headers, total=True)
    mapping = suggest_mapping(path)
    assert asked_of(mapping).facts["suggested"] == "transactions", "the file is called sales"
    report = load(path, store=tmp_path / "s", mapping=as_sales(path), today=TODAY)
    assert dict(report.files[0].ignored) == {"total": 3, "no_figure": 12}
    assert report.rows_read == report.rows_loaded + report.rows_ignored == 39
    assert sold(tmp_path / "s")["money"] == 10.5 * 12 + 7 * 12


def test_a_month_more_in_the_next_file_needs_no_new_mapping(tmp_path: Path):
    path = table(tmp_path, "pivot.csv", "2023-11", "2023-12")
    mapping = as_sales(path)
    load(path, store=tmp_path / "s", mapping=mapping, today=TODAY)
    table(tmp_path, "pivot.csv", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04")
    report = load(path, store=tmp_path / "s", mapping=mapping, today=TODAY)
    assert (report.rows_loaded, report.rows_rejected) == (24, 12), "April has not come"


@pytest.mark.parametrize(
    ("headers", "because"),
    [
        (("1月", "2月", "3月"), "periods_without_year"),
        (("FY2023", "FY2024"), "periods_without_year"),
        (("1日", "2日", "3日"), "days_without_month"),
        (("2023", "2024-01", "2024-02", "2024"), "periods_mixed"),
        (("2024-01", "2024-01", "2024-02", "2024-02"), "periods_repeated"),
    ],
)
def test_what_no_day_can_be_told_of_is_refused_for_that_reason(tmp_path: Path, headers: tuple[str, ...], because: str):
    path = table(tmp_path, "pivot.csv", *headers)
    mapping = suggest_mapping(path)
    question = asked_of(mapping)
    assert (question.facts["because"], mapping.sources) == (because, ())
    assert "transactions" not in question.choices
    later = as_sales(table(tmp_path, "later.csv", "2024-01", "2024-02"))
    mapping = Mapping((*(later.sources),))
    (tmp_path / "later.csv").write_bytes(path.read_bytes())
    with pytest.raises(LoadError) as caught:
        load(tmp_path / "later.csv", store=tmp_path / "s", mapping=mapping, today=TODAY)
    assert caught.value.key == because


def test_amounts_and_pieces_of_each_month_stay_together(tmp_path: Path):
    lines = ["客户编号,2024年1月,2024年1月,2024年2月,2024年2月", ",金额,数量,金额,数量"]
    lines += [f"C{number},10.50,2,20.00,3" for number in CUSTOMERS]
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding="utf-8")
    mapping = as_sales(tmp_path / "x.csv")
    assert mapping.sources[0].columns == {
        "客户编号": "customer_id", "period_end": "day", "金额": "amount", "数量": "quantity",
    }  # fmt: skip
    load(tmp_path / "x.csv", store=tmp_path / "s", mapping=mapping, today=TODAY)
    assert sold(tmp_path / "s")["money"] == 30.5 * 12


def test_beside_the_sales_themselves_leaving_them_out_is_suggested(tmp_path: Path):
    table(tmp_path, "客户销售额.csv", "2024-01", "2024-02")
    lines = [f"C{number},2024-01-05,{number}.50" for number in CUSTOMERS]
    (tmp_path / "orders.csv").write_text("\n".join(["客户编号,日期,金额", *lines]), encoding="utf-8")
    assert (
        asked_of(suggest_mapping([tmp_path / "客户销售额.csv", tmp_path / "orders.csv"])).facts["suggested"] == "leave"
    )


def test_as_customers_the_months_stay_as_extra_columns(tmp_path: Path):
    path = table(tmp_path, "pivot.csv", "2024-01", "2024-02")
    mapping = suggest_mapping(path, tables={"pivot.csv": "customers"})
    load(path, store=tmp_path / "s", mapping=mapping, today=TODAY)
    with open_store(tmp_path / "s") as opened:
        assert opened.collect(opened.customers)["2024-01"].tolist() == ["10.50"] * 12


@pytest.mark.parametrize(
    "columns",
    [
        {
            "编号": CUSTOMERS,
            "提交时间": ["2024-01-05"] * 12,
            "Q1": [5] * 12,
            "Q2": [4] * 12,
            "Q3": [3] * 12,
            "Q4": [3] * 12,
        },
        {"customer_id": CUSTOMERS, "order_date": ["2024-01-05"] * 12, "amount": [5.5] * 12, "May": [1] * 12},
    ],
)
def test_questions_and_names_are_no_periods(tmp_path: Path, columns: dict[str, list[object]]):
    pd.DataFrame(columns).to_csv(tmp_path / "x.csv", index=False)
    assert not any(
        str(one.facts.get("because")).startswith("periods") for one in suggest_mapping(tmp_path / "x.csv").questions
    )


def test_the_hundredth_question_of_a_long_list_is_no_year(tmp_path: Path):
    headers = [f"属性{number}" for number in range(1985, 2005)]
    lines = [f"客户编号,属性1,{','.join(headers)}", f"K1{',5' * 21}", f"K2{',6' * 21}"]
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding="utf-8")
    assert asked_of(suggest_mapping(tmp_path / "x.csv")).facts["because"] == "only_ids"


def test_very_many_extra_columns_are_kept_beside_those_of_another_file(tmp_path: Path):
    for file, first in (("a.csv", 1), ("b.csv", 31)):
        cells = ",".join(f"附加{number}" for number in range(first, first + 60))
        (tmp_path / file).write_text(f"客户编号,{cells}\nK{first},{cells}\n", encoding="utf-8")
        mapping = Mapping((SourceMapping((file,), "customers", columns={"客户编号": "customer_id"}),))
        load(tmp_path / file, store=tmp_path / "s", mapping=mapping, today=TODAY)
    with open_store(tmp_path / "s") as store:
        rows = store.collect(store.customers.order_by("customer_id"))
    assert rows["附加40"].tolist() == ["附加40", "附加40"]
    assert rows["附加85"].isna().tolist() == [True, False]
