"""Each customer's months beside each other, and how far every one of them lies from what is usual for this customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from math import gcd
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.calendar import MONTHS, Every, months_before, number_of_day, period_begin, period_number
from workbench.analyses.choices import check_choice
from workbench.analyses.facts import standing_lines
from workbench.errors import ChoiceError
from workbench.topics.swings.beyond_own_past import SCORE_STEPS, SwingCuts

SwingMeasure = Literal["monetary", "purchase_days"]
SwingChange = Literal["lasting", "last"]

OF_MEDIAN = 1.4826
"""Times the median absolute deviation is the standard deviation, for a normal variable."""
OF_MEAN = 1.2533
"""The same for the mean absolute deviation."""
PARTS_USUAL = 3
"""How much the usual spread weighs beside a customer's own."""
ACTIVITY_GROUPS = 4
LEAST_HISTORY = 6
OTHER_ORDERS = 12
"""In so many orders beside the true one the periods are cut in two."""


def last_whole_period(as_of: date, every: Every) -> date:
    """Return the first day of the last month or quarter that had ended on a day.

    >>> last_whole_period(date(2024, 5, 30), "month"), last_whole_period(date(2024, 6, 30), "quarter")
    (datetime.date(2024, 4, 1), datetime.date(2024, 4, 1))
    """
    after = as_of + timedelta(days=1)
    begun = after.month - (after.month - 1) % MONTHS[every]
    return months_before(after.replace(month=begun, day=1), MONTHS[every])


def period_values(
    transactions: ir.Table,
    *,
    as_of: date,
    every: Every = "month",
    history: int = 12,
    measure: SwingMeasure = "monetary",
) -> ir.Table:
    """Give every customer known long enough a row for the last whole period and for each of the `history` before it.

    Customers count whose first purchase lies before the oldest of these periods, so that none of the periods is there
    because a customer first came in it, and who bought in at least one of them. A period without a purchase is a zero.

    Parameters
    ----------
    every
        A "month" or a "quarter"; one that had not ended at `as_of` is left out.
    history
        How many periods before the last one, 6 or more.
    measure
        "monetary": spend net of refunds, cancelled lines left out. "purchase_days": days with a purchase.

    Returns
    -------
    customer_id, place (0 is the last period, 1 the one before it, …), value and purchase_days.

    Raises
    ------
    ChoiceError
        Where `every` or `measure` is none of these, or `history` is below 6.
    """
    check_choice("every", every, get_args(Every))
    check_choice("measure", measure, get_args(SwingMeasure))
    if history < LEAST_HISTORY:
        raise ChoiceError("swings_history", history=history, least=LEAST_HISTORY)
    last = number_of_day(last_whole_period(as_of, every), every)
    lines = standing_lines(transactions, since=None, as_of=as_of, refunds="net")
    lines = lines.mutate(place=last - period_number(lines.day, every)).filter(_.place >= 0)
    first = lines.filter(lines.is_purchase).group_by("customer_id").aggregate(first_place=_.place.max())
    bought = lines.filter(lines.is_purchase, lines.place <= history).select("customer_id").distinct()
    known = first.filter(first.first_place > history).semi_join(bought, "customer_id")
    unnested = known.select("customer_id", place=ibis.range(0, history + 1).unnest())
    places = unnested.select("customer_id", place=unnested.place.cast("int64"))
    recent = lines.filter(lines.place <= history)
    days = recent.day.nunique(where=recent.is_purchase).cast("float64")
    value = recent.amount.sum().cast("float64") if measure == "monetary" else days
    values = recent.group_by("customer_id", "place").aggregate(value=value, purchase_days=days)
    dense = places.left_join(values, ["customer_id", "place"])
    filled = {name: dense[name].fill_null(0.0) for name in ("value", "purchase_days")}
    return dense.select("customer_id", "place", **filled)


