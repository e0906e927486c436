"""The mapping on a page: what each column of each file is, with the suggestion preselected and its reason beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from workbench.charts.words import share_words
from workbench.i18n import catalog, t
from workbench.load import Attribute, Question, SourceMapping
from workbench.load import Mapping as Rules
from workbench.load.answering import COLUMN_QUESTIONS, answered
from workbench.load.mapping import Suggestion
from workbench.load.sentences import question_words
from workbench.panels.controls import Choice, Press
from workbench.panels.guard import guarded
from workbench.panels.layout import Column, Drawer, Markup, Row, text
from workbench.schema import TABLES

KEPT = ""
"""The choice of a column that is kept as an attribute."""


class MappingEditor(Column):
    """Edits a mapping; `mapping` is always what the page shows.

    `suggest_again(tables)` begins anew where the analyst says that a file is another table than suggested.
    """

    def __init__(
        self, *, told: Callable[[Exception], None], suggest_again: Callable[[Mapping[str, str]], None]
    ) -> None:
        self._told, self._suggest_again = told, suggest_again
        self._lang = "zh"
        self._chosen: set[tuple[int, str]] = set()
        self.mapping = Rules()
        self.questions, self.sources = Column([]), Column([])
        self.columns: dict[tuple[int, str], Choice] = {}
        self.answers: list[tuple[Question, Choice, Press]] = []
        super().__init__([self.questions, self.sources])
        self.add_class("wb-mapping")

    def show(self, mapping: Rules, lang: str) -> None:
        """Show another mapping, with what is open above it."""
        self.mapping, self._lang = mapping, lang
        self._chosen.clear()
        self._draw()

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        self._draw()

    def set_column(self, place: int, header: str, target: str) -> None:
        """Say what a header of a source is: a canonical column, or KEPT."""
        source = self.mapping.sources[place]
        before = source.columns.get(header)
        if before is not None:
            source = source.with_column(before, None)
        attributes = {name: kept for name, kept in source.attributes.items() if name != header}
        if target == KEPT:
            source = replace(source, attributes={**attributes, header: Attribute(_free_name(header, source))})
        else:
            source = replace(source.with_column(target, header), attributes=attributes)
        sources = [*self.mapping.sources]
        sources[place] = source
        self.mapping = replace(self.mapping, sources=tuple(sources))
        self._chosen.add((place, header))
        self._draw()

    def answer(self, question: Question, choice: str) -> None:
        """Put the analyst's answer into the mapping; another table than suggested begins anew."""
        if question.key == "which_table" and choice != question.facts.get("suggested"):
            self._suggest_again({question.file: choice})
            return
        self.mapping = _with_encoding(self.mapping, question, choice) or answered(self.mapping, question, choice)
        self._draw()

    def _draw(self) -> None:
        self.answers = [self._asked(question) for question in self.mapping.questions]
        rows = [self._question_row(*asked) for asked in self.answers]
        clear = Markup(text("p", t("panels.load.all_answered", self._lang)), css="wb-hint")
        self.questions.children = rows or ([clear] if self.mapping.sources else [])
        opened = {place for place, drawer in enumerate(self.sources.children) if drawer.is_open}
        self.columns = {}
        self.sources.children = [
            self._source(place, source, is_open=place in opened) for place, source in enumerate(self.mapping.sources)
        ]

    def _asked(self, question: Question) -> tuple[Question, Choice, Press]:
        """Offer the possible answers, the suggested one first chosen."""
        words = {choice: _choice_words(choice, examples, self._lang) for choice, examples in question.choices.items()}
        if question.key in COLUMN_QUESTIONS:
            words[""] = t("panels.load.not_chosen", self._lang)
        control = Choice("panels.load.answer", dict.fromkeys(words), shown=words)
        suggested = str(question.facts.get("suggested", ""))
        if suggested in words:
            control.value = suggested
        button = Press("panels.load.answer")
        button.say(self._lang)
        return question, control, button

    def _question_row(self, question: Question, control: Choice, button: Press) -> Row:
        control.say(self._lang)
        control.description = ""
        button.on_click(guarded(lambda _: self.answer(question, control.value), told=self._told))
        row = Row([Markup(text("p", question_words(question, self._lang))), control, button])
        row.add_class("wb-question")
        return row

    def _source(self, place: int, source: SourceMapping, *, is_open: bool) -> Drawer:
        """A drawer per kind of file; its rows are made when it is opened."""
        unsure = sum(not suggestion.sure for suggestion in source.suggestions if not self._settled(place, suggestion))
        facts = {"files": list(source.files), "table": t(f"tables.{source.table}", self._lang), "count": unsure}
        body = Column([])
        drawer = Drawer(
            "panels.load.source_unsure" if unsure else "panels.load.source",
            [body],
            fill=partial(self._fill, body, place, source),
            facts=facts,
        )
        drawer.say(self._lang)
        if is_open or unsure:
            drawer.toggle()
        return drawer

    def _fill(self, body: Column, place: int, source: SourceMapping) -> None:
        known = {suggestion.header: suggestion for suggestion in source.suggestions}
        headers = dict.fromkeys([*known, *source.headers])
        body.children = [self._column_row(place, source, header, known.get(header)) for header in headers]

    def _column_row(self, place: int, source: SourceMapping, header: str, known: Suggestion | None) -> Row:
        name = Markup(text("span", header), css="wb-header-name")
        if header in source.items:
            return Row([name, Markup(text("span", t("panels.load.survey_item", self._lang)))])
        targets = [column.name for column in TABLES[source.table].columns if not column.derived]
        words = {KEPT: t("panels.load.keep_attribute", self._lang)}
        words |= {target: f"{t(f'columns.{target}', self._lang)} · {target}" for target in targets}
        control = Choice(
            "panels.load.column", dict.fromkeys(words), shown=words, value=source.columns.get(header, KEPT)
        )
        control.say(self._lang)
        control.description = ""
        control.observe(
            guarded(lambda change: self.set_column(place, header, change["new"]), told=self._told), names="value"
        )
        self.columns[place, header] = control
        row = Row([name, control, Markup(text("span", self._why(place, header, known)))])
        row.add_class("wb-column")
        if known is not None and not known.sure and not self._settled(place, known):
            row.add_class("wb-unsure")
        return row

    def _why(self, place: int, header: str, known: Suggestion | None) -> str:
        if (place, header) in self._chosen:
            return t("panels.load.own_choice", self._lang)
        if known is None:
            return t("panels.load.no_reason", self._lang)
        facts = {name: _column_words(name, value, self._lang) for name, value in known.facts.items()}
        reason = t(f"load.reason_{known.reason}", self._lang, **facts)
        key = "panels.load.column_sure" if known.sure else "panels.load.column_unsure"
        return t(key, self._lang, reason=reason, confidence=share_words(known.confidence, self._lang, digits=0))

    def _settled(self, place: int, suggestion: Suggestion) -> bool:
        """Whether the analyst has said what a doubtful column is, here or by answering its question."""
        source = self.mapping.sources[place]
        asked = {
            question.facts.get("suggested") for question in self.mapping.questions if source.applies_to(question.file)
        }
        return (place, suggestion.header) in self._chosen or suggestion.header not in asked


