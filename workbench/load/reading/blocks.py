"""Know a report of blocks, each with a heading of its own: it looks like a table and is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from workbench.errors import LoadError
from workbench.load.reading.header import DATA_LIKE, Header, clean_header
from workbench.load.reading.lines_below import is_below_rows

FEWEST_ROWS = 4
"""Fewer rows below the header tell nothing about the others."""

TABLE_SHARE = 0.5
"""A table's rows are as wide as the table, or narrower blocks outnumber them."""

FEWEST_HEADINGS = 2
FEWEST_WIDTHS = 3


class PlacedRow(NamedTuple):
    """A row and the lines it stands on; a blank line is no row, or one without filled cells."""

    line: int
    last_line: int
    cells: Sequence[str]

    @property
    def is_blank(self) -> bool:
        """True where no cell is filled, as `,,,` has none."""
        return not any(cell.strip() for cell in self.cells)


def check_one_table(file: str, rows: Sequence[PlacedRow], header: Header, *, same_width: bool) -> None:
    """Raise LoadError `report_of_blocks` where the first rows of a file are no single table.

    They are not where headings other than the table's own, each after a blank line, stand above half of the rows; nor
    where half of the rows have another width, of several, unless the file makes all equally wide (`same_width`).
    """
    below = [row for row in rows[header.first_data :] if not row.is_blank]
    while below and _is_footer(below[-1]):
        below.pop()
    if len(below) < FEWEST_ROWS:
        return
    widths = Counter(len(row.cells) for row in below)
    fitting = widths[len(header.names)] / len(below)
    is_ragged = not same_width and fitting <= TABLE_SHARE and len(widths) >= FEWEST_WIDTHS
    if is_ragged or _is_made_of_blocks(rows, header):
        lines = [line for line, _ in _headings(rows, header)] or [row.line for row in below[:3]]
        raise LoadError("report_of_blocks", file=file, lines=list(dict.fromkeys(lines))[:6])


def _is_footer(row: PlacedRow) -> bool:
    """True for a line that says something of the whole table, below its rows: how many there are, who made it."""
    return len(row.cells) == 1 or is_below_rows([*row.cells, ""])


def _is_made_of_blocks(rows: Sequence[PlacedRow], header: Header) -> bool:
    headings = _headings(rows, header)
    different = {tuple(cells) for _, cells in headings}
    begun = {line for line, _ in headings}
    inside = has_begun = 0
    for place, row in enumerate(rows):
        if _follows_blank(rows, place):
            has_begun = row.line in begun
        inside += has_begun and not row.is_blank
    return len(different) >= FEWEST_HEADINGS and inside >= TABLE_SHARE * _filled_count(rows, header)


def _filled_count(rows: Sequence[PlacedRow], header: Header) -> int:
    return sum(not row.is_blank for row in rows[header.first_data :])


def _headings(rows: Sequence[PlacedRow], header: Header) -> list[tuple[int, list[str]]]:
    """The rows below the header that follow a blank line and hold nothing but names, other ones than the header's."""
    own = [name for name in map(clean_header, header.written) if name]
    headings = []
    for place in range(header.first_data, len(rows) - 1):
        names = [clean_header(cell) for cell in rows[place].cells if cell.strip()]
        is_heading = len(names) > 1 and names != own and not any(map(DATA_LIKE.fullmatch, names))
        if is_heading and _follows_blank(rows, place) and not _follows_blank(rows, place + 1):
            headings.append((rows[place].line, names))
    return headings


def _follows_blank(rows: Sequence[PlacedRow], place: int) -> bool:
    """True where lines were left blank above a row."""
    return place > 0 and (rows[place].line > rows[place - 1].last_line + 1 or rows[place - 1].is_blank)
