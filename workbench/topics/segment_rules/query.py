"""Who meets which rules, condensed so that reordering, renaming and auditing rules ask the database nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.rules.columns import rule_table
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.segmentation import OTHERS, Ground
from workbench.errors import ChoiceError

SUMMED = ("monetary", "order_count", "recency_days")
COLUMNS = (
    "segment",
    "customer_count",
    "customer_share",
    "order_count",
    "monetary",
    "value_share",
    "average_order_value",
    "average_monetary",
    "average_recency_days",
)


@dataclass(frozen=True)
class RuleCounts:
    """Customers grouped by the set of rules they meet: one row for each set that occurs.

    `sets[i, j]` says whether the customers of row i meet the rule `ids[j]`, before any order is applied. `cents` are
    whole hundredths of money, so sums are exact. A property test holds `sizes` to `segment_sizes` of `assign`.
    """

    ids: tuple[str, ...]
    sets: NDArray[np.bool_]
    heads: NDArray[np.int64]
    cents: NDArray[np.int64]
    orders: NDArray[np.int64]
    days: NDArray[np.int64]

    @classmethod
    def read(cls, ids: Sequence[str], columns: dict[str, NDArray[Any]]) -> RuleCounts:
        """Build it from the columns of `rule_sets`."""
        masks = columns["mask"].astype(np.int64)
        sets = (masks[:, None] >> np.arange(len(ids), dtype=np.int64)) & 1 == 1
        rest = [columns[name].astype(np.int64) for name in ("heads", "cents", "orders", "days")]
        return cls(tuple(ids), sets, *rest)

    def decided(self, order: Sequence[str]) -> NDArray[np.int64]:
        """Return for each row the place in `order` of the rule that decides; len(order) where none is met."""
        if not order:
            return np.zeros(len(self.heads), dtype=np.int64)
        met = self.sets[:, [self._place(one) for one in order]]
        return np.where(met.any(axis=1), met.argmax(axis=1), len(order))

    def sizes(self, order: Sequence[str]) -> pd.DataFrame:
        """Sum up the segments under this order of the rules, as `segment_sizes` does: those that have customers."""
        place, names = self.decided(order), (*order, OTHERS)
        bins = range(len(names))
        sums = {name: self._by(place, values, len(names)) for name, values in self._values().items()}
        rows = pd.DataFrame(
            [(names[i], *(sums[key][i] for key in ("heads", "cents", "orders", "days"))) for i in bins],
            columns=["segment", "heads", "cents", "orders", "days"],
        )
        rows = rows[rows["heads"] > 0].reset_index(drop=True)
        heads, money, whole = rows["heads"], rows["cents"] / 100, int(self.cents.sum()) / 100
        found = pd.DataFrame(
            {
                "segment": rows["segment"].astype("str"),
                "customer_count": heads,
                "customer_share": heads / heads.sum(),
                "order_count": rows["orders"],
                "monetary": money,
                "value_share": money / whole if whole > 0 else np.nan,
                "average_order_value": money / rows["orders"].where(rows["orders"] != 0),
                "average_monetary": money / heads,
                "average_recency_days": rows["days"] / heads,
            }
        )
        ordered = found.assign(cents=rows["cents"]).sort_values(["cents", "segment"], ascending=[False, True])
        return ordered[[*COLUMNS]].reset_index(drop=True)

    def matches(self) -> dict[str, int]:
        """How many customers meet each rule, whatever the others say."""
        return {one: int(self.heads[self.sets[:, place]].sum()) for place, one in enumerate(self.ids)}

    def money(self) -> dict[str, float]:
        """What the customers who meet each rule bring, whatever the others say."""
        return {one: int(self.cents[self.sets[:, place]].sum()) / 100 for place, one in enumerate(self.ids)}

    def firsts(self, order: Sequence[str]) -> dict[str, int]:
        """How many customers each rule gets under this order, OTHERS included."""
        counts = self._by(self.decided(order), self.heads, len(order) + 1)
        return {one: int(count) for one, count in zip((*order, OTHERS), counts, strict=True)}

    def firsts_money(self, order: Sequence[str]) -> dict[str, float]:
        """What the customers whom each rule gets bring, OTHERS included."""
        cents = self._by(self.decided(order), self.cents, len(order) + 1)
        return {one: int(sum_) / 100 for one, sum_ in zip((*order, OTHERS), cents, strict=True)}

    @property
    def customer_count(self) -> int:
        """How many customers there are."""
        return int(self.heads.sum())

    @property
    def overlapping(self) -> int:
        """How many customers meet two rules or more: those whom the order decides."""
        return int(self.heads[self.sets.sum(axis=1) > 1].sum())

    def pairs(self, order: Sequence[str]) -> list[tuple[str, str, int]]:
        """Return each earlier rule with each later one that shares customers with it, most customers first."""
        found = []
        for place, first in enumerate(order):
            for second in order[place + 1 :]:
                both = self.sets[:, self._place(first)] & self.sets[:, self._place(second)]
                count = int(self.heads[both].sum())
                if count:
                    found.append((first, second, count))
        return sorted(found, key=lambda pair: -pair[2])

    def _place(self, rule: str) -> int:
        return self.ids.index(rule)

    def _values(self) -> dict[str, NDArray[np.int64]]:
        return {"heads": self.heads, "cents": self.cents, "orders": self.orders, "days": self.days}

    @staticmethod
    def _by(place: NDArray[np.int64], values: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        """Add up whole numbers by place, exactly."""
        sums = np.zeros(length, dtype=np.int64)
        np.add.at(sums, place, values)
        return sums


def rule_rows(segmentation: RuleSegmentation, ground: Ground) -> ir.Table:
    """Return what `rule_sets` reads: the columns the rules look at, with money, orders and recency; kept.

    Whoever changes a value, an operator, a name or the order of the rules needs no other rows.
    """
    segmentation.check(ground)
    lacking = [name for name in SUMMED if name not in ground.facts.columns]
    if lacking:
        raise ChoiceError("rule_columns_missing", columns=lacking, known=list(ground.facts.columns))
    return ground.keep(rule_table(ground, sorted({*segmentation.columns, *SUMMED} - {"customer_id"})))


def rule_sets(segmentation: RuleSegmentation, rows: ir.Table, *, as_of: date) -> ir.Table:
    """Group the customers of `rule_rows` by the set of rules they meet on `as_of`: one aggregate over one table.

    Returns
    -------
    mask (bit j is set where rule j is met), heads (customers), cents (monetary in hundredths), orders, days (sum of
    recency_days).
    """
    mask = ibis.literal(0, type="int64")
    for place, condition in enumerate(segmentation.conditions(rows, as_of=as_of)):
        mask = mask + ibis.ifelse(condition, ibis.literal(1 << place, type="int64"), ibis.literal(0, type="int64"))
    return (
        rows.select(mask=mask, money=rows.monetary, count=rows.order_count, age=rows.recency_days)
        .group_by("mask")
        .aggregate(
            heads=_.count().cast("int64"),
            cents=(_.money.sum() * 100).cast("int64"),
            orders=_["count"].sum().cast("int64"),
            days=_.age.sum().cast("int64"),
        )
    )


def rule_sizes(counts: RuleCounts, *, rules: RuleSegmentation) -> pd.DataFrame:
    """Return the sizes of the segments of `rules`: a look-up in what `RuleCounts` knows of them."""
    return counts.sizes([rule.id for rule in rules.rules])
