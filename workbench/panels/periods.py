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


def period_before(since: date, until: date) -> tuple[date, date]:
    """Return the period to compare with: the same days a year earlier for a year or a year so far, else as many days.

    >>> period_before(date(2024, 1, 1), date(2024, 6, 30))
    (datetime.date(2023, 1, 1), datetime.date(2023, 6, 30))
    >>> period_before(date(2024, 6, 1), date(2024, 6, 30))
    (datetime.date(2024, 5, 2), datetime.date(2024, 5, 31))
    """
    span = (until - since).days + 1
    begins_year = (since.month, since.day) == (1, 1) and since.year == until.year
    if span in WHOLE_YEAR or begins_year:
        last = months_before(until, 12)
        return (months_before(since - ONE_DAY, 12) + ONE_DAY if span in WHOLE_YEAR else months_before(since, 12)), last
    return since - span * ONE_DAY, since - ONE_DAY
