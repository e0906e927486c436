"""Find the delimiter of a text file: the character under which whole rows, header included, make sense as a table.

How evenly a character splits the lines does not decide: ids that end in a tab split every row in two, and so does one
`;` in each text. What decides is whether the cells that come about are whole: a cell that still holds another
character that splits the rows as evenly was cut in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.load.reading.header import DATA_LIKE, find_header, usual_width
from workbench.load.reading.records import RUN_OF_BLANKS, Record, Splitter

DELIMITERS = "\t;|,，；^~¦\x01\x1f"
"""Delimiters; of those under which a file makes equal sense the earlier is taken: it is rarer in text."""

SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(\\t|.)"?[\t;|, ]*', re.IGNORECASE)
"""What spreadsheets write, and read, as a first line: `sep=;`."""

ONE_NUMBER = re.compile(r"[+\-(（]?\s*[¥￥$€]?\s*-?\d{1,3}(?:(?:[ .,，']\d{3})*|\d*)(?:[.,，]\d+)?\s*[%％万亿元€)）]*")
"""A number as it is written with either sign for decimals and thousands: `12,50` and `1,234.50`, and not `1,2,3`."""

JUDGED_CELLS = 2_000
NO_HEADER_FACTOR, OTHER_HEADER_FACTOR = 0.9, 0.6
"""How much a reading counts under which the table has no header, as nearly every export has: it begins at the top, or
the line above its rows is split by another character."""

LEAST_EVEN = 0.5
"""A character splits the rows evenly where this share of them, from the first to the last, is equally wide."""


@dataclass(frozen=True)
class SplitRows:
    """The lines as one character splits them: the rows of the usual width, and how they lie among the others."""

    delimiter: str
    rows: tuple[list[str], ...]
    even: float
    """Share of the usual width among the records from the first to the last of these rows."""
    covered: float
    """Share of the usual width among all records, titles included."""
    has_header: bool
    above: str
    """The line right above the first of these rows; nothing where they begin at the top."""

    def sense(self, others: str) -> tuple[float, float, int]:
        """How much sense the rows make: how even and whole they are, 0..1; where equal, what they cover and are.

        A cell is whole that holds none of the `others`, characters under which the lines would be even too, or is
        a number all the same.
        """
        cells = [cell.strip() for row in self.rows for cell in row if cell.strip()][:JUDGED_CELLS]
        data = sum(bool(DATA_LIKE.fullmatch(cell)) for cell in cells)
        whole = sum(not any(sign in cell for sign in others) or bool(ONE_NUMBER.fullmatch(cell)) for cell in cells)
        other_header = any(sign in self.above for sign in others)
        header = 1.0 if self.has_header else OTHER_HEADER_FACTOR if other_header else NO_HEADER_FACTOR
        return self.even * whole / max(len(cells), 1) * header, self.covered, data


def find_delimiter(lines: Sequence[str]) -> str:
    """Find the character under which the lines make most sense as a table of two columns or more.

    A first line `sep=;` says it. Without such a character, runs of blanks are tried; a file of one column is read with
    the comma.
    """
    if declared := separator_line(lines):
        return declared
    signs = [sign for sign in DELIMITERS if any(sign in line for line in lines)]
    readings = [reading for sign in signs if (reading := _split_rows(lines, sign)) and reading.even >= LEAST_EVEN]
    if not readings:
        blanks = _split_rows(lines, RUN_OF_BLANKS)
        return RUN_OF_BLANKS if blanks and blanks.covered >= 0.9 else ","
    even = "".join(reading.delimiter for reading in readings)
    return max(readings, key=lambda one: one.sense(even.replace(one.delimiter, ""))).delimiter


def separator_line(lines: Sequence[str]) -> str | None:
    """Return the character that a first line `sep=;` names, where the lines below do hold it."""
    declared = SEPARATOR_LINE.fullmatch(lines[0].rstrip()) if lines else None
    if declared is None:
        return None
    sign = declared[1].replace("\\t", "\t")
    return sign if any(sign in line for line in lines[1:]) and sign not in '"\r\n' else None


def _split_rows(lines: Sequence[str], delimiter: str) -> SplitRows | None:
    """Split the lines at one character; None where it makes no columns, or only one that is ever filled."""
    records = [record for record in Splitter(delimiter).records(lines) if record.text.strip()]
    cells = [record.cells or [] for record in records]
    width = usual_width(cells)
    if width < 2:
        return None
    places = [place for place, row in enumerate(cells) if len(row) == width]
    rows = tuple(cells[place] for place in places)
    if sum(any(cell.strip() for cell in column) for column in zip(*rows, strict=True)) < 2:
        return None
    return SplitRows(
        delimiter=delimiter,
        rows=rows,
        even=len(places) / (places[-1] - places[0] + 1),
        covered=len(places) / len(records),
        has_header=_has_header(records, width),
        above=records[places[0] - 1].text if places[0] else "",
    )


def _has_header(records: Sequence[Record], width: int) -> bool:
    return find_header([record.cells or [] for record in records], width=width).index is not None
