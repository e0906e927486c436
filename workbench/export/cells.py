"""Single cells: what a value is in plain Python, how it reads as text, and whether a spreadsheet might run it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pandas as pd

from workbench.visible_text import HARMLESS_BREAKS, visible

FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""OWASP's list of beginnings that a spreadsheet takes for a formula, with their full-width forms."""

Target = str | Path | IO[bytes]


def is_formula_like(text: str) -> bool:
    """Say whether a spreadsheet might run a text, blanks and invisible marks before it left aside.

    >>> [is_formula_like(text) for text in ("=1+1", "  ＝HYPERLINK()", "王小明", "3-5 年")]
    [True, True, False, False]
    """
    for character in text:
        if character in FORMULA_STARTS:
            return True
        if not (character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}):
            return False
    return False


def disarmed(text: str) -> str:
    """Put an apostrophe before text a spreadsheet might run."""
    return "'" + text if is_formula_like(text) else text


def known(value: Any) -> Any:
    """Return a plain Python value without a time zone, None for everything that is missing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def plain(value: Any) -> str:
    """Return a value as text, days as 2025-12-31."""
    value = known(value)
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:,.2f}"
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def header_words(column: object, headers: Mapping[str, str] | None) -> str:
    """Return what to call a column."""
    return visible((headers or {}).get(str(column), str(column)), keep=HARMLESS_BREAKS)


def width(text: str) -> int:
    """Count the columns a text takes on screen; Chinese characters take two."""
    longest = max(text.splitlines() or [""], key=len)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in longest[:80])


def deliver(target: Target, content: bytes) -> None:
    """Put finished bytes into a file or a buffer, in one go."""
    if isinstance(target, (str, Path)):
        Path(target).write_bytes(content)
    else:
        target.write(content)
