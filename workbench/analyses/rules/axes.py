"""The combinations that the boundaries of a segment table make: within one of them nothing tells customers apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from workbench.analyses.rules.domain import SCORES, Cut, Domain, domain
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.rules.table_rule import Box, Condition, Rule, column_name
from workbench.errors import ChoiceError

MOST_CELLS = 100_000
"""Combinations that an audit tries; a table with more asks too much of too many columns."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """One piece of a column: a range between two cuts, one value, the rest of the values, or what is unknown."""

    kind: Literal["range", "value", "rest", "unknown"]
    start: Cut | None = None
    end: Cut | None = None
    value: str | bool | None = None


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

    def fits(self, condition: Condition) -> Bools:
        """Return which pieces a condition takes in."""
        spans = [span.cuts(self.domain) for span in condition.spans()]
        return np.array([self._fits(part, condition, spans) for part in self.parts], dtype=bool)

    def _fits(self, part: Part, condition: Condition, spans: Iterable[tuple[Cut | None, Cut | None]]) -> bool:
        if part.kind == "unknown":
            return condition.unknown
        if part.kind == "value" and condition.values:
            return part.value in condition.values
        return any(
            (start is None or (part.start is not None and part.start >= start))
            and (end is None or (part.end is not None and part.end <= end))
            for start, end in spans
        )

    def place(self, rows: ir.Table) -> ir.IntegerValue:
        """Return for each row the piece it lies in, counted from 0."""
        column = rows[column_name(self.column)]
        last = max((place for place, part in enumerate(self.parts) if part.kind != "unknown"), default=0)
        tests: list[tuple[ir.BooleanValue, int]] = []
        for place, part in enumerate(self.parts):
            if part.kind == "unknown":
                tests.insert(0, (column.isnull(), place))
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
    conditions: dict[str, list[Condition]] = {name: [] for name in table.columns}
    for condition in (one for rule in table.rules for box in rule.when for one in box):
        conditions[condition.column].append(condition)
    if table.is_scores_only and table.bins:
        conditions = {name: [] for name in SCORES}
    axes = tuple(
        _score_axis(name, table.bins) if name in SCORES else _axis(table, name, asked, (schema or {}).get(name))
        for name, asked in conditions.items()
    )
    cells = prod(len(axis.parts) for axis in axes)
    if cells > MOST_CELLS:
        raise ChoiceError("segment_table_fine", table=table.id, cells=cells, most=MOST_CELLS)
    return axes


def _score_axis(name: str, bins: int) -> Axis:
    of = domain(name)
    edges = [of.cut(score, after=False) for score in range(1, bins + 2)]
    return Axis(name, of, tuple(Part("range", *pair) for pair in pairwise(edges)))


def _axis(table: SegmentTable, name: str, conditions: Sequence[Condition], kind: Any) -> Axis:
    of = domain(name, kind)
    ordered = {condition.is_ordered for condition in conditions} - {None}
    if len(ordered) > 1:
        raise ChoiceError("segment_column_mixed", table=table.id, field=name)
    if ordered == {False}:
        values = tuple(dict.fromkeys(value for condition in conditions for value in condition.values))
        parts = tuple(Part("value", value=value) for value in values if isinstance(value, (str, bool)))
        parts = parts if {True, False} <= set(values) else (*parts, Part("rest"))
    else:
        found = (cut for one in conditions for span in one.spans() for cut in span.cuts(of))
        parts = _ranges(sorted({cut for cut in found if cut is not None and not of.starts_all(cut)}))
    return Axis(name, of, (*parts, Part("unknown")) if of.may_be_unknown else parts)


def _ranges(cuts: Sequence[Cut]) -> tuple[Part, ...]:
    return tuple(Part("range", start, end) for start, end in zip((None, *cuts), (*cuts, None), strict=True))


def fitting(table: SegmentTable, axes: Sequence[Axis]) -> Bools:
    """Return for every rule in turn which combinations it fits: rules x pieces of the first axis x of the second …"""
    shape = tuple(len(axis.parts) for axis in axes)
    return np.array([_fits(rule, axes, shape) for rule in table.rules], dtype=bool).reshape(-1, *shape)


def _fits(rule: Rule, axes: Sequence[Axis], shape: tuple[int, ...]) -> Bools:
    found = np.zeros(shape, dtype=bool)
    for box in rule.when:
        found |= _inside(box, axes, shape)
    return found


def _inside(box: Box, axes: Sequence[Axis], shape: tuple[int, ...]) -> Bools:
    inside = np.ones(shape, dtype=bool)
    for condition in box:
        place = next(place for place, axis in enumerate(axes) if axis.column == condition.column)
        along = [1] * len(shape)
        along[place] = -1
        inside = inside & axes[place].fits(condition).reshape(along)
    return inside


def first_fitting(fits: Bools) -> NDArray[np.intp]:
    """Return for every combination the place of the first rule that fits; where none does, the number of rules."""
    none = np.ones((1, *fits.shape[1:]), dtype=bool)
    places: NDArray[np.intp] = np.argmax(np.concatenate([fits, none]), axis=0)
    return places
