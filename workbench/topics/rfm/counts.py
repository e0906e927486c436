"""RFM held in memory, so that a cut point that moves costs a look-up and not a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats, Integers
from workbench.topics.rfm.composite import Weights, composite
from workbench.topics.rfm.cuts import AnyCuts, Cuts, measured_cuts
from workbench.topics.rfm.measures import Money
from workbench.topics.rfm.query import Score
from workbench.topics.rfm.steps import Steps

CellPlaces = NDArray[np.int16]
"""By row: ((r_score - 1) * bins + f_score - 1) * bins + m_score - 1."""


def rfm_condensed(facts: ir.Table) -> ir.Table:
    """Condense the customer facts to what `RfmCounts.read` takes: equal customers are one row.

    Returns
    -------
    recency_days, order_count, purchase_days, cents (of monetary), size (customers).
    """
    cents = (facts.monetary * 100).cast("int64").fill_null(0)
    days = facts.purchase_days.fill_null(0)  # ready figures of customers know of no single day
    return (
        facts.select("recency_days", "order_count", purchase_days=days, cents=cents)
        .group_by("recency_days", "order_count", "purchase_days", "cents")
        .aggregate(size=_.count().cast("int64"))
    )


@dataclass(frozen=True, eq=False)
class RfmCells:
    """What customers sum up to in every combination of scores, shaped bins x bins x bins: R, F, M."""

    customers: Integers
    orders: Integers
    cents: Integers
    days: Integers

    @classmethod
    def of(cls, rows: pd.DataFrame, bins: int) -> RfmCells:
        """Lay out the rows of `rfm_sums`."""
        places = tuple(rows[name].to_numpy(dtype=np.int64) - 1 for name in ("r_score", "f_score", "m_score"))

        def laid_out(name: str) -> Integers:
            sums = np.zeros((bins, bins, bins), dtype=np.int64)
            sums[places] = rows[name]
            return sums

        return cls(laid_out("customers"), laid_out("orders"), laid_out("cents"), laid_out("days"))

    def grid(self, *, by: Sequence[Score] = ("r_score", "f_score")) -> pd.DataFrame:
        """Count customers and money in every combination that occurs, as `rfm_cells` does."""
        axes: tuple[Score, ...] = ("r_score", "f_score", "m_score")
        over = tuple(place for place, name in enumerate(axes) if name not in by)
        customers, cents = self.customers.sum(axis=over), self.cents.sum(axis=over)
        places = np.nonzero(customers)
        count, money = customers[places], cents[places] / 100
        frame: dict[str, Any] = {name: (place + 1).astype(np.int32) for name, place in zip(by, places, strict=True)}
        return pd.DataFrame(
            {
                **frame,
                "customer_count": count,
                "customer_share": count / max(int(self.customers.sum()), 1),
                "monetary": money,
                "average_monetary": money / count,
            }
        )

    def ranks(self, weights: Weights) -> Integers:
        """Return for every combination the place of its composite score among all customers, as `rfm_ranking` gives."""
        bins = len(self.customers)
        r, f, m = np.indices((bins, bins, bins)) + 1
        score = np.asarray(composite(r, f, m, weights)).ravel()
        order = np.argsort(-score, kind="stable")
        above = np.concatenate([[0], np.cumsum(self.customers.ravel()[order])[:-1]])
        first = np.searchsorted(-score[order], -score[order], side="left")
        ranks = np.empty(len(score), dtype=np.int64)
        ranks[order] = above[first] + 1
        return ranks.reshape(bins, bins, bins)

    def sizes(self, codes: NDArray[np.intp], segments: Sequence[str]) -> pd.DataFrame:
        """Sum up the segments that have customers, as `segment_sizes` does.

        `codes` gives for each combination the place of its segment in `segments`.
        """
        flat = codes.ravel()

        def summed(values: Integers) -> Integers:
            return np.rint(np.bincount(flat, weights=values.ravel(), minlength=len(segments))).astype(np.int64)

        count, orders = summed(self.customers), summed(self.orders)
        money, days = summed(self.cents) / 100, summed(self.days)
        whole = int(self.cents.sum()) / 100
        somebody = count > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            table = pd.DataFrame(
                {
                    "segment": list(segments),
                    "customer_count": count,
                    "customer_share": count / max(int(count.sum()), 1),
                    "order_count": orders,
                    "monetary": money,
                    "value_share": money / whole if whole > 0 else np.nan,
                    "average_order_value": np.where(orders > 0, money / orders, np.nan),
                    "average_monetary": money / count,
                    "average_recency_days": days / count,
                }
            )[somebody]
        return table.sort_values(["monetary", "segment"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True, eq=False)
class RfmCounts:
    """Customers as columns, in rising order of M; a row is one customer, or several who are equal.

    `rfm_scores` of the facts, then `rfm_cells` and `segment_sizes`, give the same figures by a query; a property test
    holds the two together. Amounts are whole cents, in all up to 9e15.

    Attributes
    ----------
    worth
        M in cents, the total or the average of a purchase.
    size
        How many customers a row is.
    days, times
        R and F of each pair of them that occurs.
    pair
        By row, the place of its pair.
    sums
        By row: customers, orders, cents of the total, days, each times `size`, for adding up.
    """

    worth: Integers
    size: Integers
    days: Integers
    times: Integers
    pair: NDArray[np.int32]
    sums: tuple[Floats, Floats, Floats, Floats]

    @classmethod
    def read(
        cls, columns: Mapping[str, NDArray[Any]], *, count_by: Literal["order", "day"] = "order", money: Money = "total"
    ) -> RfmCounts:
        """Build it from the columns that `rfm_condensed` gives; F and M as in `rfm_measures`."""
        times = columns["order_count" if count_by == "order" else "purchase_days"]
        worth = columns["cents"]
        if money == "average":
            worth = _rounded(worth / np.maximum(times, 1))
        elif money == "none":
            worth = np.zeros_like(worth)
        order = np.argsort(worth, kind="stable")
        by_row = {name: column[order] for name, column in columns.items()}
        size, times = by_row["size"], times[order]
        most = int(times.max()) + 1 if len(times) else 1
        pairs, pair = np.unique(by_row["recency_days"] * most + times, return_inverse=True)
        weighed = (by_row[name] * size for name in ("order_count", "cents", "recency_days"))
        orders, cents, days = (column.astype(np.float64) for column in weighed)
        return cls(
            worth=worth[order],
            size=size,
            days=pairs // most,
            times=pairs % most,
            pair=pair.astype(np.int32),
            sums=(size.astype(np.float64), orders, cents, days),
        )

    @property
    def customer_count(self) -> int:
        """How many customers there are."""
        return int(self.size.sum())

    def cuts(self, **how: Any) -> AnyCuts:
        """Measure cut points as `rfm_cuts` does, which explains `bins`, `method` and `preset`."""
        whole = (self.days[self.pair], self.times[self.pair], self.worth)
        recency_days, frequency, monetary = (np.repeat(column, self.size) for column in whole)
        return measured_cuts({"recency_days": recency_days, "frequency": frequency, "monetary": monetary}, **how)

    def parents(self, steps: Steps) -> NDArray[np.int16]:
        """Return for each pair of R and F which scores they get: (r_score - 1) * bins + f_score - 1."""
        days, times, _cents = steps
        bins = len(days) + 1
        r = bins - 1 - np.searchsorted(days, self.days, side="right")
        f = (self.times[:, None] >= times[r]).sum(axis=1)
        return np.asarray(r * bins + f, dtype=np.int16)

    def cells(self, cuts: AnyCuts) -> CellPlaces:
        """Return for each row which combination of scores it has."""
        steps = cuts.steps
        parent = self.parents(steps)[self.pair]
        if not isinstance(cuts, Cuts):
            return self.within(slice(None), parent, steps)
        cell = parent * np.int16(cuts.bins)
        for start in np.searchsorted(self.worth, steps[2][0, 0]):
            cell[start:] += 1
        return cell

    def within(self, rows: Any, parent: NDArray[np.int16], steps: Steps) -> CellPlaces:
        """Return which combination some rows have whose R and F scores are known."""
        cents = steps[2].reshape(-1, len(steps[0]))
        worth = self.worth[rows]
        cell = parent * np.int16(len(steps[0]) + 1)
        for step in cents.T:
            cell += worth >= (step[0] if (step == step[0]).all() else step[parent])
        return cell

    def totals(self, cell: CellPlaces, bins: int) -> RfmCells:
        """Sum up the customers of every combination."""
        places = cell.astype(np.intp)
        shape = (bins, bins, bins)
        sums = (np.bincount(places, weights=one, minlength=bins**3) for one in self.sums)
        customers, orders, cents, days = (np.rint(one).astype(np.int64).reshape(shape) for one in sums)
        return RfmCells(customers, orders, cents, days)


def _rounded(values: Floats) -> Integers:
    """Round half away from zero, as databases do."""
    size = np.abs(values)
    whole = np.floor(size)
    return np.asarray(np.sign(values) * (whole + (size - whole >= 0.5)), dtype=np.int64)
