"""Member tiers: thresholds on one measure, the names of the tiers, and what a member costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, get_args

import ibis
import ibis.expr.types as ir

from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import MONEY_TYPE, OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError

TierMeasure = Literal["monetary", "margin", "order_count", "visit_count", "purchase_days"]

MOST_TIERS = 6
STANDARD = ("Standard", "普通")
"""What those below the lowest threshold are called."""


@dataclass(frozen=True)
class Tier:
    """One tier: its names in English and Chinese, the value it begins with, and what one member costs in a year."""

    name_en: str
    name_zh: str
    begins: float
    budget: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.begins, self.budget))) or self.budget < 0:
            raise ChoiceError("tier_numbers", name=self.name_zh, begins=self.begins, budget=self.budget)


@dataclass(frozen=True, kw_only=True)
class TierSegmentation:
    """Put customers into tiers by thresholds on one measure, the highest tier first; the rest are standard.

    A tier holds its threshold, so equal customers have equal tiers. Who is below the lowest threshold, or has no
    value, is in `others`, which people call standard (普通). Evidence: the measure, and how much is missing to the
    next tier (null in the highest).

    Examples
    --------
    >>> design = TierSegmentation(tiers=(Tier("Gold", "金卡", 5000, 200), Tier("Silver", "银卡", 1000, 50)))
    >>> [segment.id for segment in design.segments]
    ['tier_1', 'tier_2', 'others']
    """

    tiers: tuple[Tier, ...]
    measure: TierMeasure = "monetary"

    kind = "tiers"
    names = MappingProxyType({"en": "Member tiers", "zh": "会员等级"})

    def __post_init__(self) -> None:
        check_choice("measure", self.measure, get_args(TierMeasure))
        if not 1 <= len(self.tiers) <= MOST_TIERS:
            raise ChoiceError("tier_count", count=len(self.tiers), most=MOST_TIERS)
        begins = [tier.begins for tier in self.tiers]
        if any(lower >= higher for higher, lower in pairwise(begins)):
            raise ChoiceError("tier_order", begins=begins)
        for names in ([tier.name_zh for tier in self.tiers], [tier.name_en for tier in self.tiers]):
            if len({*names, *STANDARD}) < len(names) + len(STANDARD) or not all(name.strip() for name in names):
                raise ChoiceError("tier_names", names=names)

    @property
    def segments(self) -> Sequence[Segment]:
        """The tiers, the highest first, then standard."""
        made = [
            Segment(f"tier_{place}", {"en": tier.name_en, "zh": tier.name_zh}, _meaning(tier))
            for place, tier in enumerate(self.tiers, start=1)
        ]
        below = {"en": "below the lowest threshold", "zh": "未达到最低门槛"}
        return (*made, Segment(OTHERS, {"en": STANDARD[0], "zh": STANDARD[1]}, below))

    @property
    def evidence(self) -> Sequence[str]:
        """The measure, and what is missing to the next tier."""
        return (self.measure, "to_next_tier")

    def place_of(self, name: Any) -> int:
        """Return the place of a tier by its name in either language, standard last; -1 for any other name."""
        for place, segment in enumerate(self.segments):
            if name in segment.names.values():
                return place
        return -1

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, the measure, and to_next_tier."""
        facts = ground.facts
        check_tier_measure(facts, self.measure)
        value = facts[self.measure].cast(MONEY_TYPE)
        begins = [ibis.literal(Decimal(hundredths(tier.begins)).scaleb(-2), MONEY_TYPE) for tier in self.tiers]
        reached = [(value >= begin, f"tier_{place}") for place, begin in enumerate(begins, start=1)]
        # The next tier of who is in tier n begins at n - 1; the highest has none.
        gaps = [(value >= begins[0], ibis.null(MONEY_TYPE))]
        gaps += [(value >= lower, (higher - value).cast(MONEY_TYPE)) for higher, lower in pairwise(begins)]
        gaps.append((value.notnull(), (begins[-1] - value).cast(MONEY_TYPE)))
        return facts.select(
            "customer_id",
            segment=ibis.cases(*reached, else_=OTHERS),
            **{self.measure: facts[self.measure]},
            to_next_tier=ibis.cases(*gaps, else_=ibis.null(MONEY_TYPE)),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        tiers = [
            {"en": tier.name_en, "zh": tier.name_zh, "begins": tier.begins, "budget": tier.budget}
            for tier in self.tiers
        ]
        return {"kind": self.kind, "measure": self.measure, "tiers": tiers}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> TierSegmentation:
        """Read back what `as_dict` gave."""
        tiers = tuple(Tier(tier["en"], tier["zh"], tier["begins"], tier.get("budget", 0.0)) for tier in plain["tiers"])
        return cls(tiers=tiers, measure=plain["measure"])


def check_tier_measure(facts: ir.Table, measure: str) -> None:
    """Raise a ChoiceError for a measure that is none, or that the facts do not have."""
    check_choice("measure", measure, get_args(TierMeasure))
    if measure not in facts.columns:
        raise ChoiceError("tier_column", missing=measure)


def hundredths(value: float) -> int:
    """Return the smallest number of hundredths that reaches a threshold.

    >>> hundredths(10.1), hundredths(10.101)
    (1010, 1011)
    """
    return math.ceil(Fraction(repr(float(value))) * 100)


def _meaning(tier: Tier) -> Mapping[str, str]:
    return {"en": f"from {tier.begins:g}", "zh": f"{tier.begins:g} 起"}


register(TierSegmentation.kind, TierSegmentation.from_dict)
