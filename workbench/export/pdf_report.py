"""A report as a PDF: the page's filters on every sheet, Chinese that can be searched, charts as vectors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.errors import ExportError
from workbench.export.extra import check_extra
from workbench.export.images import chart_drawings, last_words
from workbench.export.report import Report, ReportSheet
from workbench.export.typeset import NO_FONT
from workbench.i18n import t

WHOLE_SHEET, HALF_SHEET = 760, 400
"""How wide a chart is drawn in pixels where it has the sheet's width, and half of it."""
_TYPESETTER = Path(__file__).with_name("typeset.py")


def pdf_report(report: Report, *, timeout: float = 120) -> bytes:
    """Write a report as a PDF.

    Raises InstallError where the extra is not installed, ExportError where this machine has no font with Chinese
    letters (names are Chinese in reports of either language), or where it takes longer than `timeout` seconds.
    """
    check_extra("typst")
    groups = _groups(report.sheets)
    charts = [
        (chart.spec, WHOLE_SHEET if len(group) == 1 else HALF_SHEET)
        for group in groups
        for one in group
        for chart in one.charts
    ]
    drawings = iter(chart_drawings(charts, lang=report.lang))
    content = {
        **{name: value for name, value in asdict(report).items() if name not in ("sheets", "notes", "figures")},
        "figures": [asdict(figure) for figure in report.figures],
        "groups": [[_content(one, drawings) for one in group] for group in groups],
        "definitions": [{"title": one.title, "text": one.definition} for one in report.sheets if one.definition],
        "colon": t("export.report.colon", report.lang),
        "lang": "zh" if report.lang == "zh" else "en",
    }
    return _run(json.dumps(content, ensure_ascii=False).encode("utf-8"), timeout)


def _groups(sheets: Sequence[ReportSheet]) -> list[list[ReportSheet]]:
    """Put small panels side by side, two and two; one that has more than a chart and two figures has the width."""
    groups: list[list[ReportSheet]] = []
    for one in sheets:
        is_small = len(sheets) > 1 and len(one.charts) <= 1 and not one.tables
        last = groups[-1] if groups else []
        if is_small and len(last) == 1 and len(last[0].charts) <= 1 and not last[0].tables:
            last.append(one)
        else:
            groups.append([one])
    return groups


def _content(sheet: ReportSheet, drawings: Any) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "chosen": sheet.chosen,
        "message": sheet.message,
        "figures": [asdict(figure) for figure in sheet.figures],
        "charts": [
            {"title": one.title, "subtitle": list(one.subtitle), "drawing": next(drawings)} for one in sheet.charts
        ],
        "tables": [asdict(table) for table in sheet.tables],
        "sentences": list(sheet.sentences),
    }


def _run(content: bytes, timeout: float) -> bytes:
    command = [sys.executable, "-I", "-X", "utf8", str(_TYPESETTER)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ExportError("report_takes_too_long", seconds=f"{timeout:g}") from None
    if done.returncode == NO_FONT:
        raise ExportError("no_chinese_font")
    if done.returncode != 0 or not done.stdout:
        raise ExportError("report_failed", reason=last_words(done.stderr.decode("utf-8", "replace")))
    return done.stdout
