"""The load report in words: counts per file, what to know, what was turned away and why, what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.charts.words import count_words
from workbench.i18n import catalog, t
from workbench.load import LoadReport, Problem, Question
from workbench.panels.layout import Figure, figures_html, text
from workbench.panels.table import Field, table_html

COUNTS = ("rows_read", "rows_loaded", "rows_rejected", "rows_ignored")
WORDED = {
    "reason": "load.reject",
    "reasons": "load.reject",
    "why": "load.missing",
    "table": "tables",
    "column": "columns",
}
"""Facts that are keys themselves, and the folder of their words."""


def report_text(report: LoadReport, lang: str) -> str:
    """Say a report in plain lines, for a terminal."""
    if report.questions:
        lines = [t("panels.load.open_questions", lang, count=len(report.questions))]
        return "\n".join([*lines, *(f"  {question_words(question, lang)}" for question in report.questions)])
    counts = {name: count_words(getattr(report, name), lang) for name in COUNTS}
    files = [_file_line(row, lang) for row in report.frame().to_dict("records")]
    notes = [f"  {problem_words(problem, lang)}" for problem in report.problems]
    heading = [t("panels.load.to_know", lang)] if notes else []
    return "\n".join([t("panels.load.summary", lang, **counts), *files, *heading, *notes])


def report_html(report: LoadReport, lang: str) -> str:
    """Show a report on a page: the sums, a row per file, and what to know, the errors first."""
    sums = [Figure(t(f"panels.load.{name}", lang), count_words(getattr(report, name), lang)) for name in COUNTS]
    frame = report.frame()
    files = frame.assign(
        file=[_place(row) for row in frame.to_dict("records")],
        table=[t(f"tables.{name}", lang) for name in frame["table"]],
        state=[t("panels.load.unchanged" if known else "panels.load.new", lang) for known in frame["unchanged"]],
    )
    fields = (
        Field("file", label="panels.load.file"),
        Field("table", label="panels.load.table"),
        *(Field(name, "count", label=f"panels.load.{name}") for name in COUNTS),
        Field("state", label="panels.load.state"),
    )
    return figures_html(sums) + table_html(files, fields, lang) + problems_html(report, lang)


def problems_html(report: LoadReport, lang: str) -> str:
    """List what the analyst should know, the gravest first."""
    ranked = sorted(report.problems, key=lambda problem: ("error", "warning", "info").index(problem.level))
    items = "".join(text("li", problem_words(problem, lang), f"wb-{problem.level}") for problem in ranked)
    return f'{text("h3", t("panels.load.to_know", lang))}<ul class="wb-problems">{items}</ul>' if items else ""


def rejects_html(report: LoadReport, lang: str, *, most: int = 50) -> str:
    """Show the first rejected values, each with its place and its reason."""
    rejects = report.rejects.head(most)
    rows = pd.DataFrame(
        {
            "file": [_place(row) for row in rejects.to_dict("records")],
            "line": rejects["line"],
            "column_name": rejects["column_name"],
            "value": rejects["value"],
            "reason": [t(f"load.reject_{reason}", lang) for reason in rejects["reason"]],
        }
    )
    kinds: Mapping[str, Any] = {"line": "count"}
    fields = tuple(Field(name, kinds.get(name, "text"), label=f"panels.load.{name}") for name in rows.columns)
    return table_html(rows, fields, lang)


def problem_words(problem: Problem, lang: str) -> str:
    """Say one problem; facts that are keys are worded too."""
    facts = {name: _fact(name, value, lang) for name, value in problem.facts.items()}
    return t(f"load.problem.{problem.key}", lang, **facts)


def question_words(question: Question, lang: str) -> str:
    """Say what only the analyst can decide."""
    facts: dict[str, Any] = {"file": question.file, "encodings": list(question.choices), **question.facts}
    return t(f"load.question.{question.key}", lang, **{name: _fact(name, value, lang) for name, value in facts.items()})


def _fact(name: str, value: Any, lang: str) -> Any:
    if isinstance(value, (list, tuple)):
        return [_fact(name, one, lang) for one in value]
    folder = WORDED.get(name)
    keys = [f"{folder}_{value}", f"{folder}.{value}"] if folder else []
    return next((t(key, lang) for key in keys if key in catalog()), value)


def _place(row: Mapping[Any, Any]) -> str:
    return str(row["file"]) if pd.isna(row["sheet"]) else f"{row['file']} [{row['sheet']}]"


def _file_line(row: Mapping[Any, Any], lang: str) -> str:
    counts = {name: count_words(row[name], lang) for name in COUNTS}
    key = "panels.load.file_unchanged" if row["unchanged"] else "panels.load.file_line"
    return "  " + t(key, lang, file=_place(row), table=t(f"tables.{row['table']}", lang), **counts)
