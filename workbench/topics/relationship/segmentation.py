"""Kotler's five relationship levels by margin and number of customers, beside how often each is in fact contacted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, ClassVar, Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice
from workbench.analyses.facts import VISIT_KINDS
from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import MONEY_TYPE, OTHERS, Ground, Segment, register
from workbench.analyses.visit_rhythm import check_days
from workbench.errors import ChoiceError, NothingToShow

Worth = Literal["margin", "monetary"]
Market = Literal["customer_type", "region", "tier", "everyone"]
RelationshipLevel = Literal["basic", "reactive", "accountable", "proactive", "partnership"]

RELATIONSHIP_LEVELS: tuple[RelationshipLevel, ...] = get_args(RelationshipLevel)
"""From the least contact to the most."""
WORTHS = ("high", "medium", "low")
CROWDS = ("many", "medium", "few")
SERVICES = ("under", "fits", "over", "unknown")
"""Contacted less than recommended, as recommended, more; unknown where no contacts are known."""

LevelMatrix = tuple[tuple[RelationshipLevel, RelationshipLevel, RelationshipLevel], ...]

KOTLER: LevelMatrix = (
    ("accountable", "proactive", "partnership"),
    ("reactive", "accountable", "proactive"),
    ("basic", "reactive", "accountable"),
)
"""Rows: high, medium, low margin; columns: many, a medium number of, few customers."""

LEVEL_NAMES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "basic": (
        {"en": "Basic", "zh": "基本型"},
        {"en": "Sell, and do not follow up.", "zh": "把产品卖出去，之后不再联系。"},
    ),
    "reactive": (
        {"en": "Reactive", "zh": "被动型"},
        {
            "en": "Sell, and encourage the customer to call with questions.",
            "zh": "卖出产品，并鼓励客户有问题随时联系。",
        },
    ),
    "accountable": (
        {"en": "Accountable", "zh": "负责型"},
        {"en": "Call after the sale to ask whether all is well.", "zh": "售后主动回访，了解产品是否符合期望。"},
    ),
    "proactive": (
        {"en": "Proactive", "zh": "能动型"},
        {
            "en": "Contact from time to time with better uses and new offers.",
            "zh": "不时联系客户，提供改进用法和新产品的建议。",
        },
    ),
    "partnership": (
        {"en": "Partnership", "zh": "伙伴型"},
        {"en": "Work with the customer all the time.", "zh": "持续与客户合作，共同改进。"},
    ),
    OTHERS: (
        {"en": "Margin unknown", "zh": "毛利未知"},
        {"en": "No cost is known, so the margin is not.", "zh": "成本未知，无法计算毛利。"},
    ),
}  # fmt: skip
RELATIONSHIP_EVIDENCE = (
    "worth", "worth_level", "market", "crowd_count", "crowd_level", "contacts_per_year", "contact_level", "service",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RelationshipSegmentation:
    """The level of relationship recommended for each customer, by an editable matrix of margin and crowd.

    **Margin level.** The customer's `worth` (margin, or spend where no costs are known; of the ground's period) is
    high from `high_from` on, medium from `medium_from` on, else low. **Crowd.** How many customers have the same
    margin level in the same market (a column of the customer facts; who has none there is a market of their own kind,
    "everyone" makes one market of all): many from `many_from` on, few below `few_below`, else medium. The `matrix`
    gives the level. Whose worth is unknown is in "others".

    **Actual contact.** Contacts are interactions that are neither visits (VISIT_KINDS) nor entries of points, in the
    last `contact_days`, per 365 days; younger customers are not extrapolated. Four rising `contact_cuts` class them:
    below the first is basic, from the fourth on partnership. `service` says whether that is under or over what is
    recommended; where the store has no contacts at all, or must not show them, it is unknown, not zero.

    References
    ----------
    P. Kotler, "Marketing Management", on relationship marketing: five levels by margin and number of customers; the
    cells are Kotler's, the thresholds are the company's own and meant to be set.
    """

    kind: ClassVar[str] = "relationship"
    names: ClassVar[Mapping[str, str]] = {"en": "Relationship levels", "zh": "客户关系水平"}
    segments: ClassVar[Sequence[Segment]] = tuple(
        Segment(level, *LEVEL_NAMES[level]) for level in (*reversed(RELATIONSHIP_LEVELS), OTHERS)
    )
    evidence: ClassVar[Sequence[str]] = RELATIONSHIP_EVIDENCE

    medium_from: float = 1000.0
    high_from: float = 5000.0
    worth: Worth = "margin"
    market: Market = "customer_type"
    few_below: int = 100
    many_from: int = 1000
    matrix: LevelMatrix = KOTLER
    contact_cuts: tuple[float, ...] = (1, 2, 4, 12)
    contact_days: int = 365

    def __post_init__(self) -> None:
        check_choice("worth", self.worth, get_args(Worth))
        check_choice("market", self.market, get_args(Market))
        check_days(contact_days=self.contact_days)
        if not self.medium_from < self.high_from:
            raise ChoiceError("relationship_worth", medium_from=self.medium_from, high_from=self.high_from)
        if not 0 < self.few_below <= self.many_from:
            raise ChoiceError("relationship_crowd", few_below=self.few_below, many_from=self.many_from)
        cuts = self.contact_cuts
        rising = all(low < high for low, high in pairwise(cuts))
        if len(cuts) != len(RELATIONSHIP_LEVELS) - 1 or not rising or cuts[0] <= 0:
            raise ChoiceError("relationship_contacts", cuts=list(cuts), count=len(RELATIONSHIP_LEVELS) - 1)
        if [len(row) for row in self.matrix] != [len(CROWDS)] * len(WORTHS):
            raise ChoiceError("relationship_matrix")
        for level in (level for row in self.matrix for level in row):
            check_choice("matrix", level, RELATIONSHIP_LEVELS)

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, the recommended level and the evidence."""
        return self.judge(relationship_ground(ground, self))

    def judge(self, known: ir.Table) -> ir.Table:
        """Do what `assign` does with the `relationship_ground` at hand: who moves a threshold or a cell keeps that."""
        levelled = known.mutate(
            worth_level=ibis.cases(
                (known.worth.isnull(), ibis.null("string")),
                (known.worth >= round(self.high_from * 100), "high"),
                (known.worth >= round(self.medium_from * 100), "medium"),
                else_="low",
            )
        )
        crowds = levelled.group_by("market", "worth_level").aggregate(crowd_count=_.count())
        joined = levelled.inner_join(
            crowds,
            [
                levelled.market.identical_to(crowds.market),
                levelled.worth_level.identical_to(crowds.worth_level),
            ],
        ).select(*levelled.columns, "crowd_count")
        crowd = ibis.cases(
            (joined.worth_level.isnull(), ibis.null("string")),
            (joined.crowd_count >= self.many_from, "many"),
            (joined.crowd_count < self.few_below, "few"),
            else_="medium",
        )
        placed = joined.mutate(crowd_level=crowd)
        level = ibis.cases(
            *(
                ((placed.worth_level == worth) & (placed.crowd_level == crowd), self.matrix[row][column])
                for row, worth in enumerate(WORTHS)
                for column, crowd in enumerate(CROWDS)
            ),
            else_=OTHERS,
        )
        actual = contact_place(placed.contacts * 365 / self.contact_days, self.contact_cuts)
        wanted = ibis.cases(*((level == name, place) for place, name in enumerate(RELATIONSHIP_LEVELS)), else_=None)
        service = ibis.cases(
            ((wanted.isnull() | actual.isnull()), "unknown"), (actual < wanted, "under"), (actual > wanted, "over"),
            else_="fits",
        )  # fmt: skip
        return placed.select(
            "customer_id",
            segment=level,
            worth=(placed.worth.cast(MONEY_TYPE) / 100).cast(MONEY_TYPE),
            worth_level=placed.worth_level,
            market=placed.market,
            crowd_count=placed.crowd_count,
            crowd_level=placed.crowd_level,
            contacts_per_year=rounded(placed.contacts * 365 / self.contact_days, 1),
            contact_level=ibis.cases(
                *((actual == place, name) for place, name in enumerate(RELATIONSHIP_LEVELS)), else_=None
            ),
            service=service,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the kind, every threshold and the matrix as plain values."""
        plain = {"kind": self.kind, **asdict(self)}
        return plain | {"matrix": [list(row) for row in self.matrix], "contact_cuts": list(self.contact_cuts)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> RelationshipSegmentation:
        """Read back what `as_dict` gave."""
        rules = {name: value for name, value in plain.items() if name != "kind"}
        for name in ("matrix", "contact_cuts"):
            if name in rules:
                rules[name] = tuple(tuple(one) if name == "matrix" else one for one in rules[name])
        return cls(**rules)


def contact_place(rate: ir.NumericValue, cuts: Sequence[float]) -> ir.Value:
    """Return the place of the contact level in RELATIONSHIP_LEVELS; null where the contacts are unknown."""
    steps = [(rate >= cut, place) for place, cut in reversed(list(enumerate(cuts, start=1)))]
    return ibis.cases((rate.isnull(), ibis.null("int8")), *steps, else_=0)


def relationship_ground(ground: Ground, rules: RelationshipSegmentation) -> ir.Table:
    """Return what the levels look at, before any threshold: one row per customer, computed once (`ground.keep`).

    Of the rules only worth, market and contact_days count here.

    Returns
    -------
    customer_id, worth (cents; null where unknown), market (null where the customer has none), contacts (in the last
    contact_days; 0 where the store has contacts but none with this customer, null where it has none at all).
    """
    facts = ground.facts
    has_market = rules.market in facts.columns
    market = facts[rules.market].cast("string") if has_market else ibis.null("string")
    worth = (facts[rules.worth].cast(MONEY_TYPE) * 100).cast("int64")
    base = facts.select("customer_id", worth=worth, market=market)
    try:
        events = ground.table("interactions")
    except NothingToShow:  # a managers' page may have to refuse them: the levels stand without the contacts
        return ground.keep(base.mutate(contacts=ibis.null("int64")))
    counted = contacts(events, as_of=ground.as_of, days=rules.contact_days)
    whole = contacts(events, as_of=ground.as_of).aggregate(known=_.count())
    joined = base.left_join(counted, "customer_id").cross_join(whole)
    contact_count = ibis.ifelse(joined.known > 0, joined.contact_count.fill_null(0), None)
    return ground.keep(joined.select("customer_id", "worth", "market", contacts=contact_count))


def contacts(interactions: ir.Table, *, as_of: date, days: int | None = None) -> ir.Table:
    """Count each customer's contacts up to `as_of`, of the last `days` where given: customer_id, contact_count.

    A contact is an interaction that is neither a visit (VISIT_KINDS) nor an entry of points: calls, messages,
    greetings and enquiries, whoever began.
    """
    events = interactions.filter(interactions.customer_id.notnull(), interactions.day <= ibis.date(as_of))
    if days is not None:
        events = events.filter(events.day > ibis.date(as_of - timedelta(days=days)))
    meant = ~events.kind.isin(VISIT_KINDS).fill_null(False)
    if "points" in events.columns:
        meant = meant & events.points.isnull()
    return events.filter(meant).group_by("customer_id").aggregate(contact_count=_.count())


def worth_cuts(facts: ir.Table, *, worth: Worth = "margin", medium: float = 0.5, high: float = 0.8) -> ir.Table:
    """Propose thresholds: one row, medium_from and high_from, so that a fifth of the customers is high, half is low.

    They are quantiles (type 7) of the known values, rounded to whole money; freeze them for use at another date.
    Null where no value is known; where many are equal both may be the same, and must be set by hand.
    """
    values = facts[worth].cast("float64")
    return facts.aggregate(medium_from=values.quantile(medium).round(), high_from=values.quantile(high).round())


register(RelationshipSegmentation.kind, RelationshipSegmentation.from_dict)
