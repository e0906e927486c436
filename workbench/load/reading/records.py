"""Split text into records line by line, so that one bad line never swallows its neighbours."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.limits import load_limits
from workbench.load.reading.lines_below import is_below_rows

RUN_OF_BLANKS = " "
"""The delimiter that stands for any run of blanks and tabs."""

PADDING = " \t\u00a0\u3000"
"""Blanks that may stand around a quoted cell: a tab keeps spreadsheets from taking a number for one."""


@dataclass(frozen=True)
class Record:
    """One record: the lines it stands on, and its cells; or the reason why it has none. A blank line has neither."""

    line: int
    last_line: int
    text: str
    cells: list[str] | None = None
    reason: str | None = None
    facts: dict[str, int] = field(default_factory=dict)


def lines_of(text: str) -> list[str]:
    """Split at LF, CR LF and CR, and nowhere else (`str.splitlines` also splits at form feeds and U+2028)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


class Splitter:
    """Splits lines into records of cells, by the rules of RFC 4180 and a little patience.

    Quotes inside an unquoted cell are text (`5" pipe`), blanks around a quoted cell are skipped, empty cells beyond
    the width are dropped. A record that breaks the rules (its quotes do not close, its cells are too few or too many)
    loses only its first line: reading goes on with the next one.
    """

    def __init__(self, delimiter: str, *, width: int | None = None, damaged: bool = False) -> None:
        mark = re.escape(delimiter)
        blank = "[" + "".join(sign for sign in PADDING if sign != delimiter) + "]*"
        cell = rf'(?:{blank}"(?:[^"]|"")*+"{blank}|[^"{mark}\n][^{mark}\n]*+|)'
        self._record = re.compile(rf"{cell}(?:{mark}{cell})*+")
        self._cell = re.compile(rf"({cell})(?:{mark}|$)")
        self._delimiter = delimiter
        self._width = width
        self._damaged = damaged
        self._limits = load_limits()

    def records(self, lines: Iterable[str], *, first_line: int = 1) -> Iterator[Record]:
        """Yield each record of the lines, which are numbered from `first_line`; blank lines have no cells."""
        coming = iter(lines)
        ahead: deque[str] = deque()
        number = first_line
        while ahead or _fetch(ahead, coming):
            text = ahead.popleft()
            record = self._one_line(number, text)
            if record.reason == "unclosed_quote":
                record = self._spanning(number, text, ahead, coming) or record
            yield record
            number = record.last_line + 1

    def _one_line(self, number: int, text: str) -> Record:
        """Read a record that ends with its line."""
        if not text.strip() and not (text and self._delimiter in text and self._delimiter != RUN_OF_BLANKS):
            return Record(number, number, text)
        if reason := self._unreadable(text):
            return Record(number, number, text, reason=reason)
        if self._delimiter == RUN_OF_BLANKS:
            return self._fitting(number, number, text, text.split())
        if '"' not in text:
            return self._fitting(number, number, text, text.split(self._delimiter))
        cells = self._quoted(text)
        if cells is None:
            reason = "unclosed_quote" if text.count('"') % 2 else "stray_quote"
            return Record(number, number, text, reason=reason)
        return self._fitting(number, number, text, cells)

    def _spanning(self, number: int, text: str, ahead: deque[str], coming: Iterator[str]) -> Record | None:
        """Read a record whose quoted cell holds line ends, up to the line where its quotes are even; None: no fit."""
        parts, odd, length = [text], True, len(text)
        for position in range(self._limits.cell_lines):
            if length > self._limits.row_characters or not (position < len(ahead) or _fetch(ahead, coming)):
                return None
            line = ahead[position]
            parts.append(line)
            length += len(line) + 1
            odd ^= bool(line.count('"') % 2)
            if not odd:
                break
        whole = "\n".join(parts)
        cells = None if odd or self._unreadable(whole) else self._quoted(whole)
        record = self._fitting(number, number + len(parts) - 1, whole, cells) if cells else None
        if record is None or record.reason:
            return None
        for _ in parts[1:]:
            ahead.popleft()
        return record

    def _unreadable(self, text: str) -> str | None:
        """Say why text cannot be data at all, or None."""
        if "\0" in text:
            return "nul_byte"
        if self._damaged and "\ufffd" in text:
            return "broken_character"
        if len(text) > self._limits.row_characters:
            return "too_long"
        return None

    def _quoted(self, text: str) -> list[str] | None:
        """Split a record that holds quotes; None where they break the rules."""
        if not self._record.fullmatch(text):
            return None
        cells = [_unquoted(match.group(1)) for match in self._cell.finditer(text)]
        return cells if text.endswith(self._delimiter) else cells[:-1]  # the end of the text matches once more

    def _fitting(self, line: int, last_line: int, text: str, cells: list[str]) -> Record:
        """Return the record, or its rejection where it has not as many cells as the header; totals may have fewer."""
        if self._width is None or len(cells) == self._width:
            return Record(line, last_line, text, cells)
        if len(cells) > self._width and not any(cell.strip() for cell in cells[self._width :]):
            return Record(line, last_line, text, cells[: self._width])
        if len(cells) < self._width and is_below_rows([*cells, ""]):
            return Record(line, last_line, text, [*cells, *[""] * (self._width - len(cells))])
        reason = "too_many_cells" if len(cells) > self._width else "too_few_cells"
        return Record(line, last_line, text, reason=reason, facts={"found": len(cells), "expected": self._width})


def _unquoted(cell: str) -> str:
    """Take the quotes off a quoted cell and make doubled quotes single; other cells stay as they are."""
    plain = cell.strip(PADDING)
    return plain[1:-1].replace('""', '"') if plain.startswith('"') else cell


def _fetch(ahead: deque[str], coming: Iterator[str]) -> bool:
    """Bring one further line, and say whether there was one."""
    line = next(coming, None)
    if line is None:
        return False
    ahead.append(line)
    return True
