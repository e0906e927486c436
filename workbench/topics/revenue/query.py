"""The key figures of a period beside those of the period before: revenue, customers, orders, NPS and CSAT."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from workbench.analyses.calendar import begin_of, begins_late, every_period
from workbench.analyses.facts import sale_count
from workbench.analyses.small_groups import SMALLEST_GROUP
from workbench.errors import ChoiceError
from workbench.topics.satisfaction.query import csat, nps

KEY_FIGURES = ("revenue", "order_count", "average_order_value", "active_customers", "new_customers", "nps", "csat")
IN_POINTS = ("nps", "csat")
"""Figures that are compared by their difference: nobody speaks of an NPS that grew by a share of itself."""


def key_figures(
    transactions: ir.Table,
    surveys: ir.Table,
    *,
    since: date,
    until: date,
    as_of: date,
    before: tuple[date, date] | None = None,
    smallest: int = SMALLEST_GROUP,
    fewest_customers: int = 1,
) -> ir.Table:
    """Measure the days from `since` to `until`, both included, and the period before.

    Give the tables with their history: customers are new when their first purchase of all lies in the period. Where
    `until` lies after `as_of` the period is incomplete, and only the days up to `as_of` count. The period `before`
    is, unless given, the days just before `since`, as many as count. Fewer respondents than `smallest` have no score;
    sales to fewer customers than `fewest_customers` (none apart) are not shown.

    Returns
    -------
    Two rows, `period` "this" and "before", with since, until, revenue (all lines not cancelled, refunds with their
    minus), nameless_revenue (of it what no customer is known for), order_count (`sale_count`: orders of known customers
    and of unknown ones), average_order_value (revenue / order_count), active_customers (known ones who purchased),
    new_customers (of these), nps (points), nps_error, nps_base, csat (share), csat_low, csat_high, csat_base,
    is_incomplete (the period had not ended at `as_of`), has_sales_base and has_survey_base (the data reach back to the
    period's first day).
    """
    days = measured_days(since=since, until=until, as_of=as_of, before=before)
    return figures_of_days(transactions, surveys, **days, smallest=smallest, fewest_customers=fewest_customers)


class MeasuredDays(TypedDict):
    """The days of a period and of the one before, first and last, and which of the two have not ended."""

    since: date
    until: date
    is_incomplete: bool
    since_before: date
    until_before: date
    was_incomplete: bool


def measured_days(*, since: date, until: date, as_of: date, before: tuple[date, date] | None = None) -> MeasuredDays:
    """Return which days `key_figures` measures, and which of the two periods have not ended: for `figures_of_days`."""
    if since > until:
        raise ChoiceError("period_reversed", since=since, until=until)
    until_known = max(min(until, as_of), since)
    if before is None:
        length = until_known - since
        before = (since - length - timedelta(days=1), since - timedelta(days=1))
    return {
        "since": since,
        "until": until_known,
        "is_incomplete": until > as_of,
        "since_before": before[0],
        "until_before": before[1],
        "was_incomplete": before[1] > as_of,
    }


def figures_of_days(
    transactions: ir.Table,
    surveys: ir.Table,
    *,
    since: date | ir.DateScalar,
    until: date | ir.DateScalar,
    is_incomplete: bool,
    since_before: date | ir.DateScalar,
    until_before: date | ir.DateScalar,
    was_incomplete: bool,
    smallest: int = SMALLEST_GROUP,
    fewest_customers: int = 1,
) -> ir.Table:
    """Do what `key_figures` does with its `measured_days`: one query for all days."""
    smallest_shown = (smallest, fewest_customers)
    this = _period("this", transactions, surveys, (since, until), smallest_shown, is_incomplete=is_incomplete)
    days_before = (since_before, until_before)
    earlier = _period("before", transactions, surveys, days_before, smallest_shown, is_incomplete=was_incomplete)
    return this.union(earlier).order_by(ibis.desc("period"))


def compare_periods(rows: pd.DataFrame) -> pd.DataFrame:
    """Set the two rows of `key_figures` beside each other, one row per figure.

    Returns
    -------
    figure (KEY_FIGURES), value, before, change (a share of the value before; for nps points, for csat a difference of
    shares), is_incomplete. The change is unknown where there is no base: no value before, none above zero, or data
    that begin after the earlier period did.
    """
    this, before = (rows[rows["period"] == name].iloc[0] for name in ("this", "before"))
    changes = []
    for figure in KEY_FIGURES:
        value, base = (float(row[figure]) if pd.notna(row[figure]) else float("nan") for row in (this, before))
        known = bool(before["has_survey_base" if figure in IN_POINTS else "has_sales_base"])
        change = float("nan")
        if known and figure in IN_POINTS:
            change = value - base
        elif known and base > 0:
            change = value / base - 1
        changes.append((figure, value, base, change, bool(this["is_incomplete"])))
    return pd.DataFrame(changes, columns=["figure", "value", "before", "change", "is_incomplete"])


def revenue_by_month(
    transactions: ir.Table, *, as_of: date, since: date | None = None, data_from: date | None = None
) -> ir.Table:
    """Sum up revenue, orders and customers month by month, from the first line (or `since`) to the month of `as_of`.

    A month without lines has a revenue of 0 and no average. A month is incomplete that ends after `as_of`, begins
    before `since`, or is the one in which the data begin, where they begin late in it (`begins_late`). Definitions as
    in `key_figures`.

    Parameters
    ----------
    data_from
        The first day of the company's data, by default that of these lines. Give it where the lines are a part of
        them: a region whose first sale came late in a month was there before.

    Returns
    -------
    month (its first day), revenue, order_count, average_order_value, active_customers, is_incomplete; in order of time.
    """
    began = transactions.aggregate(data_from=transactions.day.min())
    lines = lines_between(transactions, as_of=as_of, since=since)
    sums = _sums(lines.mutate(month=begin_of("month", lines.day)), by="month")
    months = every_period(sums, "month", as_of=as_of).cross_join(began)
    begin = months.data_from if data_from is None else ibis.date(data_from)
    begins_early = ibis.literal(False) if since is None else months.month < ibis.date(since)
    return months.select(
        "month",
        revenue=months.revenue.fill_null(0),
        order_count=months.order_count.fill_null(0),
        average_order_value="average_order_value",
        active_customers=months.active_customers.fill_null(0),
        is_incomplete=months.is_incomplete | begins_early | begins_late(months.month, begin),
    ).order_by("month")


def beside_year_before(months: ir.Table, earlier: ir.Table) -> ir.Table:
    """Set the revenue of the same month a year before beside each month; both as `revenue_by_month` gives them.

    Only whole months are compared: where one of the two is incomplete, or the earlier one is not there, both new
    columns are unknown; the change is, too, where the earlier revenue was not above zero.

    Returns
    -------
    The columns of `months`, revenue_year_before, revenue_change (a share of it); in order of time.
    """
    whole = earlier.filter(~earlier.is_incomplete)
    then = whole.select(month=(whole.month + ibis.interval(years=1)).cast("date"), revenue_year_before=whole.revenue)
    joined = months.left_join(then, "month")
    known = joined.is_incomplete.ifelse(ibis.null(whole.revenue.type()), joined.revenue_year_before)
    base = (known > 0).ifelse(known.cast("float64"), ibis.null("float64"))
    return joined.select(
        *months.columns, revenue_year_before=known, revenue_change=joined.revenue.cast("float64") / base - 1
    ).order_by("month")


def lines_between(transactions: ir.Table, *, as_of: date, since: date | None) -> ir.Table:
    """Return the lines from one day (or the first) to another, both included."""
    lines = transactions.filter(transactions.day <= ibis.date(as_of))
    return lines if since is None else lines.filter(lines.day >= ibis.date(since))


def _period(
    name: str,
    transactions: ir.Table,
    surveys: ir.Table,
    days: tuple[date | ir.DateScalar, date | ir.DateScalar],
    smallest_shown: tuple[int, int],
    *,
    is_incomplete: bool,
) -> ir.Table:
    """Return one row: the figures of a period's days, first and last included."""
    first, last = (ibis.date(day) for day in days)
    smallest, fewest_customers = smallest_shown
    lines = transactions.filter(transactions.day.between(first, last))
    nameless = lines.aggregate(nameless_revenue=_.amount.sum(where=~_.is_cancelled & _.customer_id.isnull()))
    bought = transactions.filter(transactions.is_purchase, transactions.customer_id.notnull())
    began = bought.group_by("customer_id").aggregate(first_on=_.day.min())
    newcomers = began.filter(began.first_on.between(first, last)).aggregate(new_customers=_.count())
    reach = transactions.aggregate(has_sales_base=_.day.min() <= first)
    surveyed = surveys.aggregate(has_survey_base=_.day.min() <= first)
    answers = surveys.filter(surveys.day.between(first, last))
    promoted = nps(answers, smallest=smallest).select("nps", nps_error="standard_error", nps_base="base")
    satisfied = csat(answers, smallest=smallest).select("csat", csat_low="low", csat_high="high", csat_base="base")
    sales = _sums(lines).cross_join(nameless, newcomers, reach, surveyed, promoted, satisfied)
    row = sales.mutate(**{name: sales[name].fill_null(0) for name in ("revenue", "nameless_revenue")})
    too_few = (row.active_customers > 0) & (row.active_customers < fewest_customers)
    sold = ("revenue", "nameless_revenue", "order_count", "average_order_value", "active_customers", "new_customers")
    return row.select(
        period=ibis.literal(name),
        since=first,
        until=last,
        **{name: too_few.ifelse(ibis.null(row[name].type()), row[name]) for name in sold},
        **{name: row[name] for name in (*promoted.columns, *satisfied.columns)},
        is_incomplete=ibis.literal(is_incomplete),
        has_sales_base=row.has_sales_base.fill_null(False),
        has_survey_base=row.has_survey_base.fill_null(False),
    )


def _sums(lines: ir.Table, *, by: str | None = None) -> ir.Table:
    """Sum lines up, all together or by a column."""
    counted = lines.aggregate(
        by=[by] if by else [],
        revenue=_.amount.sum(where=~_.is_cancelled),
        order_count=sale_count(lines),
        active_customers=_.customer_id.nunique(where=_.is_purchase),
    )
    return counted.select(
        *([by] if by else []),
        "revenue",
        "order_count",
        "active_customers",
        average_order_value=counted.revenue.cast("float64") / counted.order_count.nullif(0),
    )
