"""Files put together from parts of different encodings: each line is read by its own, or given up, never garbled.

`utf-8+gb18030` names such a reading: a line that is valid UTF-8 is UTF-8, another one is GB18030. A line that is
valid in both, and holds no Chinese in UTF-8, could be either: it is given up, as are lines that neither explains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.load.reading.byte_scan import read_pieces
from workbench.load.reading.doubtful_lines import numbered_lines

CHINESE_IN_UTF8 = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}[\xe3-\xe9\xef][\x80-\xbf]{2}")
"""Two Chinese characters of UTF-8 in a row, which other encodings hardly ever write."""

CHINESE_SIGN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
MOST_LISTED_LINES = 6


@dataclass(frozen=True)
class LineEncodings:
    """How many lines beyond ASCII are in UTF-8 and in another encoding, and where the first ones stand."""

    utf8: int
    utf8_lines: tuple[int, ...]
    others: int
    other_lines: tuple[int, ...]
    other_content: bytes
    """The first of the other lines, one below the other."""


def holds_chinese_in_utf8(path: Path) -> bool:
    """Look, without decoding, for Chinese that only UTF-8 writes so; what is cut between two reads may be missed."""
    return any(CHINESE_IN_UTF8.search(piece) for piece in read_pieces(path))


def line_encodings(path: Path, *, chinese: bool) -> LineEncodings:
    """Count the lines that are valid UTF-8, of Chinese or of any letters, and those that are not."""
    utf8 = others = 0
    utf8_lines: list[int] = []
    other_lines: list[int] = []
    content: list[bytes] = []
    for number, line in numbered_lines(path):
        if line.isascii():
            continue
        text = as_utf8(line)
        if text is None:
            others += 1
            if len(other_lines) < MOST_LISTED_LINES:
                other_lines.append(number)
            if others <= 1_000:
                content.append(line)
        elif CHINESE_SIGN.search(text) or not chinese:
            utf8 += 1
            if len(utf8_lines) < MOST_LISTED_LINES:
                utf8_lines.append(number)
    return LineEncodings(utf8, tuple(utf8_lines), others, tuple(other_lines), b"\n".join(content))


def as_utf8(line: bytes) -> str | None:
    """Decode a line that is valid UTF-8; None for another one."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def decoded_lines(path: Path, other: str, is_sound: Callable[[bytes], bool]) -> Iterator[str]:
    """Yield every line, read as UTF-8 or in the other encoding; characters of a line given up are broken ones.

    `is_sound` judges a line that is not UTF-8: whether the other encoding explains it.
    """
    for _, line in numbered_lines(path):
        text = as_utf8(line)
        if text is None:
            yield line.decode(other) if is_sound(line) else line.decode("ascii", "replace")
        elif other != "gb18030" or line.isascii() or CHINESE_SIGN.search(text):
            yield text
        else:
            yield line.decode("ascii", "replace")
