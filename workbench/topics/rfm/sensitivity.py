"""How much a segmentation depends on its cut points: who changes segment when one of them moves by a tenth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.analyses.choices import check_choice
from workbench.errors import ChoiceError
from workbench.topics.rfm.cuts import RFM, AnyCuts

ShiftDirection = Literal["lower", "higher"]
SHIFT_DIRECTIONS: tuple[ShiftDirection, ShiftDirection] = ("lower", "higher")

ALL = "all"
"""In place of a measure: every cut of every measure moves at once."""
BY = 0.10


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

    @property
    def any_share(self) -> float:
        """The share of customers whose segment depends on some cut."""
        return self.any_count / max(self.customer_count, 1)
