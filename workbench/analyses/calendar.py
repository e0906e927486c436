"""The calendar: the month or quarter of a day, a row for every one of them, and days some months apart."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import ibis
import ibis.expr.types as ir

Every = Literal["month", "quarter"]

MONTHS: Mapping[Every, int] = {"month": 1, "quarter": 3}


MONTHS_OF_YEAR = 12


def period_number(day: ir.DateValue, every: Every) -> ir.IntegerValue:
    """Number months or quarters since the year 0, so that their difference is an age."""
    months = day.year().cast("int64") * MONTHS_OF_YEAR + day.month() - 1
    return months if every == "month" else (months / MONTHS[every]).floor().cast("int64")


def period_begin(number: ir.IntegerValue, every: Every) -> ir.DateValue:
    """Return the first day of a numbered month or quarter."""
    months = number * MONTHS[every]
    year = (months / MONTHS_OF_YEAR).floor().cast("int64")
    return ibis.date(year, months - year * MONTHS_OF_YEAR + 1, 1)


def number_of_day(day: date, every: Every) -> int:
    """Return the number that `period_number` gives the month or quarter of a day.

    >>> number_of_day(date(2024, 6, 30), "quarter") - number_of_day(date(2023, 12, 1), "quarter")
    2
    """
    return (day.year * MONTHS_OF_YEAR + day.month - 1) // MONTHS[every]


def begin_of(every: Every, day: ir.DateValue) -> ir.DateValue:
    """Return the first day of the month or quarter."""
    month = day.month() if every == "month" else 3 * day.quarter() - 2
    return ibis.date(day.year(), month, 1)


LATEST_BEGIN = 5
"""The last day of a month on which data may begin that hold it whole: a long holiday at its start is no gap."""


def begins_late(month: ir.DateValue, data_from: ir.DateValue) -> ir.BooleanValue:
    """Say whether the data begin in a month, and after its fifth day: such a month is not whole, and no base."""
    return (begin_of("month", data_from) == month) & (data_from.day() > LATEST_BEGIN)


def every_period(figures: ir.Table, period: str, *, every: Every = "month", as_of: date) -> ir.Table:
    """Give figures a row for every month or quarter, from the first that has one to that of `as_of`.

    Parameters
    ----------
    figures
        One row for each period that has any; none begins after `as_of`. A row without a period is left out.
    period
        Their column with the first day of the period.

    Returns
    -------
    The columns of `figures`, unknown where there was no row, and is_incomplete (the period ends after `as_of`).
    """
    step = ibis.interval(months=MONTHS[every])
    after = ibis.date(as_of).cast("timestamp") + ibis.interval(days=1)
    first = figures.aggregate(first=figures[period].min().cast("timestamp"))
    begins = first.select(begin=ibis.range(first["first"], after, step).unnest())  # Spark casts no unnested range
    joined = begins.select(**{period: begins.begin.cast("date")}).left_join(figures, period)
    return joined.select(
        *figures.columns,
        is_incomplete=joined[period].cast("timestamp") + step > after,
    )


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, the last of the month where it has no such day.

    >>> months_before(date(2024, 5, 31), 3), months_before(date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    year, place = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, place + 1, min(day.day, monthrange(year, place + 1)[1]))


def month_ends(as_of: date, *, months: int = 12) -> list[date]:
    """Return the last month-ends up to a day, and the day itself where its month has not ended.

    >>> [day.isoformat() for day in month_ends(date(2024, 3, 15), months=2)]
    ['2024-01-31', '2024-02-29', '2024-03-15']
    >>> [day.isoformat() for day in month_ends(date(2024, 2, 29), months=2)]
    ['2024-01-31', '2024-02-29']
    """
    after = as_of + timedelta(days=1)
    begins = [months_before(after.replace(day=1), place) for place in range(months)]
    ends = [begin - timedelta(days=1) for begin in reversed(begins)]
    return ends if after.day == 1 else [*ends, as_of]
