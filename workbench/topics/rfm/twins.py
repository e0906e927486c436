"""RFM by query and in memory: the cut points, what every combination of scores holds, and the sensitivity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from workbench.analyses.twins import Collect, Twin
from workbench.topics.rfm.changes import change_column, rfm_changes
from workbench.topics.rfm.counts import RfmCells, RfmCounts
from workbench.topics.rfm.cuts import AnyCuts, rfm_cuts
from workbench.topics.rfm.cuts_file import KeptCuts
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.query import rfm_scores, rfm_sums
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import BY, Sensitivity, moves_together, single_moves


def _cuts_in_memory(counts: RfmCounts, how: Mapping[str, Any]) -> AnyCuts:
    return counts.cuts(**{name: value for name, value in how.items() if name not in ("count_by", "money")})


def _cells(collect: Collect, facts: ir.Table, kept: KeptCuts) -> RfmCells:
    scores = rfm_scores(facts, cuts=kept.cuts, count_by=kept.count_by, money=kept.money)
    return RfmCells.of(collect(rfm_sums(scores, facts)), kept.cuts.bins)


def _sensitivity(collect: Collect, facts: ir.Table, rules: RfmSegmentation) -> Sensitivity:
    row = {name: int(value) for name, value in collect(rfm_changes(facts, rules=rules)).iloc[0].items()}
    moves = [move for moves in (single_moves, moves_together) for move, _cuts in moves(rules.cuts)]
    changed = {move: row[change_column(move)] for move in moves}
    whole: dict[str, int] = {name: row[name] for name in ("any_count", "customer_count")}
    return Sensitivity.of(rules.cuts, changed, by=BY, **whole)


CUTS: Twin[ir.Table, RfmCounts, Mapping[str, Any], AnyCuts] = Twin(
    RfmCounts, by_query=lambda _collect, facts, how: rfm_cuts(facts, **how), in_memory=_cuts_in_memory
)
"""Asked with the arguments of `rfm_cuts`, of which what is held is made with the same `count_by` and `money`."""

CELLS: Twin[ir.Table, RfmCounts, KeptCuts, RfmCells] = Twin(
    RfmCounts,
    by_query=_cells,
    in_memory=lambda counts, kept: counts.totals(counts.cells(kept.cuts), kept.cuts.bins),
)
SENSITIVITY: Twin[ir.Table, RfmMoves, RfmSegmentation, Sensitivity] = Twin(
    RfmMoves, by_query=_sensitivity, in_memory=lambda moves, rules: moves.sensitivity(rules.codes())
)
TWINS: Mapping[str, Twin[Any, Any, Any, Any]] = {"cuts": CUTS, "cells": CELLS, "sensitivity": SENSITIVITY}
