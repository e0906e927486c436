"""The audit of rules: what they leave open, decide only by order, can never give, and give to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Bools
from workbench.analyses.rules.axes import Axis, Part, axes_of, first_fitting, fitting
from workbench.analyses.rules.contradictions import can_hold
from workbench.analyses.rules.counts import COUNTED, RuleCells, RuleCounts
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import Segmentation
from workbench.errors import ChoiceError

Combination = tuple[int | Part, ...]
"""One combination: a score, or a piece of a column, for each of the audit's columns."""


@dataclass(frozen=True)
class Swap:
    """Two neighbouring rules whose order decides: swapped, these combinations and customers would go to the second."""

    first: str
    second: str
    cell_count: int
    customers: int | None = None


@dataclass(frozen=True)
class Audit:
    """What is to be known of rules before anybody relies on them; rules are named by their ids.

    Of a segment table every combination is tried that its rules can tell apart: for R, F and M the bins x bins x bins
    scores; for other columns those that the boundaries of the rules make. Rules that ask more than a grid can show
    have no combinations; what contradicts itself is found in the conditions themselves. Customers are None, and what
    is said of them is empty, where no customers were given.

    Attributes
    ----------
    columns
        What the combinations are made of.
    uncovered, ambiguous
        The combinations that fit no rule ("others"), and those that fit several, so that the rules' order decides.
    unreachable
        Rules that never are the first to fit, in any combination.
    contradictory
        Rules that no customer of any company can meet.
    swaps
        Neighbouring rules whose order matters.
    uncovered_customers, ambiguous_customers
        How many customers meet no rule, and how many meet several.
    idle
        Rules that could be the first to fit, but have no customer now.
    empty
        Rules that could be met, but that no customer meets now.
    taken
        Rules that customers meet, but all of them meet an earlier rule too: they get nobody.
    unconditional
        Rules that everybody meets: what stands below them gets nobody.
    pairs
        How many customers meet both an earlier and a later rule, most customers first.
    """

    cell_count: int = 0
    uncovered: tuple[Combination, ...] = ()
    ambiguous: tuple[Combination, ...] = ()
    unreachable: tuple[str, ...] = ()
    contradictory: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    swaps: tuple[Swap, ...] = ()
    customer_count: int | None = None
    uncovered_customers: int | None = None
    ambiguous_customers: int | None = None
    idle: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    unconditional: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str, int], ...] = ()

    @property
    def covered_share(self) -> float:
        """The share of the combinations that some rule takes."""
        return 1 - len(self.uncovered) / self.cell_count

    @property
    def covered(self) -> int:
        """How many customers meet a rule."""
        return (self.customer_count or 0) - (self.uncovered_customers or 0)

    @property
    def has_holes(self) -> bool:
        """Whether some combination, and so a customer now or later, could fit no rule."""
        return bool(self.uncovered)


def audit_segments(
    table: SegmentTable | RuleSegmentation,
    *,
    cells: pd.DataFrame | RuleCells | None = None,
    counts: RuleCounts | None = None,
    schema: Mapping[str, Any] | None = None,
) -> Audit:
    """Audit rules in their order: of a table every combination that they can tell apart, of others the conditions.

    Parameters
    ----------
    cells
        The customers of a table, to count those affected: `RuleCells`, or for a table of scores the rows of
        `rfm_cells(scores, by=("r_score", "f_score", "m_score"))`.
    counts
        The customers of other rules, counted by `RuleCounts`.
    schema
        The types of columns that are not those of `customer_facts`, where no `RuleCells` tell them.

    Examples
    --------
    >>> from workbench.analyses.rules.table import segment_table
    >>> audit = audit_segments(segment_table("r_rfm_vignette"))
    >>> len(audit.uncovered), len(audit.ambiguous), audit.cell_count
    (10, 58, 125)
    """
    order = [rule.id for rule in table.rules]
    impossible = tuple(rule.id for rule in table.rules if not can_hold(rule.when))
    if isinstance(table, RuleSegmentation):
        return Audit(contradictory=impossible, **_customers(order, impossible, order, counts))
    axes = cells.axes if isinstance(cells, RuleCells) else axes_of(table, schema)
    fits = fitting(table, axes)
    first, times = first_fitting(fits), fits.sum(axis=0)
    if cells is not None:
        counts = cells.by_rules(table) if isinstance(cells, RuleCells) else _counts(order, axes, fits, cells)
    unreachable = tuple(rule for place, rule in enumerate(order) if not (first == place).any())
    return Audit(
        cell_count=int(times.size),
        uncovered=_cells(axes, times == 0),
        ambiguous=_cells(axes, times > 1),
        unreachable=unreachable,
        contradictory=impossible,
        columns=tuple(axis.column for axis in axes),
        swaps=_swaps(order, fits, first, counts),
        **_customers(order, impossible, [rule for rule in order if rule not in unreachable], counts),
    )


