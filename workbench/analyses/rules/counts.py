"""Customers counted once by the rules they meet, so that reordering, renaming, painting and auditing ask nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Bools, Integers
from workbench.analyses.rules.axes import Axis, fitting
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import OTHERS

SUMMED = ("monetary", "order_count", "recency_days")
"""The columns of the customer facts that are added up."""
COUNTED = ("customers", "cents", "orders", "days")
"""What is counted wherever customers are: how many, their money in whole cents, their orders, their recency in days."""


@dataclass(frozen=True)
class RuleCounts:
    """Customers grouped by the set of rules they meet: one column for each set that occurs.

    `sets[i, j]` says whether the customers of group i meet the rule `ids[j]`, before any order is applied;
    `measures[m, i]` is what COUNTED says of them, in whole numbers, so sums are exact. A property test holds `sizes`
    to `segment_sizes` of `assign`.
    """

    ids: tuple[str, ...]
    sets: Bools
    measures: Integers

    @classmethod
    def read(cls, ids: Sequence[str], columns: dict[str, NDArray[Any]]) -> RuleCounts:
        """Build it from the columns of `rule_sets`."""
        masks = columns["mask"].astype(np.int64)
        sets = (masks[:, None] >> np.arange(len(ids), dtype=np.int64)) & 1 == 1
        return cls(tuple(ids), sets, np.array([columns[name] for name in COUNTED], dtype=np.int64))

    @property
    def customers(self) -> Integers:
        """How many customers each group has."""
        return np.asarray(self.measures[0])

    @property
    def cents(self) -> Integers:
        """What each group brings, in hundredths."""
        return np.asarray(self.measures[1])

    @property
    def customer_count(self) -> int:
        """How many customers there are."""
        return int(self.customers.sum())

    @property
    def overlapping(self) -> int:
        """How many customers meet two rules or more: those whom the order decides."""
        return int(self.customers[self.sets.sum(axis=1) > 1].sum())

    def decided(self, order: Sequence[str]) -> Integers:
        """Return for each group the place in `order` of the rule that decides; len(order) where none is met."""
        none = np.ones((len(self.sets), 1), dtype=bool)
        met = np.hstack([self.sets[:, [self._place(one) for one in order]], none])
        return np.asarray(met.argmax(axis=1))

    def sizes(self, order: Sequence[str]) -> pd.DataFrame:
        """Sum up the segments under this order of the rules, as `segment_sizes` does: those that have customers."""
        rows = pd.DataFrame(self._by_rule(order).T, columns=[*COUNTED])
        rows["segment"] = pd.Series([*order, OTHERS], dtype="str")
        rows = rows[rows["customers"] > 0].sort_values(["cents", "segment"], ascending=[False, True], ignore_index=True)
        count, orders, money, whole = rows["customers"], rows["orders"], rows["cents"] / 100, self.cents.sum() / 100
        return pd.DataFrame(
            {
                "segment": rows["segment"],
                "customer_count": count,
                "customer_share": count / count.sum(),
                "order_count": orders,
                "monetary": money,
                "value_share": money / whole if whole > 0 else np.nan,
                "average_order_value": money / orders.where(orders != 0),
                "average_monetary": money / count,
                "average_recency_days": rows["days"] / count,
            }
        )

    def matches(self) -> dict[str, int]:
        """How many customers meet each rule, whatever the others say."""
        return {one: int(self.customers[self.sets[:, place]].sum()) for place, one in enumerate(self.ids)}

    def firsts(self, order: Sequence[str]) -> dict[str, int]:
        """How many customers each rule gets under this order, OTHERS included."""
        return dict(zip((*order, OTHERS), self._by_rule(order)[0].tolist(), strict=True))

    def firsts_money(self, order: Sequence[str]) -> dict[str, float]:
        """What the customers whom each rule gets bring, OTHERS included."""
        return dict(zip((*order, OTHERS), (self._by_rule(order)[1] / 100).tolist(), strict=True))

    def decided_between(self, order: Sequence[str], place: int) -> int:
        """How many customers get the rule at this place and would get the next one, if that came first."""
        second = self.sets[:, self._place(order[place + 1])]
        return int(self.customers[(self.decided(order) == place) & second].sum())

    def pairs(self, order: Sequence[str]) -> list[tuple[str, str, int]]:
        """Return each earlier rule with each later one that shares customers with it, most customers first."""
        shared = [
            (
                first,
                second,
                int(self.customers[self.sets[:, self._place(first)] & self.sets[:, self._place(second)]].sum()),
            )
            for first, second in combinations(order, 2)
        ]
        return sorted((pair for pair in shared if pair[2]), key=lambda pair: -pair[2])

    def _place(self, rule: str) -> int:
        return self.ids.index(rule)

    def _by_rule(self, order: Sequence[str]) -> Integers:
        """Add up whole numbers by the rule that decides, exactly."""
        sums = np.zeros((len(order) + 1, len(COUNTED)), dtype=np.int64)
        np.add.at(sums, self.decided(order), self.measures.T)
        return sums.T


@dataclass(frozen=True)
class RuleCells:
    """What COUNTED says of the customers in each combination of the axes' pieces.

    Moving a rule, renaming or painting leaves these counts alone, so the sizes of segments are looked up. `sizes` gives
    what `segment_sizes` gives by a query; a property test holds the two together.
    """

    axes: tuple[Axis, ...]
    measures: Integers

    @classmethod
    def read(cls, axes: Sequence[Axis], columns: dict[str, NDArray[Any]]) -> RuleCells:
        """Build it from the columns that `cell_counts` gives."""
        measures = np.zeros((len(COUNTED), *(len(axis.parts) for axis in axes)), dtype=np.int64)
        places: tuple[Any, ...] = tuple(columns[f"place_{number}"].astype(np.intp) for number in range(len(axes)))
        for number, name in enumerate(COUNTED):
            measures[(number, *places)] = columns[name] if places else columns[name].sum()
        return cls(tuple(axes), measures)

    @property
    def customer_count(self) -> Integers:
        """How many customers are in each combination."""
        return np.asarray(self.measures[0])

    def sizes(self, table: SegmentTable) -> pd.DataFrame:
        """Sum up the segments of a table on these axes that have customers, as `segment_sizes` does."""
        return self.by_rules(table).sizes([rule.id for rule in table.rules])

    def by_rules(self, table: SegmentTable) -> RuleCounts:
        """Return who meets which rules of a table on these axes."""
        sets = fitting(table, self.axes).reshape(len(table.rules), -1).T
        return RuleCounts(tuple(rule.id for rule in table.rules), sets, self.measures.reshape(len(COUNTED), -1))


def cell_counts(rows: ir.Table, axes: Sequence[Axis]) -> ir.Table:
    """Count customers in every combination that occurs: place_0, place_1 … (the piece of each axis), and COUNTED.

    `rows` are the customer facts; with r_score, f_score and m_score where the axes are scores.
    """
    return measures_by(rows, **{f"place_{number}": axis.place(rows) for number, axis in enumerate(axes)})


def measures_by(rows: ir.Table, **by: ir.Value) -> ir.Table:
    """Count customers by these values: the values, and COUNTED."""
    return rows.select(*SUMMED, **by).aggregate(
        by=[*by],
        customers=_.count().cast("int64"),
        cents=(_.monetary.sum() * 100).fill_null(0).cast("int64"),
        orders=_.order_count.sum().fill_null(0).cast("int64"),
        days=_.recency_days.sum().fill_null(0).cast("int64"),
    )
