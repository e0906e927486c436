"""ABC as a segmentation: the classes of the 80/20 rule with their boundaries frozen as amounts, for another date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir

from workbench.analyses.cents import next_cent
from workbench.analyses.choices import check_choice
from workbench.analyses.segmentation import MONEY_TYPE, OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.pareto.query import MEASURES, ParetoMeasure, abc_classes, abc_summary

ABC_NAMES = MappingProxyType({"en": "ABC by value (80/20)", "zh": "ABC 分级（80/20）"})
ABC_SEGMENTS = (
    Segment("A", {"en": "Class A", "zh": "A 类"}, {"en": "the few who bring most", "zh": "贡献大部分金额的少数客户"}),
    Segment("B", {"en": "Class B", "zh": "B 类"}, {"en": "in the middle", "zh": "居中的客户"}),
    Segment("C", {"en": "Class C", "zh": "C 类"}, {"en": "the many who bring little", "zh": "贡献较小的多数客户"}),
    Segment("D", {"en": "Class D", "zh": "D 类"}, {"en": "a value of zero or below", "zh": "净值为零或为负"}),
    Segment(OTHERS, {"en": "Unknown", "zh": "未知"}, {"en": "the value is not known", "zh": "该项数值未知"}),
)


@dataclass(frozen=True, kw_only=True)
class AbcSegmentation:
    """Class customers by amounts: A from `a_from` on, B from `b_from` on, C above zero, D the rest.

    `measured_abc` measures the two amounts where the shares of the 80/20 rule end, so that a later date can be judged
    by the same amounts: shares always leave some customers at the bottom, amounts do not. A class holds its lower
    boundary. Equal customers are equal. Who has no value is in `others`, shown as unknown.

    Examples
    --------
    >>> AbcSegmentation(a_from=5000, b_from=1000).thresholds
    {'monetary': (1000, 5000)}
    """

    a_from: float
    b_from: float
    by: ParetoMeasure = "monetary"

    kind = "abc"
    names = ABC_NAMES
    segments = ABC_SEGMENTS
    about = ("A", "B")

    def __post_init__(self) -> None:
        check_choice("by", self.by, MEASURES)
        if not 0 < self.b_from <= self.a_from:
            raise ChoiceError("abc_amounts", a_from=self.a_from, b_from=self.b_from)

    @property
    def evidence(self) -> Sequence[str]:
        """The measure."""
        return (self.by,)

    @property
    def thresholds(self) -> Mapping[str, Sequence[float]]:
        """Where B and A begin."""
        return {self.by: (self.b_from, self.a_from)}

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the measure."""
        value = ground.facts[self.by].cast(MONEY_TYPE)
        from_b, from_a = (
            ibis.literal(Decimal(next_cent(cut)).scaleb(-2), MONEY_TYPE) for cut in (self.b_from, self.a_from)
        )
        classes = ibis.cases(
            (value.isnull(), OTHERS), (value <= 0, "D"), (value < from_b, "C"), (value < from_a, "B"), else_="A"
        )
        return ground.facts.select("customer_id", segment=classes, **{self.by: ground.facts[self.by]})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "kind": self.kind,
            "names": dict(ABC_NAMES),
            "by": self.by,
            "a_from": self.a_from,
            "b_from": self.b_from,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> AbcSegmentation:
        """Read back what `as_dict` gave."""
        return cls(a_from=plain["a_from"], b_from=plain["b_from"], by=plain["by"])


def measured_abc(
    facts: ir.Table, *, by: ParetoMeasure = "monetary", a_share: float = 0.80, b_share: float = 0.95
) -> AbcSegmentation:
    """Measure the amounts at which the classes of `abc_classes` end, and freeze them.

    The rule is "crossing": who crosses the line of a share belongs above it, so that there is an A whenever anybody
    has value. On the same facts the frozen amounts give the same classes. Where nobody is B, B begins where A does.
    NothingToShow where nobody has a value above zero.
    """
    rows = abc_summary(abc_classes(facts, by=by, a_share=a_share, b_share=b_share)).to_pyarrow().to_pylist()
    lowest = {row["abc_class"]: row["lowest_value"] for row in rows}
    if lowest["A"] is None:
        raise NothingToShow("no_customers")
    return AbcSegmentation(a_from=float(lowest["A"]), b_from=float(lowest["B"] or lowest["A"]), by=by)


register("abc", AbcSegmentation.from_dict)
