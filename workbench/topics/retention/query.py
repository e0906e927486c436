"""Cohorts: who bought first in the same month or quarter, and how many of them came in each one after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.calendar import MONTHS, Every, number_of_day, period_begin, period_number
from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.errors import ChoiceError

Definition = Literal["exact", "rolling", "within"]
"""Came in that very period; in that period or any later one; again within so many days of the first purchase."""
Sign = Literal["purchase", "line"]
"""What says that a customer came: a purchase, or any line, cancelled ones and refunds too."""


def cohort_retention(
    transactions: ir.Table,
    *,
    as_of: date,
    every: Every = "month",
    definition: Definition = "exact",
    span_days: int = 30,
    sign: Sign = "purchase",
    since: date | None = None,
    data_from: date | None = None,
) -> ir.Table:
    """Count, of those who first came in the same period (a cohort), who came how many periods later.

    Under "exact" a customer counts at age k who came in the k-th month (or quarter) after the first; under "rolling"
    who came in it or in any later one up to `as_of`, so that the last ages still grow; under "within" who came again,
    on another day, within `span_days` times k days of the own first day. A period that has not begun has no row, which
    is not the same as nobody. Days are those of the calendar, `as_of` included.

    Parameters
    ----------
    transactions
        The lines with their history: whoever bought earlier is in an earlier cohort. Lines of nobody known are left
        out, and so are refunds before a customer's first coming.
    since
        Only cohorts whose period begins on this day or later.
    data_from
        The first day of the company's data, by default that of these lines. The cohort of its period is `is_opening`:
        it holds everybody who was a customer before as well.

    Returns
    -------
    cohort (first day of its period), age (0 is the first period; under "within" the first day), base (customers of the
    cohort), active_customers, retention_rate (of the base), monetary (net amounts of the cohort: in the period; from it
    on; up to the day), monetary_rate (of that at age 0; unknown where that is not above zero), is_incomplete (the
    period, or somebody's days, had not ended at `as_of`), is_opening; by cohort and age.

    Raises
    ------
    ChoiceError
        Where a choice is not one of those named, or `span_days` is below 1.
    """
    for name, value, allowed in (("every", every, Every), ("definition", definition, Definition), ("sign", sign, Sign)):
        check_choice(name, value, get_args(allowed))
    if span_days < 1:
        raise ChoiceError("retention_span", days=span_days)
    ages = customer_ages(transactions, as_of=as_of, every=every, definition=definition, span_days=span_days, sign=sign)
    bases = ages.filter(ages.is_first).group_by("cohort").aggregate(base=_.count())
    cells = ages.group_by("cohort", "age").aggregate(
        customers=_.customer_id.count(where=_.counts_here), monetary=_.monetary.sum()
    )
    grid = _grid(bases, as_of=as_of, every=every, definition=definition, span_days=span_days)
    filled = grid.left_join(cells, ["cohort", "age"]).select(
        *grid.columns, customers=_.customers.fill_null(0), monetary=_.monetary.fill_null(0)
    )
    first = ibis.date(data_from) if data_from else transactions.aggregate(day=_.day.min()).day.as_scalar()
    counted = _added_up(filled, definition).mutate(
        whole=_.monetary.first().over(ibis.window(group_by="cohort", order_by="age"))
    )
    rows = counted.select(
        cohort=period_begin(counted.cohort, every),
        age=counted.age,
        base=counted.base,
        active_customers=counted.customers,
        retention_rate=counted.customers / counted.base,
        monetary=counted.monetary.cast(MONEY_TYPE),
        monetary_rate=(counted.whole > 0).ifelse(
            counted.monetary.cast("float64") / counted.whole.cast("float64"), ibis.null("float64")
        ),
        is_incomplete=counted.is_incomplete,
        is_opening=counted.cohort == period_number(first, every),
    )
    return (rows if since is None else rows.filter(rows.cohort >= ibis.date(since))).order_by("cohort", "age")


def customer_ages(
    transactions: ir.Table,
    *,
    as_of: date,
    every: Every = "month",
    definition: Definition = "exact",
    span_days: int = 30,
    sign: Sign = "purchase",
) -> ir.Table:
    """Give a row for each customer and age in which there is a line of theirs, from their first coming on.

    Returns
    -------
    customer_id, cohort (the number of its period), age, monetary, is_first (one row of each customer), counts_here: the
    customer adds to the count of this age; under "rolling" at the last age of theirs, under "within" at the first day
    and the first return.
    """
    known = transactions.filter(_.day <= ibis.date(as_of), _.customer_id.notnull())
    lines = (known if sign == "line" else known.filter(~known.is_cancelled)).mutate(
        came=ibis.literal(True) if sign == "line" else _.is_purchase,
        money=_.is_cancelled.ifelse(ibis.literal(0).cast(MONEY_TYPE), _.amount.fill_null(0)),
    )
    if definition == "within":
        return _ages_in_days(lines, every=every, span_days=span_days)
    periods = lines.group_by("customer_id", period=period_number(lines.day, every)).aggregate(
        monetary=_.money.sum(), came=_.came.any()
    )
    # Joined, not windowed: a window holds every row of the lines at once.
    ends = periods.filter(periods.came).group_by("customer_id").aggregate(cohort=_.period.min(), last=_.period.max())
    times = periods.join(ends, "customer_id")
    here = times.filter(times.period >= times.cohort)
    return here.select(
        "customer_id",
        "cohort",
        "monetary",
        age=here.period - here.cohort,
        is_first=here.period == here.cohort,
        counts_here=here.came if definition == "exact" else here.period == here["last"],
    )


def _ages_in_days(lines: ir.Table, *, every: Every, span_days: int) -> ir.Table:
    """Number the days since each customer's first by spans: 0 is the first, 1 the days 1 to `span_days` after it."""
    days = lines.group_by("customer_id", "day").aggregate(monetary=_.money.sum(), came=_.came.any())
    theirs = ibis.window(group_by="customer_id")
    begun = days.mutate(first_on=days.day.min(where=days.came).over(theirs))
    begun = begun.filter(begun.day >= begun.first_on)
    again = begun.came & (begun.day > begun.first_on)
    returned = begun.mutate(second_on=begun.day.min(where=again).over(theirs))
    age = (returned.day.delta(returned.first_on, unit="day") / span_days).ceil().cast("int64")
    is_first = returned.day == returned.first_on
    return returned.select(
        "customer_id",
        "monetary",
        cohort=period_number(returned.first_on, every),
        age=age,
        is_first=is_first,
        counts_here=(is_first | (returned.day == returned.second_on)).fill_null(False),
    )


def _grid(bases: ir.Table, *, as_of: date, every: Every, definition: Definition, span_days: int) -> ir.Table:
    """Give every cohort a row for each age that has begun by `as_of`, and say which had not ended."""
    now = number_of_day(as_of, every)
    ends = (as_of + timedelta(days=1)).day == 1 and as_of.month % MONTHS[every] == 0
    if definition != "within":
        grid = bases.select("cohort", "base", age=ibis.range(0, now - bases.cohort + 1).unnest())
        return grid.mutate(is_incomplete=(grid.cohort + grid.age == now) & ibis.literal(not ends))
    after = period_begin(bases.cohort + 1, every)
    today = ibis.date(as_of)
    # From the first day of the cohort's period for its first customer, from the last one for its last.
    begun = today.delta(period_begin(bases.cohort, every), unit="day")
    last = bases.mutate(begun=begun, known=today.delta(after, unit="day") + 1)
    grid = last.select(
        "cohort", "base", "known", age=ibis.range(0, (last.begun / span_days).ceil().cast("int64") + 1).unnest()
    )
    return grid.select("cohort", "base", "age", is_incomplete=grid.age * span_days > grid.known)


def _added_up(cells: ir.Table, definition: Definition) -> ir.Table:
    """Add counts and money up: from the last age down under "rolling", from the first one on under "within"."""
    if definition == "exact":
        return cells
    order = _.age.desc() if definition == "rolling" else _.age
    so_far = ibis.cumulative_window(group_by="cohort", order_by=order)
    added = cells.mutate(total=_.customers.sum().over(so_far), money=_.monetary.sum().over(so_far))
    # Whoever came again within some days is counted among those of the first day already: these are taken off.
    customers = added.total if definition == "rolling" else (added.age > 0).ifelse(added.total - added.base, added.base)
    return added.select("cohort", "base", "age", "is_incomplete", customers=customers, monetary=added.money)


def cohort_members(
    ages: ir.Table, *, cohort: date, age: int, every: Every = "month", definition: Definition = "exact"
) -> ir.Table:
    """Return who is counted in one cell of `cohort_retention`: customer_id and monetary (their part of the cell's).

    `ages` is what `customer_ages` gave for the same choices.
    """
    number = number_of_day(cohort, every)
    theirs = ages.filter(ages.cohort == number)
    within = {"exact": theirs.age == age, "rolling": theirs.age >= age, "within": theirs.age <= age}[definition]
    is_counted = within & theirs.counts_here
    if definition == "within":
        is_counted &= theirs.is_first if age == 0 else ~theirs.is_first
    sums = theirs.group_by("customer_id").aggregate(
        monetary=theirs.monetary.sum(where=within).cast(MONEY_TYPE), is_in=is_counted.any()
    )
    return sums.filter(sums.is_in).select("customer_id", "monetary")
