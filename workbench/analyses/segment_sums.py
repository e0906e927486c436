"""The sizes of segments from sums of whole numbers, with the figures that `segment_sizes` gives."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SUMS = ("customers", "cents", "orders", "recency")
"""What is added up: customers, spend in cents, orders, and days since the last purchase."""


def segment_sums(rows: pd.DataFrame, segments: Sequence[str]) -> pd.DataFrame:
    """Add rows up by segment, exactly: the columns of `segment_sizes`, in the order of `segments`.

    A segment of nobody has a row of zeros, and no average.

    Parameters
    ----------
    rows
        segment, and SUMS as whole numbers.
    """
    sums = rows.groupby("segment")[list(SUMS)].sum().reindex(list(segments), fill_value=0)
    customers, orders, money = sums["customers"], sums["orders"], sums["cents"] / 100
    whole, some = int(sums["cents"].sum()) / 100, customers.where(customers > 0)
    summed = pd.DataFrame(
        {
            "customer_count": customers,
            "customer_share": customers / max(int(customers.sum()), 1),
            "order_count": orders,
            "monetary": money,
            "value_share": money / whole if whole > 0 else float("nan"),
            "average_order_value": money / orders.where(orders > 0),
            "average_monetary": money / some,
            "average_recency_days": sums["recency"] / some,
        }
    )
    return summed.reset_index(names="segment")
