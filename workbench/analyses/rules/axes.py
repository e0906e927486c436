"""The combinations that the boundaries of a segment table make: within one of them nothing tells customers apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Bools
from workbench.analyses.rules.asking import is_missing
from workbench.analyses.rules.conditions import ORDERED, AllOf, AnyOf, Not, Test, When, each_test, is_number
from workbench.analyses.rules.domain import SCORES, Cut, Domain, domain
from workbench.analyses.rules.table import SegmentTable
from workbench.errors import ChoiceError

MOST_COMBINATIONS = 100_000
"""Combinations that an audit tries; a table with more asks too much of too many columns."""


@dataclass(frozen=True)
class Part:
    """One piece of a column: a range between two cuts, one value, the rest of the values, or what is unknown."""

    kind: Literal["range", "value", "rest", "unknown"]
    start: Cut | None = None
    end: Cut | None = None
    value: str | bool | None = None

    @property
    def is_missing(self) -> bool:
        """Whether nothing is known of who is in it: no value, or an empty text."""
        return self.kind == "unknown" or (isinstance(self.value, str) and not self.value.strip())

    def lies_in(self, start: Cut | None, end: Cut | None, of: Domain) -> bool:
        """Say whether a range takes the whole piece in."""
        open_below = start is None or of.starts_all(start) or (self.start is not None and self.start >= start)
        return open_below and (end is None or (self.end is not None and self.end <= end))


@dataclass(frozen=True)
class Axis:
    """A column and the pieces that the rules cut it into."""

    column: str
    domain: Domain
    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[int | Part, ...]:
        """What a combination calls the pieces: scores by their number."""
        return tuple(range(1, len(self.parts) + 1)) if self.column in SCORES else self.parts

    def meets(self, test: Test) -> Bools:
        """Return which pieces meet a test."""
        return np.array([self._meets(part, test) for part in self.parts], dtype=bool)

    def _meets(self, part: Part, test: Test) -> bool:
        if test.operator == "missing":
            return part.is_missing
        if test.operator in ORDERED:
            return part.kind != "unknown" and part.lies_in(*test.cuts(self.domain), self.domain)
        listed = part.value in test.values if part.kind == "value" else self._lists_number(part, test)
        return listed if test.operator == "in" else not (listed or part.is_missing)

    def _lists_number(self, part: Part, test: Test) -> bool:
        of, numbers = self.domain, [value for value in test.values if is_number(value)]
        return any(part.lies_in(of.cut(one, after=False), of.cut(one, after=True), of) for one in numbers)

    def place(self, rows: ir.Table) -> ir.IntegerValue:
        """Return for each row the piece it lies in, counted from 0."""
        column = rows[self.column]
        last = max((place for place, part in enumerate(self.parts) if part.kind != "unknown"), default=0)
        tests: list[tuple[ir.BooleanValue, int]] = []
        for place, part in enumerate(self.parts):
            if part.kind == "unknown":
                tests.append((is_missing(column), place))
            elif part.kind == "value":
                tests.append((column == part.value, place))
            elif part.end is not None and place != last:
                tests.append((self.domain.is_before(column, part.end), place))
        return ibis.cases(*tests, else_=last).cast("int32") if tests else ibis.literal(last, "int32")


def axes_of(table: SegmentTable, schema: Mapping[str, Any] | None = None) -> tuple[Axis, ...]:
    """Return the axes of a table: R, F and M with every score where scores alone decide, else what the rules name.

    Parameters
    ----------
    schema
        The types of the columns (`facts.schema()`), for columns that are not those of `customer_facts`.

    Raises ChoiceError where a column is compared with names and with numbers, or where there are too many combinations.
    """
    tests: dict[str, list[Test]] = {name: [] for name in table.columns}
    for test in (test for rule in table.rules for test in each_test(rule.when)):
        tests[test.column].append(test)
    if table.is_scores_only and table.bins:
        tests = {name: [] for name in SCORES}
    axes = tuple(
        _score_axis(name, table.bins) if name in SCORES else _axis(table, name, column_tests, (schema or {}).get(name))
        for name, column_tests in tests.items()
    )
    cells = prod(len(axis.parts) for axis in axes)
    if cells > MOST_COMBINATIONS:
        raise ChoiceError("segment_table_fine", table=table.id, cells=cells, most=MOST_COMBINATIONS)
    return axes


def _score_axis(name: str, bins: int) -> Axis:
    of = domain(name)
    edges = [of.cut(score, after=False) for score in range(1, bins + 2)]
    return Axis(name, of, tuple(Part("range", *pair) for pair in pairwise(edges)))


def _axis(table: SegmentTable, name: str, tests: Sequence[Test], kind: Any) -> Axis:
    of = domain(name, kind)
    named = tuple(dict.fromkeys(value for test in tests for value in test.values if isinstance(value, (str, bool))))
    cuts = [cut for test in tests if test.operator in ORDERED for cut in test.cuts(of)]
    numbers = [value for test in tests for value in test.values if is_number(value)]
    cuts += [of.cut(number, after=after) for number in numbers for after in (False, True)]
    if named and cuts:
        raise ChoiceError("segment_column_mixed", table=table.id, field=name)
    if named:
        parts = tuple(Part("value", value=value) for value in named)
        parts = parts if {True, False} <= set(named) else (*parts, Part("rest"))
    else:
        parts = _ranges(sorted({cut for cut in cuts if cut is not None and not of.starts_all(cut)}))
    return Axis(name, of, (*parts, Part("unknown")) if of.may_be_unknown else parts)


def _ranges(cuts: Sequence[Cut]) -> tuple[Part, ...]:
    return tuple(Part("range", start, end) for start, end in zip((None, *cuts), (*cuts, None), strict=True))


def fitting(table: SegmentTable, axes: Sequence[Axis]) -> Bools:
    """Return for every rule in turn which combinations it fits: rules x pieces of the first axis x of the second …"""
    shape = tuple(len(axis.parts) for axis in axes)
    return np.array([_met(rule.when, axes, shape) for rule in table.rules], dtype=bool).reshape(-1, *shape)


def _met(when: When, axes: Sequence[Axis], shape: tuple[int, ...]) -> Bools:
    if isinstance(when, Not):
        return ~_met(when.part, axes, shape)
    if isinstance(when, (AllOf, AnyOf)):
        parts = np.array([_met(part, axes, shape) for part in when.parts], dtype=bool).reshape(-1, *shape)
        return np.asarray(parts.all(axis=0) if isinstance(when, AllOf) else parts.any(axis=0), dtype=bool)
    place = next(place for place, axis in enumerate(axes) if axis.column == when.column)
    along = [1] * len(shape)
    along[place] = -1
    return np.broadcast_to(axes[place].meets(when).reshape(along), shape)


def first_fitting(fits: Bools) -> NDArray[np.intp]:
    """Return for every combination the place of the first rule that fits; where none does, the number of rules."""
    none = np.ones((1, *fits.shape[1:]), dtype=bool)
    places: NDArray[np.intp] = np.argmax(np.concatenate([fits, none]), axis=0)
    return places
