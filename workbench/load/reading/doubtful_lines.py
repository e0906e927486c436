"""The lines of a file whose bytes depend on an encoding: only they tell which one it is, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.load.reading.byte_scan import SAMPLE_BYTES, read_pieces

MOST_DOUBTFUL_BYTES = SAMPLE_BYTES // 4
LINE_END = re.compile(rb"\r\n|\n|\r")
NOT_ASCII = re.compile(rb"[\x80-\xff]")

PREVIEWED_LINES = 8
PREVIEWED_CHARACTERS = 100
"""A long line is shown from a little before its first doubtful character."""


@dataclass(frozen=True)
class DoubtfulLine:
    """A line that holds a byte beyond ASCII, and its number in the file."""

    number: int
    content: bytes


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield every line of a file of single bytes or GB18030, without its end, after its number."""
    number, rest = 0, b""
    for piece in read_pieces(path):
        held = piece.endswith(b"\r")  # its LF may begin the next piece
        *lines, rest = LINE_END.split(rest + (piece[:-1] if held else piece))
        rest += b"\r" if held else b""
        for number, line in enumerate(lines, number + 1):  # noqa: B020 - goes on counting
            yield number, line
    for number, line in enumerate(LINE_END.split(rest) if rest else (), number + 1):  # noqa: B020
        yield number, line


def doubtful_lines(path: Path) -> list[DoubtfulLine]:
    """Return the first lines beyond ASCII, some ten thousand characters of them."""
    lines, size = [], 0
    for number, content in numbered_lines(path):
        if not content.isascii():
            lines.append(DoubtfulLine(number, content))
            size += len(content)
            if size > MOST_DOUBTFUL_BYTES:
                break
    return lines


def previews(lines: list[DoubtfulLine], decoded: Iterator[str]) -> tuple[str, ...]:
    """Return the first doubtful lines as an encoding reads them, each from where the doubt begins."""
    shown = []
    for line, text in islice(zip(lines, decoded, strict=False), PREVIEWED_LINES):
        first = NOT_ASCII.search(line.content)
        start = max((first.start() if first else 0) - PREVIEWED_CHARACTERS // 2, 0)
        shown.append(("…" if start else "") + text[start : start + PREVIEWED_CHARACTERS])
    return tuple(shown)
