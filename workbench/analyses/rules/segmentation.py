"""Rule segments: ordered rules on any columns of a customer, the first that fits decides; kept as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir

from workbench.analyses.rules.asking import as_text, met
from workbench.analyses.rules.columns import PERSONAL, missing_columns, rule_columns, rule_table
from workbench.analyses.rules.conditions import EVERYONE, each_test, formula, when_from
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.rule_file import parsed
from workbench.analyses.segmentation import OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError
from workbench.schema import NAME_LANGUAGES

OTHERS_NAMES: Mapping[str, str] = MappingProxyType({"en": "Others", "zh": "其他"})
RULE_ID = re.compile(r"\w{1,64}")
MOST_RULES = 50
"""More names than anybody can tell apart; a customer's rules fit into the bits of one whole number."""

RESERVED = ("segment", "rule")


@dataclass(frozen=True)
class RuleSegmentation:
    """Ordered rules on any columns; a customer is in the segment of the first rule they meet, else in OTHERS.

    Nobody is in two segments, whatever the rules; how many customers meet several is counted by `RuleCounts`. The
    order of the customers, their ids and their number decide nothing: the same values give the same segment.

    Source: the ordered rule list with "first match wins" (Rivest, 1987, "Learning decision lists").
    """

    names: Mapping[str, str]
    rules: tuple[Rule, ...]
    others: Mapping[str, str] = field(default_factory=lambda: OTHERS_NAMES)
    kind: str = "rules"

    is_ranked: ClassVar[bool] = False
    """Its segments are no better or worse than each other."""

    def __post_init__(self) -> None:
        if len(self.rules) > MOST_RULES:
            raise ChoiceError("rules_too_many", count=len(self.rules), limit=MOST_RULES)
        ids = [rule.id for rule in self.rules]
        wrong = [one for one in ids if not RULE_ID.fullmatch(one)]
        if wrong:
            raise ChoiceError("rule_id", rule=wrong[0][:80])
        twice = sorted({one for one in ids if ids.count(one) > 1 or one == OTHERS})
        if twice:
            raise ChoiceError("rule_twice", rules=twice)
        for rule in self.rules:
            for test in each_test(rule.when):
                if test.column in PERSONAL and test.operator not in ("missing", "contains"):
                    raise ChoiceError("rule_personal", rule=rule.called(), column=test.column)

    @property
    def segments(self) -> Sequence[Segment]:
        """A segment for each rule, in their order, and OTHERS."""
        listed = []
        for rule in self.rules:
            said = formula(rule.when)
            listed.append(
                Segment(rule.id, rule.names, {lang: rule.meanings.get(lang) or said for lang in NAME_LANGUAGES})
            )
        return (*listed, Segment(OTHERS, self.others, dict.fromkeys(NAME_LANGUAGES, "")))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rules look at, as they stand."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.columns))

    @property
    def evidence(self) -> Sequence[str]:
        """The columns the rules look at, and `rule`: the id of the rule that decided, unknown for OTHERS."""
        return (*(_evidence_name(name) for name in self.columns if name != "customer_id"), "rule")

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the evidence for each customer of the facts.

        Raises ChoiceError where the ground lacks a column (it names the rule and the column), or where a rule asks of
        a column what cannot be asked of it, such as the age in years of an amount.
        """
        self.check(ground)
        rows = rule_table(ground, self.columns)
        cases = [
            (condition, rule.id)
            for rule, condition in zip(self.rules, self.conditions(rows, as_of=ground.as_of), strict=True)
        ]
        segment = ibis.cases(*cases, else_=OTHERS) if cases else ibis.literal(OTHERS)
        shown = {_evidence_name(name): _shown(rows[name]) for name in self.columns if name != "customer_id"}
        decided = rows.select("customer_id", segment=segment, **shown)
        return decided.mutate(rule=ibis.ifelse(decided.segment == OTHERS, ibis.null("string"), decided.segment))

    def conditions(self, rows: ir.Table, *, as_of: date) -> list[ir.BooleanValue]:
        """Return for each rule whether a row of `rule_table` meets it, whatever the rules before it say."""
        conditions = []
        for rule in self.rules:
            with rule.blamed():
                conditions.append(met(rule.when, rows, as_of=as_of))
        return conditions

    def check(self, ground: Ground) -> None:
        """Raise ChoiceError where a column that a rule looks at is not there (any more): names the rule and it."""
        lacking = set(missing_columns(ground, self.columns))
        for rule in self.rules if lacking else ():
            gone = [name for name in rule.columns if name in lacking]
            if gone:
                known = [column.name for column in rule_columns(ground)]
                raise ChoiceError("rule_column_missing", rule=rule.called(), columns=gone, known=known)

    def reordered(self, ids: Sequence[str]) -> RuleSegmentation:
        """Return the same rules in another order; `ids` names each of them once."""
        by_id = {rule.id: rule for rule in self.rules}
        if sorted(ids) != sorted(by_id):
            raise ChoiceError("unknown_choice", name="rules", value=list(ids), allowed=list(by_id))
        return replace(self, rules=tuple(by_id[one] for one in ids))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values that `segmentation_from` reads back."""
        return {
            "kind": self.kind,
            "names": dict(self.names),
            "others": dict(self.others),
            "rules": [rule.as_dict() for rule in self.rules],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> RuleSegmentation:
        """Read back what `as_dict` gave, or what a person wrote; ChoiceError says what is wrong, and in which rule."""
        listed = plain.get("rules", [])
        if not isinstance(listed, (list, tuple)) or any(not isinstance(rule, Mapping) for rule in listed):
            raise ChoiceError("rules_form")
        rules = tuple(_rule_from(rule, place) for place, rule in enumerate(listed, start=1))
        others = {**OTHERS_NAMES, **_texts(plain.get("others", {}))}
        return cls(names=_names(plain.get("names"), "rules"), rules=rules, others=MappingProxyType(others))


def rules_from_toml(text: str) -> RuleSegmentation:
    """Read rules written as TOML; ChoiceError says what is wrong."""
    plain = parsed(text, "rules.toml")
    if plain.get("kind", "rules") != "rules":
        raise ChoiceError("segmentation_kind", kind=plain["kind"], known=["rules"])
    return RuleSegmentation.from_dict(plain)


def _rule_from(plain: Mapping[str, Any], place: int) -> Rule:
    rule_id = plain.get("id")
    if not isinstance(rule_id, str):
        raise ChoiceError("rule_id", rule=place)
    names = _names(plain.get("names"), rule_id)
    rule = Rule(rule_id, names, EVERYONE, MappingProxyType(_texts(plain.get("meanings", {}))))
    with rule.blamed():
        return replace(rule, when=when_from(plain.get("when")))


def _names(written: Any, owner: str) -> Mapping[str, str]:
    names = _texts(written)
    if not all(names.get(lang, "").strip() for lang in NAME_LANGUAGES):
        raise ChoiceError("rule_names", rule=owner, languages=NAME_LANGUAGES)
    return MappingProxyType(names)


def _texts(written: Any) -> dict[str, str]:
    """Keep texts by language; anything else counts as not given."""
    pairs = written.items() if isinstance(written, Mapping) else ()
    return {lang: words for lang, words in pairs if lang in NAME_LANGUAGES and isinstance(words, str)}


def _evidence_name(name: str) -> str:
    return f"customers.{name}" if name in RESERVED else name


def _shown(column: ir.Value) -> ir.Value:
    return as_text(column) if isinstance(column, ir.ArrayValue) else column


register("rules", RuleSegmentation.from_dict)
