"""The figures of a period side by side with those of others: sales, orders, customers, items, averages and margin."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

SalesFigure = Literal[
    "revenue",
    "active_customers",
    "order_count",
    "orders_per_customer",
    "average_order_value",
    "item_count",
    "items_per_order",
    "price_per_item",
    "margin",
    "margin_rate",
]
SALES_FIGURES: tuple[SalesFigure, ...] = get_args(SalesFigure)
SUMMED_FIGURES = (
    *("revenue", "gross_sales", "order_count", "active_customers", "item_count", "margin", "costed_revenue"),
)
IN_SHARES = ("margin_rate",)
"""Figures that are shares, and compared by their difference."""


def period_figures(totals: pd.DataFrame, itemized: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return SALES_FIGURES of every period, a row for each, by its name.

    The average order value is the revenue, refunds deducted, over all orders; orders per customer are those of known
    customers. Items, items per order and the price per item (sales before refunds over items) are those of the lines
    that say a quantity (`itemized`), and unknown without them. The margin is that of the lines whose cost is known, its
    rate a share of their revenue. What has nothing to divide by is unknown.

    Parameters
    ----------
    totals, itemized
        What `sales_by_period` gave for the whole: of all lines, and of those that say a quantity.
    """
    sums, known = _by_period(totals), _by_period(totals[totals["is_known"].astype(bool)])
    counted = _by_period(totals.iloc[:0] if itemized is None else itemized).reindex(sums.index)
    items, customers = _above_zero(counted["item_count"]), _above_zero(sums["active_customers"])
    return pd.DataFrame(
        {
            "revenue": sums["revenue"],
            "active_customers": customers,
            "order_count": sums["order_count"],
            "orders_per_customer": known["order_count"].reindex(sums.index) / customers,
            "average_order_value": sums["revenue"] / _above_zero(sums["order_count"]),
            "item_count": items,
            "items_per_order": items / _above_zero(counted["order_count"]),
            "price_per_item": counted["gross_sales"] / items,
            "margin": sums["margin"],
            "margin_rate": sums["margin"] / _above_zero(sums["costed_revenue"]),
        }
    )


def summed_sales(rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Add up what is known and not known by a column, lines without it too; money unknown on both sides stays so."""
    return rows.groupby(by, dropna=False)[[*SUMMED_FIGURES]].sum(min_count=1)


def _by_period(totals: pd.DataFrame) -> pd.DataFrame:
    return summed_sales(totals, by="period").astype(float)


def figure_change(name: str, now: float, then: float) -> float:
    """Return how a figure moved: as a share of what it was, a share by its difference; unknown from nothing.

    >>> [figure_change(*moved) for moved in (("revenue", 120.0, 100.0), ("margin_rate", 0.5, 0.25))]
    [0.19999999999999996, 0.25]
    """
    if name in IN_SHARES:
        return now - then
    return now / then - 1 if then > 0 else float("nan")


def _above_zero(values: pd.Series) -> pd.Series:
    return values.where(values > 0)