def _customers(
    order: list[str], impossible: tuple[str, ...], reachable: list[str], counts: RuleCounts | None
) -> dict[str, Any]:
    """What is to be said of the customers; nothing where none were given."""
    if counts is None:
        return {}
    matches, firsts, everyone = counts.matches(), counts.firsts(order), counts.customer_count
    return {
        "customer_count": everyone,
        "uncovered_customers": everyone - sum(firsts[one] for one in order),
        "ambiguous_customers": counts.overlapping,
        "idle": tuple(one for one in reachable if not firsts[one]),
        "empty": tuple(one for one in order if not matches[one] and one not in impossible),
        "taken": tuple(one for one in order if matches[one] and not firsts[one]),
        "unconditional": tuple(one for one in order if everyone and matches[one] == everyone),
        "pairs": tuple(counts.pairs(order)),
    }


def _swaps(order: list[str], fits: Bools, first: Any, counts: RuleCounts | None) -> tuple[Swap, ...]:
    """Find the neighbours of which the second would take something if it came first."""
    swaps = []
    for place, (one, other) in enumerate(pairwise(order)):
        decided = (first == place) & fits[place + 1]
        if decided.any():
            customers = None if counts is None else counts.decided_between(order, place)
            swaps.append(Swap(one, other, int(decided.sum()), customers))
    return tuple(swaps)


def _cells(axes: tuple[Axis, ...], where: Bools) -> tuple[Combination, ...]:
    names = [axis.names for axis in axes]
    return tuple(
        tuple(name[place] for name, place in zip(names, places, strict=True)) for places in np.argwhere(where).tolist()
    )


def _counts(order: list[str], axes: tuple[Axis, ...], fits: Bools, cells: pd.DataFrame) -> RuleCounts:
    """Count the customers of cells of scores by the rules they meet; money is not asked for."""
    places = tuple(cells[axis.column].to_numpy(dtype=np.intp) - 1 for axis in axes)
    measures = np.zeros((len(COUNTED), len(cells)), dtype=np.int64)
    measures[0] = cells["customer_count"]
    return RuleCounts(tuple(order), fits.transpose(*range(1, fits.ndim), 0)[places], measures)


def check_holes(table: SegmentTable, *, schema: Mapping[str, Any] | None = None) -> None:
    """Raise ChoiceError where somebody could fit no rule and nobody said that they know.

    Ask before a table is saved for others: `holes_acknowledged` is the answer.
    """
    if table.holes_acknowledged:
        return
    audit = audit_segments(table, schema=schema)
    if audit.has_holes:
        facts = {"table": table.id, "cells": len(audit.uncovered), "all_cells": audit.cell_count}
        raise ChoiceError("segment_table_holes", **facts)


def check_holes_of(segmentation: Segmentation, *, schema: Mapping[str, Any] | None = None) -> None:
    """Check the holes of the segment table that a segmentation of any kind goes by; others pass."""
    for name in ("table", "rules"):
        table = getattr(segmentation, name, None)
        if isinstance(table, SegmentTable):
            check_holes(table, schema=schema)
