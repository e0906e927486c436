"""Rows below the header that are headers too: the questions in full, the choices of a matrix, the tool's own ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workbench.load.reading.header import DATA_LIKE, clean_header
from workbench.load.suggesting.column_shapes import RowSample

MOST_EXTRA_ROWS = 3
MOSTLY_DATA = 0.8
IMPORT_ID = re.compile(r"\s*\{\s*\"ImportId\"")
UNNAMED = re.compile(r"column_\d+")
SAME_NAME_AGAIN = re.compile(r"(.+)_\d+")
NO_LABELS = re.compile(r"response|open-ended response|其他|回答", re.IGNORECASE)
"""What tools write in the second row under a question without parts."""


def without_extra_headers(sample: RowSample) -> RowSample:
    """Take further header rows off a sample and keep what they say of each column as its label.

    A row is one where no cell is data although the cells below are: a text above numbers and days. Under columns
    without a header of their own, as tools leave them in a matrix, it names the parts: their label begins with the
    question they belong to.
    """
    if all(UNNAMED.fullmatch(header) for header in sample.header):
        return sample
    columns = [list(sample.values.get(header, ())) for header in sample.header]
    height = min((len(column) for column in columns), default=0)
    rows = [[column[place] for column in columns] for place in range(min(MOST_EXTRA_ROWS, height - 1))]
    count = 0
    while count < len(rows) and _is_header(rows[count], [column[count + 1 :] for column in columns], sample.header):
        count += 1
    if not count:
        return sample
    labels = _labels(sample.header, [row for row in rows[:count] if not _is_tool_row(row)])
    values = {header: column[count:] for header, column in zip(sample.header, columns, strict=True)}
    return replace(sample, values=values, labels=labels, extra_header_rows=count)


def _is_header(row: Sequence[str | None], below: Sequence[Sequence[str | None]], names: Sequence[str]) -> bool:
    if _is_tool_row(row):
        return True
    over_data = parts = gaps = 0
    for cell, column, name in zip(row, below, names, strict=True):
        text = (cell or "").strip()
        if not text:
            gaps += _is_mostly_filled(column)
        elif {(other or "").strip() for other in column} - {""} == {text}:  # a choice, named by its own answers
            parts += 1
        elif DATA_LIKE.fullmatch(text) or text in {(other or "").strip() for other in column}:
            return False
        else:
            over_data += _is_mostly_data(column)
            parts += bool(UNNAMED.fullmatch(name))
    return over_data + (parts if gaps else 0) > 1


def _is_mostly_filled(column: Sequence[str | None]) -> bool:
    return sum(bool(text and text.strip()) for text in column) >= MOSTLY_DATA * max(len(column), 1)


def _is_tool_row(row: Sequence[str | None]) -> bool:
    filled = [cell for cell in row if cell and cell.strip()]
    return bool(filled) and all(IMPORT_ID.match(cell) for cell in filled)


def _is_mostly_data(column: Sequence[str | None]) -> bool:
    filled = [text.strip() for text in column if text and text.strip()]
    return bool(filled) and sum(bool(DATA_LIKE.fullmatch(text)) for text in filled) >= MOSTLY_DATA * len(filled)


def _labels(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> dict[str, str]:
    """By header the question in full: the header's own words where it has some, then those of the rows below.

    A column without a header takes that of the last one that has, as in a matrix whose question stands once.
    """
    labels: dict[str, str] = {}
    stem = ""
    for place, name in enumerate(names):
        parts = [clean_header(row[place] or "") for row in rows]
        parts = [part for part in parts if part and not NO_LABELS.fullmatch(part)]
        is_part = bool(UNNAMED.fullmatch(name))
        stem = stem if is_part else name
        if parts and (is_part or _is_stem(names, place)):
            labels[name] = f"{stem}—{'—'.join(parts)}" if stem else "—".join(parts)
        elif parts:
            labels[name] = "—".join(parts)
    return labels


def _is_stem(names: Sequence[str], place: int) -> bool:
    """Whether the next columns have no header of their own, or the same one: the question stands once for all."""
    following = names[place + 1] if place + 1 < len(names) else ""
    again = SAME_NAME_AGAIN.fullmatch(following)
    return bool(UNNAMED.fullmatch(following)) or (again is not None and again[1] == names[place])
