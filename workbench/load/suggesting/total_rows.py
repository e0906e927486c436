"""Rows of totals in a sample: they say nothing of what a column holds, and are not loaded either."""

from __future__ import annotations

import re
from dataclasses import replace

from workbench.load.mapping.row_meanings import TOTAL_OF_GROUP, TOTAL_WORDS
from workbench.load.suggesting.column_shapes import RowSample


def without_totals(sample: RowSample) -> RowSample:
    """Take the rows off whose first filled cell says that they are totals, and that leave a cell blank."""
    columns = [sample.values.get(header, ()) for header in sample.header]
    rows = list(zip(*columns, strict=True)) if all(columns) else []
    kept = [row for row in rows if not _is_total(row)]
    if len(kept) == len(rows):
        return sample
    values = {header: [row[place] for row in kept] for place, header in enumerate(sample.header)}
    return replace(sample, values=values)


def _is_total(row: tuple[str | None, ...]) -> bool:
    cells = [(cell or "").strip() for cell in row]
    first = next(filter(None, cells), "")
    is_said = re.sub(r"[\s:：]", "", first).lower() in TOTAL_WORDS or re.search(TOTAL_OF_GROUP, first) is not None
    return is_said and "" in cells
