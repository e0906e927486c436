"""What a reader needs besides the bytes: the file's name in the store, a folder to work in, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.load.progress import ProgressCallback, ProgressMeter, ProgressStage


@dataclass(frozen=True)
class ReadHints:
    """What is already known of a file, from its mapping or the analyst's answers; None: find it."""

    sheet: str | None = None
    header_row: int | None = None
    """The line of the header; 0: there is none."""
    encoding: str | None = None
    delimiter: str | None = None
    mapped: frozenset[str] = frozenset()
    """Columns that the mapping names: the row that has them all is the header, whatever the rows below look like."""


@dataclass(frozen=True)
class ReadJob:
    """One file or table to read."""

    name: str
    folder: Path
    hints: ReadHints
    progress: ProgressCallback | None = None

    def meter(self, stage: ProgressStage, total: int) -> ProgressMeter:
        """Start to report how far a stage of this file is."""
        return ProgressMeter(self.progress, stage, self.name, total)
