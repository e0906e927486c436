"""Conditions on a customer's columns, kept as data: tests and the groups all, any and not; read and written.

Every test is either met or not: what is unknown meets no test but "missing", so `not` of a test includes the unknown.
Whatever the groups, the usual laws of logic hold (a property test keeps them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from sys import float_info
from typing import Any, Literal, TypeGuard, get_args

from workbench.analyses.rules.domain import Bound, Cut, Domain
from workbench.errors import ChoiceError

Operator = Literal[
    "in", "not_in", "between", "at_least", "above", "below", "missing", "age_years", "days_until", "contains"
]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
SPAN_OPERATORS = ("between", "age_years", "days_until")
"""Operators whose value has two ends, of which one may be open."""
ORDERED = (*SPAN_OPERATORS, "at_least", "above", "below")
"""Operators that compare numbers or days."""

Scalar = str | int | float | bool
Reading = Literal["text", "number", "date", "boolean", "set"]

MOST_LISTED_VALUES = 1000
DEEPEST = 12


@dataclass(frozen=True)
class Span:
    """From `low` to `high`, both included; None is open."""

    low: Scalar | None = None
    high: Scalar | None = None


@dataclass(frozen=True)
class Test:
    """One question about one column; met or not met, and never met by what is unknown, except for "missing".

    "in" and "not_in" take a list of values; a column of several values ("bought.category") is in the list when one of
    them is. "between" takes a `Span` of numbers or of days (ISO text), both ends included; "at_least", "above" and
    "below" one number or day, which only "at_least" includes. "age_years" counts the whole years from the column's day
    to the day asked for (a birthday on 29 February is had on 1 March in other years), "days_until" the days from the
    day asked for to the column's day (below 0 once it has passed): both take a `Span` of whole numbers. "contains"
    looks for a piece of text, capitals or not. Columns of text are read as numbers or days where the question needs
    it; what cannot be read is unknown.
    """

    __test__ = False  # pytest collects classes of this name

    column: str
    operator: Operator
    value: tuple[Scalar, ...] | Span | Scalar | None = None

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The list it asks for; empty where it asks for none."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def ends(self) -> tuple[Bound | None, Bound | None]:
        """The lower and the upper end it compares with, days as dates; None is open."""
        if isinstance(self.value, Span):
            return _bound(self.value.low), _bound(self.value.high)
        end = _bound(self.value) if self.operator in ORDERED else None
        return (None, end) if self.operator == "below" else (end, None)

    def cuts(self, of: Domain) -> tuple[Cut | None, Cut | None]:
        """Return where the range it compares with begins and ends among the values of a column; None is open."""
        low, high = self.ends
        start = None if low is None else of.cut(low, after=self.operator == "above")
        end = None if high is None else of.cut(high, after=self.operator != "below")
        return start, end


@dataclass(frozen=True)
class AllOf:
    """Met when every part is met; without parts by everyone."""

    parts: tuple[When, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """Met when one part is met; without parts by nobody."""

    parts: tuple[When, ...] = ()


@dataclass(frozen=True)
class Not:
    """Met when its part is not met."""

    part: When


When = Test | AllOf | AnyOf | Not

EVERYONE, NOBODY = AllOf(), AnyOf()


def all_of(*parts: When) -> When:
    """Return the condition that is met when every part is; of one part, the part itself."""
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_of(*parts: When) -> When:
    """Return the condition that is met when one part is; of one part, the part itself."""
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def each_test(when: When) -> Iterator[Test]:
    """Return every test of a condition, as they stand."""
    if isinstance(when, Test):
        yield when
    elif isinstance(when, Not):
        yield from each_test(when.part)
    else:
        for part in when.parts:
            yield from each_test(part)


def columns_of(when: When) -> tuple[str, ...]:
    """Return the columns a condition looks at, each once, in the order in which they stand."""
    return tuple(dict.fromkeys(test.column for test in each_test(when)))


# Read and written ---------------------------------------------------------------------------------------------------


def when_from(plain: Any, *, depth: int = 0) -> When:
    """Read a condition from plain values; ChoiceError names what cannot be one.

    >>> when_from({"column": "usage", "is": "in", "value": ["营运"]})
    Test(column='usage', operator='in', value=('营运',))
    """
    if not isinstance(plain, Mapping) or depth > DEEPEST:
        raise ChoiceError("rule_condition", given=_short(plain))
    if set(plain) == {"not"}:
        return Not(when_from(plain["not"], depth=depth + 1))
    for name, group in (("all", AllOf), ("any", AnyOf)):
        if set(plain) == {name} and _is_list(plain[name]):
            return group(tuple(when_from(part, depth=depth + 1) for part in plain[name]))
    if not (set(plain) <= {"column", "is", "value"} and isinstance(plain.get("column"), str) and plain["column"]):
        raise ChoiceError("rule_condition", given=_short(plain))
    if plain.get("is") not in OPERATORS:
        raise ChoiceError("unknown_choice", name="is", value=_short(plain.get("is")), allowed=OPERATORS)
    return Test(plain["column"], plain["is"], _value_from(plain["is"], plain.get("value"), plain))


def when_dict(when: When) -> dict[str, Any]:
    """Write a condition as plain values, which `when_from` reads back."""
    if isinstance(when, Not):
        return {"not": when_dict(when.part)}
    if isinstance(when, (AllOf, AnyOf)):
        return {"all" if isinstance(when, AllOf) else "any": [when_dict(part) for part in when.parts]}
    written: dict[str, Any] = {"column": when.column, "is": when.operator}
    if isinstance(when.value, Span):
        ends = {"from": when.value.low, "to": when.value.high}
        written["value"] = {name: end for name, end in ends.items() if end is not None}
    elif when.value is not None:
        written["value"] = list(when.value) if isinstance(when.value, tuple) else when.value
    return written


def formula(when: When) -> str:
    """Say a condition in one line that is the same in every language.

    >>> formula(AllOf((Test("car_bought_on", "age_years", Span(0, 2)), Not(Test("usage", "in", ("营运",))))))
    'car_bought_on age_years 0..2 and not (usage in 营运)'
    """
    if isinstance(when, Test):
        return f"{when.column} {when.operator} {value_text(when.value)}".strip()
    if isinstance(when, Not):
        return f"not ({formula(when.part)})"
    word = " and " if isinstance(when, AllOf) else " or "
    parts = [f"({formula(part)})" if isinstance(part, (AllOf, AnyOf)) else formula(part) for part in when.parts]
    return word.join(parts) or ("everyone" if isinstance(when, AllOf) else "nobody")


def _value_from(operator: Operator, value: Any, plain: Any) -> tuple[Scalar, ...] | Span | Scalar | None:
    """Hold a value to what its operator takes."""
    fits = False
    if operator in SPAN_OPERATORS:
        fits = isinstance(value, Mapping) and bool(value) and set(value) <= {"from", "to"}
        ends = list(value.values()) if fits else []
        kinds = {isinstance(end, str) for end in ends}
        whole = operator == "between" or all(type(end) is int for end in ends)
        if fits and len(kinds) == 1 and whole and all(_is_end(end) for end in ends):
            return Span(value.get("from"), value.get("to"))
    elif operator in ("in", "not_in"):
        if _is_list(value) and len(value) <= MOST_LISTED_VALUES and all(_is_scalar(one) for one in value):
            return tuple(value)
    elif operator == "missing":
        if value is None:
            return None
    elif operator == "contains":
        if isinstance(value, str) and value:
            return value
    elif _is_end(value):
        return value  # type: ignore[no-any-return]
    raise ChoiceError("rule_value", column=plain["column"], operator=operator, value=_short(value))


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool)) or is_number(value)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number that can be compared; yes and no, nan and infinity are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= float_info.max


def _is_end(value: Any) -> bool:
    """Whether a value can bound a range: a number, or a day as ISO text."""
    return is_number(value) or (isinstance(value, str) and day_of(value) is not None)


def day_of(text: object) -> date | None:
    """Read 2024-12-31; None for anything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _bound(end: Any) -> Bound | None:
    return date.fromisoformat(end) if isinstance(end, str) else end


def value_text(value: Any) -> str:
    if isinstance(value, Span):
        low, high = ("" if end is None else end for end in (value.low, value.high))
        return f"{low}..{high}"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _short(value: Any) -> str:
    return str(value)[:120]
