"""Which days are compared with which, and the lines of all of them with the column that they are told apart by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Literal, get_args

import ibis
from ibis.expr import types as ir

from workbench.analyses.calendar import LATEST_BEGIN, months_before
from workbench.panels.periods import ONE_DAY, period_before, year_before
from workbench.panels.session import Session

SalesBy = Literal["none", "category", "region", "channel", "touchpoint", "customer_type", "tier", "product_id"]
SalesSpan = Literal["year", "quarter", "month"]
ComparedWith = Literal["before", "year"]
SPAN_MONTHS: Mapping[SalesSpan, int] = {"year": 12, "quarter": 3, "month": 1}
OF_CUSTOMERS = ("customer_type", "tier")
"""Columns of the customers' table; a region is the line's own, else its customer's; all others are the line's."""


def compared_periods(session: Session, *, span: SalesSpan = "year") -> dict[str, tuple[date, date]]:
    """Return the first and last days of "this", and of "before" and "year" as far as the data cover them.

    "this" is the period of the filters. Where they name no first day it is the last twelve, three or one whole months
    (`span`), as far as the data reach; where these hold no whole month, all days. "before" is `period_before`, "year"
    the same days a year before, left out where they are the same days. A period is covered where the data begin no
    later than it; on the first five days of a month they begin with it.
    """
    first = session.first_day
    since, until = _this(session, span)
    periods = {"this": (since, until)}
    before, year = period_before(since, until), year_before(since, until)
    periods |= {"before": before} if _covered(before[0], first) else {}
    return periods | ({"year": year} if year != before and _covered(year[0], first) else {})


def _this(session: Session, span: SalesSpan) -> tuple[date, date]:
    """Return the days of the period itself."""
    first, last = session.first_day, session.as_of
    if session.filters.since:
        return session.filters.since, last
    after = last + ONE_DAY
    ends = after.replace(day=1)  # the day after the last whole month
    for months in (SPAN_MONTHS[span], 1):
        begin = months_before(ends, months)
        if _covered(begin, first):
            return begin, ends - ONE_DAY
    return min(first, last), last


def _covered(since: date, first: date) -> bool:
    """Say whether the data, which begin on `first`, cover a period from its first day on."""
    begins_with_it = since.day == 1 and (since.year, since.month) == (first.year, first.month)
    return first <= since or (begins_with_it and first.day <= LATEST_BEGIN)


def usual_span(session: Session) -> SalesSpan:
    """Return the longest span whose period before the data cover; one month where they cover none."""
    spans: tuple[SalesSpan, ...] = get_args(SalesSpan)
    return next((one for one in spans if _reaches(session, one)), spans[-1])


def _reaches(session: Session, span: SalesSpan) -> bool:
    ends = (session.as_of + ONE_DAY).replace(day=1)
    return _covered(months_before(ends, 2 * SPAN_MONTHS[span]), session.first_day)


def sales_lines(session: Session, *, by: SalesBy = "none") -> ir.Table:
    """Return the lines of all days inside the other filters, with `sales_segment`: what a dimension says of them.

    A tier or customer type is the one the customers' table says now, in all periods.
    """
    lines = session.at(replace(session.filters, since=None, until=None)).transactions
    lines = lines.filter(lines.day <= ibis.date(session.as_of))
    if by == "none":
        return lines.mutate(sales_segment=ibis.null("string"))
    people = session.store.customers
    if by not in (*OF_CUSTOMERS, "region"):
        return lines.mutate(sales_segment=lines[by].cast("string"))
    homes = people.select("customer_id", home=people[by].cast("string"))
    joined = lines.left_join(homes, "customer_id")
    said = joined.region.coalesce(joined.home) if by == "region" else joined.home
    return joined.mutate(sales_segment=said).select(*lines.columns, "sales_segment")


def known_dimensions(session: Session) -> list[SalesBy]:
    """Return what the data can tell sales apart by: the columns that any sale, or any customer, fills."""
    sales, people = session.store.transactions, session.store.customers
    offered: tuple[SalesBy, ...] = get_args(SalesBy)
    own = [name for name in offered if name in sales.columns]
    theirs = [name for name in (*OF_CUSTOMERS, "region") if name in people.columns]
    counts = {
        **session.store.collect(sales.aggregate(**{name: sales[name].count() for name in own})).iloc[0],
    }
    known = {name for name, count in counts.items() if count}
    counts = {**session.store.collect(people.aggregate(**{name: people[name].count() for name in theirs})).iloc[0]}
    known |= {name for name, count in counts.items() if count}
    return [name for name in offered if name == "none" or name in known]


def has_quantities(session: Session) -> bool:
    """Say whether any sale says how many items it is of."""
    sales = session.store.transactions
    if "quantity" not in sales.columns:  # in an older store
        return False
    return bool(session.store.collect(sales.aggregate(n=sales.quantity.count()))["n"].iloc[0])
