"""Who comes back: the second purchase within some days, the trade's rule of months, and who came, stayed, left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.calendar import Every, every_period, period_begin, period_number
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError

REPEAT_DAYS = (30, 60, 90, 180)
CHURN_MONTHS = (3, 6, 12)
"""The service intervals after which the trade counts a car as lost; six months is usual (4S 店)."""


def repeat_rates(transactions: ir.Table, *, as_of: date, within: Sequence[int] = REPEAT_DAYS) -> ir.Table:
    """Count who bought again, on another day, within so many days of the first purchase.

    The base of each number of days is the customers whose first purchase lies at least as many days before `as_of`: who
    has not had the time yet is in no base, and not counted as lost.

    Returns
    -------
    within_days, base, returned_customers, returned_rate (unknown where the base is nobody), rising by days.

    Raises
    ------
    ChoiceError
        Where no days are given, or fewer than 1.
    """
    _check_lengths("retention_days", within)
    first = _first_purchases(transactions, as_of=as_of)
    times = first.mutate(
        waited=first.second_on.delta(first.day, unit="day"), known_days=ibis.date(as_of).delta(first.day, unit="day")
    )
    counts = times.group_by("known_days", "waited").aggregate(customer_count=_.count())
    lengths = _lengths(times, "within_days", within)
    pairs = lengths.cross_join(counts)
    rows = pairs.group_by("within_days").aggregate(
        base=pairs.customer_count.sum(where=pairs.known_days >= pairs.within_days).fill_null(0),
        returned_customers=pairs.customer_count.sum(
            where=(pairs.known_days >= pairs.within_days) & (pairs.waited <= pairs.within_days)
        ).fill_null(0),
    )
    whole = lengths.left_join(rows, "within_days").select(
        "within_days", base=_.base.fill_null(0), returned_customers=_.returned_customers.fill_null(0)
    )
    return whole.mutate(returned_rate=whole.returned_customers / whole.base.nullif(0)).order_by("within_days")


def _first_purchases(transactions: ir.Table, *, as_of: date) -> ir.Table:
    """Return each known customer's first purchase day, and `second_on`, the next one on another day if there is one."""
    counted = transactions.filter(_.is_purchase, _.customer_id.notnull(), _.day <= ibis.date(as_of))
    buys = counted.select("customer_id", "day").distinct()
    order = ibis.window(group_by="customer_id", order_by="day")
    steps = buys.mutate(place=ibis.row_number().over(order), second_on=buys.day.lead().over(order))
    return steps.filter(steps.place == 0)


def waits_for_return(
    transactions: ir.Table, *, as_of: date, since: date | None = None, groups: ir.Table | None = None
) -> ir.Table:
    """Count how many days passed between the first purchase and the second one, on another day, or until `as_of`.

    Who has not bought again is not lost: they waited as long as is known (`kaplan_meier` takes both).

    Parameters
    ----------
    since
        Only customers who bought first on this day or later. Give it where the data begin in the middle of a business:
        who was a customer before has no first purchase in them.
    groups
        customer_id and segment; customers whom it lacks have none.

    Returns
    -------
    segment (where `groups` are given), days, is_event (bought again then), customer_count; by segment and days.
    """
    first = _first_purchases(transactions, as_of=as_of)
    if since is not None:
        first = first.filter(first.day >= ibis.date(since))
    waited = first.select(
        "customer_id",
        days=first.second_on.coalesce(ibis.date(as_of)).delta(first.day, unit="day"),
        is_event=first.second_on.notnull(),
    )
    names = ["days", "is_event"]
    if groups is not None:
        waited = waited.left_join(groups.select("customer_id", "segment"), "customer_id")
        names = ["segment", *names]
    return waited.group_by(names).aggregate(customer_count=_.count()).order_by(names)


