"""Customers counted once in every combination that a table's rules can tell apart, so that a change costs no query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.rules.axes import Axis, first_fitting, fitting
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import OTHERS

Counts = NDArray[np.int64]
COUNTED = ("customer_count", "order_count", "cents", "days")


@dataclass(frozen=True)
class SegmentCells:
    """What is in each combination of the axes' pieces; money in whole cents, `days` the sum of recency.

    Moving a rule, renaming or painting leaves these counts alone, so the sizes of segments are looked up. `sizes` gives
    what `segment_sizes` gives by a query; a property test holds the two together.
    """

    axes: tuple[Axis, ...]
    customer_count: Counts
    order_count: Counts
    cents: Counts
    days: Counts

    @classmethod
    def read(cls, axes: Sequence[Axis], columns: dict[str, NDArray[Any]]) -> SegmentCells:
        """Build it from the columns that `cell_counts` gives."""
        shape = tuple(len(axis.parts) for axis in axes)
        places = tuple(columns[f"place_{number}"].astype(np.intp) for number in range(len(axes)))
        arrays = []
        for name in COUNTED:
            array = np.zeros(shape, dtype=np.int64)
            array[places] = columns[name] if places else columns[name].sum()
            arrays.append(array)
        return cls(tuple(axes), *arrays)

    def sizes(self, table: SegmentTable) -> pd.DataFrame:
        """Sum up the segments that have customers, as `segment_sizes` does, the most money first.

        Raises KeyError where the table's axes are not these.
        """
        first = first_fitting(fitting(table, self.axes)).ravel()
        number = len(table.rules) + 1
        sums = {name: _summed(first, getattr(self, name), number) for name in COUNTED}
        count, orders, cents = (sums[name] for name in ("customer_count", "order_count", "cents"))
        with np.errstate(divide="ignore", invalid="ignore"):
            money = cents / 100
            whole = cents.sum() / 100
            rows = pd.DataFrame(
                {
                    "segment": [*(rule.id for rule in table.rules), OTHERS],
                    "customer_count": count,
                    "customer_share": count / count.sum(),
                    "order_count": orders,
                    "monetary": money,
                    "value_share": money / whole if whole > 0 else np.full(number, np.nan),
                    "average_order_value": np.where(orders > 0, money / orders, np.nan),
                    "average_monetary": money / count,
                    "average_recency_days": sums["days"] / count,
                }
            )
        there = rows[rows["customer_count"] > 0]
        return there.sort_values(["monetary", "segment"], ascending=[False, True]).reset_index(drop=True)


def cell_counts(rows: ir.Table, axes: Sequence[Axis]) -> ir.Table:
    """Count customers, orders, cents and days in every combination that occurs.

    Parameters
    ----------
    rows
        The customer facts; with r_score, f_score and m_score where the axes are scores.

    Returns
    -------
    place_0, place_1 … (the piece of each axis, from 0), customer_count, order_count, cents, days.
    """
    places = {f"place_{number}": axis.place(rows) for number, axis in enumerate(axes)}
    return rows.select(
        **places, orders=rows.order_count, cents=(rows.monetary * 100).round(), days=rows.recency_days
    ).aggregate(
        by=list(places),
        customer_count=_.count(),
        order_count=_.orders.sum().fill_null(0).cast("int64"),
        cents=_.cents.sum().fill_null(0).cast("int64"),
        days=_.days.sum().fill_null(0).cast("int64"),
    )


def _summed(first: NDArray[np.intp], counts: Counts, number: int) -> Counts:
    """Add up whole numbers by segment, without a detour over floats."""
    sums = np.zeros(number, dtype=np.int64)
    np.add.at(sums, first, counts.ravel())
    return sums
