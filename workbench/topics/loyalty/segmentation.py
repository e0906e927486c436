"""Loyal, flexible, lapsed (忠诚 / 弹性 / 流失): each customer judged by their own rhythm of visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, get_args

import ibis
import ibis.expr.types as ir

from workbench.analyses.choices import check_choice
from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import Ground, Segment, register
from workbench.analyses.visit_rhythm import (
    HUNDRED,
    check_days,
    check_share,
    pooled_interval,
    return_limit,
    visit_days,
    visit_rhythm,
)
from workbench.errors import ChoiceError

LoyaltyCountBy = Literal["visit", "purchase"]
ShareOf = Literal["rhythm", "place"]

LOYALTY: tuple[Segment, ...] = (
    Segment(
        "loyal",
        {"en": "Loyal", "zh": "忠诚客户"},
        {
            "en": "Comes regularly, keeps the share of visits asked for, and is not overdue.",
            "zh": "到店规律，到店占比达标，且未逾期。",
        },
    ),
    Segment(
        "flexible",
        {"en": "Flexible", "zh": "弹性客户"},
        {
            "en": "Not overdue as far as can be told, but irregular, too few visits to tell, or partly elsewhere.",
            "zh": "尚不能判为逾期，但到店不规律、次数太少而无法判断，或有一部分去了别处。",
        },
    ),
    Segment(
        "lapsed",
        {"en": "Lapsed", "zh": "流失客户"},
        {
            "en": "Silent for longer than their own rhythm allows, chance included; who came once: the rhythm of all.",
            "zh": "沉默时间已超过自身节奏（只来过一次的按总体节奏）所允许的天数，且超出偶然波动。",
        },
    ),
)
LOYALTY_EVIDENCE = (
    "visit_count", "usual_interval_days", "median_interval_days", "interval_variation", "visit_share",
    "silent_days", "limit_days", "silence_ratio", "expected_on",
)  # fmt: skip
TENTHS = 10
LONGEST = 20.0
"""Beyond exp(20) spans nobody waits: more than the age of any data, and still a number."""
REGULAR_BELOW = (
    0, 6, 24, 36, 43, 48, 51, 54, 56, 58, 59, 61, 62, 63, 64, 65, 66, 67, 68, 68,
    69, 69, 70, 71, 71, 72, 72, 72, 73, 73, 74, 74, 74, 75, 75, 75, 75, 76, 76, 76,
    76, 77, 77, 77, 77, 78, 78, 78, 78, 78, 79, 79, 79, 79, 79, 79, 80, 80, 80, 80,
)  # fmt: skip
"""The interval variation, in hundredths, below which 1, 2, 3 … intervals are no chance: 5 % of random ones lie there.

