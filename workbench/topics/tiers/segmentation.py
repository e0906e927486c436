"""Member tiers: thresholds on one measure, what the tiers cost, and who moves up or down against today's tiers."""

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
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.choices import check_choice
from workbench.analyses.exact_shares import share_count
from workbench.analyses.segmentation import OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError, NothingToShow

TierMeasure = Literal["monetary", "margin", "order_count", "visit_count", "purchase_days"]
Move = Literal["up", "down", "same", "unknown"]

EXACT = "decimal(24, 2)"
MOST_TIERS = 6
USUAL_SHARES = (0.05, 0.20, 0.50)
"""The parts of the customers that `measured_tiers` puts into the highest tiers, added up."""
USUAL_NAMES = (("Diamond", "钻石"), ("Gold", "金卡"), ("Silver", "银卡"))
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
        if self.measure not in facts.columns:
            raise ChoiceError("tier_column", missing=self.measure)
        value = facts[self.measure].cast(EXACT)
        begins = [ibis.literal(Decimal(hundredths(tier.begins)).scaleb(-2), EXACT) for tier in self.tiers]
        reached = [(value >= begin, f"tier_{place}") for place, begin in enumerate(begins, start=1)]
        # The next tier of who is in tier n begins at n - 1; the highest has none.
        gaps = [(value >= begins[0], ibis.null(EXACT))]
        gaps += [(value >= lower, (higher - value).cast(EXACT)) for higher, lower in pairwise(begins)]
        gaps.append((value.notnull(), (begins[-1] - value).cast(EXACT)))
        return facts.select(
            "customer_id",
            segment=ibis.cases(*reached, else_=OTHERS),
            **{self.measure: facts[self.measure]},
            to_next_tier=ibis.cases(*gaps, else_=ibis.null(EXACT)),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        tiers = [
            {"en": tier.name_en, "zh": tier.name_zh, "begins": tier.begins, "budget": tier.budget}
            for tier in self.tiers
        ]
        return {"kind": self.kind, "measure": self.measure, "tiers": tiers}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> TierSegmentation:
        """Read back what `as_dict` gave."""
        tiers = tuple(Tier(tier["en"], tier["zh"], tier["begins"], tier.get("budget", 0.0)) for tier in given["tiers"])
        return cls(tiers=tiers, measure=given["measure"])


@dataclass(frozen=True)
class TierField:
    """The measure of everybody by the tier they have in the data, sorted, so that a threshold is only looked up.

    Attributes
    ----------
    values
        By the tier's name in the data (None where there is none): the values in hundredths, rising.
    """

    values: Mapping[str | None, NDArray[np.int64]]

    @classmethod
    def read(cls, columns: Mapping[str, NDArray[Any]]) -> TierField:
        """Build it from the columns that `tier_columns` gives; who has no value counts as lowest."""
        tiers = pd.Series(columns["tier"], dtype=object)
        codes, names = pd.factorize(tiers)
        hundredths_of = columns["hundredths"]
        found: dict[str | None, NDArray[np.int64]] = {
            str(name): np.sort(hundredths_of[codes == code]) for code, name in enumerate(names)
        }
        if (codes < 0).any():
            found[None] = np.sort(hundredths_of[codes < 0])
        return cls(found)

    @property
    def customer_count(self) -> int:
        """Everybody."""
        return sum(len(values) for values in self.values.values())

    def sizes(self, design: TierSegmentation) -> pd.DataFrame:
        """Count the members of every tier, and what they cost: segment, customer_count, customer_share, cost."""
        counts = sum((_split(values, design) for values in self.values.values()), np.zeros(len(design.segments), int))
        budgets = [*(tier.budget for tier in design.tiers), 0.0]
        return pd.DataFrame(
            {
                "segment": [segment.id for segment in design.segments],
                "customer_count": counts,
                "customer_share": counts / (self.customer_count or math.nan),
                "cost": counts * np.array(budgets),
            }
        )

    def moves(self, design: TierSegmentation, *, before: TierSegmentation | None = None) -> pd.DataFrame:
        """Count who moves from which tier to which: from_tier, segment, move, customer_count; nobody has no row.

        Without `before` the tiers in the data are the old ones, by their names; with it, its thresholds are.
        """
        if before is not None:
            if before.measure != design.measure:
                raise ChoiceError("tier_measures", before=before.measure, now=design.measure)
            every = np.sort(np.concatenate([*self.values.values(), np.zeros(0, dtype=np.int64)]))
            groups = dict(zip([s.names["zh"] for s in before.segments], _parts(every, before), strict=True))
            places = {name: place for place, name in enumerate(groups)}
        else:
            groups = {name: values for name, values in self.values.items() if name is not None}
            places = {name: design.place_of(name) for name in groups}
            if None in self.values:
                groups[""], places[""] = self.values[None], -1
        rows = []
        for name in sorted(groups, key=lambda name: (places[name] < 0, places[name], name)):
            for place, count in enumerate(_split(groups[name], design)):
                if count:
                    old = places[name] if before is None else _old_place(before, design, places[name])
                    rows.append((name, design.segments[place].id, move_of(old, place), int(count)))
        return pd.DataFrame(rows, columns=["from_tier", "segment", "move", "customer_count"])


def move_of(old: int, new: int) -> Move:
    """Say how a place moved; the highest tier is 0, and -1 is a tier the design does not know.

    >>> move_of(1, 0), move_of(0, 2), move_of(-1, 0)
    ('up', 'down', 'unknown')
    """
    if old < 0:
        return "unknown"
    return "same" if old == new else "up" if new < old else "down"


def tier_columns(facts: ir.Table, *, measure: TierMeasure = "monetary") -> ir.Table:
    """Condense the facts to what `TierField.read` takes: tier (of the data), and the measure in hundredths."""
    check_choice("measure", measure, get_args(TierMeasure))
    if measure not in facts.columns:
        raise ChoiceError("tier_column", missing=measure)
    lowest = np.iinfo(np.int64).min
    return facts.select(
        tier=facts.tier if "tier" in facts.columns else ibis.null("string"),
        hundredths=(facts[measure].cast(EXACT) * 100).cast("int64").fill_null(int(lowest)),
    )


def measured_tiers(
    field: TierField, *, shares: Sequence[float] = USUAL_SHARES, budgets: Sequence[float] = (500, 200, 50)
) -> tuple[Tier, ...]:
    """Propose diamond, gold and silver so that they hold the first `shares` of the customers, as far as ties allow.

    A threshold is the value of the customer at the end of the share. Where equals make two thresholds one, the lower
    tier is left out.
    """
    every = np.sort(np.concatenate([*field.values.values(), np.zeros(0, dtype=np.int64)]))[::-1]
    every = every[every > np.iinfo(np.int64).min]
    if not len(every):
        raise NothingToShow("tier_nobody")
    found: list[Tier] = []
    for (name_en, name_zh), share, budget in zip(USUAL_NAMES, shares, budgets, strict=True):
        begins = int(every[max(share_count(share, len(every)) - 1, 0)]) / 100
        if not found or begins < found[-1].begins:
            found.append(Tier(name_en, name_zh, begins, budget))
    return tuple(found)


def hundredths(value: float) -> int:
    """Return the smallest number of hundredths that reaches a threshold.

    >>> hundredths(10.1), hundredths(10.101)
    (1010, 1011)
    """
    return math.ceil(Fraction(repr(float(value))) * 100)


def _parts(rising: NDArray[np.int64], design: TierSegmentation) -> list[NDArray[np.int64]]:
    """Cut rising values into the tiers of a design, the highest first, standard last."""
    begins = [hundredths(tier.begins) for tier in design.tiers][::-1]
    return np.split(rising, np.searchsorted(rising, begins))[::-1]


def _split(rising: NDArray[np.int64], design: TierSegmentation) -> NDArray[np.int64]:
    """Count rising values by tier, the highest first, standard last."""
    return np.array([len(part) for part in _parts(rising, design)], dtype=np.int64)


def _old_place(before: TierSegmentation, design: TierSegmentation, place: int) -> int:
    """Find an old tier among the new ones by name; where names changed, by its distance from standard."""
    named = design.place_of(before.segments[place].names["zh"])
    return named if named >= 0 else max(len(design.segments) - len(before.segments) + place, 0)


def _meaning(tier: Tier) -> Mapping[str, str]:
    return {"en": f"from {tier.begins:g}", "zh": f"{tier.begins:g} 起"}


register(TierSegmentation.kind, TierSegmentation.from_dict)
