"""A ranking held in memory, so that a cut-off that moves costs a look-up and not a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.analyses.exact_shares import BILLIONTHS
from workbench.topics.pareto.query import CLASSES, Boundary, check_abc_cut


@dataclass(frozen=True)
class AbcCurve:
    """The steps of an `abc_ranking`, best first: groups of equals, or single rows under `ties="row_order"`.

    `abc_cut` on the ranking, then `abc_summary` and `lorenz`, give the same figures by a query; a property test holds
    the two together. Amounts are whole cents, so no float decides who crosses a line; in all up to 9e16.

    Attributes
    ----------
    cents, gained, heads
        By step: what one is worth; what all up to and with this step bring; how many they are.
    unknown_count
        How many have no value.
    """

    cents: Integers
    gained: Integers
    heads: Integers
    unknown_count: int

    @classmethod
    def read(cls, columns: dict[str, NDArray[Any]]) -> AbcCurve:
        """Build it from the columns that `abc_steps` gives."""
        ranked = columns["heads"] > 0  # those without a value share one row without a rank
        order = np.argsort(columns["heads"][ranked])
        cents, heads = columns["cents"][ranked][order], columns["heads"][ranked][order]
        gained = np.cumsum(np.clip(cents, 0, None) * np.diff(heads, prepend=0))
        return cls(cents, gained, heads, int(columns["size"][~ranked].sum()))

    def ends(self, *, a_share: float = 0.80, b_share: float = 0.95, boundary: Boundary = "crossing") -> dict[str, int]:
        """Return how many steps lie before the end of A, B, C and D."""
        check_abc_cut(a_share=a_share, b_share=b_share, boundary=boundary)
        steps, positive = len(self.cents), int((self.cents > 0).sum())
        whole = int(self.gained[-1]) if steps else 0
        reached = self.gained[:positive]
        if boundary == "crossing":
            reached = np.concatenate([[0], reached[:-1]]) if positive else reached
        borders = []
        for share in (a_share, b_share):
            limit = whole * round(share * BILLIONTHS)
            most = limit // BILLIONTHS if boundary == "inclusive" else (limit - 1) // BILLIONTHS
            borders.append(int(np.searchsorted(reached, most, side="right")))
        return {"A": borders[0], "B": borders[1], "C": positive, "D": steps}

    def summary(self, ends: dict[str, int]) -> pd.DataFrame:
        """Sum up each class as `abc_summary` does."""
        everyone = (int(self.heads[-1]) if len(self.heads) else 0) + self.unknown_count
        whole = int(self.gained[-1]) if len(self.gained) else 0
        worth = np.concatenate([[0], np.cumsum(self.cents * np.diff(self.heads, prepend=0))])
        heads = np.concatenate([[0], self.heads])
        rows, start = [], 0
        for name, end in ends.items():
            count, value = int(heads[end] - heads[start]), int(worth[end] - worth[start])
            lowest = self.cents[end - 1] / 100 if end > start else np.nan
            rows.append((name, count, value / 100, (value / 100) / (whole / 100) if whole else np.nan, lowest))
            start = end
        rows.append(("unknown", self.unknown_count, 0.0, 0.0 if whole else np.nan, np.nan))
        columns = ["abc_class", "customer_count", "value", "value_share", "lowest_value"]
        table = pd.DataFrame(rows, columns=columns)
        table["customer_share"] = table["customer_count"] / (everyone or np.nan)
        main = table["abc_class"].isin(["A", "B", "C"])
        table["is_empty"] = main & (table["customer_count"] == 0) & (whole > 0)
        shown = table[main | (table["customer_count"] > 0)]
        order = ["abc_class", "customer_count", "customer_share", "value", "value_share", "lowest_value", "is_empty"]
        return shown[order].reset_index(drop=True)

    def lorenz(self, ends: dict[str, int], *, points: int = 200) -> pd.DataFrame:
        """Thin the curve as `lorenz` does."""
        whole = int(self.gained[-1]) if len(self.gained) else 0
        if whole == 0:
            return pd.DataFrame({"rank_share": [], "cumulative_share": [], "value": [], "abc_class": []})
        x, y = self.heads / self.heads[-1], (self.gained / 100) / (whole / 100)
        cells = np.ceil(x * points), np.ceil(y * points)
        last = np.ones(len(x), dtype=bool)
        last[:-1] = (cells[0][1:] != cells[0][:-1]) | (cells[1][1:] != cells[1][:-1])
        stops = np.array(list(ends.values()))
        last[stops[stops > 0] - 1] = True
        kept = np.flatnonzero(last)
        names = np.array(CLASSES)[np.searchsorted(stops, kept, side="right")]
        return pd.DataFrame(
            {"rank_share": x[kept], "cumulative_share": y[kept], "value": self.cents[kept] / 100, "abc_class": names}
        )


def abc_steps(ranking: ir.Table) -> ir.Table:
    """Condense an `abc_ranking` to the steps that `AbcCurve.read` takes.

    Returns
    -------
    heads (how many up to and with the step; 0 for those without a value), cents, size (rows in the step).
    """
    cents = (_.value * 100).round().cast("int64").fill_null(0)
    return (
        ranking.select(heads=_.last_rank.cast("int64").fill_null(0), cents=cents)
        .group_by("heads", "cents")
        .aggregate(size=_.count().cast("int64"))
    )
