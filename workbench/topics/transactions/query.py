"""What was sold in several periods, by any column, and what each customer spent in two of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.facts import is_sale, sale_count
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError


def sales_by_period(
    transactions: ir.Table, *, periods: Mapping[str, tuple[date, date]], by: str | None = None
) -> ir.Table:
    """Sum up the lines of several periods, sales to known customers apart from those to nobody known.

    Lines that were cancelled count nowhere. A sale is a purchase, or what would be one if its customer were known
    (`is_sale`); all other lines (refunds, amounts of nothing) are in the revenue alone. Figures add up over `is_known`;
    over `sales_segment` the amounts, items and lines do, while an order or a customer counts in every segment that it
    has lines of.

    Parameters
    ----------
    periods
        By name, the first and the last day, both included. They may overlap; a period without lines has no row.
    by
        The column whose values are the segments; without it all lines are one, and there is no `sales_segment`.

    Returns
    -------
    period, sales_segment (null where a line names none), is_known (whether the customer is known), revenue (refunds
    with their minus), gross_sales (the amounts of the sales), order_count (`sale_count`), active_customers (known ones
    who purchased), item_count (the quantities of the sales that say one), unitemized_line_count (lines of sales that
    say no quantity), margin (amount minus cost, of all lines whose cost is known; null where none is), costed_revenue
    (the amounts of those lines); by period, sales_segment and is_known.

    Raises
    ------
    ChoiceError
        Where a period ends before it begins.
    """
    for since, until in periods.values():
        if since > until:
            raise ChoiceError("period_reversed", since=since, until=until)
    segments = {"sales_segment": transactions[by].cast("string")} if by else {}
    standing = transactions.mutate(**segments).filter(~_.is_cancelled)
    lines = reduce(
        lambda one, other: one.union(other),
        (
            standing.filter(standing.day.between(ibis.date(since), ibis.date(until))).mutate(period=ibis.literal(name))
            for name, (since, until) in periods.items()
        ),
    )
    counted = lines.mutate(is_known=lines.customer_id.notnull())
    if "quantity" not in counted.columns:
        counted = counted.mutate(quantity=ibis.null("decimal(18, 3)"))
    sold, quantity = is_sale(counted), counted.quantity
    return (
        counted.group_by("period", *segments, "is_known")
        .aggregate(
            revenue=counted.amount.sum().fill_null(0).cast(MONEY_TYPE),
            gross_sales=counted.amount.sum(where=sold).fill_null(0).cast(MONEY_TYPE),
            order_count=sale_count(counted),
            active_customers=counted.customer_id.nunique(where=counted.is_purchase),
            item_count=quantity.sum(where=sold).fill_null(0),
            unitemized_line_count=(sold & quantity.isnull()).sum().fill_null(0),
            margin=(counted.amount - counted.cost).sum().cast(MONEY_TYPE),
            costed_revenue=counted.amount.sum(where=counted.cost.notnull()).cast(MONEY_TYPE),
        )
        .order_by("period", *segments, "is_known")
    )


def customer_changes(transactions: ir.Table, *, this: tuple[date, date], before: tuple[date, date]) -> ir.Table:
    """Set beside each other what every known customer spent in two periods, refunds with their minus.

    Returns
    -------
    customer_id, revenue, revenue_before, change (the first less the second); who has a line that was not cancelled in
    either period, the largest change in either direction first.
    """
    known = transactions.filter(_.customer_id.notnull(), ~_.is_cancelled)
    now, then = (known.day.between(ibis.date(since), ibis.date(until)) for since, until in (this, before))
    sums = (
        known.filter(now | then)
        .group_by("customer_id")
        .aggregate(
            revenue=known.amount.sum(where=now).fill_null(0).cast(MONEY_TYPE),
            revenue_before=known.amount.sum(where=then).fill_null(0).cast(MONEY_TYPE),
        )
    )
    return sums.mutate(change=(sums.revenue - sums.revenue_before).cast(MONEY_TYPE)).order_by(
        _.change.abs().desc(), "customer_id"
    )
