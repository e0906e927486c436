"""The moves of cut points in memory: which customers each touches, kept apart from the segments they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.topics.rfm.counts import CellPlaces, RfmCounts
from workbench.topics.rfm.cuts import RFM, WHOLE_UNITS, AnyCuts, Cuts
from workbench.topics.rfm.sensitivity import (
    BY,
    MoveName,
    Sensitivity,
    ShiftDirection,
    moves_together,
    single_moves,
)
from workbench.topics.rfm.steps import reaching


@dataclass(frozen=True, eq=False)
class Move:
    """One move, and the customers whose scores it changes: how many, from which combination to which.

    `where` says which rows, or which groups (see `RfmMoves`), they are; it is None where all cuts move.
    """

    measure: str
    place: int
    direction: ShiftDirection
    of: Literal["rows", "groups"]
    where: Any
    size: Integers
    old: CellPlaces
    new: CellPlaces


@dataclass(frozen=True, eq=False)
class RfmMoves:
    """Every move of the cuts by a share; which segments the customers have comes later.

    So weights and segment tables can change without moving a cut again. Under flat cuts a row's M score does not hang
    on R and F, so that moves of these are made for groups of rows: those of one pair of R and F, and one M score.
    Under nested cuts every row is looked at.

    Attributes
    ----------
    group
        By row the place of its group; all zero under nested cuts.
    group_size
        How many customers each group is.
    """

    counts: RfmCounts
    cuts: AnyCuts
    group: NDArray[np.int32]
    group_size: Integers
    moves: tuple[Move, ...]
    by: float

    @classmethod
    def of(cls, counts: RfmCounts, cuts: AnyCuts, *, by: float = BY) -> RfmMoves:
        """Move each cut down and up, one at a time, then all at once."""
        cell, bins = counts.cells(cuts), cuts.bins
        if isinstance(cuts, Cuts):
            group = counts.pair * np.int32(bins) + (cell % np.int16(bins))
            counted = np.bincount(group, weights=counts.sums[0], minlength=len(counts.days) * bins)
            group_size = np.rint(counted).astype(np.int64)
            moves = [*_moves_of_groups(counts, cuts, group_size, by), *_moves_of_money(counts, cuts, cell, by)]
        else:
            group, group_size = np.zeros(len(cell), dtype=np.int32), np.zeros(1, dtype=np.int64)
            moves = [*_moves_of_rows(counts, cuts, cell, by), *_moves_of_money(counts, cuts, cell, by)]
        return cls(counts, cuts, group, group_size, (*moves, *_moves_of_all(counts, cuts, cell, by)), by)

    def sensitivity(self, codes: NDArray[np.intp]) -> Sensitivity:
        """Count who changes segment; `codes` gives for each combination of scores the code of its segment."""
        segment, size = codes.ravel(), self.counts.size
        touched = {"rows": np.zeros(len(size), dtype=bool), "groups": np.zeros(len(self.group_size), dtype=bool)}
        changed: dict[MoveName, int] = {}
        for move in self.moves:
            differs = segment[move.new] != segment[move.old]
            changed[move.measure, move.place, move.direction] = int(move.size[differs].sum())
            if move.where is not None:
                touched[move.of][move.where] |= differs
        rows = np.flatnonzero(touched["rows"])
        alone = size[rows][~touched["groups"][self.group[rows]]]  # the others are counted with their groups
        any_count = int(self.group_size[touched["groups"]].sum() + alone.sum())
        how: dict[str, Any] = {"customer_count": self.counts.customer_count, "by": self.by}
        return Sensitivity.of(self.cuts, changed, any_count=any_count, **how)


def _moves_of_groups(counts: RfmCounts, cuts: Cuts, group_size: Integers, by: float) -> Iterator[Move]:
    """Move R and F cuts; the M score stays, so that groups move as a whole, by one score of what was cut."""
    bins = cuts.bins
    size = group_size.reshape(-1, bins)
    parent, scores = counts.parents(cuts.steps), np.arange(bins, dtype=np.int16)
    values = {"recency_days": counts.days, "frequency": counts.times}
    more = {"recency_days": -bins, "frequency": 1}  # more days make a lower R
    for (name, place, direction), moved in single_moves(cuts, measures=RFM[:2], by=by):
        low, high = sorted(reaching(getattr(one, name)[place - 1], WHOLE_UNITS[name]) for one in (cuts, moved))
        pairs = np.flatnonzero((values[name] >= low) & (values[name] < high))
        where = (pairs[:, None] * bins + scores).ravel()
        now = parent[pairs] + np.int16(more[name] if direction == "lower" else -more[name])
        old, new = ((one[:, None] * np.int16(bins) + scores).ravel() for one in (parent[pairs], now))
        yield Move(name, place, direction, "groups", where, size[pairs].ravel(), old, new)


def _moves_of_rows(counts: RfmCounts, cuts: AnyCuts, cell: CellPlaces, by: float) -> Iterator[Move]:
    """Move R and F cuts; who gets another parent is measured by that parent's cuts of F and M."""
    parent = counts.parents(cuts.steps)
    for (name, place, direction), moved in single_moves(cuts, measures=RFM[:2], by=by):
        other = counts.parents(moved.steps)
        rows = np.flatnonzero((other != parent)[counts.pair])
        new = counts.within(rows, other[counts.pair[rows]], moved.steps)
        yield Move(name, place, direction, "rows", rows, counts.size[rows], cell[rows], new)


def _moves_of_money(counts: RfmCounts, cuts: AnyCuts, cell: CellPlaces, by: float) -> Iterator[Move]:
    """Move M cuts; only rows between where a cut was and where it is change, by one score."""
    old_steps, bins = cuts.steps[2].reshape(-1, cuts.bins - 1), cuts.bins
    for (name, place, direction), moved in single_moves(cuts, measures=RFM[2:], by=by):
        old, new = old_steps[:, place - 1], moved.steps[2].reshape(-1, bins - 1)[:, place - 1]
        low, high = np.minimum(old, new), np.maximum(old, new)
        moves = low < high
        if not moves.any():
            yield Move(name, place, direction, "rows", slice(0, 0), counts.size[:0], cell[:0], cell[:0])
            continue
        start, end = np.searchsorted(counts.worth, [low[moves].min(), high[moves].max()])
        worth, was = counts.worth[start:end], cell[start:end]
        if isinstance(cuts, Cuts):
            rows: Any = slice(start, end)
        else:
            parent = was // np.int16(bins)
            rows = start + np.flatnonzero((worth >= low[parent]) & (worth < high[parent]))
        was = cell[rows]
        now = was + np.int16(1 if direction == "lower" else -1)
        yield Move(name, place, direction, "rows", rows, counts.size[rows], was, now)


def _moves_of_all(counts: RfmCounts, cuts: AnyCuts, cell: CellPlaces, by: float) -> Iterator[Move]:
    """Move all cuts at once; of whom it touches only the numbers are kept."""
    cells = cuts.bins**3
    for (name, place, direction), moved in moves_together(cuts, by=by):
        after = counts.cells(moved)
        rows = np.flatnonzero(after != cell)
        both = cell[rows].astype(np.intp) * cells + after[rows]
        size = np.rint(np.bincount(both, weights=counts.sums[0][rows])).astype(np.int64)
        met = np.flatnonzero(size)
        old, new = (met // cells).astype(np.int16), (met % cells).astype(np.int16)
        yield Move(name, place, direction, "rows", None, size[met], old, new)
