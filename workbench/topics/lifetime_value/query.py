"""Purchase histories of customers: how often they came again, when last, since when they are known, what they spent."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.facts import standing_lines
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError

FEWEST_DAYS_FOR_INTERVALS = 3


def purchase_histories(transactions: ir.Table, *, as_of: date, since: date | None = None) -> ir.Table:
    """Tell of each customer what the models of value need: the purchases after the first, the last one, the time known.

    A purchase is a day with a purchase: several on one day are one. Days count from the customer's first purchase (in
    the period); refunds lower what was spent from that day on, whatever they pay back; a refund before a first purchase
    is left out, and so are cancelled lines and customers unknown.

    Parameters
    ----------
    since
        The first day that counts. Whoever bought before it begins anew, as in data that begin in the middle of a
        business: the first purchase known need not be the first.

    Returns
    -------
    customer_id, first_on, last_on, repeat_count (days of purchase after the first: x), t_x_days (first to last
    purchase: not to be called recency), observed_days (first purchase to `as_of`: T), monetary (net spend from the
    first day on), repeat_monetary (that after the first day).

    Examples
    --------
    >>> lines = ibis.table({"customer_id": "string", "day": "date", "amount": "decimal(18, 2)", "order_id": "string",
    ...     "is_cancelled": "boolean", "is_purchase": "boolean"}, name="transactions")
    >>> purchase_histories(lines, as_of=date(2024, 12, 31)).columns[3:6]
    ('repeat_count', 't_x_days', 'observed_days')
    """
    days = _days(transactions, as_of=as_of, since=since)
    sums = days.group_by("customer_id").aggregate(
        first_on=_.first_on.min(),
        last_on=_.day.max(where=_.bought),
        repeat_count=_.bought.sum() - 1,
        monetary=_.money.sum(),
        repeat_monetary=_.money.sum(where=_.day > _.first_on),
    )
    return sums.select(
        "customer_id",
        "first_on",
        "last_on",
        repeat_count=_.repeat_count.cast("int64"),
        t_x_days=sums.last_on.delta(sums.first_on, unit="day"),
        observed_days=ibis.date(as_of).delta(sums.first_on, unit="day"),
        monetary=_.monetary.fill_null(0).cast(MONEY_TYPE),
        repeat_monetary=_.repeat_monetary.fill_null(0).cast(MONEY_TYPE),
    )


def _days(transactions: ir.Table, *, as_of: date, since: date | None) -> ir.Table:
    """Return a row for each customer and day from the first purchase on: money, bought (a purchase), first_on."""
    lines = standing_lines(transactions, since=since, as_of=as_of, refunds="net")
    days = lines.group_by("customer_id", "day").aggregate(
        money=lines.amount.sum().cast(MONEY_TYPE), bought=lines.is_purchase.any()
    )
    first = days.filter(days.bought).group_by("customer_id").aggregate(first_on=_.day.min())
    joined = days.join(first, "customer_id")
    return joined.filter(joined.day >= joined.first_on)


def distinct_histories(histories: ir.Table) -> ir.Table:
    """Count the customers of each different history, so that a fit costs no more where there are more customers.

    Parameters
    ----------
    histories
        What `purchase_histories` gave.

    Returns
    -------
    repeat_count, t_x_days, observed_days, customer_count, repeat_monetary (their sum; who got back as much as they
    paid has spent nothing).
    """
    grouped = histories.group_by("repeat_count", "t_x_days", "observed_days")
    return grouped.aggregate(
        customer_count=_.count(), repeat_monetary=ibis.greatest(_.repeat_monetary, 0).sum().cast(MONEY_TYPE)
    ).order_by("repeat_count", "t_x_days", "observed_days")


def spend_histories(histories: ir.Table) -> ir.Table:
    """Count the customers who came again by how often and by what they spent on a repeat purchase, on average.

    Who got back as much as they paid has no mean that a model of spend knows, and is in no row.

    Returns
    -------
    repeat_count, repeat_monetary, customer_count.
    """
    spent = histories.filter(_.repeat_count > 0, _.repeat_monetary > 0)
    grouped = spent.group_by("repeat_count", "repeat_monetary").aggregate(customer_count=_.count())
    return grouped.order_by("repeat_count", "repeat_monetary")


def held_out(transactions: ir.Table, *, split_on: date, as_of: date, since: date | None = None) -> ir.Table:
    """Set beside each history as it was on a day what its customers did after it, and what they had done just before.

    The data are cut by a day, never by customers: whoever bought by `split_on` is in a row, whoever came later in none.
    The days after the cut are the hold-out; as many days before it are the last period, and those before it the one
    before.

    Returns
    -------
    repeat_count, t_x_days, observed_days, customer_count, monetary, repeat_monetary (all as of `split_on`, as in
    `distinct_histories`); in the hold-out future_count (days of purchase, summed), future_squares (their squares,
    summed), future_monetary; in the last period last_count, last_monetary; last_gap_squares (of a customer's future and
    last count, summed); earlier_customers (bought in the period before it), kept_customers (and in the last one too).

    Raises
    ------
    ChoiceError
        Where no day lies between the cut and `as_of`.
    """
    length = (as_of - split_on).days
    if length < 1:
        raise ChoiceError("value_split", day=split_on.isoformat(), as_of=as_of.isoformat())
    known = purchase_histories(transactions, as_of=split_on, since=since)
    split, before = ibis.date(split_on), ibis.date(split_on - timedelta(days=length))
    earlier = ibis.date(split_on - timedelta(days=2 * length))
    days = _days(transactions, as_of=as_of, since=since)
    is_future, is_last = days.day > split, (days.day > before) & (days.day <= split)
    is_earlier = (days.day > earlier) & (days.day <= before)
    sums = days.group_by("customer_id").aggregate(
        future=(days.bought & is_future).sum().cast("int64"),
        last=(days.bought & is_last).sum().cast("int64"),
        came_earlier=(days.bought & is_earlier).any(),
        future_money=days.money.sum(where=is_future).fill_null(0),
        last_money=days.money.sum(where=is_last).fill_null(0),
    )
    joined = known.join(sums, "customer_id")
    gap = joined.future - joined["last"]
    return (
        joined.group_by("repeat_count", "t_x_days", "observed_days")
        .aggregate(
            customer_count=_.count(),
            monetary=_.monetary.sum().cast(MONEY_TYPE),
            repeat_monetary=ibis.greatest(_.repeat_monetary, 0).sum().cast(MONEY_TYPE),
            future_count=_.future.sum(),
            future_squares=(_.future * _.future).sum(),
            future_monetary=_.future_money.sum().cast(MONEY_TYPE),
            last_count=joined["last"].sum(),
            last_monetary=_.last_money.sum().cast(MONEY_TYPE),
            last_gap_squares=(gap * gap).sum(),
            earlier_customers=_.came_earlier.sum().cast("int64"),
            kept_customers=(_.came_earlier & (joined["last"] > 0)).sum().cast("int64"),
        )
        .order_by("repeat_count", "t_x_days", "observed_days")
    )


def held_out_by_frequency(held: ir.Table, *, most: int) -> ir.Table:
    """Sum up the hold-out by how often customers had come again before the cut; `most` times and more are one row.

    Parameters
    ----------
    held
        What `held_out` gave.

    Returns
    -------
    repeat_count, customer_count, actual (days of purchase in the hold-out, per customer); by repeat_count.
    """
    grouped = held.group_by(repeat_count=ibis.least(held.repeat_count, most))
    sums = grouped.aggregate(customer_count=_.customer_count.sum(), came=_.future_count.sum())
    rows = sums.select("repeat_count", "customer_count", actual=sums.came / sums.customer_count)
    return rows.order_by("repeat_count")


def repeat_purchases_by_day(
    transactions: ir.Table, *, split_on: date, as_of: date, since: date | None = None
) -> ir.Table:
    """Count, of the customers known on a day, who bought first on each day and who bought again.

    Returns
    -------
    day, first_customers (bought for the first time), repeat_count (bought again); by day.
    """
    days = _days(transactions, as_of=as_of, since=since).filter(_.bought, _.first_on <= ibis.date(split_on))
    counted = days.group_by("day").aggregate(
        first_customers=(_.day == _.first_on).sum().cast("int64"), repeat_count=(_.day > _.first_on).sum().cast("int64")
    )
    return counted.order_by("day")


def interval_split(transactions: ir.Table, *, as_of: date, since: date | None = None) -> ir.Table:
    """Measure how customers' last two intervals divide the time between three days of purchase.

    Where purchases come at random, the share of the first of two intervals is as likely to be any other; where they
    are regular it lies near a half.

    Returns
    -------
    One row: customer_count (who bought on three days or more), share_variance (unknown below two of them).

    References
    ----------
    R. D. Wheat, D. G. Morrison, "Estimating purchase regularity with two interpurchase times", JMR 27 (1990).
    """
    days = _days(transactions, as_of=as_of, since=since).filter(_.bought)
    order = ibis.window(group_by="customer_id", order_by="day")
    steps = days.select(
        "day",
        before=days.day.lag(1).over(order),
        first=days.day.lag(2).over(order),
        is_last=days.day.lead(1).over(order).isnull(),
    )
    three = steps.filter(steps.is_last, steps.first.notnull())
    share = three.before.delta(three.first, unit="day") / three.day.delta(three.first, unit="day")
    return three.aggregate(customer_count=three.count(), share_variance=share.var(how="sample"))
