"""One rule of a segment table: what a customer's columns must be, for the segment to be his."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from workbench.analyses.rules.domain import SCORES, Bound, Cut, Domain, domain
from workbench.errors import ChoiceError

Value = str | bool | int | float
Range = tuple[int, int]

_NUMERIC, _TEXT = (dt.Integer, dt.Decimal, dt.Floating), (dt.String,)


@dataclass(frozen=True)
class Span:
    """A range of known values; None is no bound, `above` and `below` leave the bound itself out."""

    low: Bound | None = None
    high: Bound | None = None
    above: bool = False
    below: bool = False

    def cuts(self, of: Domain) -> tuple[Cut | None, Cut | None]:
        """Return where the range begins and ends; None where nothing bounds it."""
        start = None if self.low is None else of.cut(self.low, after=self.above)
        end = None if self.high is None else of.cut(self.high, after=not self.below)
        return (None if start is not None and of.starts_all(start) else start), end

    def is_empty(self, of: Domain) -> bool:
        """Say whether no value that can occur lies in the range."""
        start, end = self.cuts(of)
        return end is not None and (of.starts_all(end) or (start is not None and start >= end))


@dataclass(frozen=True)
class Condition:
    """What one column must be: inside a range, or one of some values; `unknown` lets missing values in too.

    With neither range nor values only missing values fit.
    """

    column: str
    span: Span | None = None
    values: tuple[Value, ...] = ()
    unknown: bool = False

    @property
    def is_ordered(self) -> bool | None:
        """Whether it speaks of numbers and days (True) or of names (False); None where it says neither."""
        if self.span is not None and (self.span.low, self.span.high) != (None, None):
            return True
        if not self.values:
            return None
        return not isinstance(self.values[0], (str, bool))

    def spans(self) -> tuple[Span, ...]:
        """Return the condition as ranges: a single number is a range of one."""
        if self.span is not None:
            return (self.span,)
        return tuple(Span(value, value) for value in self.values if not isinstance(value, (str, bool)))

    def fits(self, rows: ir.Table) -> ir.BooleanValue:
        """Return the condition on rows; scores are the columns r_score, f_score and m_score."""
        column = rows[column_name(self.column)]
        known = self._known(column, domain(self.column, column.type()))
        if not self.unknown:
            return known
        return column.isnull() if known is None else column.isnull() | known.fill_null(False)

    def _known(self, column: ir.Column, of: Domain) -> Any:
        if self.values and not self.is_ordered:
            return column.isin(list(self.values))
        tests = [_inside(column, span, of) for span in self.spans()]
        return reduce(or_, tests) if tests else None


def _inside(column: ir.Column, span: Span, of: Domain) -> ir.BooleanValue:
    start, end = span.cuts(of)
    if start and end and of.step == 1 and start < end:
        return column.between(of.value(start[0]), of.value(end[0] - 1))
    tests = ([~of.is_before(column, start)] if start else []) + ([of.is_before(column, end)] if end else [])
    return reduce(and_, tests) if tests else column.notnull()


def column_name(name: str) -> str:
    """Return the column that a rule's name means: `r` is r_score.

    >>> column_name("r"), column_name("region")
    ('r_score', 'region')
    """
    return f"{name}_score" if name in SCORES else name


Box = tuple[Condition, ...]
"""Conditions that must hold together; none holds for everybody."""


@dataclass(frozen=True)
class Rule:
    """One segment: its id, its names and meanings by language, and the boxes of which one must fit."""

    id: str
    names: Mapping[str, str]
    when: tuple[Box, ...]
    meanings: Mapping[str, str] = field(default_factory=lambda: {"en": "", "zh": ""})

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it asks for, as rules call them, each once."""
        return tuple(dict.fromkeys(condition.column for box in self.when for condition in box))

    def fits(self, rows: ir.Table) -> ir.BooleanValue:
        """Return whether the rule fits, for each row; a missing value fits only where the rule says so."""
        everyone = ibis.literal(value=True)
        boxes = [reduce(and_, [one.fits(rows) for one in box]) if box else everyone for box in self.when]
        return reduce(or_, boxes) if boxes else ibis.literal(value=False)


def score_box(r: Range, f: Range, m: Range) -> Box:
    """Return the box of these lowest and highest scores."""
    return tuple(Condition(name, Span(low, high)) for name, (low, high) in zip(SCORES, (r, f, m), strict=True))


def check_columns(rule: Rule, rows: ir.Table, *, table: str) -> None:
    """Raise ChoiceError where a rule asks for a column that is not there, or compares numbers with names."""
    for condition in (condition for box in rule.when for condition in box):
        name, place = column_name(condition.column), {"table": table, "rule": rule.id, "field": condition.column}
        if name not in rows.columns:
            raise ChoiceError("segment_column_missing", **place, columns=list(rows.columns))
        kind, ordered = rows[name].type(), condition.is_ordered
        days = isinstance(kind, dt.Date)
        if ordered is None:
            continue
        given = [bound for span in condition.spans() for bound in (span.low, span.high) if bound is not None]
        of_days = any(not isinstance(bound, (int, float)) for bound in given)
        right = (days if of_days else isinstance(kind, _NUMERIC)) if ordered else _names(condition, kind)
        if not right:
            raise ChoiceError("segment_column_kind", **place, kind=str(kind))


def _names(condition: Condition, kind: Any) -> bool:
    return isinstance(kind, dt.Boolean if isinstance(condition.values[0], bool) else _TEXT)