def own_scores(values: ir.Table) -> ir.Table:
    """Say of each period how far it lies from the customer's own median, in spreads.

    What a whole period has in common is taken out first: each value is divided by how many of these customers bought in
    the period, compared with an average one. It is counted in the customer's own average purchases (below zero is none)
    and its root taken, so that who buys much swings no more than who buys little. The score is the distance to the
    customer's median over the spread: 1.4826 times the median absolute deviation or, where more than half of the
    periods are alike, 1.2533 times the mean one; squared and averaged, one part to three, with what is usual among
    customers as active, since a spread of a dozen periods is known poorly. All periods of a customer are treated alike,
    the last one too: where nothing has changed, its score is as likely to be that of any other.

    Parameters
    ----------
    values
        As `period_values` gives them.

    Returns
    -------
    customer_id, place, value, score_step (the score in thousandths, rounded; 0 where nothing spreads),
    activity_group (1 to 4: bought in up to a quarter of the periods, up to a half, …).

    References
    ----------
    B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers (1993), for the robust score; M. S. Bartlett, "The
    square root transformation in analysis of variance", Journal of the Royal Statistical Society Supplement 3 (1936);
    G. K. Smyth, "Linear models and empirical Bayes methods", Statistical Applications in Genetics and Molecular Biology
    3 (2004), for spreads drawn to what is usual.
    """
    came = values.group_by("place").aggregate(came=(_.value > 0).sum().cast("float64"))
    average = came.aggregate(average=_.came.mean())
    factors = came.cross_join(average).select("place", factor=_.came / _.average)
    own = values.group_by("customer_id").aggregate(
        purchase=_.value.sum() / _.purchase_days.sum().nullif(0.0),
        active=(_.value > 0).sum().cast("int64"),
        periods=_.count().cast("int64"),
    )
    group = (ACTIVITY_GROUPS * own.active + own.periods - 1) // own.periods
    own = own.select(
        "customer_id",
        purchase=ibis.ifelse(own.purchase > 0, own.purchase, 1.0),
        activity_group=ibis.greatest(group.cast("int64"), 1),
    )
    joined = values.inner_join(own, "customer_id").left_join(factors, "place")
    even = ibis.ifelse(joined.factor > 0, joined.value / joined.factor, joined.value)
    rooted = joined.select(
        "customer_id", "place", "value", "activity_group", root=ibis.greatest(even / joined.purchase, 0.0).sqrt()
    )
    middle = rooted.group_by("customer_id").aggregate(middle=_.root.median())
    apart = rooted.inner_join(middle, "customer_id").mutate(distance=(_.root - _.middle).abs())
    measured = apart.group_by("customer_id", "activity_group").aggregate(
        by_median=_.distance.median(), by_mean=_.distance.mean()
    )
    spread = measured.select(
        "customer_id",
        "activity_group",
        spread=ibis.ifelse(measured.by_median > 0, OF_MEDIAN * measured.by_median, OF_MEAN * measured.by_mean),
    )
    usual = spread.group_by("activity_group").aggregate(usual_spread=_.spread.median())
    drawn = spread.inner_join(usual, "activity_group")
    square = (drawn.spread * drawn.spread + PARTS_USUAL * drawn.usual_spread * drawn.usual_spread) / (1 + PARTS_USUAL)
    drawn = drawn.select("customer_id", square=square)
    scored = apart.inner_join(drawn, "customer_id")
    score = (scored.root - scored.middle) / scored.square.sqrt().nullif(0.0)
    return scored.select(
        "customer_id",
        "place",
        "value",
        "activity_group",
        score_step=(score.fill_null(0.0) * SCORE_STEPS).round().cast("int64"),
    )


def score_counts(scores: ir.Table) -> ir.Table:
    """Count how often each score occurs in the last period and in those before it: what `swing_cuts` judges by.

    Returns
    -------
    activity_group, score_step, last_count, earlier_count; by both names.
    """
    counted = scores.group_by("activity_group", "score_step").aggregate(
        last_count=(_.place == 0).sum().cast("int64"), earlier_count=(_.place > 0).sum().cast("int64")
    )
    return counted.order_by("activity_group", "score_step")


def lasting_scores(scores: ir.Table, *, periods: int) -> ir.Table:
    """Say how far periods after some moment lie from those before it, and how far if chance had ordered them.

    A customer's periods are cut in two where the parts differ most: the difference of the mean scores, times the root
    of later x earlier / all. Where nothing has changed, any order of a customer's periods is as likely as the true one;
    so the same is done with the periods in other orders, each by a step through them that meets all (every second,
    every third, … from another beginning).

    Parameters
    ----------
    scores
        As `own_scores` gives them.
    periods
        How many each customer has.

    Returns
    -------
    customer_id, place (0: as it happened; above: in another order), activity_group, score_step; as `score_counts`
    takes them.
    """
    orders = [(1, 0), *_other_orders(periods)]
    moved = [periods * place + (step * scores.place + begin) % periods for place, (step, begin) in enumerate(orders)]
    listed = scores.select("customer_id", "activity_group", "score_step", moved=ibis.array(moved).unnest())
    ordered = listed.select(
        "customer_id", "activity_group", "score_step", order=listed.moved // periods, place=listed.moved % periods
    )
    split = _best_split(ordered.mutate(order=_.order.cast("int64"), place=_.place.cast("int64")))
    return split.select("customer_id", "activity_group", place=split.order, score_step=split.score_step)


def judged_scores(scores: ir.Table, *, change: SwingChange, periods: int) -> ir.Table:
    """Return what is judged: the `last` period's scores as they are, or those of a change that is `lasting`."""
    check_choice("change", change, get_args(SwingChange))
    return lasting_scores(scores, periods=periods) if change == "lasting" else scores


