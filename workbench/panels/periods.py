"""Periods by name, and the period before, with which key figures are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Literal

from workbench.analyses.calendar import months_before

Days = tuple[date | None, date | None]
"""First and last day, both included; None where the data decide."""

ONE_DAY = timedelta(days=1)
WHOLE_YEAR = range(360, 367)
"""Spans in days that are meant as a year."""

PeriodName = Literal["all", "last_12_months", "this_year", "last_year", "last_90_days", "last_30_days"]

PERIODS: Mapping[PeriodName, Callable[[date], Days]] = {
    "all": lambda _: (None, None),
    "last_12_months": lambda as_of: (months_before(as_of, 12) + ONE_DAY, as_of),
    "this_year": lambda as_of: (date(as_of.year, 1, 1), as_of),
    "last_year": lambda as_of: (date(as_of.year - 1, 1, 1), date(as_of.year - 1, 12, 31)),
    "last_90_days": lambda as_of: (as_of - 89 * ONE_DAY, as_of),
    "last_30_days": lambda as_of: (as_of - 29 * ONE_DAY, as_of),
}


def is_whole_months(since: date, until: date) -> bool:
    """Say whether a period begins with a month and ends with one."""
    return since.day == 1 and (until + ONE_DAY).day == 1


def months_moved(since: date, until: date, months: int) -> tuple[date, date]:
    """Return whole months so many months earlier.

    >>> months_moved(date(2025, 2, 1), date(2025, 2, 28), 12)
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    return months_before(since, months), months_before(until + ONE_DAY, months) - ONE_DAY


def year_before(since: date, until: date) -> tuple[date, date]:
    """Return the same days a year earlier, for whole months the same months.

    >>> year_before(date(2025, 2, 1), date(2025, 2, 28))
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> year_before(date(2024, 12, 19), date(2025, 12, 18))
    (datetime.date(2023, 12, 19), datetime.date(2024, 12, 18))
    """
    if is_whole_months(since, until):
        return months_moved(since, until, 12)
    return months_before(since - ONE_DAY, 12) + ONE_DAY, months_before(until, 12)


def period_before(since: date, until: date) -> tuple[date, date]:
    """Return the period to compare with: the same days a year earlier for a year or a year so far, else as long a one.

    Whole months are compared with as many months, other periods with as many days.

    >>> period_before(date(2024, 1, 1), date(2024, 6, 30))
    (datetime.date(2023, 1, 1), datetime.date(2023, 6, 30))
    >>> period_before(date(2024, 6, 1), date(2024, 6, 30))
    (datetime.date(2024, 5, 1), datetime.date(2024, 5, 31))
    >>> period_before(date(2024, 6, 2), date(2024, 6, 30))
    (datetime.date(2024, 5, 4), datetime.date(2024, 6, 1))
    """
    span = (until - since).days + 1
    begins_year = (since.month, since.day) == (1, 1) and since.year == until.year
    if span in WHOLE_YEAR or begins_year:
        return year_before(since, until)
    if is_whole_months(since, until):
        months = 12 * (until.year - since.year) + until.month - since.month + 1
        return months_moved(since, until, months)
    return since - span * ONE_DAY, since - ONE_DAY
