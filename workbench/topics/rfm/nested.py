"""Nested RFM cut points: F is cut within every R score, and M within every F score of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ChoiceError
from workbench.topics.rfm.measures import RFM
from workbench.topics.rfm.steps import Steps, checked_cuts, reaching

Flat = tuple[float, ...]
ByR = tuple[Flat, ...]
ByRF = tuple[ByR, ...]
Breaks = Callable[[NDArray[np.int64], str], Flat]


@dataclass(frozen=True)
class NestedCuts:
    """Where the scores begin, in rising order, for each parent: as SPSS bins with "nested".

    Every R score has its own cuts of frequency (`frequency[r_score - 1]`), and every pair of R and F its own cuts of
    money (`monetary[r_score - 1][f_score - 1]`). So each parent is cut into parts of like size, and an F of 5 means
    "often for customers as recent as this one". As with `Cuts`, an interval holds its lower cut, equal customers get
    equal scores, and the cuts, once measured, are kept and applied to other customers.
    """

    recency_days: Flat
    frequency: ByR
    monetary: ByRF

    def __post_init__(self) -> None:
        object.__setattr__(self, "recency_days", checked_cuts("recency_days", self.recency_days))
        bins = self.bins
        by_r = tuple(checked_cuts("frequency", cuts, bins) for cuts in _parents("frequency", self.frequency, bins))
        by_rf = tuple(
            tuple(checked_cuts("monetary", cuts, bins) for cuts in _parents("monetary", within, bins))
            for within in _parents("monetary", self.monetary, bins)
        )
        object.__setattr__(self, "frequency", by_r)
        object.__setattr__(self, "monetary", by_rf)

    @property
    def bins(self) -> int:
        """The highest score."""
        return len(self.recency_days) + 1

    @property
    def repeated(self) -> tuple[str, ...]:
        """The measures of which two cuts of one parent coincide, so that some of their scores stay empty."""
        rows = {"recency_days": [self.recency_days], "frequency": list(self.frequency)}
        rows["monetary"] = [cuts for within in self.monetary for cuts in within]
        return tuple(name for name in RFM if any(len(set(cuts)) < len(cuts) for cuts in rows[name]))

    @property
    def steps(self) -> Steps:
        """The least day, purchase and cent that reach each cut, by parent."""
        return (
            np.array([reaching(cut) for cut in self.recency_days], dtype=np.int64),
            np.array([[reaching(cut) for cut in cuts] for cuts in self.frequency], dtype=np.int64),
            np.array(
                [[[reaching(cut, 100) for cut in cuts] for cuts in within] for within in self.monetary], dtype=np.int64
            ),
        )

    def as_dict(self) -> dict[str, list[Any]]:
        """Return plain lists in lists, ready for TOML or JSON."""
        return {
            "recency_days": list(self.recency_days),
            "frequency": [list(cuts) for cuts in self.frequency],
            "monetary": [[list(cuts) for cuts in within] for within in self.monetary],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> NestedCuts:
        """Read back what `as_dict` gave."""
        return cls(**{name: kept[name] for name in RFM})


def _parents(name: str, cuts: Any, bins: int) -> Sequence[Any]:
    if not isinstance(cuts, (list, tuple)) or len(cuts) != bins:
        raise ChoiceError("rfm_nested_cuts", name=name, bins=bins)
    return cuts


def nested_cuts(columns: Mapping[str, NDArray[np.int64]], bins: int, breaks: Breaks) -> NestedCuts:
    """Cut recency, then frequency within each R score, then money within each of their F scores.

    A parent whom no customer is in takes the cuts of its own parent: customers of another period may fall into it.

    Parameters
    ----------
    columns
        Customers by measure, in whole days, purchases and cents.
    breaks
        Gives the cut points of some customers' values of a measure, in its own unit.

    References
    ----------
    IBM SPSS Statistics Direct Marketing, "RFM Binning": nested.
    """
    days, times, worth = (columns[name] for name in RFM)
    recency = breaks(days, "recency_days")
    r_score = bins - np.searchsorted([reaching(cut) for cut in recency], days, side="right")
    frequency, monetary = [], []
    for r in range(1, bins + 1):
        in_r = r_score == r
        own = in_r if in_r.any() else np.ones(len(days), dtype=bool)
        cuts = breaks(times[own], "frequency")
        f_score = 1 + np.searchsorted([reaching(cut) for cut in cuts], times[own], side="right")
        within = worth[own]
        parts = [within[f_score == f] for f in range(1, bins + 1)]
        frequency.append(cuts)
        monetary.append(tuple(breaks(part if len(part) else within, "monetary") for part in parts))
    return NestedCuts(recency, tuple(frequency), tuple(monetary))
