"""Conditions asked of a table: whether each row meets them, what a column has to be read as, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from workbench.analyses.rules.conditions import (
    ORDERED,
    AllOf,
    AnyOf,
    Not,
    Reading,
    Scalar,
    Test,
    When,
    day_of,
    is_number,
    value_text,
)
from workbench.analyses.rules.domain import domain_of
from workbench.analyses.typed_text import typed_day, typed_number
from workbench.errors import ChoiceError


def met(when: When, table: ir.Table, *, as_of: date | None = None) -> ir.BooleanValue:
    """Return whether each row of `table` meets a condition: true or false, never unknown.

    `as_of` is the day from which ages and days to go are counted; conditions without them need none.
    """
    if isinstance(when, Not):
        return ~met(when.part, table, as_of=as_of)
    if isinstance(when, AllOf):
        return ibis.and_(*[met(part, table, as_of=as_of) for part in when.parts])
    if isinstance(when, AnyOf):
        return ibis.or_(*[met(part, table, as_of=as_of) for part in when.parts])
    return _met(when, table[when.column], as_of).fill_null(False)


def _met(test: Test, column: ir.Value, as_of: date | None) -> ir.BooleanValue:
    if test.operator == "missing":
        return is_missing(column)
    if test.operator == "contains":
        return as_text(column).lower().contains(str(test.value).lower())
    if test.operator in ("in", "not_in"):
        return _listed(test, column, test.values)
    compared = read_as(column, needed_reading(test), test)
    if test.operator == "age_years" and as_of:
        compared = _age(compared, as_of)
    elif test.operator == "days_until" and as_of:
        compared = compared.delta(ibis.date(as_of), unit="day")
    of = domain_of(compared.type())
    start, end = test.cuts(of)
    above = [of.is_from(compared, start)] if start else []
    return ibis.and_(*above, *([of.is_before(compared, end)] if end else []))


def _listed(test: Test, column: ir.Value, values: Sequence[Scalar]) -> ir.BooleanValue:
    """Whether a value is in the list; a column of several values is when one of them is."""
    if not values:
        is_listed: ir.BooleanValue = ibis.literal(value=False)
    elif isinstance(column, ir.ArrayValue):
        is_listed = ibis.or_(*[column.contains(str(one)) for one in values])
    else:
        reading = needed_reading(test) if isinstance(column, ir.StringValue) else reading_of(column.type())
        if any(not _fits(one, reading) for one in values):
            raise ChoiceError("rule_value", column=test.column, operator=test.operator, value=value_text(tuple(values)))
        compared = as_text(column) if reading == "text" else read_as(column, reading, test)
        compared = compared.cast("float64") if reading == "number" else compared
        is_listed = compared.isin([_literal(one, reading) for one in values])
    if test.operator == "in":
        return is_listed
    return ~is_listed & ~is_missing(column)


def needed_reading(test: Test) -> Reading:
    """What the column has to be read as, judged by the operator and its value."""
    if test.operator in ("age_years", "days_until"):
        return "date"
    if test.operator in ORDERED:
        return "date" if any(isinstance(end, date) for end in test.ends) else "number"
    return "number" if test.values and all(is_number(one) for one in test.values) else "text"


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
        return column.date() if column.type().is_timestamp() else column
    if kind != "text":
        raise ChoiceError("rule_operator", column=test.column, operator=test.operator, kind=kind)
    if reading == "number":
        return typed_number(column.strip().replace(",", ""))
    if reading == "date":
        return typed_day(column)
    raise ChoiceError("rule_operator", column=test.column, operator=test.operator, kind=kind)


def fits_kind(test: Test, kind: dt.DataType) -> bool:
    """Say whether a column of this type can be asked as it stands, without reading its text as numbers or days."""
    if not test.values and test.operator not in ORDERED:
        return True
    holds = reading_of(kind)
    if any(isinstance(value, bool) for value in test.values):
        return holds == "boolean"
    return holds == needed_reading(test) and not kind.is_timestamp()


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
        return is_number(value)
    if reading == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str) and (reading != "date" or day_of(value) is not None)


def _literal(value: Any, reading: Reading) -> Any:
    """A value as the database compares it."""
    if reading == "date":
        return ibis.date(day_of(value))
    return ibis.literal(float(value)) if reading == "number" else value
