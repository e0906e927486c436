"""Revenue month by month: how the business moves, with months that have not ended marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from workbench.errors import NothingToShow
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.session import Session
from workbench.topics.revenue.chart import revenue_trend
from workbench.topics.revenue.query import revenue_by_month


def revenue_panel(session: Session) -> Panel:
    """Show revenue, orders and customers by month, for the session's filters."""
    return Panel(
        session,
        topic="revenue",
        controls={},
        needs="sales",
        analyse=partial(_analyse, session),
        analyses=(revenue_by_month,),
        privacy=Privacy((Shown(("month",), counts="active_customers", beside=("is_incomplete",), in_place=True),)),
        draw=lambda answer, lang: revenue_trend(answer.rows, lang=lang, as_of=answer.as_of),
        parts=Parts(recipe=_recipe, imports=(("topics.revenue", ("revenue_by_month",)),)),
    )


def _analyse(session: Session) -> Answer:
    months = revenue_by_month(
        session.transactions, as_of=session.as_of, since=session.filters.since, data_from=session.first_day
    )
    rows = session.store.collect(months)
    if rows.empty:
        raise NothingToShow("nothing_to_show")
    return Answer(months, rows, session.as_of)


def _recipe(_: Mapping[str, Any]) -> Sequence[str]:
    return (
        "months = revenue_by_month(session.transactions, as_of=session.as_of, since=session.filters.since,"
        " data_from=session.first_day)",
        "rows = collect(months)",
    )
