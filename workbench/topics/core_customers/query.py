"""Core customers: six weighted criteria, growth always among them, beside the rank by profit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.beyond_chance import worth_more
from workbench.analyses.calendar import begin_of, begins_late
from workbench.analyses.choices import check_choice
from workbench.analyses.facts import standing_lines
from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import MONEY_TYPE, Ground
from workbench.analyses.typed_text import typed_number
from workbench.errors import ChoiceError, NothingToShow

Criterion = Literal["influence", "share", "revenue", "word_of_mouth", "growth", "bad_times"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)

FULL_POINTS = 10_000
"""Points of the best customer in a criterion; the score is on the same scale, in whole points."""
HEAVIEST = 100
MONTHS_OF_A_YEAR = 12
MARKET = "market"
"""The usual measure of influence: the customer's part of the spend in its region."""
FEWEST_ORDERS = 3
"""Below so many purchases nobody's behaviour in weak months is judged."""
FEWEST_MONTHS = 6
"""Below so many whole months no trend can be told from a weak month."""
FEWEST_YEARS = 2
"""So often must a month of the year have been seen before a season is taken out of it."""
SHARE_DECIMALS = 9
"""Decimals to which shares are compared, so that no float's last digit decides."""


@dataclass(frozen=True, kw_only=True)
class CoreWeights:
    """How much each criterion counts, in whole numbers from 0 to 100; only their proportion matters.

    Growth may not be 0: a core score without it would be the rank by profit again.

    Examples
    --------
    >>> CoreWeights(growth=40).shares["growth"]
    0.4444444444444444
    """

    influence: int = 10
    share: int = 10
    revenue: int = 10
    word_of_mouth: int = 10
    growth: int = 20
    bad_times: int = 10

    def __post_init__(self) -> None:
        wrong = [
            name for name, weight in asdict(self).items() if type(weight) is not int or not 0 <= weight <= HEAVIEST
        ]
        if wrong:
            raise ChoiceError("core_weights", criteria=wrong, heaviest=HEAVIEST)
        if self.growth == 0:
            raise ChoiceError("core_growth_weight")

    @property
    def shares(self) -> dict[str, float]:
        """Each weight as a share of their sum."""
        weights = asdict(self)
        return {name: weight / sum(weights.values()) for name, weight in weights.items()}


def core_measures(ground: Ground, *, influence_by: str = MARKET, days: int = 365) -> ir.Table:
    """Measure the six criteria of every customer; what the store does not know is null, never zero.

    * influence: with `influence_by="market"` the customer's part of the spend in its region (who leads a market is
      looked at); or any numeric column of the customers' table, e.g. the cars of a fleet.
    * share: how many categories the customer buys from us; it stands in for our share of its wallet, which no shop
      knows.
    * revenue: net spend.
    * word_of_mouth: the customer's mean answer to the question of recommendation (surveys of kind "nps").
    * growth: spend of the last `days` days against the `days` before, (new - old) / (new + old), from -1 to 1; net
      amounts below zero count as 0. Where chance would make such a difference (`worth_more`, on the days' net amounts),
      it is 0: of customers who buy as ever at most 5 in 100 have another. Unknown for who first bought later than
      2 * `days` days ago, for then the old span holds no whole history of theirs, and for who bought in neither.
    * bad_times: the share of the customer's spend that fell in the company's weak months, the third whose revenue lies
      lowest beside its trend and season (`weak_months`; equal months are weak together). Months that are not whole
      count on neither side. Unknown below three purchases, and where there are fewer than six whole months.

    Returns
    -------
    customer_id, the six criteria, profit (margin; net spend where the store knows no cost at all).
    """
    facts = ground.facts
    lines = standing_lines(ground.table("transactions"), since=None, as_of=ground.as_of, refunds="net")
    joined = facts.left_join(_trade(lines, ground, days=days), "customer_id").drop("customer_id_right")
    answers = _recommendations(ground)
    if answers is not None:
        joined = joined.left_join(answers, "customer_id").drop("customer_id_right")
    joined = _with_influence(joined, ground, influence_by)
    old, new = (ibis.greatest(_[name].cast("float64").fill_null(0), 0) for name in ("old", "new"))
    has_base = joined.first_on <= ibis.date(ground.as_of - timedelta(days=2 * days))
    is_sure = worth_more(joined.gap, joined.squares, level=0.025) | worth_more(-joined.gap, joined.squares, level=0.025)
    change = ibis.ifelse(is_sure, rounded((new - old) / (new + old).nullif(0), SHARE_DECIMALS), 0.0)
    spend, compared = joined.monetary.cast("float64"), joined.compared_spend.cast("float64").fill_null(0)
    measured = joined.mutate(
        share=_.category_count.nullif(0).cast("float64"),
        revenue=spend,
        word_of_mouth=_.recommendation if answers is not None else ibis.null("float64"),
        growth=ibis.ifelse(has_base & (new + old > 0), change, None),
        bad_times=ibis.ifelse(
            (joined.order_count >= FEWEST_ORDERS) & (joined.month_count >= FEWEST_MONTHS) & (compared > 0),
            rounded(_.weak_spend.cast("float64").fill_null(0) / compared, SHARE_DECIMALS),
            None,
        ),
        profit=(joined.margin.count().over(ibis.window()) > 0).ifelse(joined.margin, joined.monetary),
    )
    return measured.select("customer_id", *CRITERIA, "profit")


