"""Years, months, quarters and days of the month in columns of their own are one day; days of a month may be columns."""

# ruff: noqa: E501 - a row of cases each
from __future__ import annotations

from collections.abc import Mapping as MappingType
from datetime import date
from pathlib import Path

import pytest

from workbench.i18n import LANGUAGES
from workbench.load import Mapping, answered, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

TODAY = date(2024, 11, 30)


def loaded(path: Path, store: Path, said: MappingType[str, str] | None = None) -> list[tuple[str, str, float]]:
    """What is in the store once every question is answered as it is suggested, or as is said."""
    mapping = suggest_mapping(path)
    while mapping.questions:
        question = mapping.questions[0]
        for lang in LANGUAGES:
            assert "{" not in question_words(question, lang)
            assert all(choice_words(question, choice, lang) for choice in question.choices)
        mapping = answered(mapping, question, (said or {}).get(question.key, str(question.facts.get("suggested", ""))))
    mapping.save(store.with_suffix(".toml"))
    report = load(path, store=store, mapping=Mapping.read(store.with_suffix(".toml")), today=TODAY)
    assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_ignored
    with open_store(store) as opened:
        rows = opened.collect(opened.transactions.order_by("source_line")[["customer_id", "day", "amount"]])
    return [(who, str(day.date()), amount) for who, day, amount in rows.itertuples(index=False)]


@pytest.mark.parametrize(
    ("header", "lines", "days"),
    [
        ("年份,月份", ["2024,1", "2024,02", "2024年,3月", "2023,十二月"], ["2024-01-31", "2024-02-29", "2024-03-31", "2023-12-31"]),
        ("Year,Month", ["2024,Jan", "2024,February", "2024,mar", "2024,11"], ["2024-01-31", "2024-02-29", "2024-03-31", "2024-11-30"]),
        ("Jahr,Monat", ["2024,1.0", "2024,2", "2024,3", "2024,12"], ["2024-01-31", "2024-02-29", "2024-03-31", None]),
        ("Year,Quarter", ["2024,Q1", "2024,2", "2023,q4", "2024,Q4"], ["2024-03-31", "2024-06-30", "2023-12-31", "2024-11-30"]),
        ("年度,季度", ["2024,一季度", "2024,第二季度", "2024,3", "2023,4季度"], ["2024-03-31", "2024-06-30", "2024-09-30", "2023-12-31"]),
    ],
)  # fmt: skip
def test_a_month_or_quarter_in_two_columns_is_asked_about_and_dated_at_its_end(
    header: str, lines: list[str], days: list[str | None], write, store
):
    rows = [f"{line},K{place % 2},{place + 10}.5" for place, line in enumerate(lines)]
    path = write(*rows, header=f"{header},客户编号,金额", name="x.csv")
    (question,) = suggest_mapping(path).questions
    assert (question.key, question.facts["suggested"], [*question.choices]) == ("day_parts", "join", ["join", "leave"])
    assert question.choices["join"][0].endswith(f"→ {days[0]}")
    expected = [(f"K{place % 2}", day, place + 10.5) for place, day in enumerate(days) if day]
    assert loaded(path, store) == expected
    assert answered(suggest_mapping(path), question, "leave").sources == ()


def test_a_whole_day_in_three_columns_is_no_question_and_an_impossible_one_is_rejected(write, store):
    lines = ["2024,1,5,K1,10", "2024,2,30,K2,20", *(f"2024,3月,{place}日,K3,5" for place in range(10, 18))]
    path = write(*lines, header="年,月,日,会员号,实收金额", name="x.csv")
    assert suggest_mapping(path).questions == ()
    rows = loaded(path, store)
    assert rows[0] == ("K1", "2024-01-05", 10)
    assert rows[1:] == [("K3", f"2024-03-{place}", 5) for place in range(10, 18)]
    report = load(path, store=store.with_name("other"), today=TODAY)
    assert report.rejects[["line", "reason"]].to_numpy().tolist() == [[3, "impossible_date"]]


def test_a_column_with_the_day_goes_before_its_parts(write):
    path = write("2024,3,2024-03-05,K1,10", "2024,3,2024-03-06,K2,20", header="年份,月份,下单日期,会员号,金额")
    (source,) = suggest_mapping(path).sources
    assert (source.columns["下单日期"], source.day_parts) == ("day", {})


def days_of(count: int, form: str = "{}") -> str:
    return ",".join(form.format(day) for day in range(1, count + 1))


@pytest.mark.parametrize(
    ("name", "above", "form", "count"),
    [
        ("日报2024年3月.csv", [], "{}日", 31),
        ("till_2024-03.csv", [], "{}", 31),
        ("till_202403_v2.csv", [], "{}号", 31),
        ("Sales Mar 2024.csv", [], "{}", 31),
        ("门店.csv", ["统计月份：2024年2月"], "{}日", 29),
        ("门店.csv", ["2024-02-01 至 2024-02-29"], "{}", 29),
    ],
)
def test_days_of_a_month_as_columns_are_sales_of_each_day(
    name: str, above: list[str], form: str, count: int, write, store
):
    rows = [f"K1,{days_of(count, '{}.25')},999", f"K2,{days_of(count, '{}.75')},999"]
    path = write(*above, f"客户编号,{days_of(count, form)},合计", *rows, name=name, header="")
    month = "2024-02" if above else "2024-03"
    (question,) = [one for one in suggest_mapping(path).questions if one.key == "which_table"]
    assert question.facts["because"] == "periods"
    days = range(1, count + 1)
    expected = [(who, f"{month}-{day:02}", day + cents) for who, cents in (("K1", 0.25), ("K2", 0.75)) for day in days]
    assert sorted(loaded(path, store, {"which_table": "transactions"})) == expected


def test_a_form_with_31_days_is_loaded_in_a_shorter_month_and_a_figure_on_the_31st_is_rejected(write, store):
    header = f"客户编号,{days_of(31, '{}日')}"
    blank, figures = ["1.5"] * 29 + ["", "-"], ["1.5"] * 29 + ["0", "7.5"]
    path = write(f"K1,{','.join(blank)}", name="销售日报2024年2月.csv", header=header)
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.facts["because"], question.facts["suggested"]) == ("periods", "transactions")
    write(f"K1,{','.join(blank)}", f"K2,{','.join(figures)}", name="销售日报2024年2月.csv", header=header)
    report = load(path, store=store, mapping=answered(mapping, question, "transactions"), today=TODAY)
    assert (report.rows_read, report.rows_loaded, report.rows_ignored) == (62, 58, 3)
    assert report.rejects[["line", "value", "reason"]].to_numpy().tolist() == [[3, "2024-02-31", "impossible_date"]]


@pytest.mark.parametrize(
    ("name", "count", "because", "says"),
    [
        ("till.csv", 31, "days_without_month", "sales_2024-03.xlsx"),
        ("till_2024.csv", 31, "days_without_month", "sales_2024-03.xlsx"),
        ("export_2024-03-05.csv", 31, "days_without_month", "sales_2024-03.xlsx"),
        ("till_2024-02.csv", 30, "days_beyond_month", "30 in February"),
    ],
)
def test_days_of_no_known_month_are_refused_for_that_reason(name: str, count: int, because: str, says: str, write):
    rows = [f"K1,{days_of(count, '{}.25')}", f"K2,{days_of(count, '{}.75')}"]
    path = write(*rows, name=name, header=f"客户编号,{days_of(count)}")
    (question,) = suggest_mapping(path).questions
    assert (question.facts["because"], question.facts["suggested"]) == (because, "")
    assert "transactions" not in question.choices
    assert says in question_words(question, "en")
