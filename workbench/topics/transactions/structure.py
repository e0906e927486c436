"""What sales are made of: the share of every segment in two periods, and what of the change stands in it."""

from __future__ import annotations

import pandas as pd

from workbench.topics.transactions.figures import summed_sales


def sales_structure(segments: pd.DataFrame, *, this: str = "this", then: str | None = "before") -> pd.DataFrame:
    """Set every segment's sales beside those of another period: revenue, its change, and its share of all sales.

    Shares are of the sales before refunds (`gross_sales`), which are never below zero: of revenue, a segment with more
    refunds than sales would have a share below zero and the others more than all. The changes of the revenue add up to
    that of the whole, the shares of each period to 1 and their shifts to 0.

    Parameters
    ----------
    segments
        What `sales_by_period` gave by a column.
    then
        The period compared with; None where there is none, and all that compares is unknown.

    Returns
    -------
    sales_segment (None where lines name none), revenue, order_count, active_customers, item_count, margin_rate (margin
    over the revenue of the lines whose cost is known; unknown where none is, or that is not above zero), sales_share,
    revenue_before, change, sales_share_before, share_shift; first the segment whose share is the largest, in either
    period.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": ["before", "this", "this"], "sales_segment": ["华东", "华东", "华南"],
    ...     "is_known": True, "revenue": [80.0, 60.0, 20.0], "gross_sales": [80.0, 60.0, 20.0], "order_count": 1,
    ...     "active_customers": 1, "item_count": 1.0, "margin": float("nan"), "costed_revenue": float("nan")})
    >>> sales_structure(rows)[["sales_segment", "change", "sales_share", "share_shift"]].values.tolist()
    [['华东', -20.0, 0.75, -0.25], ['华南', 20.0, 0.25, 0.25]]
    """
    now = _by_segment(segments, this)
    earlier = _by_segment(segments, then) if then else now.iloc[:0]
    earlier = earlier[["revenue", "gross_sales"]].add_suffix("_before")
    both = now.join(earlier, how="outer" if then else "left")
    counts = [name for name in both.columns if name not in ("margin", "costed_revenue")]
    both[counts] = both[counts].fillna(0) if then else both[counts]
    shares = {
        f"sales_share{suffix}": both[f"gross_sales{suffix}"] / (both[f"gross_sales{suffix}"].sum() or float("nan"))
        for suffix in ("", "_before")
    }
    both = both.assign(
        margin_rate=both["margin"] / both["costed_revenue"].where(both["costed_revenue"] > 0),
        change=(both["revenue"] - both["revenue_before"]).round(2),
        **shares,
    )
    both["share_shift"] = both["sales_share"] - both["sales_share_before"]
    # Equal ones by name, and lines that name no segment behind them.
    ordered = both.assign(
        largest=both[["sales_share", "sales_share_before"]].max(axis=1),
        named=[str(name) for name in both.index],
        is_unnamed=both.index.isna(),
    ).sort_values(["largest", "is_unnamed", "named"], ascending=[False, True, True])
    names = ["revenue", "order_count", "active_customers", "item_count", "margin_rate", "sales_share"]
    names += ["revenue_before", "change", "sales_share_before", "share_shift"]
    segment = [None if pd.isna(name) else name for name in ordered.index]
    return (
        ordered[names]
        .reset_index(drop=True)
        .assign(sales_segment=pd.Series(segment, dtype=object))[["sales_segment", *names]]
    )


def _by_segment(segments: pd.DataFrame, period: str) -> pd.DataFrame:
    return summed_sales(segments[segments["period"] == period], by="sales_segment")
