"""Conditions on a customer's columns, kept as data: tests and the groups all, any and not; read, written, and asked.

Every test is either met or not: what is unknown meets no test but "missing", so `not` of a test includes the unknown.
Whatever the groups, the usual laws of logic hold (a property test keeps them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal, get_args

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from workbench.analyses.typed_text import typed_day, typed_number
from workbench.errors import ChoiceError

Operator = Literal["in", "not_in", "between", "at_least", "below", "missing", "age_years", "days_until", "contains"]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
SPANS = ("between", "age_years", "days_until")
"""Operators whose value has two ends, of which one may be open."""

Scalar = str | int | float | bool
Reading = Literal["text", "number", "date", "boolean", "set"]

MOST_VALUES = 1000
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
    them is. "between" takes a `Span` of numbers or of days (ISO text), both ends included; "at_least" and "below" one
    number or day. "age_years" counts the whole years from the column's day to the day asked for (a birthday on
    29 February is had on 1 March in other years), "days_until" the days from the day asked for to the column's day
    (below 0 once it has passed): both take a `Span` of whole numbers. "contains" looks for a piece of text, capitals
    or not. Columns of text are read as numbers or days where the question needs it; what cannot be read is unknown.
    """

    __test__ = False  # pytest collects classes of this name

    column: str
    operator: Operator
    value: tuple[Scalar, ...] | Span | Scalar | None = None


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


def when_from(given: Any, *, depth: int = 0) -> When:
    """Read a condition from plain values; ChoiceError names what cannot be one.

    >>> when_from({"column": "usage", "is": "in", "value": ["营运"]})
    Test(column='usage', operator='in', value=('营运',))
    """
    if not isinstance(given, Mapping) or depth > DEEPEST:
        raise ChoiceError("rule_condition", given=_short(given))
    if set(given) == {"not"}:
        return Not(when_from(given["not"], depth=depth + 1))
    for name, group in (("all", AllOf), ("any", AnyOf)):
        if set(given) == {name} and _is_list(given[name]):
            return group(tuple(when_from(part, depth=depth + 1) for part in given[name]))
    if not (set(given) <= {"column", "is", "value"} and isinstance(given.get("column"), str) and given["column"]):
        raise ChoiceError("rule_condition", given=_short(given))
    if given.get("is") not in OPERATORS:
        raise ChoiceError("unknown_choice", name="is", value=_short(given.get("is")), allowed=OPERATORS)
    return Test(given["column"], given["is"], _value_from(given["is"], given.get("value"), given))


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
        return f"{when.column} {when.operator} {_value_words(when.value)}".strip()
    if isinstance(when, Not):
        return f"not ({formula(when.part)})"
    word = " and " if isinstance(when, AllOf) else " or "
    parts = [f"({formula(part)})" if isinstance(part, (AllOf, AnyOf)) else formula(part) for part in when.parts]
    return word.join(parts) or ("everyone" if isinstance(when, AllOf) else "nobody")


