"""The calendar: a row for every month or quarter, gaps unknown, the period of today marked as not over."""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from tests.analyses.rows import records, table
from workbench.analyses.calendar import begin_of, every_period, month_ends, months_before


def figures(*begins: str | None):
    return table("figures", {"begin": "DATE", "value": "BIGINT"}, [(day, place) for place, day in enumerate(begins)])


@pytest.mark.parametrize(("every", "begin"), [("month", date(2024, 2, 1)), ("quarter", date(2024, 1, 1))])
def test_a_period_begins_on_its_first_day(every: str, begin: date):
    days = figures("2024-02-29")
    assert records(days.select(begin=begin_of(every, days.begin))) == [{"begin": begin}]


def test_a_month_without_figures_has_a_row_that_knows_nothing():
    rows = records(
        every_period(figures("2023-12-01", "2024-02-01"), "begin", as_of=date(2024, 2, 29)).order_by("begin")
    )
    assert [(row["begin"], row["value"], row["is_incomplete"]) for row in rows] == [
        (date(2023, 12, 1), 0, False),
        (date(2024, 1, 1), None, False),
        (date(2024, 2, 1), 1, False),
    ]


@pytest.mark.parametrize(("as_of", "last"), [(date(2024, 3, 30), True), (date(2024, 3, 31), False)])
def test_the_quarter_of_today_is_incomplete_until_its_last_day_is_over(as_of: date, last: bool):
    rows = records(every_period(figures("2023-10-01"), "begin", every="quarter", as_of=as_of).order_by("begin"))
    assert [row["begin"] for row in rows] == [date(2023, 10, 1), date(2024, 1, 1)]
    assert [row["is_incomplete"] for row in rows] == [False, last]


@pytest.mark.parametrize("begins", [(), (None,)])
def test_nothing_known_has_no_rows(begins: tuple[str | None, ...]):
    assert records(every_period(figures(*begins), "begin", as_of=date(2024, 2, 29))) == []


def test_no_unnested_range_stands_inside_a_cast():
    sql = str(ibis.to_sql(every_period(figures("2024-01-01"), "begin", as_of=date(2024, 2, 29)), dialect="duckdb"))
    assert "CAST(UNNEST" not in sql.upper()


def test_a_year_before_a_leap_day_is_the_28th():
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2025, 2, 28), 12) == date(2024, 2, 28)


def test_month_ends_cross_the_year_and_end_today():
    assert month_ends(date(2025, 1, 10), months=2) == [date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 10)]