def churn_by_months(
    transactions: ir.Table, *, as_of: date, months: Sequence[int] = CHURN_MONTHS, last: int = 1
) -> ir.Table:
    """Count who came in a month and not in any of the N months after it: the rule of car service (4S 店), N = 6.

    Of month M: 1 − (came in month M−N and again in M−N+1 … M) / came in month M−N; and the same by the money that they
    spent in month M−N. Only whole months count; the newest M is the last month that had ended at `as_of`.

    Parameters
    ----------
    months
        The lengths N, side by side: the rate depends on it, and the service interval decides it.
    last
        For how many months M, counted back from the newest.

    Returns
    -------
    months (N), month (M, its first day), base_month (M−N), base, lost_customers, churn_rate, monetary (net spend of the
    base in its month), lost_monetary, monetary_churn_rate (unknown where monetary is not above zero); by N and month,
    only for base months in which somebody came.

    Raises
    ------
    ChoiceError
        Where no length is given, or one below 1.
    """
    _check_lengths("retention_months", months)
    came = _periods(transactions, as_of=as_of, every="month")
    order = ibis.window(group_by="customer_id", order_by="period")
    steps = came.mutate(following=came.period.lead().over(order))
    after = as_of + timedelta(days=1)
    newest = after.year * 12 + after.month - 2
    pairs = _lengths(came, "months", months).cross_join(steps)
    pairs = pairs.mutate(ends=pairs.period + pairs.months)
    bases = pairs.filter(pairs.ends <= newest, pairs.ends > newest - last)
    is_lost = bases.following.isnull() | (bases.following > bases.ends)
    sums = bases.group_by("months", "ends").aggregate(
        base=bases.count(),
        lost_customers=is_lost.cast("int64").sum(),
        monetary=bases.monetary.sum().cast(MONEY_TYPE),
        lost_monetary=is_lost.ifelse(bases.monetary, 0).sum().cast(MONEY_TYPE),
    )
    money = sums.monetary.cast("float64")
    return sums.select(
        "months",
        month=period_begin(sums.ends, "month"),
        base_month=period_begin(sums.ends - sums.months, "month"),
        base="base",
        lost_customers="lost_customers",
        churn_rate=sums.lost_customers / sums.base,
        monetary="monetary",
        lost_monetary="lost_monetary",
        monetary_churn_rate=(money > 0).ifelse(sums.lost_monetary.cast("float64") / money, ibis.null("float64")),
    ).order_by("months", "month")


def customer_balance(transactions: ir.Table, *, as_of: date, every: Every = "month") -> ir.Table:
    """Account for the customers of each period: new, kept, returned, and lost since the one before.

    New is who bought for the first time, kept who bought in the period before as well, returned who did not and had
    bought earlier; together they are who bought. Lost is who bought in the period before and not in this one: they may
    return, and are then counted as such. Where a period has not ended, lost is not yet known.

    Returns
    -------
    period (first day), new_customers, kept_customers, returned_customers, lost_customers, quick_ratio ((new +
    returned) / lost; unknown where nobody was lost), is_incomplete; in order of time. In the first period of the data
    everybody is new, and lost is unknown.
    """
    came = _periods(transactions, as_of=as_of, every=every)
    order = ibis.window(group_by="customer_id", order_by="period")
    steps = came.mutate(before=came.period.lag().over(order), following=came.period.lead().over(order))
    here = steps.group_by("period").aggregate(
        new_customers=steps.before.isnull().sum(),
        kept_customers=(steps.before == steps.period - 1).fill_null(False).sum(),
        returned_customers=(steps.before < steps.period - 1).fill_null(False).sum(),
    )
    is_gone = steps.following.isnull() | (steps.following > steps.period + 1)
    gone = steps.group_by(period=steps.period + 1).aggregate(lost_customers=is_gone.sum())
    joined = here.outer_join(gone, "period")
    counted = joined.select(
        period=period_begin(ibis.coalesce(joined.period, joined.period_right), every),
        **{name: joined[name].fill_null(0) for name in ("new_customers", "kept_customers", "returned_customers")},
        lost_customers=joined.lost_customers,
    )
    counted = counted.filter(counted.period <= ibis.date(as_of))
    rows = every_period(counted, "period", every=every, as_of=as_of)
    first = rows.period == rows.period.min().over(ibis.window())
    lost = (first | rows.is_incomplete).ifelse(ibis.null("int64"), rows.lost_customers.fill_null(0))
    names = ("new_customers", "kept_customers", "returned_customers")
    filled = rows.select(
        "period", "is_incomplete", **{name: rows[name].fill_null(0) for name in names}, lost_customers=lost
    )
    return filled.select(
        "period",
        *names,
        "lost_customers",
        quick_ratio=(filled.new_customers + filled.returned_customers) / filled.lost_customers.nullif(0),
        is_incomplete="is_incomplete",
    ).order_by("period")


def _periods(transactions: ir.Table, *, as_of: date, every: Every) -> ir.Table:
    """Return customer_id, period (its number) and monetary (net), for the periods in which a customer purchased."""
    lines = transactions.filter(_.day <= ibis.date(as_of), _.customer_id.notnull(), ~_.is_cancelled)
    sums = lines.group_by("customer_id", period=period_number(lines.day, every)).aggregate(
        monetary=_.amount.sum().fill_null(0), came=_.is_purchase.any()
    )
    return sums.filter(sums.came).drop("came")


def _lengths(rows: ir.Table, name: str, values: Sequence[int]) -> ir.Table:
    """Return a row for each length of time, also where there are no rows; a cluster knows no table of our memory."""
    one = rows.aggregate(row_count=rows.count())
    each = one.select(length=ibis.array(sorted({*values})).unnest())
    return each.select(**{name: each.length.cast("int64")})


def _check_lengths(key: str, values: Sequence[int]) -> None:
    if not values or min(values) < 1:
        raise ChoiceError(key, values=[*values])
