"""Average revenue per user by month, with what it is not read without: its trend, and how many users there were."""

from __future__ import annotations

import pandas as pd

TREND_MONTHS = 12
"""Months: the trend is over as many, so that every season is in it once."""


def arpu_by_month(months: pd.DataFrame) -> pd.DataFrame:
    """Divide the revenue of each month by its active customers, and add the same over twelve months.

    A month in which nobody purchased has no average. The trend is the revenue of twelve whole months in a row over the
    sum of their active customers: a customer counts once for each month with a purchase, and a month weighs as much as
    it had customers. It is unknown until twelve whole months have passed. A month that is not whole has an average of
    its days, and no trend.

    Parameters
    ----------
    months
        What `revenue_by_month` gave for the lines of known customers: sales to nobody known have revenue and no user.

    Returns
    -------
    month, arpu, arpu_trend, arpu_year_before, arpu_change (a share of that of the same month a year before; unknown
    where either month is not whole or that is not above zero), active_customers, customers_year_before, revenue,
    is_incomplete; in order of time.

    Examples
    --------
    >>> months = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=13, freq="MS"), "revenue": [100.0] * 13,
    ...     "active_customers": [10] * 12 + [5], "is_incomplete": False})
    >>> arpu_by_month(months)[["arpu", "arpu_trend", "arpu_change"]].tail(2).round(3).values.tolist()
    [[10.0, 10.0, nan], [20.0, 10.435, 1.0]]
    """
    rows = months.sort_values("month", ignore_index=True)
    revenue, customers = rows["revenue"].astype(float), rows["active_customers"].astype(float)
    whole = ~rows["is_incomplete"].astype(bool)
    sums = [
        values.where(whole).rolling(TREND_MONTHS, min_periods=TREND_MONTHS).sum() for values in (revenue, customers)
    ]
    arpu = revenue / customers.where(customers > 0)
    known = arpu.where(whole)
    before = known.shift(TREND_MONTHS).where(whole)
    return pd.DataFrame(
        {
            "month": rows["month"],
            "arpu": arpu,
            "arpu_trend": sums[0] / sums[1].where(sums[1] > 0),
            "arpu_year_before": before,
            "arpu_change": known / before.where(before > 0) - 1,
            "active_customers": rows["active_customers"],
            "customers_year_before": customers.where(whole).shift(TREND_MONTHS).where(whole),
            "revenue": revenue,
            "is_incomplete": ~whole,
        }
    )
