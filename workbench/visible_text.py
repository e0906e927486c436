"""Text from files as people see it: what steers a terminal or turns the reading direction stands there escaped."""

from __future__ import annotations

import re
from html import escape

HARMLESS_BREAKS = "\n\t"

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # what steers a terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the reading direction
    "\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # what breaks a line or takes no room
    "\ud800-\udfff]"  # halves of characters: bytes of a file name that are not text
)
_NAME_MARKS = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")


def visible(text: str, *, keep: str = "") -> str:
    """Return text with every control character, mark of direction and half character written as its escape.

    A file called `report\\u202exslx.exe` otherwise reads as `reportexe.xlsx`, and one with an ANSI escape clears the
    terminal that names it. Line ends are kept as one character, where they are kept. What joins emoji and letters
    (U+200C, U+200D) and letters of every script stay.

    >>> visible("2024\\x1b[2J\\u202e.csv")
    '2024\\\\x1b[2J\\\\u202e.csv'
    """
    if "\n" in keep:
        text = text.replace("\r\n", "\n")
    return _STEERING.sub(lambda mark: mark[0] if mark[0] in keep else ascii(mark[0])[1:-1], text)


def visible_name(text: str) -> str:
    """Return a heading or name as it is meant: marks without width, which exports leave behind, go; others show.

    >>> visible_name("\\ufeff订单号\\u200b")
    '订单号'
    """
    return visible(_NAME_MARKS.sub("", text))


def html_text(text: str) -> str:
    """Return text for a page: visible, and with the characters escaped that mean something in HTML.

    >>> html_text("<b>\\u202e王")
    '&lt;b&gt;\\\\u202e王'
    """
    return escape(visible(text, keep=HARMLESS_BREAKS))
