"""What a load takes on: the limits against files that would cost hours or all memory, in one place.

Each is checked before the work it would cause, and set by an environment variable; docs/limits.md lists them.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workbench.errors import ChoiceError, LoadError

KB, MB, GB = 10**3, 10**6, 10**9
SIZES = {"KB": KB, "MB": MB, "GB": GB}
SAID_SIZE = re.compile(r"([1-9][0-9]{0,8}) ?([KMG]B)", re.IGNORECASE)
SAID_COUNT = re.compile(r"[1-9][0-9]{0,11}")
MOST_DOTS_IN_KEY = 200
IN_BYTES = ("line_bytes", "unpacked_bytes", "footer_bytes", "settings_bytes", "workbook_memory_bytes")


@dataclass(frozen=True)
class LoadLimits:
    """How much of each one load takes on; `load_limits()` gives those in force."""

    columns: int = 2_000
    """Of a table: file, sheet, query or frame."""
    line_bytes: int = 16 * MB
    """Of a line of a text file; a file with a longer one is refused."""
    row_characters: int = 1 << 20
    """Of a row, all cells and the lines they span; a longer row is rejected and the others load."""
    cell_lines: int = 2_000
    """Of a quoted cell; where there are more, its quote was never closed."""
    files: int = 1_000
    """Sources of one load: files, tables of a database, frames."""
    folder_entries: int = 100_000
    """Of everything that lies in a folder and below it, data or not."""
    folder_depth: int = 50
    """Folders in folders."""
    sheets: int = 100
    """Of a workbook of which no sheet is named."""
    sheet_cells: int = 80_000_000
    """Of the area that a sheet spans, empty ones included: a million rows of eighty columns."""
    unpacked_bytes: int = 2 * GB
    """Of what a gzip or a workbook unpacks to."""
    unpacked_ratio: int = 300
    """Of the size unpacked to the size packed; sheets come to about 20, text files to 5 to 50."""
    footer_bytes: int = 32 * MB
    """Of the footer of a Parquet file, which is read whole."""
    settings_bytes: int = 2 * MB
    """Of a file that is no data: a mapping, a query, rules."""
    workbook_seconds: int = 180
    """Of processor time for a workbook."""
    workbook_memory_bytes: int = 3 * GB
    """Of memory for a workbook; a sheet of a million rows needs about a third of it."""


def load_limits() -> LoadLimits:
    """The limits in force: as `WORKBENCH_MAX_…` sets them, else the defaults. ChoiceError for what is no number."""
    usual = LoadLimits()
    return LoadLimits(**{field.name: _said(field.name, getattr(usual, field.name)) for field in fields(LoadLimits)})


def variable(limit: str) -> str:
    """The environment variable of a limit.

    >>> variable("columns"), variable("line_bytes")
    ('WORKBENCH_MAX_COLUMNS', 'WORKBENCH_MAX_LINE')
    """
    return f"WORKBENCH_MAX_{limit.removesuffix('_bytes').upper()}"


def allowed(limit: str) -> dict[str, str]:
    """The facts that every refusal ends with: how much is allowed, and which variable allows more."""
    most = getattr(load_limits(), limit)
    return {"most": size_text(most) if limit in IN_BYTES else str(most), "variable": variable(limit)}


def check_columns(file: str, count: int) -> None:
    """Raise LoadError `too_many_columns` for a table wider than allowed."""
    if count > load_limits().columns:
        raise LoadError("too_many_columns", file=file, count=count, **allowed("columns"))


def check_settings_size(path: Path) -> None:
    """Raise LoadError `settings_too_large` for a mapping, a query or rules of more bytes than people write.

    A file that is missing or cannot be looked at is left to whoever reads it.
    """
    try:
        size = path.stat().st_size
    except OSError:
        return
    if size > load_limits().settings_bytes:
        raise LoadError("settings_too_large", file=path.name, size=size_text(size), **allowed("settings_bytes"))


def toml_content(text: str, file: str) -> dict[str, Any]:
    """Read TOML; LoadError `settings_too_deep` for tables in tables beyond what people write.

    A key of ten thousand parts (`a.a.a…`) would keep the reader busy for a second, and a line more for another.
    """
    if any(line.partition("=")[0].count(".") > MOST_DOTS_IN_KEY for line in text.splitlines()):
        raise LoadError("settings_too_deep", file=file)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise LoadError("settings_too_deep", file=file) from None


def size_text(size: int) -> str:
    """A number of bytes for people.

    >>> size_text(2_000_000_000), size_text(16_400_000), size_text(900)
    ('2 GB', '16.4 MB', '0.9 KB')
    """
    unit = next((name for name in ("GB", "MB") if size >= SIZES[name]), "KB")
    return f"{size / SIZES[unit]:.1f}".removesuffix(".0") + f" {unit}"


def _said(limit: str, default: int) -> int:
    name = variable(limit)
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    size = SAID_SIZE.fullmatch(text) if limit in IN_BYTES else None
    if size:
        return int(size[1]) * SIZES[size[2].upper()]
    if limit in IN_BYTES or not SAID_COUNT.fullmatch(text):
        examples = "500KB, 16MB, 2GB …" if limit in IN_BYTES else "1, 2, 3 …"
        raise ChoiceError("unknown_choice", name=name, value=text, allowed=examples)
    return int(text)
