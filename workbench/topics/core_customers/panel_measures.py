"""What core customers need of the data: customers whose growth is known, and recommendations by known customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import ibis

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured, count_of
from workbench.panels.session import Session

LONGEST_GROWTH, SHORTEST_GROWTH = 365, 90
"""The longest and the shortest span that growth can be compared over."""


def _growth(session: Session, _: Need, *, days: int) -> Measured:
    """Count who first bought two spans ago, or longer, and has bought in one of them since."""
    facts = session.facts
    begin = ibis.date(session.as_of - timedelta(days=2 * days))
    grown = (facts.first_on <= begin) & (facts.last_on > begin)
    return Measured(count_of(session, grown.sum()), {"days": days})


def _recommendations(session: Session, _: Need) -> Measured:
    surveys = session.store.surveys
    meant = (surveys.kind == "nps") & surveys.customer_id.notnull() & surveys.score.notnull()
    return Measured(count_of(session, meant.sum()))


MEASURES: Mapping[str, Measure] = {
    "growth_of_a_year": partial(_growth, days=LONGEST_GROWTH),
    "growth_of_a_quarter": partial(_growth, days=SHORTEST_GROWTH),
    "recommendations": _recommendations,
}
