"""Reports of several blocks, each with a header of its own: no table, and no header of theirs holds for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbench.load.reading.header import DATA_LIKE, clean_header

MOSTLY_ALIKE = 0.7
"""Where this share of the rows is equally wide, they are one table."""

LEAST_WIDTH = 3
"""Narrower blocks are notes above a table: a name and its value."""


def is_report_of_blocks(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first rows of a file are blocks with different headers; blank rows part them.

    Either two different rows of names come again and again in rows of changing width, or two blocks between blank
    rows each begin with names of their own above data.
    """
    trimmed = [_trimmed(row) for row in rows]
    widths = Counter(len(row) for row in trimmed if row)
    if not widths:
        return False
    repeated = Counter(tuple(row) for row in trimmed if len(row) > 1 and _are_names(row))
    again = [row for row, times in repeated.items() if times > 1]
    if len(again) > 1 and max(widths.values()) < MOSTLY_ALIKE * widths.total():
        return True
    headers = {tuple(block[0]) for block in _blocks(trimmed) if _is_table(block)}
    return len(headers) > 1


def _trimmed(row: Sequence[str]) -> list[str]:
    """The cells up to the last filled one, without blanks around them."""
    cells = [clean_header(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _blocks(rows: Sequence[list[str]]) -> list[list[list[str]]]:
    blocks: list[list[list[str]]] = [[]]
    for row in rows:
        if row:
            blocks[-1].append(row)
        else:
            blocks.append([])
    return blocks


def _is_table(block: Sequence[list[str]]) -> bool:
    """Whether a block has a row of names above rows as wide that hold data."""
    if len(block) < 2 or len(block[0]) < LEAST_WIDTH or not _are_names(block[0]):
        return False
    return any(
        len(row) <= len(block[0]) and any(DATA_LIKE.fullmatch(cell) for cell in row if cell) for row in block[1:]
    )


def _are_names(row: Sequence[str]) -> bool:
    return all(row) and len(set(row)) == len(row) and not any(DATA_LIKE.fullmatch(cell) for cell in row)
