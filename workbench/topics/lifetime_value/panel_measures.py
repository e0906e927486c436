"""What lifetime value needs of the data beside the kit's counts: customers who came again, and months of history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from workbench.analyses.calendar import months_before
from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured, count_of
from workbench.panels.session import Session


def _repeat_buyers(session: Session, _: Need) -> Measured:
    """Count customers who bought on two days or more."""
    return Measured(count_of(session, (session.facts.purchase_days >= 2).sum()))


def _months_in_view(session: Session, need: Need) -> Measured:
    """Count the whole months from the first purchase inside the filters; the kit's months are those of all data."""
    last = session.as_of
    first = last - timedelta(days=count_of(session, session.facts.tenure_days.max()))
    months = (last.year - first.year) * 12 + last.month - first.month
    months -= months_before(last, months) < first
    facts = {"first": first.isoformat(), "day": months_before(last, need.least).isoformat(), "months": months}
    return Measured(months, facts)


MEASURES: Mapping[str, Measure] = {"repeat_buyers": _repeat_buyers, "months_in_view": _months_in_view}
