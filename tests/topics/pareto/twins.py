"""Cases of the twins of 80/20: every measure, way with ties and boundary, and D beside C."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.twin_cases import Case
from workbench.panels import Session
from workbench.topics.pareto.curve import AbcCurve, abc_steps
from workbench.topics.pareto.query import abc_ranking
from workbench.topics.pareto.twins import TWINS

CUTS = (
    {},
    {"a_share": 0.5, "b_share": 0.5, "boundary": "inclusive"},
    {"a_share": 0.05, "b_share": 1},
)


def cases(session: Session) -> Iterator[Case]:
    store = session.store
    for by, ties in product(("monetary", "margin", "visit_count"), ("together", "row_order")):
        ranking = abc_ranking(session.facts, by=by, ties=ties)
        curve = AbcCurve.read(store.arrays(abc_steps(ranking)))
        for name, cuts in product(TWINS, CUTS):
            yield Case(name, cuts, ranking, curve)
