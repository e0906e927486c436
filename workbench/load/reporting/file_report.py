"""What became of the rows of one file or sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

IGNORED_KINDS = ("blank", "title", "repeated_header", "total", "footer", "no_figure", "heading", "duplicate")
"""Why a row that was read is neither loaded nor rejected."""


@dataclass(frozen=True)
class FileReport:
    """What became of one file or sheet. rows_read = rows_loaded + rows_rejected + rows_ignored, always."""

    file: str
    sheet: str | None
    table: str
    sha256: str
    encoding: str | None
    delimiter: str | None
    header_line: int
    """The line (or sheet row) of the header, 0 where the file has none."""
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    ignored: Mapping[str, int]
    unchanged: bool = False
    """The same bytes were in the store already, under the same mapping: nothing was done."""

    @property
    def rows_ignored(self) -> int:
        """Rows that hold no data: blank lines, titles, headers, totals, duplicates under a key, answers left out."""
        return sum(self.ignored.values())
