"""A load's report for people: as text for a terminal, as a table for a notebook, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from workbench.i18n import t
from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.reporting.file_report import IGNORED_KINDS, FileReport
from workbench.load.reporting.sentences import (
    PROBLEM_LEVELS,
    Note,
    choice_words,
    notes_of,
    question_words,
    shown_readings,
)
from workbench.store.manifest import Snapshot
from workbench.visible_text import html_text

COUNTS = ("rows_read", "rows_loaded", "rows_rejected", "rows_ignored")
HEADINGS = ("file", "table", *COUNTS, "encoding")
INDENT = "  "
LINE_WIDTH = 92
"""Where a line of places is broken, in columns of a terminal."""


def outcome_text(files: Sequence[FileReport], problems: Sequence[Problem], snapshot: Snapshot | None, lang: str) -> str:
    """Say a load in aligned lines: what became of every row, file by file, then what to know."""
    headings = [t(f"load.report.{name}", lang) for name in HEADINGS]
    parts = [totals_words(files, lang), "", *_aligned([headings, *(_cells(file, lang) for file in files)])]
    if ignored := ignored_words(files, lang):
        parts += ["", ignored]
    notes = notes_of(problems, lang)
    for level in PROBLEM_LEVELS:
        if of_level := [note for note in notes if note.level == level]:
            lines = [line for note in of_level for line in _note_lines(note, lang)]
            parts += ["", t(f"load.report.{level}", lang), *lines]
    return "\n".join([*parts, "", snapshot_words(files, snapshot, lang)])


def outcome_html(files: Sequence[FileReport], problems: Sequence[Problem], snapshot: Snapshot | None, lang: str) -> str:
    """Show the same as HTML: every text is escaped, whatever the files are called."""
    ignored = ignored_words(files, lang)
    return "".join(
        [
            f'<div class="wb-report"><p class="wb-report-sum">{html_text(totals_words(files, lang))}</p>',
            _table(files, lang),
            f'<p class="wb-hint">{html_text(ignored)}</p>' if ignored else "",
            notes_html(notes_of(problems, lang), lang),
            f"<p>{html_text(snapshot_words(files, snapshot, lang))}</p></div>",
        ]
    )


def questions_text(questions: Sequence[Question], lang: str) -> str:
    """List the open questions with their possible answers: while they are open nothing was counted."""
    return "\n".join(_question_lines(questions, lang))


def questions_html(questions: Sequence[Question], lang: str) -> str:
    """Show the open questions as HTML."""
    items = "".join(f"<li>{html_text(question_words(question, lang))}</li>" for question in questions)
    return f'<div class="wb-report"><p>{html_text(_open_words(questions, lang))}</p><ul>{items}</ul></div>'


def notes_html(notes: Sequence[Note], lang: str) -> str:
    """List what to know, the gravest first, each with its places."""
    parts = []
    for level in PROBLEM_LEVELS:
        items = "".join(
            f"<li>{html_text(note.text)}{_places_html(note, lang)}</li>" for note in notes if note.level == level
        )
        if items:
            heading = html_text(t(f"load.report.{level}", lang))
            parts.append(f'<h4>{heading}</h4><ul class="wb-notes wb-{level}">{items}</ul>')
    return "".join(parts)


def totals_words(files: Sequence[FileReport], lang: str) -> str:
    """Say the totals: rows read = loaded + rejected + ignored."""
    return t(
        "load.report.summary", lang, **{name: f"{sum(getattr(file, name) for file in files):,}" for name in COUNTS}
    )


def ignored_words(files: Sequence[FileReport], lang: str) -> str:
    """Say why rows were ignored, over all files; nothing where none was."""
    totals = {kind: sum(file.ignored.get(kind, 0) for file in files) for kind in IGNORED_KINDS}
    kinds = [f"{t(f'load.ignored_{kind}', lang)} {count:,}" for kind, count in totals.items() if count]
    return t("load.report.ignored", lang, kinds=kinds) if kinds else ""


def snapshot_words(files: Sequence[FileReport], snapshot: Snapshot | None, lang: str) -> str:
    """Say what the store holds now: the new snapshot, the one it had, or nothing, after a check."""
    if snapshot is None:
        return t("load.report.checked", lang)
    key = "load.report.unchanged_all" if all(file.unchanged for file in files) else "load.report.loaded"
    return t(key, lang, id=snapshot.id, as_of=snapshot.as_of)


def terminal_width(text: str) -> int:
    """Count the columns a text takes in a terminal: Chinese characters take two.

    >>> terminal_width("订单.csv")
    8
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def file_words(file: FileReport) -> str:
    """Name a file and its sheet."""
    return file.file if file.sheet is None else f"{file.file} [{file.sheet}]"


def _cells(file: FileReport, lang: str) -> list[str]:
    """One row of the table of files; what is not there is left empty."""
    state = t("load.report.unchanged", lang) if file.unchanged else file.encoding or ""
    counts = [f"{count:,}" if count else "" for count in (file.rows_rejected, file.rows_ignored)]
    return [
        file_words(file), t(f"tables.{file.table}", lang), f"{file.rows_read:,}", f"{file.rows_loaded:,}",
        *counts, state,
    ]  # fmt: skip


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set cells below each other: texts to the left, numbers to the right."""
    widths = [max(terminal_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = []
        for name, cell, wide in zip(HEADINGS, row, widths, strict=True):
            blanks = " " * (wide - terminal_width(cell))
            padded.append(blanks + cell if name in COUNTS else cell + blanks)
        yield INDENT.join(padded).rstrip()


def _note_lines(note: Note, lang: str) -> Iterator[str]:
    """A note with its places below it, as many on a line as fit."""
    yield f"{INDENT}- {note.text}"
    between, line = t("load.report.semicolon", lang), ""
    for place in note.places:
        if line and terminal_width(line + place) > LINE_WIDTH:
            yield f"{INDENT * 2}{line}".rstrip()
            line = ""
        line += place + (between if place is not note.places[-1] else "")
    if line:
        yield f"{INDENT * 2}{line}"


def _question_lines(questions: Sequence[Question], lang: str) -> Iterator[str]:
    yield _open_words(questions, lang)
    for number, question in enumerate(questions, start=1):
        yield ""
        yield f"{number}. {question_words(question, lang)}"
        for choice in question.choices:
            readings = shown_readings(question, choice)
            suggested = t("load.report.suggested", lang) if choice == question.facts.get("suggested") else ""
            shown = t("load.report.reads", lang, readings=list(readings)) if readings else ""
            yield f"{INDENT}- {choice_words(question, choice, lang)}{suggested}{shown}"


def _open_words(questions: Sequence[Question], lang: str) -> str:
    return t("load.report.open", lang, count=len(questions))


def _table(files: Sequence[FileReport], lang: str) -> str:
    heads = "".join(
        f'<th scope="col"{_numeric(name)}>{html_text(t(f"load.report.{name}", lang))}</th>' for name in HEADINGS
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_numeric(name)}>{html_text(cell)}</td>"
            for name, cell in zip(HEADINGS, _cells(file, lang), strict=True)
        )
        + "</tr>"
        for file in files
    )
    table = f'<table class="wb-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="wb-scroll">{table}</div>'


def _numeric(name: str) -> str:
    return ' class="wb-count"' if name in COUNTS else ""


def _places_html(note: Note, lang: str) -> str:
    comma = t("load.report.semicolon", lang)
    return f'<br><span class="wb-note">{html_text(comma.join(note.places))}</span>' if note.places else ""
