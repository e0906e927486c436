"""Revenue month by month: how the business moves, with months that have not ended marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.calendar import months_before
from workbench.errors import NothingToShow
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.periods import ONE_DAY, months_moved
from workbench.panels.privacy import Privacy, Shown, keys
from workbench.panels.session import Session
from workbench.panels.standing import ledger
from workbench.store import Asked, asking
from workbench.topics.revenue.chart import revenue_trend
from workbench.topics.revenue.query import beside_year_before, revenue_by_month

SHOWN_MONTHS = Shown(("month",), counts="active_customers", beside=("is_incomplete",), in_place=True)
MONTHS_STANDING = "months"


@dataclass(frozen=True)
class RevenueAnswer(Answer):
    """The months; where years are compared, with those of a year before, unless these are `closed` to the page."""

    compares: bool = False
    closed: bool = False
    begins: date | None = None


def revenue_panel(session: Session) -> Panel:
    """Show revenue, orders and customers by month, for the session's filters; beside the year before where asked."""
    names = ("beside_year_before", "months_of", "revenue_by_month", "same_months_a_year_before")
    return Panel(
        session,
        topic="revenue",
        controls={},
        analyse=partial(_analyse, session),
        analyses=(revenue_by_month,),
        privacy=Privacy((SHOWN_MONTHS,), standing=lambda _: MONTHS_STANDING),
        draw=_draw,
        parts=Parts(
            sums=("revenue", "order_count"),
            recipe=partial(_recipe, session),
            imports=(("topics.revenue", names),),
            compares=True,
        ),
    )


def _draw(answer: RevenueAnswer, lang: str) -> alt.LayerChart:
    beside: dict[str, Any] = {"compares": answer.compares, "closed": answer.closed, "begins": answer.begins}
    return revenue_trend(answer.rows, lang=lang, as_of=answer.as_of, **beside)


def months_of(session: Session) -> ir.Table:
    """Return the query for the months of the period."""
    return _asked_months(session).expression


def _asked_months(session: Session) -> Asked:
    since, data_from = session.filters.since, session.first_day
    return asking(revenue_by_month, session.transactions, as_of=session.as_of, since=since, data_from=data_from)


def month_rows(session: Session) -> pd.DataFrame:
    """Return the months of the period, asked once."""
    rows: pd.DataFrame = session.remember(("months",), lambda: session.store.collect(_asked_months(session)))
    return rows


def same_months_a_year_before(session: Session) -> Session | None:
    """Return a session at the same months a year before the whole months of the period; None where there are none."""
    rows = month_rows(session)
    whole = rows.loc[~rows["is_incomplete"].astype(bool), "month"]
    if whole.empty:
        return None
    first, last = whole.min().date(), whole.max().date()
    since, until = months_moved(first, months_before(last, -1) - ONE_DAY, 12)
    return session.at(replace(session.filters, since=since if session.filters.since else None, until=until))


def _analyse(session: Session) -> RevenueAnswer:
    rows, asked_months = month_rows(session), _asked_months(session)

    def months() -> ir.Table:
        return asked_months.expression

    if rows.empty:
        raise NothingToShow("nothing_to_show")
    if not session.compares_years:
        return RevenueAnswer(months, rows, session.as_of)
    beside: dict[str, Any] = {"compares": True, "begins": session.first_day}
    earlier = same_months_a_year_before(session)
    if earlier is None:
        return RevenueAnswer(months, rows, session.as_of, **beside)
    if not earlier.allows("transactions"):
        return RevenueAnswer(months, rows, session.as_of, closed=True, **beside)
    table = beside_year_before(months(), months_of(earlier))
    rows = _without_untold(session, earlier, session.store.collect(table))
    return RevenueAnswer(table, rows, session.as_of, **beside)


def _without_untold(session: Session, earlier: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """Take off what a managers' page does not tell of the months a year before: when asked for them, or beside them."""
    if session.minimum_group == 1:
        return rows
    then = rows["month"] - pd.DateOffset(years=1)
    untold = ledger(earlier).hidden(MONTHS_STANDING) | ledger(session).hidden(MONTHS_STANDING)
    counts = month_rows(earlier).set_index("month")[SHOWN_MONTHS.counts]
    few = then.isin(counts.index[counts.between(1, session.minimum_group - 1)])
    named = [key in untold for key in keys(rows.assign(month=then), SHOWN_MONTHS.names)]
    hidden = few | pd.Series(named, index=rows.index)
    return rows.assign(**{name: rows[name].mask(hidden) for name in ("revenue_year_before", "revenue_change")})


def _recipe(session: Session, _: Mapping[str, Any]) -> Sequence[str]:
    months = (
        "months = revenue_by_month(session.transactions, as_of=session.as_of, since=session.filters.since,"
        " data_from=session.first_day)"
    )
    if not session.compares_years or same_months_a_year_before(session) is None:
        return months, "rows = collect(months)"
    return (
        months,
        "earlier = months_of(same_months_a_year_before(session))",
        "rows = collect(beside_year_before(months, earlier))",
    )
