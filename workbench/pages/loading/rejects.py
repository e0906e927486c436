"""The rows that were turned away, on a page: each value with its place and its reason."""

from __future__ import annotations

import pandas as pd

from workbench.i18n import t
from workbench.load import LoadReport
from workbench.load.reporting.sentences import canonical_column_words
from workbench.panels.table import Field, table_html

MOST_SHOWN = 50
"""So many are shown; the Excel file holds all."""

FIELDS = tuple(Field(name, label=f"panels.load.{name}") for name in ("file", "line", "column_name", "value", "reason"))


def rejects_html(report: LoadReport, lang: str) -> str:
    """Show the first rejected rows; every value is escaped."""
    shown = report.rejects.head(MOST_SHOWN)
    sheets = [f" [{sheet}]" if isinstance(sheet, str) else "" for sheet in shown["sheet"]]
    rows = pd.DataFrame(
        {
            "file": [file + sheet for file, sheet in zip(shown["file"], sheets, strict=True)],
            "line": shown["line"].astype(str),
            "column_name": [
                canonical_column_words(name, lang) if isinstance(name, str) else None for name in shown["column_name"]
            ],
            "value": shown["value"],
            "reason": [t(f"load.reject_{reason}", lang) for reason in shown["reason"]],
        }
    )
    return table_html(rows, FIELDS, lang)
