"""The details of a sheet of an .xls: those of its records that say more than a value.

Stands alone like `sheet_details.py`, whose counts it fills.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Protocol

BOUND_SHEET, DATE_MODE, NUMBER_FORMAT, CELL_FORMAT, FORMULA = 0x85, 0x22, 0x41E, 0xE0, 0x06
PLAIN_FORMAT, PACKED_NUMBER, PACKED_ROW, LAST_RECORD = 0x203, 0x27E, 0xBD, 0x0A

Writer = Callable[[int], str]


class Details(Protocol):
    """What is filled here: `SheetDetails`."""

    counts_from_1904: bool
    padded: dict[int, dict[int, str]]

    def saw_formula(self, row: int, column: int, result: str | None, *, is_text: bool) -> None:
        """Count a formula."""


def xls_records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place on, up to the one that ends their part, each by its kind and content."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        if kind == LAST_RECORD:
            return
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def fill_xls_details(stream: bytes, sheet: str, details: Details, zero_format: Callable[[str], Writer | None]) -> None:
    """Look at the records of one sheet. `zero_format` is that of `sheet_details.py`."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    start = None
    for kind, content in xls_records(stream):
        if kind == DATE_MODE:
            details.counts_from_1904 = content[:1] == b"\x01"
        elif kind == NUMBER_FORMAT:
            codes[struct.unpack_from("<H", content)[0]] = _text(content[2:], wide_length=True)
        elif kind == CELL_FORMAT:
            formats.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == BOUND_SHEET and _text(content[6:], wide_length=False) == sheet:
            start = struct.unpack_from("<I", content)[0]
    if start is not None:
        writers = {place: zero_format(codes.get(number, "")) for place, number in enumerate(formats)}
        _fill_cells(stream, start, details, {place: write for place, write in writers.items() if write})


def _fill_cells(stream: bytes, start: int, details: Details, writers: dict[int, Writer]) -> None:
    for kind, content in xls_records(stream, start):
        if kind == FORMULA:
            row, column = struct.unpack_from("<HH", content)
            result, is_text = _result(content[6:14])
            details.saw_formula(row + 1, column + 1, result, is_text=is_text)
        for row, column, style, number in _numbers_in(kind, content):
            write = writers.get(style)
            if write is not None and number.is_integer() and 0 <= number < 10**15:
                details.padded.setdefault(row + 1, {})[column + 1] = write(int(number))


def _numbers_in(kind: int, content: bytes) -> Iterator[tuple[int, int, int, float]]:
    """The numbers of a record, each with its row, column and format."""
    if kind == PLAIN_FORMAT:
        row, column, style, number = struct.unpack_from("<HHHd", content)
        yield row, column, style, number
    elif kind == PACKED_NUMBER:
        row, column, style, packed = struct.unpack_from("<HHHI", content)
        yield row, column, style, unpacked(packed)
    elif kind == PACKED_ROW:
        row, first = struct.unpack_from("<HH", content)
        for place in range((len(content) - 6) // 6):
            style, packed = struct.unpack_from("<HI", content, 4 + 6 * place)
            yield row, first + place, style, unpacked(packed)


def _result(stored: bytes) -> tuple[str | None, bool]:
    """The stored result of a formula, and whether it is text; what no number holds is marked by FF FF at its end."""
    if stored[6:] != b"\xff\xff":
        return repr(struct.unpack("<d", stored)[0]), False
    match stored[0]:
        case 0:  # the text stands in the record behind
            return "text", True
        case 3:
            return "", True
        case _:  # a truth or an error
            return "true", False


def unpacked(packed: int) -> float:
    """Return a number packed into 30 bits."""
    number = float((packed & ~3) >> 2 if not packed & 0x80000000 else ((packed & ~3) >> 2) - (1 << 30))
    if not packed & 2:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & ~3) << 32))[0])
    return number / 100 if packed & 1 else number


def _text(content: bytes, *, wide_length: bool) -> str:
    """Return a short text: its length, whether its characters are wide, and the characters."""
    start = 2 if wide_length else 1
    if len(content) <= start:
        return ""
    length = struct.unpack_from("<H", content)[0] if wide_length else content[0]
    wide = content[start] & 1
    return content[start + 1 : start + 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
