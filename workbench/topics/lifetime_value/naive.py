"""The three values that spreadsheets compute: ARPU × lifetime, ARPU ÷ churn, and the sum of revenue × survival."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from workbench.analyses.facts import standing_lines
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError
from workbench.topics.lifetime_value.query import purchase_histories

DAYS_A_MONTH = 30
FEWEST_AT_AGE = 30
"""Customers old enough for a month of age, below whom it adds nothing that can be relied on."""


def period_spend(transactions: ir.Table, *, as_of: date, days: int, since: date | None = None) -> ir.Table:
    """Sum up the last `days` to `as_of`, and who of those in as many days before came in them too.

    Returns
    -------
    One row: active_customers, monetary (net, of known customers who bought then), earlier_customers, kept_customers,
    customer_count (ever), mean_life_days (first to last purchase, on average over all of them).

    Raises
    ------
    ChoiceError
        Where there is no day.
    """
    if days < 1:
        raise ChoiceError("value_days", days=days)
    begin, earlier = (ibis.date(as_of - timedelta(days=times * days)) for times in (1, 2))
    lines = standing_lines(transactions, since=since, as_of=as_of, refunds="net")
    sums = lines.group_by("customer_id").aggregate(
        is_active=(lines.is_purchase & (lines.day > begin)).any(),
        came_earlier=(lines.is_purchase & (lines.day > earlier) & (lines.day <= begin)).any(),
        money=lines.amount.sum(where=lines.day > begin).fill_null(0),
    )
    lives = purchase_histories(transactions, as_of=as_of, since=since).aggregate(
        customer_count=_.count(), mean_life_days=_.t_x_days.mean()
    )
    figures = sums.aggregate(
        active_customers=_.is_active.sum().fill_null(0).cast("int64"),
        monetary=_.money.sum(where=_.is_active).fill_null(0).cast(MONEY_TYPE),
        earlier_customers=_.came_earlier.sum().fill_null(0).cast("int64"),
        kept_customers=(_.came_earlier & _.is_active).sum().fill_null(0).cast("int64"),
    )
    return figures.cross_join(lives)


def revenue_by_age(transactions: ir.Table, *, as_of: date, since: date | None = None) -> ir.Table:
    """Sum up what customers spent in each month of 30 days after their first purchase, of those old enough for it.

    Returns
    -------
    age (0 is the first month), base (customers first known as many whole months ago), monetary (theirs in that month);
    by age.
    """
    known = purchase_histories(transactions, as_of=as_of, since=since)
    ages = known.select("customer_id", "first_on", whole=(known.observed_days / DAYS_A_MONTH).floor().cast("int64"))
    lines = standing_lines(transactions, since=since, as_of=as_of, refunds="net").select("customer_id", "day", "amount")
    joined = lines.join(ages, "customer_id")
    age = (joined.day.delta(joined.first_on, unit="day") / DAYS_A_MONTH).floor().cast("int64")
    aged = joined.mutate(age=age)
    spent = aged.filter(aged.age >= 0, aged.age < aged.whole).group_by("age").aggregate(monetary=_.amount.sum())
    lengths = ages.filter(ages.whole > 0).group_by("whole").aggregate(customer_count=_.count())
    at_least = lengths.select("customer_count", age=ibis.range(0, lengths.whole).unnest())
    bases = at_least.group_by("age").aggregate(base=_.customer_count.sum())
    rows = bases.left_join(spent, "age").select("age", "base", monetary=_.monetary.fill_null(0).cast(MONEY_TYPE))
    return rows.order_by("age")


def naive_values(figures: pd.DataFrame, ages: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Compute the three values of a customer that spreadsheets know, from what the two queries gave.

    Returns
    -------
    A row each for "arpu_lifetime" (ARPU a month × mean months from first to last purchase), "arpu_churn" (ARPU a month
    ÷ monthly churn, made from who was kept over `days`) and "revenue_survival" (revenue of each month of age by all
    customers who reached it, summed over the ages that 30 customers reached): method, value, months (how long it
    counts; unknown where it never ends), base. Unknown where nobody is left to divide by.
    """
    one, months = figures.iloc[0], days / DAYS_A_MONTH
    unknown = float("nan")
    arpu = one["monetary"] / one["active_customers"] / months if one["active_customers"] else unknown
    life = one["mean_life_days"] / DAYS_A_MONTH if one["customer_count"] else unknown
    kept = one["kept_customers"] / one["earlier_customers"] if one["earlier_customers"] else unknown
    churn = 1 - kept ** (1 / months)
    ends = 1 / churn if churn > 0 else unknown
    old = ages[ages["base"] >= FEWEST_AT_AGE]
    values = {
        "arpu_lifetime": (arpu * life, life, one["active_customers"]),
        "arpu_churn": (arpu * ends, ends, one["earlier_customers"]),
        "revenue_survival": (
            float((old["monetary"] / old["base"]).sum()) if len(old) else unknown,
            float(len(old)),
            old["base"].max() if len(old) else 0,
        ),
    }
    rows = [(method, *facts) for method, facts in values.items()]
    return pd.DataFrame(rows, columns=["method", "value", "months", "base"]).astype({"value": float, "base": np.int64})
