"""Put an analyst's answer into a suggested mapping: `answered(mapping, question, "%d/%m/%Y")`.

The choices of a question are its possible answers; the empty text means none of them.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Callable
from dataclasses import replace

from workbench.errors import ChoiceError
from workbench.load.cleaning.dates import check_date_format
from workbench.load.mapping.company_mapping import Mapping
from workbench.load.mapping.source_mapping import Attribute, SourceMapping
from workbench.load.mapping.survey_changes import SURVEY_CHANGES
from workbench.load.questions import Question
from workbench.schema import TABLES


def answered(mapping: Mapping, question: Question, choice: str) -> Mapping:
    """Return the mapping with one question answered and gone.

    ChoiceError for an answer that is not among the choices. A table other than the suggested one changes every column:
    suggest again with `tables={file: table}`; `leave` leaves the file or sheet out.
    """
    if question.key == "date_order":
        check_date_format(choice)
    elif choice not in ({*question.choices, ""} if question.key in COLUMN_QUESTIONS else question.choices):
        raise ChoiceError("unknown_choice", name=question.key, value=choice, allowed=list(question.choices))
    if question.key == "which_table":
        return _with_table(mapping, question, choice)
    change = CHANGES[question.key]
    sources = tuple(
        change(source, question, choice) if _is_about(question, source) else source for source in mapping.sources
    )
    open_questions = tuple(other for other in mapping.questions if other is not question)
    return replace(mapping, sources=sources, questions=open_questions)


def _is_about(question: Question, source: SourceMapping) -> bool:
    return source.applies_to(question.file) and source.sheet == question.facts.get("sheet")


def _with_table(mapping: Mapping, question: Question, choice: str) -> Mapping:
    """Agree with the table suggested, or leave the file or sheet out, with all that is asked about it."""
    mine = [source for source in mapping.sources if _is_about(question, source)]
    if choice == LEAVE_OUT:
        here = (question.file, question.facts.get("sheet"))
        sources = tuple(source for source in mapping.sources if source not in mine)
        others = tuple(one for one in mapping.questions if (one.file, one.facts.get("sheet")) != here)
        return replace(mapping, sources=sources, questions=others)
    if not mine or any(source.table != choice for source in mine):
        sheet = question.facts.get("sheet")
        name = f"{question.file} [{sheet}]" if sheet else question.file
        raise ChoiceError("suggest_again", file=name, table=choice)
    return replace(mapping, questions=tuple(other for other in mapping.questions if other is not question))


def _column(source: SourceMapping, question: Question, choice: str) -> SourceMapping:
    """Give the column another header; the header it had, and one that loses its place, become attributes."""
    column = str(question.facts["column"])
    before = source.header_of(column)
    if choice == (before or ""):
        return source
    changed = source.with_column(column, choice or None)
    attributes = {header: attribute for header, attribute in source.attributes.items() if header != choice}
    if before is not None:
        free = before if before.lower() not in TABLES[source.table].names else f"{before}_"
        attributes[before] = Attribute(free)
    items = {header: item for header, item in source.items.items() if header != choice}
    return replace(changed, attributes=attributes, items=items)


def _date_format(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, date_format=choice)


def _decimal(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return replace(source, decimal="," if choice == "," else ".")


def _cancelled(source: SourceMapping, _: Question, choice: str) -> SourceMapping:
    return source if choice == "yes" else replace(source, cancelled=None)


def _agreed(source: SourceMapping, _: Question, __: str) -> SourceMapping:
    return source


LEAVE_OUT = "leave"
"""The answer that a file, or a sheet, is not loaded at all."""

COLUMN_QUESTIONS = ("two_candidates", "is_this_it", "which_column")
CHANGES: abc.Mapping[str, Callable[[SourceMapping, Question, str], SourceMapping]] = {
    **dict.fromkeys(COLUMN_QUESTIONS, _column),
    "date_order": _date_format,
    "decimal_comma": _decimal,
    "cancelled_lines": _cancelled,
    "no_header": _agreed,
    "unread_day": _agreed,
    **SURVEY_CHANGES,
}