def _value_from(operator: Operator, value: Any, given: Any) -> tuple[Scalar, ...] | Span | Scalar | None:
    """Hold a value to what its operator takes."""
    fits = False
    if operator in SPANS:
        fits = isinstance(value, Mapping) and bool(value) and set(value) <= {"from", "to"}
        ends = list(value.values()) if fits else []
        kinds = {isinstance(end, str) for end in ends}
        whole = operator == "between" or all(type(end) is int for end in ends)
        if fits and len(kinds) == 1 and whole and all(_is_end(end) for end in ends):
            return Span(value.get("from"), value.get("to"))
    elif operator in ("in", "not_in"):
        if _is_list(value) and len(value) <= MOST_VALUES and all(_is_scalar(one) for one in value):
            return tuple(value)
    elif operator == "missing":
        if value is None:
            return None
    elif operator == "contains":
        if isinstance(value, str) and value:
            return value
    elif _is_end(value):
        return value  # type: ignore[no-any-return]
    raise ChoiceError("rule_value", column=given["column"], operator=operator, value=_short(value))


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool)) or _is_number(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _is_end(value: Any) -> bool:
    """Whether a value can bound a range: a number, or a day as ISO text."""
    return _is_number(value) or (isinstance(value, str) and day_of(value) is not None)


def day_of(text: object) -> date | None:
    """Read 2024-12-31; None for anything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _value_words(value: Any) -> str:
    if isinstance(value, Span):
        low, high = ("" if end is None else end for end in (value.low, value.high))
        return f"{low}..{high}"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _short(value: Any) -> str:
    return str(value)[:120]


# Asked --------------------------------------------------------------------------------------------------------------


def met(when: When, table: ir.Table, *, as_of: date) -> ir.BooleanValue:
    """Return whether each row of `table` meets a condition on `as_of`: true or false, never unknown."""
    if isinstance(when, Not):
        return ~met(when.part, table, as_of=as_of)
    if isinstance(when, AllOf):
        return ibis.and_(*[met(part, table, as_of=as_of) for part in when.parts])
    if isinstance(when, AnyOf):
        return ibis.or_(*[met(part, table, as_of=as_of) for part in when.parts])
    return _met(when, table[when.column], as_of).fill_null(False)


def _met(test: Test, column: ir.Value, as_of: date) -> ir.BooleanValue:
    operator, value = test.operator, test.value
    if operator == "missing":
        return is_missing(column)
    if operator == "contains":
        return as_text(column).lower().contains(str(value).lower())
    if operator in ("in", "not_in"):
        return _listed(test, column, value if isinstance(value, tuple) else ())
    reading = needed_reading(test)
    asked = read_as(column, reading, test)
    if operator == "age_years":
        asked = _age(asked, as_of)
    elif operator == "days_until":
        asked = asked.delta(ibis.date(as_of), unit="day")
    if operator == "below":
        return asked < _literal(value, reading)
    span = value if isinstance(value, Span) else Span(value if not isinstance(value, tuple) else None)
    plain = "number" if operator in ("age_years", "days_until") else reading
    bounds = []
    if span.low is not None:
        bounds.append(asked >= _literal(span.low, plain))
    if span.high is not None:
        bounds.append(asked <= _literal(span.high, plain))
    return ibis.and_(*bounds)


def _listed(test: Test, column: ir.Value, values: Sequence[Scalar]) -> ir.BooleanValue:
    """Whether a value is in the list; a column of several values is when one of them is."""
    if not values:
        found: ir.BooleanValue = ibis.literal(value=False)
    elif isinstance(column, ir.ArrayValue):
        found = ibis.or_(*[column.contains(str(one)) for one in values])
    else:
        reading = needed_reading(test) if isinstance(column, ir.StringValue) else reading_of(column.type())
        if any(not _fits(one, reading) for one in values):
            raise ChoiceError(
                "rule_value", column=test.column, operator=test.operator, value=_value_words(tuple(values))
            )
        asked = as_text(column) if reading == "text" else read_as(column, reading, test)
        found = asked.isin([_literal(one, reading) for one in values])
    if test.operator == "in":
        return found
    return ~found & ~is_missing(column)


def needed_reading(test: Test) -> Reading:
    """What the column has to be read as, judged by the operator and its value."""
    if test.operator in ("age_years", "days_until"):
        return "date"
    if test.operator in ("between", "at_least", "below"):
        value = test.value
        ends = [value.low, value.high] if isinstance(value, Span) else [value]
        return "date" if any(isinstance(end, str) for end in ends) else "number"
    values = test.value if isinstance(test.value, tuple) else ()
    return "number" if values and all(_is_number(one) for one in values) else "text"


def reading_of(kind: dt.DataType) -> Reading:
    """What a column of this type holds."""
    if kind.is_array():
        return "set"
    if kind.is_boolean():
        return "boolean"
    if kind.is_numeric():
        return "number"
    return "date" if kind.is_date() or kind.is_timestamp() else "text"


def read_as(column: ir.Value, reading: Reading, test: Test) -> Any:
    """Read a column as numbers or days; text that says neither is unknown. ChoiceError where it can never be."""
    kind = reading_of(column.type())
    if kind == reading:
        if reading == "number":
            return column.cast("float64")
        return column.date() if column.type().is_timestamp() else column
    if kind != "text":
        raise ChoiceError("rule_operator", column=test.column, operator=test.operator, kind=kind)
    if reading == "number":
        return typed_number(column.strip().replace(",", ""))
    if reading == "date":
        return typed_day(column)
    raise ChoiceError("rule_operator", column=test.column, operator=test.operator, kind=kind)


def is_missing(column: ir.Value) -> ir.BooleanValue:
    """Whether nothing is known: no value, an empty text, or none of several values."""
    if isinstance(column, ir.ArrayValue):
        return (column.length() == 0).fill_null(True)
    if isinstance(column, ir.StringValue):
        return (column.strip() == "").fill_null(True)
    return column.isnull()


def as_text(column: ir.Value) -> ir.StringValue:
    """Write a column as text; several values one after the other."""
    if isinstance(column, ir.ArrayValue):
        return column.sort().join(", ")
    return column if isinstance(column, ir.StringValue) else column.cast("string")


def _age(day: Any, as_of: date) -> ir.IntegerValue:
    """The whole years from a day to `as_of`."""
    still_to_come = (day.month() * 100 + day.day()) > (as_of.month * 100 + as_of.day)
    return (as_of.year - day.year()) - still_to_come.cast("int64")


def _fits(value: Scalar, reading: Reading) -> bool:
    if reading == "number":
        return _is_number(value)
    if reading == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str) and (reading != "date" or day_of(value) is not None)


def _literal(value: Any, reading: Reading) -> Any:
    """A value as the database compares it."""
    if reading == "date":
        return ibis.date(day_of(value))
    return ibis.literal(float(value)) if reading == "number" else value
