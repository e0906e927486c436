"""Which cells of segment by value may be told, so that no choice of what is compared gives a small one away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Bools, Integers
from workbench.analyses.cell_ranges import CellRanges
from workbench.analyses.open_sums import OpenSums

NO_VALUE = "\0missing"
"""Stands for the value that nobody knows, beside the labels."""
KNOWN = "\0known"
"""Stands for all numbers of a column: who has one is counted, not which."""
EVERYBODY = "\0everybody"
"""Stands for all segments together: the sums of the values."""

WithheldCells = frozenset[tuple[str, str]]
"""Cells of one column that may not be told: segment and value."""


def withheld_cells(counts: pd.DataFrame, *, smallest: int) -> WithheldCells:
    """Return the cells of one column, (segment, value), that may not be told.

    A reader can choose any segment, see it beside the rest, and add up: what is told of all choices together are the
    sizes of the segments, how many have each value, and the cells. They are told in that order, the largest first,
    unless a group of fewer than `smallest` customers follows from all that was told before, or a small cell would be
    bounded more closely than the sums of the lines bound it.

    Parameters
    ----------
    counts
        The rows of `profile_counts` of one column: segment, number, label, customer_count.

    Examples
    --------
    Of platinum 2 are from the north. The 3 from the south would tell; so would gold's, by way of the sums.

    >>> rows = [("platinum", "north", 2), ("platinum", "south", 8), ("gold", "north", 20), ("gold", "south", 30)]
    >>> counts = pd.DataFrame(rows, columns=["segment", "label", "customer_count"]).assign(number=None)
    >>> len(withheld_cells(counts, smallest=5)), len(withheld_cells(counts, smallest=2))
    (4, 0)
    """
    value = counts["label"].where(counts["label"].notna(), counts["number"].notna().map({True: KNOWN, False: NO_VALUE}))
    cells = counts.assign(value=value).pivot_table(
        index="segment", columns="value", values="customer_count", aggfunc="sum", fill_value=0
    )
    people = cells.to_numpy(dtype=np.int64)
    there = people > 0
    sums = OpenSums(people[there], smallest=smallest)
    lines = [_admitted(sums, people, there, axis) for axis in (0, 1)]
    ranges = CellRanges(people, *lines, smallest=smallest)
    segments, values = cells.index.tolist(), cells.columns.tolist()
    withheld = {(EVERYBODY, value) for value, is_known in zip(values, lines[1], strict=True) if not is_known}
    for row, column in sorted(np.argwhere(there).tolist(), key=lambda cell: (-people[*cell], *cell)):
        alone = np.zeros_like(there)
        alone[row, column] = True
        if ranges.hides(row, column, alone[there], sums):
            withheld.add((segments[row], values[column]))
    return frozenset(withheld)


def _admitted(sums: OpenSums, people: Integers, there: Bools, axis: int) -> Bools:
    """Tell the sums of the segments (axis 0) or of the values, the largest first; say of each whether it is told."""
    is_told = np.zeros(people.shape[axis], dtype=bool)
    for place in np.argsort(-people.sum(axis=1 - axis), kind="stable"):
        line = np.zeros_like(there)
        line[(place, slice(None)) if axis == 0 else (slice(None), place)] = True
        is_told[place] = sums.admits((line & there)[there])
    return is_told
