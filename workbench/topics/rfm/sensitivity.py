"""How much a segmentation depends on its cut points: who changes segment when one of them moves by a tenth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.analyses.choices import check_choice
from workbench.errors import ChoiceError
from workbench.topics.rfm.cuts import RFM, AnyCuts, Cuts

ShiftDirection = Literal["lower", "higher"]
SHIFT_DIRECTIONS: tuple[ShiftDirection, ShiftDirection] = ("lower", "higher")

ALL = "all"
"""In place of a measure: every cut of every measure moves at once."""
BY = 0.10

MoveName = tuple[str, int, ShiftDirection]
"""Which cut moves, and which way: measure, place, direction; all of them are at place 0."""


def moved_cuts(cuts: AnyCuts, *, measure: str = ALL, place: int = 1, by: float = BY) -> AnyCuts:
    """Move one cut point by a share of its own size, the others staying where they are.

    A cut goes no farther than its neighbours. Of nested cuts the one at this place moves in every parent at once.
    `measure="all"` moves every cut of every measure.

    Parameters
    ----------
    place
        Which cut of the measure, counted from 1 at the lowest.
    by
        Which share, below zero for down; of a cut below zero (net refunds) the share of its size, so up is up.

    Examples
    --------
    >>> from workbench.topics.rfm.cuts import Cuts
    >>> cuts = Cuts(recency_days=(30, 90), frequency=(2, 4), monetary=(100, 105))
    >>> moved_cuts(cuts, measure="recency_days", place=2, by=0.1).recency_days
    (30.0, 99.0)
    >>> moved_cuts(cuts, measure="monetary", place=1, by=0.1).monetary  # 110 lies beyond the next cut
    (105.0, 105.0)
    """
    check_choice("measure", measure, (*RFM, ALL))
    if measure == ALL:
        return replace(cuts, **{name: _moved(getattr(cuts, name), None, by) for name in RFM})
    if not 1 <= place < cuts.bins:
        raise ChoiceError("rfm_cut_place", place=place, last=cuts.bins - 1)
    return replace(cuts, **{measure: _moved(getattr(cuts, measure), place - 1, by)})


def _moved(cuts: Any, place: int | None, by: float) -> Any:
    """Move one cut of a list, or all; or those of each parent in a list of lists."""
    if isinstance(cuts[0], tuple):
        return tuple(_moved(within, place, by) for within in cuts)
    moved = [round(cut + by * abs(cut), 9) for cut in cuts]
    if place is None:
        return tuple(moved)
    low = cuts[place - 1] if place else -np.inf
    high = cuts[place + 1] if place + 1 < len(cuts) else np.inf
    return (*cuts[:place], float(min(max(moved[place], low), high)), *cuts[place + 1 :])


def single_moves(cuts: AnyCuts, *, measures: Sequence[str] = RFM, by: float = BY) -> Iterator[tuple[MoveName, AnyCuts]]:
    """Give every cut of some measures, moved down and up, the others staying where they are."""
    for direction, signed in zip(SHIFT_DIRECTIONS, (-by, by), strict=True):
        for name in measures:
            for place in range(1, cuts.bins):
                yield (name, place, direction), moved_cuts(cuts, measure=name, place=place, by=signed)


def moves_together(cuts: AnyCuts, *, by: float = BY) -> Iterator[tuple[MoveName, AnyCuts]]:
    """Give all cuts moved at once, down and up."""
    for direction, signed in zip(SHIFT_DIRECTIONS, (-by, by), strict=True):
        yield (ALL, 0, direction), moved_cuts(cuts, by=signed)


@dataclass(frozen=True)
class Sensitivity:
    """How many customers change segment.

    Attributes
    ----------
    rows
        By cut: measure, place, cut (unknown where each parent has its own), and for both directions
        lower_count, higher_count, lower_share, higher_share (of all customers).
    any_count
        Customers whom at least one move of one cut puts into another segment.
    together
        By direction, customers who change when all cuts move at once.
    """

    rows: pd.DataFrame
    any_count: int
    together: dict[ShiftDirection, int]
    customer_count: int
    by: float

    @classmethod
    def of(
        cls, cuts: AnyCuts, changed: Mapping[MoveName, int], *, any_count: int, customer_count: int, by: float
    ) -> Sensitivity:
        """Lay out how many customers each move puts into another segment."""
        by_cut = [
            (name, place, _cut(cuts, name, place), *(changed[name, place, way] for way in SHIFT_DIRECTIONS))
            for name in RFM
            for place in range(1, cuts.bins)
        ]
        table = pd.DataFrame(by_cut, columns=["measure", "place", "cut", "lower_count", "higher_count"])
        for way in SHIFT_DIRECTIONS:
            table[f"{way}_share"] = table[f"{way}_count"] / max(customer_count, 1)
        together = {way: changed[ALL, 0, way] for way in SHIFT_DIRECTIONS}
        return cls(table, any_count, together, customer_count, by)

    @property
    def any_share(self) -> float:
        """The share of customers whose segment depends on some cut."""
        return self.any_count / max(self.customer_count, 1)


def _cut(cuts: AnyCuts, name: str, place: int) -> float:
    cut = getattr(cuts, name)[place - 1] if isinstance(cuts, Cuts) or name == RFM[0] else np.nan
    return float(cut)
