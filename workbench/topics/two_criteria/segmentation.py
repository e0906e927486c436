"""Two-criteria ABC: visits by spend in three levels each; the cells that the source rule leaves open stay visible."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.cents import next_cent
from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import MONEY_TYPE, OPEN, OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError

Visits = Literal["visit_count", "order_count", "purchase_days"]
Spend = Literal["monetary", "margin"]
CriterionLevel = Literal["low", "middle", "high"]
Policy = Literal["none", "better", "worse", "rank_sum"]

CRITERION_LEVELS: tuple[CriterionLevel, ...] = get_args(CriterionLevel)

UNKNOWN_LEVEL = "unknown"
"""The level of those whose visits or spend is not known, where cells are counted."""

DIAGONAL = MappingProxyType({("high", "high"): "A", ("middle", "middle"): "B", ("low", "low"): "C"})
"""All that the source rule says."""
OPEN_CELLS = tuple(f"{visits}_{spend}" for visits in CRITERION_LEVELS for spend in CRITERION_LEVELS if visits != spend)
PAINTS = ("A", "B", "C", OPEN)
RANKS = {"high": 1, "middle": 2, "low": 3}

GRID_NAMES = {"en": "Visits by spend ABC", "zh": "进店次数 × 消费金额 ABC"}
GRID_SEGMENTS = {
    "A": Segment("A", {"en": "A", "zh": "A 类"}, {"en": "comes often, spends much", "zh": "常来，花得多"}),
    "B": Segment("B", {"en": "B", "zh": "B 类"}, {"en": "in the middle of both", "zh": "两项都居中"}),
    "C": Segment("C", {"en": "C", "zh": "C 类"}, {"en": "comes seldom, spends little", "zh": "少来，花得少"}),
    OPEN: Segment(
        OPEN,
        {"en": "Open", "zh": "未定"},
        {"en": "the rule says nothing about this cell", "zh": "规则没有规定这一格归哪一类"},
    ),
    OTHERS: Segment(
        OTHERS,
        {"en": "Unknown", "zh": "未知"},
        {"en": "one of the two measures is not known", "zh": "两项指标中有一项未知"},
    ),
}


@dataclass(frozen=True)
class GridCuts:
    """Where the middle and the high level of each measure begin, in its own unit; a level holds its lower cut.

    With visits (3, 8) two visits are low, three middle, eight high. Equal cuts leave the middle empty.
    """

    visits: tuple[float, float]
    spend: tuple[float, float]

    def __post_init__(self) -> None:
        for name in ("visits", "spend"):
            cuts = tuple(float(cut) for cut in getattr(self, name))
            object.__setattr__(self, name, cuts)
            if len(cuts) != len(CRITERION_LEVELS) - 1 or not all(map(math.isfinite, cuts)) or cuts[0] > cuts[1]:
                raise ChoiceError("two_criteria_cuts", measure=name, value=list(cuts))

    @property
    def repeated(self) -> tuple[str, ...]:
        """The measures whose two cuts coincide, so that nobody is in the middle."""
        return tuple(name for name in ("visits", "spend") if len(set(getattr(self, name))) == 1)


@dataclass(frozen=True, kw_only=True)
class TwoCriteriaAbc:
    """Class customers by two measures at once, each in three levels: A is high in both, B middle, C low in both.

    The rule comes from car service (进店次数 × 消费金额) and names these three cells of nine only. The six others
    are "open" until somebody decides: by `policy`, or cell by cell in `painted`, which goes before the policy.
    "better" takes the better of the two levels (high is A, middle B, low C), "worse" the worse; "rank_sum" adds their
    ranks (1, 2, 3): up to 3 is A, 4 is B, 5 and more is C. The three named cells cannot be painted.

    Equal customers are equal, for cut points alone decide; a net value of zero or below is compared like any other.
    Who has no value in one of the measures (a margin without costs) is in `others`, shown as unknown.

    Parameters
    ----------
    visits, spend
        The two columns of the customer facts. Who came without ever buying has no facts and is not classed.
    cuts
        Where the levels begin (`two_criteria_cuts` measures them); kept, so that a later period is cut alike.
    painted
        Classes by cell, visits first: `{"high_middle": "A"}`; "open" leaves a cell open whatever the policy.

    Examples
    --------
    >>> rule = TwoCriteriaAbc(cuts=GridCuts(visits=(3, 8), spend=(1000, 5000)), policy="better",
    ...     painted={"low_high": "B"})
    >>> rule.cell("high", "high"), rule.cell("high", "low"), rule.cell("low", "high")
    ('A', 'A', 'B')
    """

    cuts: GridCuts
    visits: Visits = "visit_count"
    spend: Spend = "monetary"
    policy: Policy = "none"
    painted: Mapping[str, str] = field(default_factory=dict)

    kind = "abc_two"
    names = MappingProxyType(GRID_NAMES)

    def __post_init__(self) -> None:
        check_choice("visits", self.visits, get_args(Visits))
        check_choice("spend", self.spend, get_args(Spend))
        check_choice("policy", self.policy, get_args(Policy))
        for cell, painted in self.painted.items():
            if cell not in OPEN_CELLS:
                raise ChoiceError("two_criteria_cell", cell=cell, allowed=OPEN_CELLS)
            check_choice(cell, painted, PAINTS)
        object.__setattr__(self, "painted", MappingProxyType(dict(sorted(self.painted.items()))))

    @property
    def cells(self) -> dict[tuple[CriterionLevel, CriterionLevel], str]:
        """The segment of each of the nine cells, by its levels of visits and of spend."""
        return {(visits, spend): self.cell(visits, spend) for visits in CRITERION_LEVELS for spend in CRITERION_LEVELS}

    def cell(self, visits: CriterionLevel, spend: CriterionLevel) -> str:
        """Return the segment of one cell."""
        if (visits, spend) in DIAGONAL:
            return DIAGONAL[visits, spend]
        painted = self.painted.get(f"{visits}_{spend}")
        return painted or decided(visits, spend, self.policy)

    @property
    def segments(self) -> Sequence[Segment]:
        """A, B, C; open where a cell is still open; unknown."""
        some_open = OPEN in self.cells.values()
        return tuple(segment for name, segment in GRID_SEGMENTS.items() if name != OPEN or some_open)

    @property
    def thresholds(self) -> Mapping[str, Sequence[float]]:
        """Where the levels of visits and of spend begin."""
        return {self.visits: self.cuts.visits, self.spend: self.cuts.spend}

    @property
    def evidence(self) -> Sequence[str]:
        """The two measures and the level of each."""
        return (self.visits, self.spend, "visit_level", "spend_level")

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, the two measures and their levels (null where a measure is unknown)."""
        facts = ground.facts
        missing = [name for name in (self.visits, self.spend) if name not in facts.columns]
        if missing:
            raise ChoiceError("two_criteria_column", missing=missing)
        amounts = [ibis.literal(Decimal(next_cent(cut)).scaleb(-2), MONEY_TYPE) for cut in self.cuts.spend]
        placed = facts.select(
            "customer_id",
            self.visits,
            self.spend,
            visit_level=_level(facts[self.visits], [math.ceil(cut) for cut in self.cuts.visits]),
            spend_level=_level(facts[self.spend].cast(MONEY_TYPE), amounts),
        )
        known = placed.visit_level.notnull() & placed.spend_level.notnull()
        classes = [
            ((placed.visit_level == visits) & (placed.spend_level == spend), name)
            for (visits, spend), name in self.cells.items()
            if name != OPEN
        ]
        return placed.select(
            "customer_id",
            segment=ibis.cases((~known, OTHERS), *classes, else_=OPEN),
            **{name: placed[name] for name in self.evidence},
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values.

        >>> TwoCriteriaAbc(cuts=GridCuts((3, 8), (1000, 5000))).as_dict()["visit_cuts"]
        [3.0, 8.0]
        """
        return {
            "kind": self.kind,
            "visits": self.visits,
            "spend": self.spend,
            "visit_cuts": list(self.cuts.visits),
            "spend_cuts": list(self.cuts.spend),
            "policy": self.policy,
            "painted": dict(self.painted),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> TwoCriteriaAbc:
        """Read back what `as_dict` gave."""
        return cls(
            cuts=GridCuts(tuple(plain["visit_cuts"]), tuple(plain["spend_cuts"])),
            visits=plain["visits"],
            spend=plain["spend"],
            policy=plain.get("policy", "none"),
            painted=plain.get("painted", {}),
        )


def decided(visits: CriterionLevel, spend: CriterionLevel, policy: Policy) -> str:
    """Return what a policy makes of an open cell.

    >>> [decided("high", "low", policy) for policy in get_args(Policy)]
    ['open', 'A', 'C', 'B']
    """
    ranks = RANKS[visits], RANKS[spend]
    if policy == "none":
        return OPEN
    if policy == "rank_sum":
        total = sum(ranks)
        return "A" if total <= RANKS["middle"] + 1 else "B" if total <= 2 * RANKS["middle"] else "C"
    return "ABC"[(min(ranks) if policy == "better" else max(ranks)) - 1]


def two_criteria_cells(assigned: ir.Table) -> ir.Table:
    """Count customers and sum the spend in every cell that has customers; the unknown make a row of their own, last.

    Parameters
    ----------
    assigned
        What `TwoCriteriaAbc.assign` gave.

    Returns
    -------
    visit_level, spend_level ("unknown" where one of them is), segment, customer_count, customer_share (of everybody),
    value (sum of the spend measure; null for the unknown), value_share (of the sum over the nine cells; null where
    that is not above zero).
    """
    spend = assigned.columns[3]
    is_known = _.segment != OTHERS
    cells = (
        assigned.mutate(
            visit_level=is_known.ifelse(_.visit_level, UNKNOWN_LEVEL),
            spend_level=is_known.ifelse(_.spend_level, UNKNOWN_LEVEL),
            value=is_known.ifelse(_[spend].cast(MONEY_TYPE), None),
        )
        .group_by("visit_level", "spend_level", "segment")
        .aggregate(customer_count=_.count(), value=_.value.sum().cast(MONEY_TYPE))
    )
    value = cells.value.cast("float64")
    whole = cells.value.sum().over(ibis.window()).cast("float64")
    order = [
        ibis.cases(*((cells[name] == level, rank) for level, rank in RANKS.items()), else_=len(CRITERION_LEVELS) + 1)
        for name in ("visit_level", "spend_level")
    ]
    return cells.order_by(order).select(
        "visit_level",
        "spend_level",
        "segment",
        "customer_count",
        customer_share=_.customer_count / _.customer_count.sum().over(ibis.window()),
        value=_.value,
        value_share=ibis.ifelse(whole > 0, value / whole, None),
    )


def _level(measure: ir.NumericValue, cuts: Sequence[Any]) -> ir.StringValue:
    """Name the level of a measure; unknown stays unknown."""
    middle, high = cuts
    unknown = (measure.isnull(), ibis.null("string"))
    return ibis.cases(unknown, (measure >= high, "high"), (measure >= middle, "middle"), else_="low")


register(TwoCriteriaAbc.kind, TwoCriteriaAbc.from_dict)
