"""Customer facts: one row per customer, the ground of every question about value, and their one definition."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice

CountBy = Literal["order", "day"]
Refunds = Literal["net", "excluded"]

VISIT_KINDS = ("visit", "进店", "到店", "来店")
"""The words for an interaction at which the customer came in person; calls, messages and points are no visits."""

ORDER_OF = "\x1f"
"""Between an order number and its customer where both together name an order: no id holds it."""

CARRIED_COLUMNS = ("name", "customer_type", "tier", "region")
"""What the facts carry from the customers' table, where the store has it."""


def customer_facts(
    transactions: ir.Table,
    *,
    as_of: date,
    customers: ir.Table | None = None,
    interactions: ir.Table | None = None,
    since: date | None = None,
    count_by: CountBy = "order",
    refunds: Refunds = "net",
) -> ir.Table:
    """Sum up each customer's purchases in the days from `since` to `as_of`, both included.

    A customer has a row when at least one purchase (`is_purchase`) lies in the period: who only returned goods, or
    is not known by an id, has none. Dates and counts look at purchases alone. With `refunds="net"` money adds every
    line of the customer that is not cancelled, refunds with their minus; with "excluded" it adds purchases alone, so
    a customer's net value can be zero or below but the value of purchases cannot. `first_on` and `tenure_days` are
    those of the period: leave `since` out to see the whole history.

    Parameters
    ----------
    count_by
        What one purchase is: an "order" (lines without an order id count one each), or a "day" with any purchase.
    interactions
        Where given, those of the kinds in VISIT_KINDS count as visits beside the days of purchase.

    Returns
    -------
    customer_id, first_on, last_on, recency_days (`as_of` minus last_on), tenure_days (`as_of` minus first_on),
    frequency (order_count or purchase_days, as chosen), order_count, purchase_days, visit_count (different days on
    which the customer bought or came), line_count, monetary (decimal), margin (decimal: amount minus cost of the lines
    whose cost is known; null where none is), uncosted_line_count (lines that margin leaves out), average_order_value
    (monetary / frequency), and CARRIED_COLUMNS as far as `customers` has it.

    Examples
    --------
    >>> orders = ibis.table({"customer_id": "string", "order_id": "string", "day": "date", "amount": "decimal(18, 2)",
    ...     "cost": "decimal(18, 2)", "is_cancelled": "boolean", "is_purchase": "boolean"}, name="transactions")
    >>> customer_facts(orders, as_of=date(2024, 12, 31)).columns[:4]
    ('customer_id', 'first_on', 'last_on', 'recency_days')
    """
    check_choice("count_by", count_by, get_args(CountBy))
    check_choice("refunds", refunds, get_args(Refunds))

    lines = standing_lines(transactions, since=since, as_of=as_of, refunds=refunds)
    sums = _sum_lines(lines)
    sums = _with_visits(sums, lines, interactions, since=since, as_of=as_of)
    profile = () if customers is None else tuple(name for name in CARRIED_COLUMNS if name in customers.columns)
    if customers is not None:
        sums = sums.left_join(customers.select("customer_id", *profile), "customer_id")

    day = ibis.date(as_of)
    frequency = sums.order_count if count_by == "order" else sums.purchase_days
    return sums.select(
        "customer_id",
        "first_on",
        "last_on",
        recency_days=day.delta(sums.last_on, unit="day"),
        tenure_days=day.delta(sums.first_on, unit="day"),
        frequency=frequency,
        order_count=_.order_count,
        purchase_days=_.purchase_days,
        visit_count=_.visit_count,
        line_count=_.line_count,
        monetary=_.monetary,
        margin=_.margin,
        uncosted_line_count=_.uncosted_line_count,
        average_order_value=sums.monetary.cast("float64") / frequency,
        **{name: sums[name] for name in profile},
    )


def standing_lines(
    transactions: ir.Table, *, since: date | None, as_of: date, refunds: Refunds, of_known: bool = True
) -> ir.Table:
    """Keep the lines that stand: of the period, not cancelled, `of_known` customers alone; refunds as chosen."""
    known = transactions.filter(transactions.customer_id.notnull()) if of_known else transactions
    standing = _in_period(known.filter(~_.is_cancelled), since=since, as_of=as_of)
    return standing if refunds == "net" else standing.filter(is_sale(standing))


def is_sale(lines: ir.Table) -> ir.BooleanValue:
    """Say which lines are sales: purchases, and what would be one if its customer were known.

    `is_purchase` asks for a known customer. Of the others a sale is what is not cancelled and has an amount above zero
    and, where there is a quantity or a unit price, these above zero too.
    """
    nameless = lines.customer_id.isnull() & ~lines.is_cancelled & (lines.amount > 0)
    for name in ("quantity", "unit_price"):
        if name in lines.columns:
            nameless &= (lines[name] > 0).fill_null(True)
    return lines.is_purchase | nameless.fill_null(False)


def sale_count(lines: ir.Table) -> ir.IntegerValue:
    """Count the orders of the sales among these lines; lines without an order number count one each.

    An order is an order number of one customer: two customers under one number, as where every shop counts for itself,
    are two orders. Lines of nobody known under one number are one.
    """
    sold = is_sale(lines)
    order = lines.order_id + ORDER_OF + lines.customer_id.fill_null("")
    return order.nunique(where=sold) + (sold & lines.order_id.isnull()).sum().fill_null(0)


def _in_period(events: ir.Table, *, since: date | None, as_of: date) -> ir.Table:
    """Keep what happened from `since` to `as_of`, both included."""
    begun = events if since is None else events.filter(_.day >= ibis.date(since))
    return begun.filter(_.day <= ibis.date(as_of))


def _sum_lines(lines: ir.Table) -> ir.Table:
    """Group the lines by customer, once; a customer without a purchase falls out."""
    bought = lines.is_purchase
    return (
        lines.group_by("customer_id")
        .aggregate(
            first_on=lines.day.min(where=bought),
            last_on=lines.day.max(where=bought),
            order_count=lines.order_id.nunique(where=bought) + lines.count(where=bought & lines.order_id.isnull()),
            purchase_days=lines.day.nunique(where=bought),
            line_count=lines.count(where=bought),
            monetary=lines.amount.sum().cast("decimal(24, 2)"),
            margin=(lines.amount - lines.cost).sum().cast("decimal(24, 2)"),
            uncosted_line_count=lines.count(where=lines.cost.isnull()),
        )
        .filter(_.line_count > 0)
    )


def _with_visits(
    sums: ir.Table, lines: ir.Table, interactions: ir.Table | None, *, since: date | None, as_of: date
) -> ir.Table:
    """Add visit_count: the days of purchase and the days on which the customer came without buying."""
    if interactions is None:
        return sums.mutate(visit_count=_.purchase_days)
    visits = interactions.filter(_.customer_id.notnull(), _.kind.isin(VISIT_KINDS))
    came = _in_period(visits, since=since, as_of=as_of).select("customer_id", "day").distinct()
    bought = lines.filter(_.is_purchase).select("customer_id", "day")
    only_came = came.anti_join(bought, ["customer_id", "day"]).group_by("customer_id").aggregate(came_days=_.count())
    return sums.left_join(only_came, "customer_id").mutate(visit_count=_.purchase_days + _.came_days.fill_null(0))
