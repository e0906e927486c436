"""Rows of totals, and what else stands below the rows, in a sample: they say nothing of what a column holds.

They are not loaded either.
"""

from __future__ import annotations

from dataclasses import replace

from workbench.load.reading.lines_below import is_below_rows
from workbench.load.suggesting.column_shapes import RowSample


def without_totals(sample: RowSample) -> RowSample:
    """Take the rows off that the load will not take for data."""
    columns = [sample.values.get(header, ()) for header in sample.header]
    rows = list(zip(*columns, strict=True)) if all(columns) else []
    below = [is_below_rows(row) for row in rows]
    for place in range(len(rows) - 2, -1, -1):  # the report's own name, above who made it
        below[place] |= below[place + 1] and sum(bool((cell or "").strip()) for cell in rows[place]) <= 1
    kept = [row for row, is_below in zip(rows, below, strict=True) if not is_below]
    if len(kept) == len(rows):
        return sample
    values = {header: [row[place] for row in kept] for place, header in enumerate(sample.header)}
    lines = [row for row, is_line in zip(rows, below, strict=True) if is_line]
    notes = tuple(text for row in lines for cell in row if (text := (cell or "").strip()))
    return replace(sample, values=values, notes=notes)
