"""Revenue month by month: how the business moves, with months that have not ended marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.errors import NothingToShow
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.session import Session
from workbench.topics.revenue.chart import revenue_trend
from workbench.topics.revenue.query import revenue_by_month

SHOWN_MONTHS = Shown(("month",), counts="active_customers", beside=("is_incomplete",), in_place=True)
MONTHS_STANDING = "months"


def revenue_panel(session: Session) -> Panel:
    """Show revenue, orders and customers by month, for the session's filters."""
    return Panel(
        session,
        topic="revenue",
        controls={},
        analyse=partial(_analyse, session),
        analyses=(revenue_by_month,),
        privacy=Privacy((SHOWN_MONTHS,), standing=lambda _: MONTHS_STANDING),
        draw=lambda answer, lang: revenue_trend(answer.rows, lang=lang, as_of=answer.as_of),
        parts=Parts(
            sums=("revenue", "order_count"), recipe=_recipe, imports=(("topics.revenue", ("revenue_by_month",)),)
        ),
    )


def months_of(session: Session) -> ir.Table:
    """Return the query for the months of the period."""
    return revenue_by_month(
        session.transactions, as_of=session.as_of, since=session.filters.since, data_from=session.first_day
    )


def month_rows(session: Session) -> pd.DataFrame:
    """Return the months of the period, asked once."""
    rows: pd.DataFrame = session.remember(("months",), lambda: session.store.collect(months_of(session)))
    return rows


def _analyse(session: Session) -> Answer:
    rows = month_rows(session)
    if rows.empty:
        raise NothingToShow("nothing_to_show")
    return Answer(months_of(session), rows, session.as_of)


def _recipe(_: Mapping[str, Any]) -> Sequence[str]:
    return (
        "months = revenue_by_month(session.transactions, as_of=session.as_of, since=session.filters.since,"
        " data_from=session.first_day)",
        "rows = collect(months)",
    )
