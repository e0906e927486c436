"""The two dates of a movement: which day the first is, how far each looks back, and where a page may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from workbench.analyses.calendar import months_before
from workbench.errors import NothingToShow
from workbench.panels.session import Session

Against = Literal["year", "half_year", "quarter", "month"]
Window = Literal["period", "year"]

MONTHS_BACK: Mapping[Against, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


def earlier_day(session: Session, against: Against) -> date:
    """Return the first of the two dates; NothingToShow where the data do not reach so far back."""
    day, first = months_before(session.as_of, MONTHS_BACK[against]), session.first_day
    if day < first:
        raise NothingToShow("no_earlier_date", first=first.isoformat(), day=day.isoformat())
    return day


def window_start(session: Session, day: date, window: Window) -> date | None:
    """Return the first day that a date looks back on: a year, or as many days as the filter's period has."""
    if window == "year":
        return months_before(day, 12) + timedelta(days=1)
    since = session.filters.since
    return day - (session.as_of - since) if since else None


def check_dates(session: Session, first: date) -> None:
    """On a managers' page allow two dates only where the page allows the year before each of them."""
    filters = session.filters
    if session.minimum_group > 1 and (filters.regions or filters.customer_types or filters.since or filters.until):
        for day in (first, session.as_of):
            year = replace(filters, since=window_start(session, day, "year"), until=day)
            session.at(year).check("transactions")


def whole_time(session: Session) -> Session:
    """Return the session's regions and customer types at all times."""
    unfiltered: Session = session.remember(
        ("whole_time",), lambda: session.at(replace(session.filters, since=None, until=None))
    )
    return unfiltered