def core_points(measures: ir.Table) -> ir.Table:
    """Turn the measures of `core_measures` into points by rank, and add the rank by profit.

    The lowest of those who are known has 0 points, the highest 10,000, equals the mean of their places; where all are
    equal, or one alone is known, it is 5,000. Unknown stays unknown.

    Returns
    -------
    The columns of `measures`; `<criterion>_points`; profit_rank (1 is the highest, equals share the best rank).
    """
    points = {f"{name}_points": _points(measures, name) for name in CRITERIA}
    profit = measures.profit
    rank = (ibis.rank().over(ibis.window(order_by=ibis.desc(profit, nulls_first=False))) + 1).cast("int64")
    return measures.mutate(**points, profit_rank=ibis.ifelse(profit.notnull(), rank, None))


def core_scores(points: ir.Table, *, weights: CoreWeights) -> ir.Table:
    """Add up the weighted points of `core_points`.

    A criterion unknown of a customer gives its weight to the known ones in proportion, and `known_weight` says which
    part of all weight rests on data. Without growth there is no score: who has no history cannot be core yet.

    Returns
    -------
    customer_id, the six criteria, score (0..10,000 whole points, rounded half up), core_rank (1 is the highest, equals
    share the best rank), known_weight (0..1), profit, profit_rank, rank_difference (profit_rank - core_rank: above
    zero where the core score thinks more of the customer than profit does).
    """
    weighted = {name: weight for name, weight in asdict(weights).items() if weight}
    earned = [(points[f"{name}_points"].fill_null(0) * weight).cast("int64") for name, weight in weighted.items()]
    counted = [points[f"{name}_points"].notnull().ifelse(weight, 0).cast("int64") for name, weight in weighted.items()]
    total, known = sum(earned[1:], earned[0]), sum(counted[1:], counted[0])
    score = ibis.ifelse(points.growth_points.notnull(), (2 * total + known) // (2 * known.nullif(0)), None)
    scored = points.mutate(score=score.cast("int64"), known_weight=known / sum(weighted.values()))
    by_score = ibis.window(order_by=ibis.desc(scored.score, nulls_first=False))
    rank = (ibis.rank().over(by_score) + 1).cast("int64")
    ranked = scored.mutate(core_rank=ibis.ifelse(scored.score.notnull(), rank, None))
    return ranked.select(
        "customer_id",
        *CRITERIA,
        "score",
        "core_rank",
        "known_weight",
        "profit",
        "profit_rank",
        rank_difference=_.profit_rank - _.core_rank,
    )


def core_tenths(scores: ir.Table) -> ir.Table:
    """Count the customers by tenth of the rank by profit and tenth of the rank by core score (1 is the best).

    A tenth goes by the shared rank of equals, so tenths can hold more or fewer than a tenth. Who lacks one of the
    ranks is in none.

    Returns
    -------
    profit_tenth, core_tenth, customer_count.
    """
    whole = scores.aggregate(profit_count=_.profit_rank.count())
    placed = scores.filter(_.score.notnull()).cross_join(whole)
    # Scores are few: they are counted first and ranked then, and nobody is sorted.
    counted = placed.group_by("score", profit_tenth=_tenth(placed.profit_rank, placed.profit_count)).aggregate(
        heads=_.count()
    )
    by_score = counted.group_by("score").aggregate(heads=_.heads.sum())
    so_far = ibis.cumulative_window(order_by=ibis.desc("score"))
    above = by_score.heads.sum().over(so_far) - by_score.heads
    ranked = by_score.select("score", core_tenth=_tenth(above + 1, by_score.heads.sum().over(ibis.window())))
    cells = counted.filter(_.profit_tenth.notnull()).inner_join(ranked, "score")
    summed = cells.group_by("profit_tenth", "core_tenth").aggregate(customer_count=_.heads.sum().cast("int64"))
    return summed.order_by("profit_tenth", "core_tenth")


def with_tenths(scores: ir.Table) -> ir.Table:
    """Add profit_tenth and core_tenth to what `core_scores` gave."""
    ranks = {name: scores[f"{name}_rank"] for name in ("profit", "core")}
    tenths = {f"{name}_tenth": _tenth(rank, rank.count().over(ibis.window())) for name, rank in ranks.items()}
    return scores.mutate(**tenths)


def _tenth(rank: ir.IntegerValue, count: ir.IntegerValue) -> ir.IntegerValue:
    return ((rank - 1) * 10 // count + 1).cast("int64")


def _trade(lines: ir.Table, ground: Ground, *, days: int) -> ir.Table:
    """Sum up spend, old, new, of whole months and of weak ones, and categories, by customer; count the months."""
    if days < 1:
        raise ChoiceError("core_days", days=days)
    split, start = (ibis.date(ground.as_of - timedelta(days=count)) for count in (days, 2 * days))
    dated = lines.mutate(month=begin_of("month", lines.day))
    known = dated.left_join(weak_months(lines, as_of=ground.as_of), "month").drop("month_right")
    if "category" not in known.columns:
        known = known.mutate(category=ibis.null("string"))
    summed = known.group_by("customer_id").aggregate(
        compared_spend=known.amount.sum(where=known.is_weak.notnull()),
        weak_spend=known.amount.sum(where=known.is_weak),
        month_count=known.month_count.max(),
        category_count=known.category.nunique(where=known.is_purchase),
    )
    # What was bought on one day was bought by one decision: days are compared, not lines.
    daily = (
        lines.filter(lines.day > start).group_by("customer_id", "day").aggregate(amount=_.amount.sum().cast(MONEY_TYPE))
    )
    exact = daily.amount.cast("float64")
    spans = daily.group_by("customer_id").aggregate(
        new=daily.amount.sum(where=daily.day > split),
        old=daily.amount.sum(where=daily.day <= split),
        gap=ibis.ifelse(daily.day > split, daily.amount, -daily.amount).sum(),
        squares=(exact * exact).sum(),
    )
    return summed.left_join(spans, "customer_id").drop("customer_id_right")


def weak_months(lines: ir.Table, *, as_of: date) -> ir.Table:
    """Find the company's weak months: the third whose revenue lies lowest beside what trend and season expect.

    Only whole months with sales are compared: none that ends after `as_of`, nor the first where the data begin late in
    it (`begins_late`). The trend is the straight line of least squares through their revenue. Revenue is divided by
    it; where a month of the year occurs in at least two years, also by the mean of that month's quotients, its season
    (ratio-to-trend, Persons 1919). So growth makes no early month weak, and no year's winter. Where trend or season
    expect nothing above zero the month is left out.

    Returns
    -------
    month (its first day), is_weak, month_count (of those compared).

    References
    ----------
    W. M. Persons, "Indices of business conditions", Review of Economic Statistics 1 (1919).
    """
    begun = lines.aggregate(data_from=lines.day.min())
    months = lines.group_by(month=begin_of("month", lines.day)).aggregate(revenue=_.amount.sum().cast("float64"))
    whole = months.cross_join(begun)
    after = ibis.date(as_of).cast("timestamp") + ibis.interval(days=1)
    ended = whole.month.cast("timestamp") + ibis.interval(months=1) <= after
    whole = whole.filter(ended, ~begins_late(whole.month, whole.data_from))
    everyone, of_year = ibis.window(), ibis.window(group_by="month_of_year")
    whole = whole.select(
        "month",
        "revenue",
        month_of_year=whole.month.month(),
        place=(whole.month.year() * MONTHS_OF_A_YEAR + whole.month.month()).cast("float64"),
    )
    from_mean = whole.mutate(off=_.place - _.place.mean().over(everyone), mean=_.revenue.mean().over(everyone))
    sums = from_mean.mutate(
        rise=(_.off * _.revenue).sum().over(everyone) / (_.off * _.off).sum().over(everyone).nullif(0)
    )
    trended = sums.mutate(beside_trend=_.revenue / _above_zero(_.mean + _.rise.fill_null(0) * _.off))
    seasonal = trended.mutate(
        season=ibis.ifelse(
            _.beside_trend.count().over(of_year) >= FEWEST_YEARS, _.beside_trend.mean().over(of_year), 1.0
        )
    )
    strength = seasonal.mutate(strength=rounded(_.beside_trend / _above_zero(_.season), SHARE_DECIMALS))
    known = strength.filter(_.strength.notnull())
    count = known.strength.count().over(everyone)
    return known.select(
        "month",
        is_weak=ibis.rank().over(ibis.window(order_by=known.strength)) * 3 < count,
        month_count=count,
    )


def _above_zero(value: ibis.Deferred) -> ibis.Deferred:
    return ibis.ifelse(value > 0, value, None)


def _recommendations(ground: Ground) -> ir.Table | None:
    """Average each customer's answers to the question of recommendation; None where surveys must not be shown."""
    try:
        surveys = ground.table("surveys")
    except NothingToShow:
        return None
    if "kind" in surveys.columns:
        surveys = surveys.filter(_.kind == "nps")
    answers = surveys.filter(_.customer_id.notnull(), _.score.notnull(), _.day.isnull() | (_.day <= ground.as_of))
    return answers.group_by("customer_id").aggregate(
        recommendation=rounded(_.score.cast("float64").mean(), SHARE_DECIMALS)
    )


def _with_influence(joined: ir.Table, ground: Ground, influence_by: str) -> ir.Table:
    """Add influence: the part of its market that the customer has, or a column of the customers."""
    if influence_by != MARKET:
        customers = ground.table("customers")
        check_choice("influence_by", influence_by, (MARKET, *customers.columns))
        influences = customers.select("customer_id", influence=_number(customers[influence_by]))
        return joined.left_join(influences, "customer_id").drop("customer_id_right")
    if "region" not in joined.columns:
        return joined.mutate(influence=ibis.null("float64"))
    spend = ibis.greatest(joined.monetary.cast("float64"), 0)
    market = spend.sum().over(ibis.window(group_by=joined.region)).nullif(0)
    return joined.mutate(influence=ibis.ifelse(joined.region.notnull(), rounded(spend / market, SHARE_DECIMALS), None))


def _number(column: ir.Value) -> ir.FloatingValue:
    return typed_number(column) if isinstance(column, ir.StringValue) else column.try_cast("float64")


def _points(measures: ir.Table, name: str) -> ir.IntegerValue:
    """Scale by rank, in whole numbers."""
    measure = measures[name]
    below = ibis.rank().over(ibis.window(order_by=ibis.asc(measure, nulls_first=False)))
    equal = measure.count().over(ibis.window(group_by=measure))
    last = measure.count().over(ibis.window()) - 1
    scaled = (FULL_POINTS * (2 * below + equal - 1) + last) // (2 * last).nullif(0)
    return ibis.ifelse(measure.notnull(), scaled.fill_null(FULL_POINTS // 2), None).cast("int64")
