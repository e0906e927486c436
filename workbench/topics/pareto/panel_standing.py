"""The rankings of customers, as far as managers' pages tell how many of the best bring how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.open_sums import Members
from workbench.panels.privacy import Key
from workbench.panels.session import Session
from workbench.panels.standing import Standing
from workbench.topics.pareto.panel import curve_of, ranking_name, ranking_of
from workbench.topics.pareto.query import MEASURES
from workbench.topics.pareto.stops import candidates

PLACE = 30


def standing(session: Session) -> Iterator[Standing]:
    """Give the best customers by each measure, up to each place where a class might end."""
    facts = session.totals("customer_id")
    for by in MEASURES:
        ranking = ranking_of(session, facts, dimension="customer_id", by=by, ties="together")
        curve = curve_of(session, ranking, dimension="customer_id", by=by, ties="together")
        heads, label = candidates(curve), f"pareto_{by}"
        people, sums = partial(_people, ranking, sorted(heads), label), partial(_best, heads, label)
        yield Standing(ranking_name(by), people=people, sums=sums)


def _people(ranking: ir.Table, heads: Sequence[int], label: str) -> ir.Table:
    """Say of every customer with a value at which place they are counted first."""
    last = ranking["last_rank"]
    place = ibis.cases(*((last <= head, head) for head in heads), else_=None) if heads else ibis.null("int64")
    return ranking.select("customer_id", **{label: place.cast("int64")})


def _best(heads: Sequence[int], label: str, atoms: pd.DataFrame) -> Iterator[tuple[Key, Members]]:
    for head in heads:
        yield ((label, head),), (atoms[label] <= head).to_numpy()
