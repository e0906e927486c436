"""The report of a load: counts per file, problems in keys and facts, and every row that was rejected."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import LoadError
from workbench.i18n import usual_language
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.reporting.file_report import IGNORED_KINDS, FileReport
from workbench.load.reporting.report_display import outcome_html, outcome_text, questions_html, questions_text
from workbench.store.manifest import Snapshot

REJECT_COLUMNS = ("source_id", "file", "sheet", "line", "table_name", "column_name", "value", "reason", "facts")


@dataclass(frozen=True, repr=False)
class LoadReport:
    """What a load (or a check) did, in keys and facts; `print(report)` and notebooks show it in words."""

    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    rejects: pd.DataFrame
    questions: tuple[Question, ...] = ()
    snapshot: Snapshot | None = None
    """The snapshot in force after the load; None for a check, and while questions are open."""
    mapping: Mapping | None = None
    """The mapping that was used: the given one, or the suggestion."""

    @property
    def changed(self) -> bool:
        """True where at least one file brought something new."""
        return any(not file.unchanged for file in self.files)

    @property
    def rows_read(self) -> int:
        """All rows of all files."""
        return sum(file.rows_read for file in self.files)

    @property
    def rows_loaded(self) -> int:
        """The rows that are in the store."""
        return sum(file.rows_loaded for file in self.files)

    @property
    def rows_rejected(self) -> int:
        """The rows that were rejected, each with its reason."""
        return sum(file.rows_rejected for file in self.files)

    @property
    def rows_ignored(self) -> int:
        """The rows that hold no data of their own."""
        return sum(file.rows_ignored for file in self.files)

    def text(self, lang: str | None = None) -> str:
        """Say the report in words, "en" or "zh"; by default in the language of WORKBENCH_LANG, else the system's.

        While questions are open nothing was counted: it lists them with their possible answers.
        """
        lang = lang or usual_language()
        if self.questions:
            return questions_text(self.questions, lang)
        return outcome_text(self.files, self.problems, self.snapshot, lang)

    def html(self, lang: str | None = None) -> str:
        """Show the report as HTML; every text is escaped."""
        lang = lang or usual_language()
        if self.questions:
            return questions_html(self.questions, lang)
        return outcome_html(self.files, self.problems, self.snapshot, lang)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        open_points = f", {len(self.questions)} questions open" if self.questions else ""
        counts = f"read={self.rows_read}, loaded={self.rows_loaded}, rejected={self.rows_rejected}"
        return f"LoadReport({len(self.files)} files, {counts}, ignored={self.rows_ignored}{open_points})"

    def _repr_html_(self) -> str:
        return self.html()

    def frame(self) -> pd.DataFrame:
        """Return one row per file: its table, its counts, and why rows were ignored."""
        return pd.DataFrame([_counts(file) for file in self.files])

    def rejected_rows(self) -> pd.DataFrame:
        """Return the rejects with each cell of the source row beside its reason, ready to be mended."""
        if self.rejects.empty:
            return pd.DataFrame(columns=["file", "sheet", "line", "column_name", "value", "reason"])
        cells = pd.DataFrame([_cells(facts) for facts in self.rejects["facts"]], index=self.rejects.index)
        reasons = self.rejects[["file", "sheet", "line", "column_name", "value", "reason"]]
        clashes = {name: f"{name} (source)" for name in cells.columns if name in reasons.columns}
        return pd.concat([reasons, cells.rename(columns=clashes)], axis=1)

    def export_rejects(self, path: str | Path, *, lang: str = "zh") -> Path:
        """Write the rejected rows to .xlsx or .csv, one row each with its cells, safe to open in a spreadsheet."""
        from workbench.export import write_csv, write_xlsx  # the exporters load a spreadsheet library

        target = Path(path)
        if target.suffix.lower() == ".xlsx":
            write_xlsx(target, {"rejects": self.rejected_rows()}, notes={"base": self.rows_rejected}, lang=lang)
        elif target.suffix.lower() == ".csv":
            write_csv(target, self.rejected_rows())
        else:
            raise LoadError("unknown_export_type", file=target.name, allowed=[".xlsx", ".csv"])
        return target


def _counts(file: FileReport) -> dict[str, object]:
    """One row of `LoadReport.frame`."""
    return {
        "file": file.file,
        "sheet": file.sheet,
        "table": file.table,
        "rows_read": file.rows_read,
        "rows_loaded": file.rows_loaded,
        "rows_rejected": file.rows_rejected,
        "rows_ignored": file.rows_ignored,
        **{f"ignored_{kind}": file.ignored.get(kind, 0) for kind in IGNORED_KINDS},
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "header_line": file.header_line,
        "unchanged": file.unchanged,
    }


def _cells(facts: str | None) -> dict[str, Any]:
    """Read a reject's source row out of its facts."""
    row = json.loads(facts).get("row", {}) if facts else {}
    return row if isinstance(row, dict) else {}


def no_rejects() -> pd.DataFrame:
    """Return an empty table of rejects with its columns."""
    return pd.DataFrame(columns=list(REJECT_COLUMNS))
