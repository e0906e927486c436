"""The audit of rules: those that can never hold, that hold for nobody, that others take from, and what they leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf

import ibis.expr.types as ir

from workbench.analyses.rules.conditions import (
    AllOf,
    Not,
    Span,
    Test,
    When,
    day_of,
    each_test,
    is_missing,
    needed_reading,
    read_as,
    reading_of,
)
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.topics.segment_rules.query import RuleCounts

MOST_CASES = 512
"""Alternatives of one rule that are gone through; of a rule with more, nothing is claimed."""


@dataclass(frozen=True)
class RuleAudit:
    """What is to be known of rules before anybody relies on them; rules are named by their ids.

    Attributes
    ----------
    contradictory
        Rules that no customer of any company can meet.
    empty
        Other rules that no customer meets here.
    taken
        Rules that customers meet, but all of them meet an earlier rule too: they get nobody.
    unconditional
        Rules that everybody meets: what stands below them gets nobody.
    overlapping, pairs
        How many customers meet several rules, so that the order decides; and by pair of an earlier and a later rule.
    others
        How many customers meet no rule.
    """

    customer_count: int
    others: int
    contradictory: tuple[str, ...]
    empty: tuple[str, ...]
    taken: tuple[str, ...]
    unconditional: tuple[str, ...]
    overlapping: int
    pairs: tuple[tuple[str, str, int], ...]

    @property
    def covered(self) -> int:
        """How many customers meet a rule."""
        return self.customer_count - self.others


def audit_rules(segmentation: RuleSegmentation, counts: RuleCounts) -> RuleAudit:
    """Audit the rules in their order, with the customers counted by `RuleCounts`."""
    order = [rule.id for rule in segmentation.rules]
    matches, firsts = counts.matches(), counts.firsts(order)
    impossible = tuple(rule.id for rule in segmentation.rules if not can_hold(rule.when))
    everyone = counts.customer_count
    return RuleAudit(
        customer_count=everyone,
        others=everyone - sum(firsts[one] for one in order),
        contradictory=impossible,
        empty=tuple(one for one in order if not matches[one] and one not in impossible),
        taken=tuple(one for one in order if matches[one] and not firsts[one]),
        unconditional=tuple(one for one in order if everyone and matches[one] == everyone),
        overlapping=counts.overlapping,
        pairs=tuple(counts.pairs(order)),
    )


def unreadable_values(segmentation: RuleSegmentation, rows: ir.Table) -> ir.Table | None:
    """Count the values that a rule needs as a number or a day and that are neither; one row, None where none is needed.

    `rows` is a `rule_table` with the columns of the rules. Returns a column `<column>` for each column of text that is
    read so; such values meet no test, and the reader should know how many there are.
    """
    counted = {}
    for rule in segmentation.rules:
        for test in each_test(rule.when):
            reading = "text" if test.operator in ("missing", "contains") else needed_reading(test)
            column = rows[test.column]
            if reading in ("number", "date") and reading_of(column.type()) == "text":
                unknown = ~is_missing(column) & read_as(column, reading, test).isnull()
                counted[test.column] = rows.count(where=unknown).fill_null(0)
    return rows.aggregate(**counted) if counted else None


# Can it ever hold? --------------------------------------------------------------------------------------------------


def can_hold(when: When) -> bool:
    """Say whether some customer could meet a condition; False only where it is certain that none can.

    It goes through the alternatives of the condition and looks at each column alone: an empty list, a range that ends
    before it begins, two lists without a common value, known and missing at once. It does not know that a warranty
    cannot begin after it ends.
    """
    cases = _cases(when, positive=True)
    return cases is None or any(_possible(case) for case in cases)


Literals = tuple[tuple[Test, bool], ...]


def _cases(when: When, *, positive: bool) -> list[Literals] | None:
    """Write a condition as alternatives of tests that are met (True) or not; None where they are too many."""
    if isinstance(when, Test):
        return [((when, positive),)]
    if isinstance(when, Not):
        return _cases(when.part, positive=not positive)
    parts = [_cases(part, positive=positive) for part in when.parts]
    known = [part for part in parts if part is not None]
    if isinstance(when, AllOf) is positive:  # all of them; "not any" is all of their opposites
        count = 1
        for part in known:
            count *= len(part)
        if len(known) < len(parts) or count > MOST_CASES:
            return None if all(known) else []
        return [tuple(literal for case in chosen for literal in case) for chosen in product(*known)]
    if len(known) < len(parts):
        return None
    return [case for part in known for case in part]


def _possible(case: Literals) -> bool:
    columns = dict.fromkeys(test.column for test, _met in case)
    return all(_column_possible([literal for literal in case if literal[0].column == name]) for name in columns)


def _column_possible(literals: Sequence[tuple[Test, bool]]) -> bool:
    """Whether one column can meet these tests: as a missing value, or as a known one."""
    if any((test, not met) in literals for test, met in literals):
        return False
    if all(met == (test.operator == "missing") for test, met in literals):
        return True  # a missing value meets "missing" and no other test
    if any(test.operator == "missing" and met for test, met in literals):
        return False
    return _known_possible([literal for literal in literals if literal[0].operator != "missing"])


def _known_possible(literals: Sequence[tuple[Test, bool]]) -> bool:
    several = literals[0][0].column.startswith("bought.") if literals else False
    wanted = [test.value for test, met in literals if met and test.operator == "in"]
    if any(not values for values in wanted):
        return False
    ranges = _ranges(test for test, met in literals if met)
    if any(low > high for low, high, _open in ranges) or any(low == high and open_ for low, high, open_ in ranges):
        return False
    if several or not wanted:
        return True
    lists = [set(values) for values in wanted if isinstance(values, tuple)]
    if len({type(value) for values in lists for value in values}) > 1:
        return True  # "1" and 1 may be the same cell, read as text and as a number
    left = set.intersection(*lists)
    return any(_value_possible(value, literals) for value in left)


def _ranges(tests: Iterable[Test]) -> list[tuple[float, float, bool]]:
    """Return, for each way to read the column, the range that all its tests leave: low, high, and whether high is out.

    Days count as their number; ages and days to go are ranges of their own.
    """
    found: dict[str, tuple[float, float, bool]] = {}
    for test in tests:
        if test.operator not in ("between", "age_years", "days_until", "at_least", "below"):
            continue
        how = test.operator if test.operator in ("age_years", "days_until") else needed_reading(test)
        low, high, is_open = _bounds(test)
        known_low, known_high, known_open = found.get(how, (-inf, inf, False))
        if high < known_high or (high == known_high and is_open):
            known_high, known_open = high, is_open
        found[how] = (max(low, known_low), known_high, known_open)
    return list(found.values())


def _bounds(test: Test) -> tuple[float, float, bool]:
    if isinstance(test.value, Span):
        ends = (test.value.low, test.value.high)
    else:
        ends = (test.value, None) if test.operator == "at_least" else (None, test.value)  # type: ignore[assignment]
    low, high = (_number(end) for end in ends)
    return -inf if low is None else low, inf if high is None else high, test.operator == "below"


def _number(end: object) -> float | None:
    """A bound as a number; days by their ordinal."""
    day = day_of(end)
    if day is not None:
        return float(day.toordinal())
    try:
        return None if end is None else float(str(end).replace(",", ""))
    except ValueError:
        return None


def _value_possible(value: object, literals: Sequence[tuple[Test, bool]]) -> bool:
    """Whether this one value meets the tests that can be judged by it alone."""
    for test, met in literals:
        if test.operator in ("in", "not_in") and isinstance(test.value, tuple):
            if ((value in test.value) == (test.operator == "in")) != met:
                return False
        elif test.operator == "contains" and (str(test.value).lower() in str(value).lower()) != met:
            return False
        elif test.operator in ("between", "at_least", "below") and met:
            number, (low, high, is_open) = _number(value), _bounds(test)
            if number is not None and not (low <= number <= high and not (is_open and number == high)):
                return False
    return True
