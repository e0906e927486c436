"""Where classes may end on a page for many eyes: at stops of the ranking between which enough customers lie.

A cut-off that moves by one step moves by one customer, and a curve with a point for every customer tells what each is
worth. So on managers' pages classes, curve and best customers all end at the same few stops. A class that would end
between two stops ends at the next one: who crosses the line still belongs to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.topics.pareto.curve import AbcCurve
from workbench.topics.pareto.query import PRESETS

TWENTIETHS = 20


def candidates(curve: AbcCurve) -> list[int]:
    """Return the heads at which a class might end: where the named presets do, where value does, all, each twentieth.

    They come in the order in which they are worth having.
    """
    every = int(curve.heads[-1]) if len(curve.heads) else 0
    heads = [every, _heads(curve, int((curve.cents > 0).sum()))]
    named = [curve.ends(a_share=a_share, b_share=b_share) for a_share, b_share in PRESETS.values()]
    heads[:0] = [_heads(curve, named[0][name]) for name in ("A", "B")]
    heads += [_heads(curve, ends[name]) for ends in named[1:] for name in ("A", "B")]
    for place in range(1, TWENTIETHS):
        step = int(np.searchsorted(curve.heads, place * every / TWENTIETHS))
        heads.append(_heads(curve, step + 1))
    return [head for head in dict.fromkeys(heads) if head]


def _heads(curve: AbcCurve, steps: int) -> int:
    """Return how many customers stand in the first steps."""
    return int(curve.heads[min(steps, len(curve.heads)) - 1]) if steps and len(curve.heads) else 0


@dataclass(frozen=True)
class Stops:
    """A curve of which only some heads may be told.

    Attributes
    ----------
    curve
        The steps of all.
    heads
        The numbers of customers that may be told, rising.
    """

    curve: AbcCurve
    heads: tuple[int, ...]

    @classmethod
    def of(cls, curve: AbcCurve, hidden: Collection[int]) -> Stops:
        """Leave out the heads that are hidden."""
        return cls(curve, tuple(sorted({*candidates(curve)} - {*hidden})))

    @property
    def ranked(self) -> int:
        """How many have a value."""
        return int(self.curve.heads[-1]) if len(self.curve.heads) else 0

    @property
    def everyone(self) -> int:
        """How many there are, those without a value among them."""
        return self.ranked + self.curve.unknown_count

    @property
    def positive(self) -> int:
        """How many have a value above zero."""
        return _heads(self.curve, int((self.curve.cents > 0).sum()))

    @property
    def tells_unknown(self) -> bool:
        """Whether those without a value, if there are any, are told apart from all others."""
        return self.ranked in self.heads

    @property
    def tells_d(self) -> bool:
        """Whether those of zero or below, if there are any, are told apart from C."""
        return self.tells_unknown and self.positive in self.heads

    @property
    def counted(self) -> int:
        """How many the ranking counts: those with a value, or all, where the others cannot be told apart."""
        return self.ranked if self.tells_unknown else self.everyone

    def at(self, head: int) -> int:
        """Return the first stop at or after so many customers; all of them where there is none."""
        return next((stop for stop in self.heads if stop >= head), self.everyone)

    def ends(self, *, a_share: float, b_share: float) -> dict[str, int]:
        """Return how many customers stand before the end of each class."""
        exact = self.curve.ends(a_share=a_share, b_share=b_share)
        last = self.positive if self.tells_d else self.counted
        ends = {name: min(self.at(_heads(self.curve, exact[name])), last) for name in ("A", "B")}
        return {**ends, "C": last, "D": self.counted}

    def cents(self, head: int) -> int:
        """Return what the first customers bring together; of all of them, those below zero with their minus."""
        steps = int(np.searchsorted(self.curve.heads, min(head, self.ranked), side="left")) + 1 if head else 0
        worth = self.curve.cents[:steps] * np.diff(self.curve.heads[:steps], prepend=0)
        return int(worth.sum())

    @property
    def whole(self) -> int:
        """Of what shares are taken: all that is above zero, where that can be told, else all."""
        return self.cents(self.positive if self.tells_d else self.everyone)

    def summary(self, ends: dict[str, int]) -> pd.DataFrame:
        """Sum up each class, as `abc_summary` does, without the lowest value: that is one customer's."""
        rows, start, whole = [], 0, self.whole
        for name, end in ends.items():
            cents = self.cents(end) - self.cents(start)
            rows.append((name, end - start, cents / 100, cents / whole if whole > 0 else np.nan))
            start = end
        rows.append(("unknown", self.everyone - start, 0.0, 0.0 if whole > 0 else np.nan))
        table = pd.DataFrame(rows, columns=["abc_class", "customer_count", "value", "value_share"])
        table["customer_share"] = table["customer_count"] / (self.everyone or np.nan)
        table["lowest_value"], table["is_empty"] = np.nan, False
        shown = table[table["abc_class"].isin(["A", "B", "C"]) | (table["customer_count"] > 0)]
        order = ["abc_class", "customer_count", "customer_share", "value", "value_share", "lowest_value", "is_empty"]
        return shown[order].reset_index(drop=True)

    def lorenz(self, ends: dict[str, int]) -> pd.DataFrame:
        """Draw the curve through the stops and the ends of the classes, best first."""
        last, whole = self.counted, self.whole
        stops = np.array(sorted({*self.heads, *ends.values()} - {0}))
        stops = stops[stops <= last]
        if whole <= 0 or not len(stops):
            return pd.DataFrame({"rank_share": [], "cumulative_share": [], "value": [], "abc_class": []})
        names = np.array([*ends])[np.searchsorted([*ends.values()], stops, side="left")]
        reached = [self.cents(min(stop, self.positive) if self.tells_d else stop) / whole for stop in stops]
        columns = {"rank_share": stops / last, "cumulative_share": reached, "value": np.nan, "abc_class": names}
        return pd.DataFrame(columns)

    def top(self, share: float) -> tuple[int, float]:
        """Return the stop nearest to a share of the customers, and the share of the value that they bring."""
        inner: Sequence[int] = [head for head in self.heads if head < self.counted] or [self.counted]
        head = min(inner, key=lambda one: (abs(one - share * self.counted), one))
        return head, self.cents(head) / self.whole if self.whole > 0 else float("nan")
