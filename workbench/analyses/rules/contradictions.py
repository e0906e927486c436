"""Conditions that no customer of any company can meet, found by going through their alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

from workbench.analyses.rules.asking import needed_reading
from workbench.analyses.rules.conditions import ORDERED, AllOf, Not, Scalar, Test, When, day_of
from workbench.analyses.rules.domain import Cut, Domain

MOST_CASES = 512
"""Alternatives of one condition that are gone through; of one with more, nothing is claimed."""

ANYTHING = Domain()
BEFORE_ALL: Cut = (Fraction(-(10**400)), False)
BEHIND_ALL: Cut = (Fraction(10**400), False)
"""Before and behind every number and day."""

Claim = tuple[Test, bool]
"""A test, and whether it is met."""


def can_hold(when: When) -> bool:
    """Say whether some customer could meet a condition; False only where it is certain that none can.

    It goes through the alternatives of the condition and looks at each column alone: an empty list, a range that ends
    before it begins, two lists without a common value, known and missing at once. It does not know that a warranty
    cannot begin after it ends.
    """
    cases = _cases(when, positive=True)
    return cases is None or any(_possible(case) for case in cases)


def _cases(when: When, *, positive: bool) -> list[tuple[Claim, ...]] | None:
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
        return [tuple(claim for case in chosen for claim in case) for chosen in product(*known)]
    if len(known) < len(parts):
        return None
    return [case for part in known for case in part]


def _possible(case: Sequence[Claim]) -> bool:
    columns = dict.fromkeys(test.column for test, _met in case)
    return all(_column_possible([claim for claim in case if claim[0].column == name]) for name in columns)


def _column_possible(claims: Sequence[Claim]) -> bool:
    """Whether one column can meet these tests: as a missing value, or as a known one."""
    if any((test, not met) in claims for test, met in claims):
        return False
    if all(met == (test.operator == "missing") for test, met in claims):
        return True  # a missing value meets "missing" and no other test
    if any(test.operator == "missing" and met for test, met in claims):
        return False
    return _known_possible([claim for claim in claims if claim[0].operator != "missing"])


def _known_possible(claims: Sequence[Claim]) -> bool:
    several = claims[0][0].column.startswith("bought.") if claims else False
    wanted = [set(test.values) for test, met in claims if met and test.operator == "in"]
    if any(not values for values in wanted):
        return False
    if not all(start < end for start, end in _ranges(test for test, met in claims if met)):
        return False
    if several or not wanted:
        return True
    if len({type(value) for values in wanted for value in values}) > 1:
        return True  # "1" and 1 may be the same cell, read as text and as a number
    return any(_value_possible(value, claims) for value in set.intersection(*wanted))


def _ranges(tests: Iterable[Test]) -> list[tuple[Cut, Cut]]:
    """Return, for each way to read the column, where the range that all its tests leave begins and ends.

    Ages and days to go are ranges of their own.
    """
    ranges: dict[str, tuple[Cut, Cut]] = {}
    for test in tests:
        if test.operator in ORDERED:
            how = test.operator if test.operator in ("age_years", "days_until") else needed_reading(test)
            start, end = test.cuts(ANYTHING)
            known_start, known_end = ranges.get(how, (BEFORE_ALL, BEHIND_ALL))
            ranges[how] = max(start or BEFORE_ALL, known_start), min(end or BEHIND_ALL, known_end)
    return list(ranges.values())


def _value_possible(value: Scalar, claims: Sequence[Claim]) -> bool:
    """Whether this one value meets the tests that can be judged by it alone."""
    for test, met in claims:
        if test.operator in ("in", "not_in"):
            if ((value in test.values) == (test.operator == "in")) != met:
                return False
        elif test.operator == "contains" and (str(test.value).lower() in str(value).lower()) != met:
            return False
        elif test.operator in ("between", "at_least", "above", "below") and met:
            place, (start, end) = _place(value), test.cuts(ANYTHING)
            if place is not None and not (start or BEFORE_ALL) <= (place, False) < (end or BEHIND_ALL):
                return False
    return True


def _place(value: Scalar) -> Fraction | None:
    """A value as a number, days by their ordinal; None where it says neither."""
    day = day_of(value)
    try:
        return Fraction(day.toordinal()) if day else Fraction(str(value).replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None
