"""The rule segments that come with the workbench: data files in both languages, offered where their columns exist."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice
from workbench.analyses.rules.conditions import Test
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.segmentation import RULE_ID, RuleSegmentation
from workbench.analyses.segmentation import OTHERS

MOST_VALUE_SEGMENTS = 12
"""Values that get a segment of their own; the rarer ones are left to "others"."""

RULE_EXAMPLES = (
    "warranty",
    "warranty_until",
    "model_and_usage",
    "model_and_hobby",
    "region",
    "usage",
    "commercial",
    "generations",
    "telecom_customers",
    "arpu_bands",
    "company_size",
)


@dataclass(frozen=True)
class RuleExample:
    """One example: its name, its trade, what it needs, and its rules, or the column whose values make the rules."""

    id: str
    trade: str
    names: Mapping[str, str]
    others: Mapping[str, str]
    segmentation: RuleSegmentation | None
    by: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs."""
        return (self.by,) if self.segmentation is None else self.segmentation.columns

    def rules(self, values: Sequence[str] = ()) -> RuleSegmentation:
        """Return its rules; `values` are those of the column `by` in the data, most frequent first."""
        if self.segmentation is not None:
            return self.segmentation
        return rules_for_values(self.by, values, names=self.names, others=self.others)


@cache
def rule_example(name: str) -> RuleExample:
    """Read one of RULE_EXAMPLES."""
    check_choice("example", name, RULE_EXAMPLES)
    source = files("workbench.analyses.rules").joinpath("shipped_rules", f"{name}.toml")
    content: Mapping[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    by = content.get("one_for_each_value_of", "")
    read = RuleSegmentation.from_dict(content)
    return RuleExample(name, content["trade"], read.names, read.others, None if by else read, by)


def rules_for_values(
    column: str, values: Sequence[str], *, names: Mapping[str, str], others: Mapping[str, str]
) -> RuleSegmentation:
    """Return one rule for each value of a column, the first MOST_VALUE_SEGMENTS of them; all others fall to OTHERS.

    >>> [rule.id for rule in rules_for_values("region", ["城东", "A/B"], names={}, others={}).rules]
    ['城东', 'value_2']
    """
    rules = tuple(
        Rule(
            id=value if RULE_ID.fullmatch(value) and value != OTHERS else f"value_{place}",
            names=MappingProxyType({"en": value, "zh": value}),
            when=Test(column, "in", (value,)),
        )
        for place, value in enumerate(list(dict.fromkeys(values))[:MOST_VALUE_SEGMENTS], start=1)
    )
    return RuleSegmentation(names, rules, others)


def column_values(rows: ir.Table, column: str) -> ir.Table:
    """Count the known values of a column of `rule_table`, most customers first.

    Returns
    -------
    value (text), customer_count.
    """
    value = rows[column].unnest() if isinstance(rows[column], ir.ArrayValue) else rows[column]
    counted = rows.select(value=value.cast("string")).group_by("value").aggregate(customer_count=_.count())
    known = counted.filter(counted.value.notnull(), counted.value.strip() != "")
    return known.order_by(known.customer_count.desc(), known.value)
