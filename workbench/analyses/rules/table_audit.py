"""The audit of a segment table: what it leaves open, what it decides only by order, what it can never give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.rules.axes import Axis, Part, axes_of, first_fitting, fitting
from workbench.analyses.rules.cells import SegmentCells
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.rules.table_rule import column_name
from workbench.analyses.segmentation import Segmentation
from workbench.errors import ChoiceError

Cell = tuple[int | Part, ...]
"""One combination: a score, or a piece of a column, for each of the audit's columns."""

Found = NDArray[np.bool_]


@dataclass(frozen=True)
class Swap:
    """Two neighbouring rules whose order decides: swapped, these combinations and customers would go to the second."""

    first: str
    second: str
    cell_count: int
    customers: int | None = None


@dataclass(frozen=True)
class Audit:
    """What a segment table does with the combinations its rules can tell apart, and with the customers in them.

    For R, F and M these are the bins x bins x bins combinations of scores; for other columns those that the boundaries
    of the rules make. Customers are None where no customers were given.

    Attributes
    ----------
    columns
        What the combinations are made of, as rules call it.
    uncovered, ambiguous
        The combinations that fit no rule ("others"), and those that fit several, so that the rules' order decides.
    unreachable
        Rules that never are the first to fit.
    idle
        Rules that could be the first to fit, but have no customer now; empty where no customers were given.
    swaps
        Neighbouring rules whose order matters.
    """

    cell_count: int
    uncovered: tuple[Cell, ...]
    ambiguous: tuple[Cell, ...]
    unreachable: tuple[str, ...]
    customer_count: int | None = None
    uncovered_customers: int | None = None
    ambiguous_customers: int | None = None
    columns: tuple[str, ...] = ("r", "f", "m")
    idle: tuple[str, ...] = ()
    swaps: tuple[Swap, ...] = ()

    @property
    def covered_share(self) -> float:
        """The share of the combinations that some rule takes."""
        return 1 - len(self.uncovered) / self.cell_count

    @property
    def has_holes(self) -> bool:
        """Whether somebody could fit no rule."""
        return bool(self.uncovered)


def audit_segments(
    table: SegmentTable,
    *,
    cells: pd.DataFrame | SegmentCells | None = None,
    schema: Mapping[str, Any] | None = None,
) -> Audit:
    """Try every combination that the rules can tell apart against every rule of the table.

    Parameters
    ----------
    cells
        The customers, to count those affected: `SegmentCells`, or for a table of scores the rows of
        `rfm_cells(scores, by=("r_score", "f_score", "m_score"))`.
    schema
        The types of columns that are not those of `customer_facts`, where no `SegmentCells` tell them.

    Examples
    --------
    >>> from workbench.analyses.rules.table import segment_table
    >>> audit = audit_segments(segment_table("r_rfm_vignette"))
    >>> len(audit.uncovered), len(audit.ambiguous), audit.cell_count
    (10, 58, 125)
    """
    axes = cells.axes if isinstance(cells, SegmentCells) else axes_of(table, schema)
    fits = fitting(table, axes)
    first, times = first_fitting(fits), fits.sum(axis=0)
    counts = cells.customer_count if isinstance(cells, SegmentCells) else _counts(axes, cells)

    def customers(where: Found) -> int | None:
        return None if counts is None else int(counts[where].sum())

    rules = table.rules
    swaps = []
    for place in range(len(rules) - 1):
        decided = (first == place) & fits[place + 1]
        if decided.any():
            swaps.append(Swap(rules[place].id, rules[place + 1].id, int(decided.sum()), customers(decided)))
    reached = [bool((first == place).any()) for place in range(len(rules))]
    return Audit(
        cell_count=int(times.size),
        uncovered=_cells(axes, times == 0),
        ambiguous=_cells(axes, times > 1),
        unreachable=tuple(rule.id for rule, there in zip(rules, reached, strict=True) if not there),
        customer_count=None if counts is None else int(counts.sum()),
        uncovered_customers=customers(times == 0),
        ambiguous_customers=customers(times > 1),
        columns=tuple(axis.column for axis in axes),
        idle=tuple(rule.id for place, rule in enumerate(rules) if reached[place] and customers(first == place) == 0),
        swaps=tuple(swaps),
    )


def check_holes(table: SegmentTable, *, schema: Mapping[str, Any] | None = None) -> None:
    """Raise ChoiceError where somebody could fit no rule and nobody said that he knows.

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


def _cells(axes: tuple[Axis, ...], where: Found) -> tuple[Cell, ...]:
    names = [axis.names for axis in axes]
    return tuple(
        tuple(name[place] for name, place in zip(names, places, strict=True)) for places in np.argwhere(where).tolist()
    )


def _counts(axes: tuple[Axis, ...], cells: pd.DataFrame | None) -> NDArray[np.int64] | None:
    if cells is None:
        return None
    counts = np.zeros(tuple(len(axis.parts) for axis in axes), dtype=np.int64)
    places = tuple(cells[column_name(axis.column)].to_numpy(dtype=np.intp) - 1 for axis in axes)
    counts[places] = cells["customer_count"].to_numpy()
    return counts
