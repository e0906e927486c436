"""Totals of any dimension (products, categories, regions …) in the shape of customer facts, for 80/20 over them."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice
from workbench.analyses.facts import Refunds, is_sale, sale_count, standing_lines

Dimension = Literal["customer_id", "product_id", "category", "region", "channel", "touchpoint", "employee_id"]

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


def totals_by(
    transactions: ir.Table,
    *,
    as_of: date,
    dimension: Dimension = "product_id",
    since: date | None = None,
    refunds: Refunds = "net",
) -> ir.Table:
    """Sum up all lines by one of their columns, in the days from `since` to `as_of`.

    Whoever they are of counts, known or not: products, categories, regions and channels each add up to the company's
    revenue (`key_figures`). By `customer_id` known customers alone are there, those included who only returned goods.
    Lines that name no product (or region …) make one row with a null key: it is shown, not dropped.

    Returns
    -------
    The dimension, monetary, margin (null where no cost is known), order_count (`sale_count`: different orders with
    it), visit_count (different days of purchase, added up over known customers), customer_count (known ones who
    purchased), line_count (lines of sales).

    Examples
    --------
    >>> import ibis
    >>> orders = ibis.table({"customer_id": "string", "order_id": "string", "product_id": "string", "day": "date",
    ...     "amount": "decimal(18, 2)", "cost": "decimal(18, 2)", "is_cancelled": "boolean", "is_purchase": "boolean"})
    >>> totals_by(orders, as_of=date(2024, 12, 31)).columns[:3]
    ('product_id', 'monetary', 'margin')
    """
    check_choice("dimension", dimension, DIMENSIONS)
    check_choice("refunds", refunds, get_args(Refunds))

    of_known = dimension == "customer_id"
    lines = standing_lines(transactions, since=since, as_of=as_of, refunds=refunds, of_known=of_known)
    bought = lines.is_purchase
    visit = lines.customer_id + " " + lines.day.cast("string")
    return lines.group_by(dimension).aggregate(
        monetary=_.amount.sum().cast("decimal(24, 2)"),
        margin=(_.amount - _.cost).sum().cast("decimal(24, 2)"),
        order_count=sale_count(lines),
        visit_count=visit.nunique(where=bought),
        customer_count=_.customer_id.nunique(where=bought),
        line_count=_.count(where=is_sale(lines)),
    )