def _other_orders(periods: int) -> list[tuple[int, int]]:
    """Return steps through a circle of so many places that meet each of them, with where they begin."""
    steps = [step for step in range(2, periods - 1) if gcd(step, periods) == 1]
    mixed = ((steps[place % len(steps)], (place + place // periods) % periods) for place in count())
    ways: dict[tuple[int, int], None] = {}
    while len(ways) < OTHER_ORDERS:
        ways[next(mixed)] = None
    return [*ways]


def _best_split(ordered: ir.Table) -> ir.Table:
    """Cut each customer's periods, in each order, in two where the parts differ most."""
    names = ["customer_id", "activity_group", "order"]
    up_to = ibis.window(group_by=names, order_by="place", preceding=(None, 0))
    whole = ibis.window(group_by=names)
    summed = ordered.mutate(
        recent=_.score_step.sum().over(up_to), total=_.score_step.sum().over(whole), periods=_.count().over(whole)
    )
    later = (summed.place + 1).cast("float64")
    earlier = (summed.periods - summed.place - 1).cast("float64")
    gap = summed.recent / later - (summed.total - summed.recent) / earlier.nullif(0.0)
    shift = gap * (later * earlier / summed.periods).sqrt()
    cut = summed.mutate(shift_step=shift.round().cast("int64")).filter(_.shift_step.notnull())
    farthest = cut.group_by(names).aggregate(farthest=_.shift_step.abs().max())
    reaching = cut.inner_join(farthest, names).filter(_.shift_step.abs() == _.farthest)
    first = reaching.group_by(names).aggregate(since_place=_.place.min())
    return first.inner_join(
        cut.select(*names, since_place=cut.place, score_step=cut.shift_step), [*names, "since_place"]
    )


def swing_list(
    scores: ir.Table, cuts: SwingCuts, *, as_of: date, every: Every = "month", judged: ir.Table | None = None
) -> ir.Table:
    """List the customers with their last period, what was usual before it, and whether they swung.

    Parameters
    ----------
    judged
        What the cuts are of, where it is not the scores themselves: `lasting_scores`.

    Returns
    -------
    customer_id, last_value, usual_value (the median of the periods before), own_score (of what is judged), swing
    ("risen", "fallen" or "unchanged") and changed_since: the first day of the period from which on, cut in two, the
    customer's periods differ most.
    """
    true_order = scores.mutate(order=ibis.literal(0, "int64"))
    since = _best_split(true_order).select("customer_id", "since_place")
    values = scores.filter(scores.place == 0).select("customer_id", last_value=_.value)
    usual = scores.filter(scores.place > 0).group_by("customer_id").aggregate(usual_value=_.value.median())
    of_all = scores if judged is None else judged
    last = of_all.filter(of_all.place == 0).select("customer_id", "activity_group", "score_step")
    for beside in (values, usual, since):
        last = last.inner_join(beside, "customer_id")
    return last.select(
        "customer_id",
        "last_value",
        "usual_value",
        own_score=last.score_step / SCORE_STEPS,
        swing=_swing(last, cuts),
        changed_since=period_begin(number_of_day(last_whole_period(as_of, every), every) - last.since_place, every),
    )


def swing_sizes(swings: ir.Table) -> ir.Table:
    """Count the customers of a `swing_list` by their swing, and add up what they bought and what was usual.

    Returns
    -------
    swing, customer_count, last_value, usual_value; by swing, without those that nobody has.
    """
    sizes = swings.group_by("swing").aggregate(
        customer_count=_.count(), last_value=_.last_value.sum(), usual_value=_.usual_value.sum()
    )
    return sizes.order_by("swing")


def longest_history(first_day: date, as_of: date, every: Every) -> int:
    """Return how many periods before the last whole one customers can be followed who bought before all of them.

    >>> longest_history(date(2023, 1, 5), date(2024, 3, 31), "month")
    13
    """
    return number_of_day(last_whole_period(as_of, every), every) - number_of_day(first_day, every) - 1


def _swing(last: ir.Table, cuts: SwingCuts) -> ir.StringValue:
    def beyond(steps: Mapping[int, int], *, above: bool) -> ir.BooleanValue:
        is_beyond: ir.BooleanValue = ibis.literal(False)
        for group, step in steps.items():
            reached = last.score_step >= step if above else last.score_step <= step
            is_beyond |= (last.activity_group == group) & reached
        return is_beyond

    risen, fallen = beyond(cuts.risen_from, above=True), beyond(cuts.fallen_from, above=False)
    return ibis.cases((risen, "risen"), (fallen, "fallen"), else_="unchanged")
