"""Lifecycle stages: new, growing, stable, reactivated, at risk, lapsed, by windows of days that can be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.beyond_chance import more_often, worth_more
from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import MONEY_TYPE, Ground, Segment, register
from workbench.analyses.visit_rhythm import HUNDRED, check_days
from workbench.errors import ChoiceError

GrowthBy = Literal["monetary", "purchase_days"]

BEGINNING = date(1970, 1, 1)
"""Days are numbered from here, for windows of so many days."""

STAGES: tuple[Segment, ...] = (
    Segment(
        "new",
        {"en": "New", "zh": "新客"},
        {"en": "The first purchase lies within the days that count as new.", "zh": "首次消费在新客天数以内。"},
    ),
    Segment(
        "growing",
        {"en": "Growing", "zh": "成长"},
        {
            "en": "Active, and buys more than in the period before, beyond chance.",
            "zh": "活跃，且消费多于前一时段，超出偶然波动。",
        },
    ),
    Segment(
        "stable",
        {"en": "Stable", "zh": "稳定"},
        {
            "en": "Active, and no growth beyond chance, or too young a history to tell.",
            "zh": "活跃，未见超出偶然波动的增长，或历史太短、无法判断。",
        },
    ),
    Segment(
        "reactivated",
        {"en": "Reactivated", "zh": "重新激活"},
        {
            "en": "Came back lately after a silence so long that it had counted as lapsed.",
            "zh": "近期在达到流失标准的沉默之后再次消费。",
        },
    ),
    Segment(
        "at_risk",
        {"en": "At risk", "zh": "有流失风险"},
        {
            "en": "Silent for long, or bought on one day only and is no longer new.",
            "zh": "沉默较久，或只消费过一天且已过新客期。",
        },
    ),
    Segment(
        "lapsed",
        {"en": "Lapsed", "zh": "已流失"},
        {"en": "Silent for so long that the customer counts as gone.", "zh": "沉默超过流失天数，视为已流失。"},
    ),
)  # fmt: skip
LIFECYCLE_EVIDENCE = (
    "first_on", "last_on", "silent_days", "purchase_days", "returned_after_days", "recent_value", "earlier_value",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LifecycleSegmentation:
    """Every customer is in one stage: that of the first rule that fits, in this order.

    1. **lapsed**: silent (no purchase) for more than `lapsed_days`;
    2. **at_risk**: silent for more than `at_risk_days`;
    3. **reactivated**: within the last `return_days` came back after a silence of more than `lapsed_days`;
    4. **new**: first purchase at most `new_days` ago;
    5. **at_risk**: bought on one day only, and is no longer new;
    6. **growing**: bought in the `compare_days` before the last purchase for more than (1 + `least_growth`) times as
       much as in the `compare_days` before those, and for more than chance would give; `growth_by` says whether money
       or days of purchase are compared;
    7. **stable**: everybody else, those included of whom growth cannot be known yet.

    Only purchases speak: refunds and visits without a purchase move no stage. Growth is measured up to the last
    purchase, because the silence since then has rules of its own; the day of that purchase, which decides where the
    windows end, is in neither of them. Nor is the first one: who first bought later than two times `compare_days`
    before has no history to compare, the earlier value is unknown, not zero, and the customer is not called growing.
    Chance is judged by `more_often` (days of purchase), for money by that or `worth_more` at half the level each: of
    customers who buy as ever at most 5 in 100 are called growing, whatever their rate (`docs/trials.md`). Few purchases
    prove nothing: it takes five days of purchase at least.

    The windows must keep their order, new_days and return_days <= at_risk_days < lapsed_days, so that no stage swallows
    another whole.
    The defaults, 3, 6 and 12 months, are those of the car-service trade, where they follow the service interval.

    References
    ----------
    F. R. Dwyer, "Customer lifetime valuation to support marketing decision making", Journal of Direct Marketing 3
    (1989), for silence as the mark of a lost customer; stages as in F. Reichheld, "The Loyalty Effect" (1996).
    """

    kind: ClassVar[str] = "lifecycle"
    names: ClassVar[Mapping[str, str]] = {"en": "Lifecycle stages", "zh": "客户生命周期阶段"}
    segments: ClassVar[Sequence[Segment]] = STAGES
    evidence: ClassVar[Sequence[str]] = LIFECYCLE_EVIDENCE

    new_days: int = 90
    at_risk_days: int = 180
    lapsed_days: int = 365
    return_days: int = 180
    compare_days: int = 365
    growth_by: GrowthBy = "monetary"
    least_growth: float = 0.20

    def __post_init__(self) -> None:
        check_choice("growth_by", self.growth_by, get_args(GrowthBy))
        windows = {name: getattr(self, name) for name in ("new_days", "at_risk_days", "lapsed_days", "return_days")}
        check_days(compare_days=self.compare_days, **windows)
        if not max(self.new_days, self.return_days) <= self.at_risk_days < self.lapsed_days:
            raise ChoiceError("lifecycle_windows", **windows)
        if self.least_growth < 0:
            raise ChoiceError("lifecycle_growth", value=self.least_growth)

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, stage and the evidence (`returned_after_days`: the longest silence ended lately)."""
        return self.judge(lifecycle_evidence(ground, self))

    def judge(self, known: ir.Table) -> ir.Table:
        """Do what `assign` does with the `lifecycle_evidence` at hand: who moves a window keeps that."""
        stage = ibis.cases(
            (known.silent_days > self.lapsed_days, "lapsed"),
            (known.silent_days > self.at_risk_days, "at_risk"),
            ((known.returned_after_days > self.lapsed_days).fill_null(False), "reactivated"),
            (known.tenure_days <= self.new_days, "new"),
            (known.purchase_days == 1, "at_risk"),
            (known.is_growing, "growing"),
            else_="stable",
        )
        return known.select("customer_id", segment=stage, **{name: known[name] for name in LIFECYCLE_EVIDENCE})

    def as_dict(self) -> dict[str, Any]:
        """Return the kind and every window as plain values."""
        return {"kind": self.kind, **asdict(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> LifecycleSegmentation:
        """Read back what `as_dict` gave."""
        return cls(**{name: value for name, value in plain.items() if name != "kind"})


def lifecycle_evidence(ground: Ground, rules: LifecycleSegmentation) -> ir.Table:
    """Return the `lifecycle_state` of the ground's customers, one row each; the stages' windows do not count here."""
    state = lifecycle_state(purchase_steps(ground, rules), rules, as_of=ground.as_of)
    known = ground.facts.select("customer_id").left_join(state, "customer_id")
    return known.drop("customer_id_right")


def purchase_steps(ground: Ground, rules: LifecycleSegmentation) -> ir.Table:
    """List each customer's days of purchase with what the stages look at, computed once (`ground.keep`).

    Of the rules only compare_days and growth_by count here.

    Returns
    -------
    customer_id, day, next_on (the next day of purchase; null for the last), first_on, purchase_days (days of purchase
    up to and with this one), interval_days (the silence that this day ended; null for the first), recent_value and
    earlier_value (of the compare_days before this day, and of as many before those; money or days of purchase),
    recent_days and earlier_days (of purchase in either window), squares (of the values of all days in both, added up).
    """
    bought = ground.table("transactions").filter(_.is_purchase, _.customer_id.notnull())
    days = bought.filter(_.day <= ibis.date(ground.as_of)).group_by("customer_id", "day")
    summed = days.aggregate(amount=_.amount.sum().cast(MONEY_TYPE))
    value = summed.amount if rules.growth_by == "monetary" else ibis.literal(1).cast(MONEY_TYPE)
    summed = summed.mutate(value=value, day_number=summed.day.delta(ibis.date(BEGINNING), unit="day").cast("int32"))
    span = rules.compare_days
    in_order = ibis.window(group_by="customer_id", order_by="day")
    so_far = ibis.cumulative_window(group_by="customer_id", order_by="day")
    recent, before = (
        ibis.range_window(preceding=days_back, group_by="customer_id", order_by="day_number")
        for days_back in ((span, 1), (2 * span, span + 1))
    )
    both = ibis.range_window(preceding=(2 * span, 1), group_by="customer_id", order_by="day_number")
    squared = summed.value.cast("float64") * summed.value.cast("float64")
    listed = summed.select(
        "customer_id",
        "day",
        next_on=summed.day.lead().over(in_order),
        first_on=summed.day.min().over(so_far),
        purchase_days=ibis.row_number().over(in_order) + 1,
        interval_days=summed.day.delta(summed.day.lag().over(in_order), unit="day"),
        recent_value=summed.value.sum().over(recent).cast(MONEY_TYPE).fill_null(0),
        earlier_value=summed.value.sum().over(before).cast(MONEY_TYPE).fill_null(0),
        recent_days=summed.count().over(recent),
        earlier_days=summed.count().over(before),
        squares=squared.sum().over(both).fill_null(0),
    )
    return ground.keep(listed)


def lifecycle_state(steps: ir.Table, rules: LifecycleSegmentation, *, as_of: date) -> ir.Table:
    """Measure, as of a day, what the stages look at: one row per customer who had bought by then.

    Of the rules only return_days and least_growth count here.

    Parameters
    ----------
    steps
        What `purchase_steps` gives, for `as_of` or a later day: what came later is left out.

    Returns
    -------
    customer_id, first_on, last_on, silent_days, tenure_days, purchase_days, returned_after_days (the longest silence,
    above return_days, that ended in the last return_days; null where none did), recent_value, earlier_value (null
    where the customer's own history does not reach back behind it), is_growing.
    """
    today = ibis.date(as_of)
    last = steps.filter(steps.day <= today, steps.next_on.isnull() | (steps.next_on > today))
    lately = ibis.date(as_of - timedelta(days=rules.return_days))
    ended = steps.filter(steps.day <= today, steps.day > lately, steps.interval_days > rules.return_days)
    returned = ended.group_by("customer_id").aggregate(returned_after_days=_.interval_days.max())
    state = last.left_join(returned, "customer_id")
    reaches_back = state.day.delta(state.first_on, unit="day") > 2 * rules.compare_days
    if rules.growth_by == "monetary":  # two tests share the 5 %: who spends more often came more often
        is_sure = worth_more(state.recent_value - state.earlier_value, state.squares, level=0.025)
        is_sure |= more_often(state.recent_days, state.earlier_days, level=0.025)
    else:
        is_sure = more_often(state.recent_days, state.earlier_days)
    wanted = state.earlier_value * (HUNDRED + round(rules.least_growth * HUNDRED))
    return state.select(
        "customer_id",
        first_on=state.first_on,
        last_on=state.day,
        silent_days=today.delta(state.day, unit="day"),
        tenure_days=today.delta(state.first_on, unit="day"),
        purchase_days=state.purchase_days,
        returned_after_days=state.returned_after_days,
        recent_value=state.recent_value,
        earlier_value=ibis.ifelse(reaches_back, state.earlier_value, None),
        is_growing=reaches_back & (state.recent_value * HUNDRED > wanted) & is_sure,
    )


register(LifecycleSegmentation.kind, LifecycleSegmentation.from_dict)
