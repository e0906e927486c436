"""What swings need of the data: periods in which customers known before can be followed, and such customers."""

from __future__ import annotations

from collections.abc import Mapping

from ibis.expr import types as ir

from workbench.analyses.calendar import Every
from workbench.data_needs import Need
from workbench.errors import NothingToShow
from workbench.panels.data_measures import Measure, Measured, count_of
from workbench.panels.session import Session
from workbench.topics.swings.query import LEAST_HISTORY, SwingMeasure, longest_history, own_scores, period_values

USUAL_HISTORY = 12
"""How many periods before the last one customers are followed at first."""


def periods_followed(session: Session, every: Every, history: int) -> int:
    """Return for how many periods customers are followed: as asked for, or as far as the data reach."""
    longest = longest_history(session.first_day, session.as_of, every)
    if longest < LEAST_HISTORY:
        raise NothingToShow("swings_periods", periods=max(longest, 0), least=LEAST_HISTORY)
    return min(history, longest)


def kept_scores(session: Session, *, every: Every, measure: SwingMeasure, followed: int) -> ir.Table:
    """Return the scores of the customers followed, kept by the store."""

    def keep() -> ir.Table:
        values = period_values(
            session.transactions, as_of=session.as_of, every=every, history=followed, measure=measure
        )
        return session.store.keep(own_scores(values), name="scores")

    scores: ir.Table = session.remember(("swings", every, measure, followed), keep)
    return scores


def _periods(session: Session, need: Need) -> Measured:
    longest = longest_history(session.first_day, session.as_of, "month")
    return Measured(max(longest, 0), {"periods": max(longest, 0), "least": need.least})


def _followed(session: Session, _need: Need) -> Measured:
    """Count who bought before the months compared, and in one of them."""
    followed = periods_followed(session, "month", USUAL_HISTORY)
    measure: SwingMeasure = "purchase_days" if session.lacks_money else "monetary"
    scores = kept_scores(session, every="month", measure=measure, followed=followed)
    return Measured(count_of(session, (scores.place == 0).sum()), {"periods": followed})


MEASURES: Mapping[str, Measure] = {"swing_periods": _periods, "followed_customers": _followed}
