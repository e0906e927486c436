"""Who changes segment when a cut point moves, as one query over the customer facts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.topics.rfm.measures import rfm_measures
from workbench.topics.rfm.query import scores_by
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import BY, MoveName, moves_together, single_moves

NOW = "now"


def rfm_changes(facts: ir.Table, *, rules: RfmSegmentation, by: float = BY) -> ir.Table:
    """Count the customers whom each move of a cut by a share puts into another segment.

    The cuts are those of `single_moves` and `moves_together`. Everybody is scored by all of them in one pass, each as
    `rfm_scores` does, and the segment of a combination of scores is that of `RfmSegmentation.codes`.

    Returns
    -------
    One row: customer_count; any_count (whom at least one move of one cut changes); and for each move the column that
    `change_column` names.
    """
    single, together = dict(single_moves(rules.cuts, by=by)), dict(moves_together(rules.cuts, by=by))
    cuts = {change_column(move): moved for move, moved in (single | together).items()}
    measured = rfm_measures(facts, count_by=rules.count_by, money=rules.money)
    scored = scores_by(measured, {NOW: rules.cuts, **cuts}, has_money=rules.money != "none")
    segments = scored.select(**{end: _segment(scored, rules, end) for end in (NOW, *cuts)})
    differs = segments.select(**{end: segments[end] != segments[NOW] for end in cuts})
    touched = differs.mutate(any_count=_any(differs[change_column(move)] for move in single))
    return touched.aggregate(
        customer_count=_.count(),
        **{name: touched[name].cast("int64").sum().fill_null(0).cast("int64") for name in ("any_count", *cuts)},
    )


def change_column(move: MoveName) -> str:
    """Name the column of `rfm_changes` that counts whom a move changes.

    >>> change_column(("recency_days", 2, "lower"))
    'recency_days_2_lower'
    """
    return "_".join(map(str, move))


def _segment(scored: ir.Table, rules: RfmSegmentation, end: str) -> ir.IntegerValue:
    """Look up the place of the segment by the three scores of one of the cut points."""
    bins = rules.cuts.bins
    r, f, m = (scored[f"{letter}_score{end}"] - 1 for letter in "rfm")
    codes = ibis.literal(rules.codes().ravel().tolist(), "array<int64>")
    return codes[(r * bins + f) * bins + m]


def _any(changes: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, changes)
