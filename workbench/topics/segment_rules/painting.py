"""Segment tables changed by hand: cells painted, rules moved, renamed, added and taken out; each gives a new table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Bools
from workbench.analyses.rules.axes import axes_of, first_fitting, fitting
from workbench.analyses.rules.conditions import EVERYONE, NOBODY, Span, Test, When, all_of, any_of
from workbench.analyses.rules.domain import SCORES
from workbench.analyses.rules.rule import Rule
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import OTHERS
from workbench.errors import ChoiceError

Grid = NDArray[np.intp]


def painted_grid(table: SegmentTable) -> Grid:
    """Return for every R, F and M score (from 1: index 0) the place of the rule that gives the segment.

    Cells of no rule hold the number of rules. Raises ChoiceError where other columns than scores decide.
    """
    check_paintable(table)
    return first_fitting(fitting(table, axes_of(table)))


def check_paintable(table: SegmentTable) -> None:
    """Raise ChoiceError where a grid of scores cannot show the table."""
    strange = [name for name in table.columns if name not in SCORES]
    if strange or not table.bins:
        raise ChoiceError("segment_paint_columns", columns=strange or ["—"])


def table_from_grid(table: SegmentTable, grid: Grid) -> SegmentTable:
    """Return the table with rules that give exactly the segments of the grid, in the order they had.

    No cell fits two rules afterwards. The cells of each segment are merged into few boxes of scores: always the
    largest that is left, which is not always the fewest possible but never more than the cells. A segment without
    cells keeps its place, with a rule that fits nobody.
    """
    rules = [replace(rule, when=any_of(*boxes(grid == place))) for place, rule in enumerate(table.rules)]
    return replace(table, rules=tuple(rules))


def paint(table: SegmentTable, cells: Iterable[Sequence[int]], segment: str) -> SegmentTable:
    """Give cells (R, F, M scores from 1) to a segment, or to the others; all other cells keep theirs.

    Raises ChoiceError for a cell outside the grid, an unknown segment, a table that is not on scores alone, and where
    no cell would have a segment.
    """
    grid = painted_grid(table).copy()
    place = len(table.rules) if segment == OTHERS else _place(table, segment)
    for cell in cells:
        if len(cell) != len(SCORES) or not all(type(score) is int and 1 <= score <= table.bins for score in cell):
            raise ChoiceError("segment_cell_outside", cell=list(cell), bins=table.bins)
        grid[tuple(score - 1 for score in cell)] = place
    if (grid == len(table.rules)).all():
        raise ChoiceError("segment_last_cell")
    return table_from_grid(table, grid)


def move(table: SegmentTable, segment: str, by: int) -> SegmentTable:
    """Move a rule up (-1) or down (1) in the order; at the ends it stays."""
    rules, place = list(table.rules), _place(table, segment)
    rule = rules.pop(place)
    rules.insert(min(max(place + by, 0), len(rules)), rule)
    return replace(table, rules=tuple(rules))


def rename(
    table: SegmentTable, segment: str, names: Mapping[str, str], meanings: Mapping[str, str] | None = None
) -> SegmentTable:
    """Call a segment, or the others, by new names; what a language does not name stays."""
    if segment == OTHERS:
        return _checked(replace(table, others={**table.others, **names}))
    place = _place(table, segment)
    rule = table.rules[place]
    new = replace(rule, names={**rule.names, **names}, meanings={**rule.meanings, **(meanings or {})})
    return _checked(replace(table, rules=(*table.rules[:place], new, *table.rules[place + 1 :])))


def add(table: SegmentTable, names: Mapping[str, str]) -> SegmentTable:
    """Add a segment at the end, without a cell; its id is the first free segment_1, segment_2 …"""
    known = {rule.id for rule in table.rules}
    number = next(number for number in range(1, len(known) + 2) if f"segment_{number}" not in known)
    return _checked(replace(table, rules=(*table.rules, Rule(f"segment_{number}", dict(names), NOBODY))))


def remove_rule(table: SegmentTable, segment: str) -> SegmentTable:
    """Take a rule out; its customers go to the next rule that fits, else to the others."""
    _place(table, segment)
    rules = tuple(rule for rule in table.rules if rule.id != segment)
    if not rules:
        raise ChoiceError("segment_last")
    return replace(table, rules=rules)


def unpainted(table: SegmentTable) -> tuple[str, ...]:
    """Return the segments whose rules fit nobody, because they have no cell."""
    return tuple(rule.id for rule in table.rules if rule.when == NOBODY)


def without_unpainted(table: SegmentTable) -> SegmentTable:
    """Return the table without the segments that have no cell: it gives the same segments to everybody."""
    return replace(table, rules=tuple(rule for rule in table.rules if rule.when != NOBODY))


def blank_table(bins: int, *, names: Mapping[str, str], segment: Mapping[str, str]) -> SegmentTable:
    """Return a table of one segment that takes every cell, to begin from."""
    rule = Rule("segment_1", dict(segment), boxes(np.ones((bins, bins, bins), dtype=bool))[0])
    return SegmentTable("table", bins, dict(names), "", (rule,), {"en": "Others", "zh": "其他"})


def boxes(cells: Bools) -> list[When]:
    """Cover exactly the true cells with boxes of scores that do not overlap, the largest first.

    >>> cells = np.zeros((2, 2, 2), dtype=bool)
    >>> cells[0], cells[1, 0, 0] = True, True
    >>> from workbench.analyses.rules.conditions import formula
    >>> for box in boxes(cells):
    ...     print(formula(box))
    r_score between 1..1 and f_score between 1..2 and m_score between 1..2
    r_score between 2..2 and f_score between 1..1 and m_score between 1..1
    """
    left, places = cells.copy(), []
    spans = [_spans(size) for size in cells.shape]
    lengths = [high - low for low, high in spans]
    volume = lengths[0][:, None, None] * lengths[1][None, :, None] * lengths[2][None, None, :]
    while left.any():
        full = np.where(_filled(left, spans) == volume, volume, 0)
        largest = full.max()
        for r, f, m in np.argwhere(full == largest).tolist():
            place = tuple(slice(low[at], high[at]) for (low, high), at in zip(spans, (r, f, m), strict=True))
            if left[place].all():
                left[place] = False
                places.append(place)
    return [score_box(*[(part.start + 1, part.stop) for part in place]) for place in places]


def _spans(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where every range of scores begins (from 0) and ends (behind it)."""
    low, high = np.triu_indices(size)
    return low, high + 1


def _filled(cells: Bools, spans: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]) -> NDArray[np.int64]:
    """Count the true cells in every box, by sums over corners."""
    sums = np.pad(cells.astype(np.int64), [(1, 0)] * cells.ndim).cumsum(0).cumsum(1).cumsum(2)
    for axis, (low, high) in enumerate(spans):
        sums = sums.take(high, axis=axis) - sums.take(low, axis=axis)
    return sums


def score_box(*ranges: tuple[int, int]) -> When:
    """Return the condition that R, F and M lie between these lowest and highest scores."""
    spans = zip(SCORES, ranges, strict=True)
    return all_of(*[Test(name, "between", Span(int(low), int(high))) for name, (low, high) in spans])


def _place(table: SegmentTable, segment: str) -> int:
    ids = [rule.id for rule in table.rules]
    if segment not in ids:
        raise ChoiceError("segment_unknown_id", segment=segment, segments=ids)
    return ids.index(segment)


def _checked(table: SegmentTable) -> SegmentTable:
    """Raise ChoiceError where a name is one that a file could not hold, or is there twice."""
    everyone = tuple(replace(rule, when=EVERYONE) for rule in table.rules)
    SegmentTable.from_dict(replace(table, rules=everyone).as_dict())
    return table