For as many intervals between visits that fall anywhere (exponential ones); drawn a million times or more for each
number, with seed 2026, and rounded down so far that a variation of two decimals is none of chance's more often. More
intervals are judged like the last.
"""


@dataclass(frozen=True, kw_only=True)
class LoyaltySegmentation:
    """Every customer is lapsed, loyal or flexible; the first of these that fits, in this order.

    **Usual interval.** A customer of n visits has n - 1 intervals of their own; the pool lends `prior_weight` intervals
    of its median length: usual = (prior_weight x pooled + days from first to last visit) / (prior_weight + n - 1).
    Those who came often are judged by themselves, those who came twice or three times largely by the pool
    (credibility; Bühlmann 1967). It is rounded to a tenth of a day, so that the figures shown can be worked out again.

    **Lapsed** is who came twice or more and has been silent for more than `patience` usual intervals (compared to two
    decimals; exactly as many is not lapsed), and longer than chance would keep them away: if a customer's n visits fell
    anywhere, the last of them would lie as early with (span / (span + silence))^(n - 1), whatever their rate, and that
    has to be below exp(-patience), 5 in 100 with the default of three. With many visits the two say the same; after
    two visits it takes a silence of 19 times the interval between them, for one interval says little. Who came once has
    no interval and is judged by the pool's: lapsed when silent for longer than the days within which `return_share` of
    those who came a second time had done so.

    **Loyal** is who has `fewest_visits` or more, an interval variation of at most `most_variation` (0 a clock, 1
    chance; 0.75 lies between Erlang-1 and Erlang-2 arrivals) and small enough to be no chance (`REGULAR_BELOW`: 5 in
    100 of those who come purely by chance vary as little), and a share of visits of at least `least_share`. With
    `share_of="rhythm"` that is the visits of the last `recent_days` by those their usual interval lets expect in them
    (whole visits, rounded down; where none is expected yet, none can be missed). With "place" it is the share of their
    visits in their main shop or region: who has none known is not loyal.

    **Flexible** is everybody else. Where nobody came twice there is no rhythm to judge by, and all are flexible.

    Attributes
    ----------
    count_by
        "visit": days of purchase and days on which the customer came in person; "purchase": days of purchase alone.

    References
    ----------
    P. A. P. Moran, "The random division of an interval", Journal of the Royal Statistical Society Supplement 9 (1947),
    for how much intervals between random visits vary; H. Bühlmann, "Experience rating and credibility", ASTIN Bulletin
    4 (1967); Platzer and Reutterer (2016) and Cunningham (1961) as in `visit_rhythm`. The three groups are those of the
    car-service trade.
    """

    kind: ClassVar[str] = "loyalty"
    names: ClassVar[Mapping[str, str]] = {"en": "Loyal, flexible, lapsed", "zh": "忠诚 / 弹性 / 流失"}
    segments: ClassVar[Sequence[Segment]] = LOYALTY
    evidence: ClassVar[Sequence[str]] = LOYALTY_EVIDENCE

    count_by: LoyaltyCountBy = "visit"
    prior_weight: float = 2.0
    patience: float = 3.0
    return_share: float = 0.90
    fewest_visits: int = 4
    most_variation: float = 0.75
    share_of: ShareOf = "rhythm"
    least_share: float = 0.75
    recent_days: int = 365

    def __post_init__(self) -> None:
        check_choice("count_by", self.count_by, get_args(LoyaltyCountBy))
        check_choice("share_of", self.share_of, get_args(ShareOf))
        check_days(recent_days=self.recent_days, fewest_visits=self.fewest_visits)
        check_share(return_share=self.return_share, least_share=self.least_share)
        if self.patience <= 0 or self.prior_weight < 0 or self.most_variation < 0:
            raise ChoiceError("loyalty_rules")

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the evidence; `limit_days` is the silence up to which one is not lapsed."""
        return self.judge(rhythm_evidence(ground, self))

    def judge(self, judged: ir.Table) -> ir.Table:
        """Do what `assign` does with the `rhythm_evidence` at hand: who moves a threshold keeps that."""
        limit = self._limit(judged)
        return judged.select(
            "customer_id",
            segment=self.segment_of(judged),
            **{
                name: judged[name]
                for name in LOYALTY_EVIDENCE
                if name not in ("visit_share", "limit_days", "silence_ratio")
            },
            visit_share=judged[f"{self.share_of}_share"] / HUNDRED,
            limit_days=limit,
            silence_ratio=judged.silence_ratio / HUNDRED,
        ).select("customer_id", "segment", *LOYALTY_EVIDENCE)

    def _limit(self, judged: ir.Table) -> ir.Value:
        usual = rounded(judged.usual_interval_days * self.patience, 1)
        own = ibis.greatest(usual, self._chance_limit(judged) / TENTHS)
        return ibis.ifelse(judged.visit_count > 1, own, judged.return_limit_days.cast("float64"))

    def _chance_limit(self, judged: ir.Table) -> ir.Value:
        """Return, in tenths of a day, the silence beyond which chance does not keep a customer of such visits away."""
        intervals = (judged.visit_count - 1).nullif(0)
        beyond = ibis.least(self.patience / intervals.cast("float64"), LONGEST)
        return (judged.span_days * (beyond.exp() - 1) * TENTHS).round().cast("int64")

    def segment_of(self, judged: ir.Table) -> ir.Value:
        """Return the group of each row of `rhythm_evidence`."""
        return group_of(self.has_gone(judged), self.comes_regularly(judged))

    def has_gone(self, judged: ir.Table) -> ir.Value:
        """Say of each row of `rhythm_evidence` whether the silence is longer than the rhythm allows."""
        once_gone = (judged.visit_count == 1) & (judged.silent_days > judged.return_limit_days)
        gone = (judged.visit_count > 1) & (judged.silence_ratio > in_hundredths(self.patience))
        gone &= judged.silent_days * TENTHS > self._chance_limit(judged)
        return (once_gone | gone).fill_null(False)

    def comes_regularly(self, judged: ir.Table) -> ir.Value:
        """Say of each row of `rhythm_evidence` whether the visits are as many, as regular and as undivided as asked."""
        share = judged[f"{self.share_of}_share"] >= in_hundredths(self.least_share)
        if self.share_of == "rhythm":
            share = judged.rhythm_share.isnull() | share
        place = ibis.least(ibis.greatest(judged.visit_count - 2, 0), len(REGULAR_BELOW) - 1).cast("int32")
        chance = ibis.literal(REGULAR_BELOW, "array<int64>")[place]
        regular = (judged.interval_variation * HUNDRED).round() <= ibis.least(
            chance, in_hundredths(self.most_variation)
        )
        return ((judged.visit_count >= self.fewest_visits) & regular & share).fill_null(False)

    def as_dict(self) -> dict[str, Any]:
        """Return the kind and every rule as plain values."""
        return {"kind": self.kind, **asdict(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> LoyaltySegmentation:
        """Read back what `as_dict` gave."""
        return cls(**{name: value for name, value in plain.items() if name != "kind"})


def rhythm_of(ground: Ground, *, count_by: LoyaltyCountBy = "visit", recent_days: int = 365) -> ir.Table:
    """Return the `visit_rhythm` of a ground's customers, computed once (`ground.keep`)."""
    interactions = ground.table("interactions") if count_by == "visit" else None
    days = visit_days(ground.table("transactions"), as_of=ground.as_of, interactions=interactions)
    return ground.keep(visit_rhythm(days, as_of=ground.as_of, recent_days=recent_days))


def rhythm_evidence(ground: Ground, rules: LoyaltySegmentation) -> ir.Table:
    """Set beside each customer's rhythm what they are judged by; no threshold of the three groups is needed for it.

    Returns
    -------
    One row per customer of `ground.facts`: the columns of `visit_rhythm`, and usual_interval_days (one decimal),
    expected_on (last visit plus the usual interval), return_limit_days (of the pool), and in whole hundredths
    silence_ratio (silence by usual interval), rhythm_share (recent visits by expected ones) and place_share.
    """
    rhythm = rhythm_of(ground, count_by=rules.count_by, recent_days=rules.recent_days)
    known = ground.facts.select("customer_id").inner_join(rhythm, "customer_id")
    known = known.cross_join(pooled_interval(rhythm), return_limit(rhythm, share=rules.return_share))
    # Where nothing is lent, null (nobody came twice) times nothing must not take a customer's own interval away.
    lent = known.pooled_interval_days * rules.prior_weight if rules.prior_weight else ibis.literal(0.0)
    weight = rules.prior_weight + known.visit_count - 1
    usual = known.mutate(usual_interval_days=rounded((lent + known.span_days.cast("float64")) / weight.nullif(0), 1))
    expected = (usual.recent_window_days / usual.usual_interval_days).floor().cast("int64").nullif(0)
    ahead = usual.usual_interval_days.round().cast("int64")
    return usual.mutate(
        expected_on=(usual.last_visit_on + ahead.as_interval("D")).cast("date"),
        silence_ratio=(usual.silent_days / usual.usual_interval_days.nullif(0) * HUNDRED).round().cast("int64"),
        rhythm_share=(usual.recent_visit_count * HUNDRED) // expected,
        place_share=(usual.main_place_share * HUNDRED).round().cast("int64"),
    )


def group_of(has_gone: ir.Value, comes_regularly: ir.Value) -> ir.Value:
    """Return the group of who has gone or not, and comes regularly or not."""
    return ibis.cases((has_gone, "lapsed"), (comes_regularly, "loyal"), else_="flexible")


def in_hundredths(value: float) -> int:
    """Return a rule as the whole hundredths in which it is compared, so that no float decides who crosses a line.

    >>> in_hundredths(0.75), in_hundredths(3)
    (75, 300)
    """
    return round(value * HUNDRED)


register(LoyaltySegmentation.kind, LoyaltySegmentation.from_dict)
