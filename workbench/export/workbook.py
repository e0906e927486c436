"""A report as one Excel workbook: a sheet for every panel with its rows as numbers, and sums that stay live."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd

from workbench.export.report import Report, ReportSheet, ReportTable
from workbench.export.xlsx_table import TableSheet, write_xlsx
from workbench.i18n import t


def workbook_report(report: Report) -> bytes:
    """Write a report as a workbook: what it is, the key figures, what changed, then a sheet for every panel.

    Every sheet says company, filters, day and snapshot. Where a panel shows nothing its sheet says why.
    """
    lang = report.lang
    sheets: dict[str, TableSheet] = {}

    def add(title: str, sheet: TableSheet) -> None:
        sheets[title if title not in sheets else f"{title} {len(sheets)}"] = sheet

    add(t("export.report.key_figures", lang), _figures(report))
    for words in report.changes:
        add(words.title, _words(report, words, report.change_sentences))
    for sheet in report.sheets:
        add(sheet.title or report.title, _rows(report, sheet))
    content = io.BytesIO()
    definitions = {one.title: one.definition for one in report.sheets if one.definition}
    write_xlsx(content, sheets, notes={**report.notes, **definitions}, lang=lang)
    return content.getvalue()


def _rows(report: Report, sheet: ReportSheet) -> TableSheet:
    """Write a panel's rows as numbers; hidden ones stay empty and are in no sum, which the total says."""
    above = [*report.lines, sheet.chosen, sheet.message, *(chart.title for chart in sheet.charts)]
    are_hidden = any(sheet.rows[name].isna().any() for name in sheet.sums)
    total = t("export.report.total_shown" if are_hidden else "export.report.total", report.lang)
    return TableSheet(sheet.rows, sheet.headings, [line for line in above if line], sheet.sums, total)


def _figures(report: Report) -> TableSheet:
    """Write the figures of the page and of its panels below each other, with whose they are."""
    whose = [(report.title, report.figures), *((one.title, one.figures) for one in report.sheets)]
    rows = [(title, one.label, one.value, one.change, one.note) for title, some in whose for one in some]
    headers = {name: t(f"export.report.{name}", report.lang) for name in ("panel", "figure", "value", "change", "note")}
    return TableSheet(
        pd.DataFrame(rows, columns=[*headers]),
        headers,
        [*report.lines, *filter(None, [report.message]), *report.sentences],
    )


def _words(report: Report, table: ReportTable, sentences: Sequence[str]) -> TableSheet:
    names = [str(place) for place in range(len(table.headings))]
    frame = pd.DataFrame([list(row) for row in table.rows], columns=names)
    return TableSheet(frame, dict(zip(names, table.headings, strict=True)), [*report.lines, *sentences])
