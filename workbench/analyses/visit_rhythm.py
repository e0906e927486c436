"""Rhythm: how often and how regularly each customer comes, and the pool's interval for comparison."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.facts import VISIT_KINDS
from workbench.analyses.rounding import rounded
from workbench.errors import ChoiceError

HUNDRED = 100


def visit_days(transactions: ir.Table, *, as_of: date, interactions: ir.Table | None = None) -> ir.Table:
    """List the days on which customers came: bought, or (where `interactions` are given) came in person, to `as_of`.

    Several purchases on one day in one place are one visit. A visit without a purchase is an interaction of the kinds
    in VISIT_KINDS, as in `customer_facts`.

    Returns
    -------
    customer_id, day, place (the region the row itself names; null where it names none): one row for each combination.
    """
    seen = transactions.filter(_.is_purchase)
    rows = seen.select("customer_id", "day", place=_place(seen))
    if interactions is not None:
        came = interactions.filter(interactions.kind.isin(VISIT_KINDS))
        rows = rows.union(came.select("customer_id", "day", place=_place(came)))
    return rows.filter(_.customer_id.notnull(), _.day <= ibis.date(as_of)).distinct()


def _place(rows: ir.Table) -> ir.Value:
    return rows.region if "region" in rows.columns else ibis.null("string")


def visit_rhythm(days: ir.Table, *, as_of: date, recent_days: int = 365) -> ir.Table:
    """Measure each customer's rhythm: the days between one visit and the next, and the silence since the last.

    An interval is the number of days between two visits that follow each other; n visits have n - 1. Two visits on
    one day are one. Who came once has no interval, and with fewer than two intervals there is no variation: these are
    unknown, not zero. Days after `as_of` are left out, so that the same call gives the same answer next year.

    Parameters
    ----------
    days
        What `visit_days` gives.
    recent_days
        How many days up to `as_of` count as recent.

    Returns
    -------
    customer_id, visit_count (days with a visit), first_visit_on, last_visit_on, silent_days (`as_of` minus the last),
    span_days (last minus first), mean_interval_days, median_interval_days, first_interval_days (first visit to second),
    interval_variation (coefficient of variation: standard deviation of the intervals, n - 1 in the denominator, by
    their mean, rounded to two decimals; 0 is a clock, about 1 is chance), recent_visit_count (in the last
    `recent_days`, the very first visit left out, for nobody could expect it), recent_window_days (`recent_days`, or
    fewer where the first visit was later), main_place (where most visits were; of equals the first by name),
    main_place_share (its share of the visits whose place is known, in whole hundredths, rounded down).

    Raises
    ------
    ChoiceError
        For a window of no days.

    References
    ----------
    Regularity as the shape of the intervals: M. Platzer and T. Reutterer, "Ticking away the moments", Marketing Science
    35 (2016). The share of the main store as loyalty: R. M. Cunningham, "Customer loyalty to store and brand", Harvard
    Business Review 39 (1961).

    Examples
    --------
    >>> days = ibis.table({"customer_id": "string", "day": "date", "place": "string"}, name="days")
    >>> visit_rhythm(days, as_of=date(2024, 12, 31)).columns[:3]
    ('customer_id', 'visit_count', 'first_visit_on')
    """
    check_days(recent_days=recent_days)
    known = days.filter(days.day <= ibis.date(as_of))
    today, since = ibis.date(as_of), ibis.date(as_of - timedelta(days=recent_days))
    in_order = ibis.window(group_by="customer_id", order_by="day")
    single = known.select("customer_id", "day").distinct()
    steps = single.mutate(
        interval_days=single.day.delta(single.day.lag().over(in_order), unit="day"),
        nth=ibis.row_number().over(in_order),
    )
    rhythm = steps.group_by("customer_id").aggregate(
        visit_count=_.count(),
        first_visit_on=_.day.min(),
        last_visit_on=_.day.max(),
        mean_interval_days=_.interval_days.mean(),
        median_interval_days=_.interval_days.median(),
        deviation_days=_.interval_days.std(how="sample"),
        first_interval_days=_.interval_days.max(where=_.nth == 1),
        recent_visit_count=_.count(where=(_.day > since) & (_.nth > 0)),
    )
    placed = rhythm.left_join(_main_places(known), "customer_id")
    tenure = today.delta(placed.first_visit_on, unit="day")
    return placed.select(
        "customer_id",
        "visit_count",
        "first_visit_on",
        "last_visit_on",
        silent_days=today.delta(placed.last_visit_on, unit="day"),
        span_days=placed.last_visit_on.delta(placed.first_visit_on, unit="day"),
        mean_interval_days=placed.mean_interval_days,
        median_interval_days=placed.median_interval_days,
        first_interval_days=placed.first_interval_days,
        interval_variation=rounded(placed.deviation_days / placed.mean_interval_days, 2),
        recent_visit_count=placed.recent_visit_count,
        recent_window_days=ibis.least(tenure, recent_days),
        main_place=placed.main_place,
        main_place_share=placed.main_place_share,
    )


def _main_places(days: ir.Table) -> ir.Table:
    """Find where each customer came most often, and how large a share of the visits that is."""
    counted = days.filter(days.place.notnull()).group_by("customer_id", "place").aggregate(visits=_.count())
    of_customer = ibis.window(group_by="customer_id")
    ranked = counted.mutate(most=_.visits.max().over(of_customer), everywhere=_.visits.sum().over(of_customer))
    main = ranked.filter(ranked.visits == ranked.most).group_by("customer_id")
    return main.aggregate(
        main_place=_.place.min(),
        main_place_share=((_.most.max() * HUNDRED) // _.everywhere.max()) / HUNDRED,
    )


def pooled_interval(rhythm: ir.Table) -> ir.Table:
    """Return the interval of the pool: one row, pooled_interval_days, the median of the customers' own mean intervals.

    Each customer with two visits or more counts once, however often they came. Null where nobody came twice.
    """
    return rhythm.aggregate(pooled_interval_days=rhythm.mean_interval_days.median())


def return_limit(rhythm: ir.Table, *, share: float) -> ir.Table:
    """Return how long to wait for a second visit: one row, return_limit_days.

    The shortest number of days within which at least `share` of those who came a second time had come (the quantile
    of the first intervals, without interpolation, so that it is a number of days somebody waited). Those who never
    came again are not in it. Null where nobody did.
    """
    check_share(share=share)
    waited = rhythm.filter(rhythm.first_interval_days.notnull()).group_by("first_interval_days")
    counted = waited.aggregate(customers=_.count())
    reached = counted.mutate(
        so_far=_.customers.sum().over(ibis.cumulative_window(order_by="first_interval_days")),
        everyone=_.customers.sum().over(ibis.window()),
    )
    enough = reached.so_far * HUNDRED >= reached.everyone * round(share * HUNDRED)
    return reached.filter(enough).aggregate(return_limit_days=_.first_interval_days.min())


def check_days(**windows: int) -> None:
    """Raise a ChoiceError unless each of these is a whole number of days above zero."""
    for name, days in windows.items():
        if type(days) is not int or days <= 0:
            raise ChoiceError("rhythm_days", name=name, value=days)


def check_share(**shares: float) -> None:
    """Raise a ChoiceError unless each of these is a share above 0 and up to 1."""
    for name, share in shares.items():
        if not 0 < share <= 1:
            raise ChoiceError("rhythm_share", name=name, value=share)
