"""The two dates of a movement: which day the first is, how far each looks back, and where a page may ask."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from workbench.errors import NothingToShow
from workbench.panels.periods import PERIODS, a_year_before
from workbench.panels.session import Session

Against = Literal["year", "half_year", "quarter", "month"]
Window = Literal["period", "year"]

MONTHS: Mapping[Against, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, the last of the month where it has no such day.

    >>> months_before(date(2024, 5, 31), 3), months_before(date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    month = day.year * 12 + day.month - 1 - months
    year, place = divmod(month, 12)
    return date(year, place + 1, min(day.day, monthrange(year, place + 1)[1]))


def earlier_day(session: Session, against: Against) -> date:
    """Return the first of the two dates; words where the data do not reach so far back."""
    day, first = months_before(session.as_of, MONTHS[against]), session.first_day
    if day < first:
        raise NothingToShow("no_earlier_date", first=first.isoformat(), day=day.isoformat())
    return day


def window_start(session: Session, day: date, window: Window) -> date | None:
    """Return the first day that a date looks back on: a year, or as many days as the filter's period has."""
    if window == "year":
        return a_year_before(day) + timedelta(days=1)
    since = session.filters.since
    return day - (session.as_of - since) if since else None


def check_dates(session: Session) -> None:
    """On a managers' page allow earlier dates only where the page allows this year beside the last."""
    filters = session.filters
    if session.minimum_group > 1 and (filters.regions or filters.customer_types or filters.since or filters.until):
        since, until = PERIODS["last_12_months"](session.store.snapshot.as_of)
        session.at(replace(filters, since=since, until=until)).check("transactions")


def whole_time(session: Session) -> Session:
    """Return the session's regions and customer types at all times."""
    found: Session = session.remember(
        ("whole_time",), lambda: session.at(replace(session.filters, since=None, until=None))
    )
    return found
