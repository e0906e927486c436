"""Potential high value: customers who are small today, but buy more and more, or are like those who are not small."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.beyond_chance import exceeds
from workbench.analyses.cents import next_cent
from workbench.analyses.exact_shares import share_count
from workbench.analyses.facts import standing_lines
from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import MONEY_TYPE, Ground, Segment, register
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.core_customers.query import SHARE_DECIMALS

TREND_PERIODS = 4
"""Spans of equal length in which purchases are counted for the trend."""
LIKENESS_COLUMNS = ("customer_type", "gender", "region", "city", "industry")
"""What likeness looks at: who customers are, not what they bought; the tier is left out, for it follows spend."""
SMALLEST_BASE = 30
"""A value of the profile that fewer customers have says nothing: its lift is 1."""


@dataclass(frozen=True, kw_only=True)
class PotentialSegmentation:
    """Find potential high value among those below `high_from`: growing first, else alike; the rest is ordinary.

    * high: net spend of at least `high_from` already.
    * growing: purchases (days with one) rise over four spans of `period_days` days each up to the day asked: the slope
      of a straight line through the four counts is above zero by at least `least_slope` purchases a span, on a base of
      at least `least_purchases` in all, and by more than chance would give: if each purchase had fallen into any of the
      four spans alike, the sum of their places would lie as high for at most 5 in 100 (`exceeds`, a closed form of the
      exact test for trend). Who first bought within the four spans has no trend yet, and is not called growing.
    * alike: the mean lift over the profile columns is at least `alike_from`. The lift of a value (a region, a
      customer type) is the share of high-value customers among those with the value, divided by the share among all;
      2 means twice as often. Values of fewer than 30 customers and unknown ones have lift 1; columns that nobody has
      are left out. It is a plain description of who is of high value, no forecast.

    Customers with the same purchases and the same profile are equal.

    Examples
    --------
    >>> PotentialSegmentation(high_from=5000).segments[1].names["zh"]
    '成长潜力'
    """

    high_from: float
    period_days: int = 90
    least_purchases: int = 3
    least_slope: float = 0.3
    alike_from: float = 1.5

    kind = "potential"
    names = MappingProxyType({"en": "Potential high value", "zh": "潜在高价值客户"})
    segments = (
        Segment("high", {"en": "High value", "zh": "高价值"}, {"en": "spends much already", "zh": "消费已高"}),
        Segment(
            "growing",
            {"en": "Potential: growing", "zh": "成长潜力"},
            {"en": "small, but buys more and more often", "zh": "目前不高，购买次数持续上升"},
        ),
        Segment(
            "alike",
            {"en": "Potential: alike", "zh": "相似潜力"},
            {"en": "small, but like those of high value", "zh": "目前不高，特征与高价值客户相近"},
        ),
        Segment("ordinary", {"en": "Ordinary", "zh": "一般客户"}, {"en": "none of these", "zh": "以上都不是"}),
    )
    evidence = (
        "monetary",
        "purchases",
        "slope",
        *(f"purchases_{place}" for place in range(1, TREND_PERIODS + 1)),
        "likeness",
    )

    def __post_init__(self) -> None:
        numbers = asdict(self)
        wrong = [name for name, value in numbers.items() if not math.isfinite(value)]
        wrong += [name for name in ("period_days", "least_purchases") if numbers[name] < 1]
        wrong += [name for name in ("least_slope", "alike_from") if numbers[name] <= 0]
        if wrong:
            raise ChoiceError("potential_numbers", names=sorted(set(wrong)))

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, spend, the purchases of the four spans (1 is the oldest), slope and likeness."""
        facts = ground.facts.select("customer_id", "monetary")
        placed = facts.left_join(self._purchases(ground), "customer_id").drop("customer_id_right")
        spans = [f"purchases_{place}" for place in range(1, TREND_PERIODS + 1)]
        placed = placed.mutate(**{name: placed[name].fill_null(0) for name in spans})
        middle = (TREND_PERIODS - 1) / 2
        weights = [place - middle for place in range(TREND_PERIODS)]
        slope = sum(placed[name].cast("float64") * weight for name, weight in zip(spans, weights, strict=True))
        placed = placed.mutate(
            slope=rounded(slope / sum(weight * weight for weight in weights), SHARE_DECIMALS),
            purchases=sum(placed[name] for name in spans),
            is_high=(placed.monetary.cast(MONEY_TYPE) >= Decimal(next_cent(self.high_from)).scaleb(-2)).fill_null(
                False
            ),
        )
        alike = placed.left_join(_likeness(placed, ground), "customer_id").drop("customer_id_right")
        # Places -3, -1, 1, 3, so that all is whole: each purchase adds 5 to the variance.
        rise = sum(alike[name] * (2 * place - TREND_PERIODS + 1) for place, name in enumerate(spans))
        is_sure = exceeds(rise, alike.purchases * 5) & alike.has_past.fill_null(False)
        is_growing = is_sure & (alike.purchases >= self.least_purchases) & (alike.slope >= self.least_slope)
        segment = ibis.cases(
            (alike.is_high, "high"),
            (is_growing, "growing"),
            (alike.likeness >= self.alike_from, "alike"),
            else_="ordinary",
        )
        return alike.select("customer_id", segment=segment, **{name: alike[name] for name in self.evidence})

    def _purchases(self, ground: Ground) -> ir.Table:
        """Count each customer's days of purchase in every span, the oldest first; and whether any came before."""
        lines = standing_lines(ground.table("transactions"), since=None, as_of=ground.as_of, refunds="net")
        days = lines.filter(lines.is_purchase)
        begin = ibis.date(ground.as_of - timedelta(days=self.period_days * TREND_PERIODS))
        counts: dict[str, ir.Value] = {"has_past": days.day.min() <= begin}
        for place in range(1, TREND_PERIODS + 1):
            last = ibis.date(ground.as_of - timedelta(days=self.period_days * (TREND_PERIODS - place)))
            first = ibis.date(ground.as_of - timedelta(days=self.period_days * (TREND_PERIODS - place + 1)))
            counts[f"purchases_{place}"] = days.day.nunique(where=(days.day > first) & (days.day <= last))
        return days.group_by("customer_id").aggregate(**counts)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"kind": self.kind, **asdict(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> PotentialSegmentation:
        """Read back what `as_dict` gave."""
        return cls(**{name: value for name, value in plain.items() if name != "kind"})


def high_value_from(facts: ir.Table, *, share: float = 0.20) -> float:
    """Return the spend from which a customer is among the first `share`; equals at the end are all among them.

    Raises NothingToShow where nobody has bought.
    """
    if not 0 < share < 1:
        raise ChoiceError("core_share", share=share)
    count = facts.aggregate(n=_.count()).to_pyarrow()["n"][0].as_py()
    if not count:
        raise NothingToShow("tier_nobody")
    # The least of the first, not one row after an OFFSET: some plans of Spark's skip rows that they have not ordered.
    first = facts.order_by(facts.monetary.desc()).limit(max(share_count(share, count), 1))
    return float(first.aggregate(least=_.monetary.min()).to_pyarrow()["least"][0].as_py())


def _likeness(placed: ir.Table, ground: Ground) -> ir.Table:
    """Average, over the profile columns that somebody has, how much more often a value is of high value than all."""
    people = ground.table("customers")
    columns = [name for name in LIKENESS_COLUMNS if name in people.columns]
    known = placed.select("customer_id", "is_high").left_join(people.select("customer_id", *columns), "customer_id")
    known = known.drop("customer_id_right")
    everyone = ibis.window()
    overall = known.is_high.cast("float64").mean().over(everyone)
    lifts, weights = [], []
    for name in columns:
        alike = ibis.window(group_by=known[name])
        rate = known.is_high.cast("float64").mean().over(alike)
        tells = known[name].notnull() & (known.customer_id.count().over(alike) >= SMALLEST_BASE) & (overall > 0)
        is_used = (known[name].count().over(everyone) > 0).cast("int64")
        lifts.append(ibis.ifelse(tells, rate / overall, 1.0) * is_used)
        weights.append(is_used)
    if not columns:
        return known.select("customer_id", likeness=ibis.literal(1).cast("float64"))  # 1.0 is a decimal on Spark
    mean = (sum(lifts[1:], lifts[0]) / sum(weights[1:], weights[0]).nullif(0)).fill_null(1.0)
    return known.select("customer_id", likeness=rounded(mean, SHARE_DECIMALS))


register(PotentialSegmentation.kind, PotentialSegmentation.from_dict)