def _with_encoding(mapping: Rules, question: Question, choice: str) -> Rules | None:
    """Answer in which encoding a file is; this question comes from reading it whole, not from the suggestion."""
    if question.key != "which_encoding":
        return None
    sources = [
        replace(source, encoding=choice) if source.applies_to(question.file) else source for source in mapping.sources
    ]
    left = tuple(other for other in mapping.questions if other is not question)
    return replace(mapping, sources=tuple(sources), questions=left)


def _choice_words(choice: str, examples: Sequence[str], lang: str) -> str:
    """Say a possible answer, with how the data read under it."""
    key = next((key for key in (f"panels.load.{choice}", f"tables.{choice}") if key in catalog()), None)
    words = t(key, lang) if key and choice in ("yes", "no", "missing", "valid", *TABLES) else choice
    shown = "；".join(examples[:3]) if lang == "zh" else "; ".join(examples[:3])
    return f"{words} — {shown}" if shown and choice not in ("yes", "no") else words


def _column_words(name: str, value: Any, lang: str) -> Any:
    folder = {"column": "columns", "table": "tables"}.get(name)
    return t(f"{folder}.{value}", lang) if folder and f"{folder}.{value}" in catalog() else value


def _free_name(header: str, source: SourceMapping) -> str:
    """An attribute may not be called like a canonical column."""
    return header if header.lower() not in TABLES[source.table].names else f"{header}_"
