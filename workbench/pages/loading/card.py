"""One kind of file on the loading panel: which table it is, what is to be answered, and what each column becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from workbench.charts.words import share_words
from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.load import Mapping as Rules
from workbench.load import Question, SourceMapping, answered
from workbench.load.mapping.analyst_answers import CHOSEN_COLUMNS, COLUMN_QUESTIONS, LEAVE_OUT, LEAVES_OUT
from workbench.load.mapping.header_targets import ITEM, KEEP, LEAVE, target_of, with_target
from workbench.load.mapping.mapping_parts import LeftOut
from workbench.load.reporting.sentences import (
    canonical_column_words,
    choice_words,
    question_words,
    reason_words,
    shown_readings,
)
from workbench.panels.controls import Choice
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Column, Drawer, Markup, Row, text
from workbench.schema import TABLES

UNANSWERED, NOTHING = "?", ""
"""Choices of an answer beside those of the question: not answered yet, none of these."""

ESCAPED = re.compile(r"\[([*?\[])\]")
"""A character of a file's name that a pattern has to write in brackets."""

MOST_OPENED = 16
"""Columns are shown at once where one is unsure, unless there are more than so many."""

AGAIN = ("which_table", "which_encoding")
"""Questions whose answer changes every column: the file is looked at again."""


@dataclass(frozen=True)
class Looked:
    """What a look at one kind of file showed: its names, the suggestion if there is one, and what is open."""

    files: tuple[str, ...]
    sheet: str | None
    source: SourceMapping | None
    questions: tuple[Question, ...] = ()
    encoding: str | None = None
    """The encoding the analyst chose."""


class SourceCard(Column):
    """The controls of one kind of file; `source()` is the mapping that they say.

    `look_again(card, table, encoding)` is called when the analyst says that it is another table, or is written in
    another encoding; it calls `show` with what it found.
    """

    def __init__(
        self,
        looked: Looked,
        *,
        look_again: Callable[[SourceCard, str | None, str | None], None],
        on_error: Callable[[Exception], None],
        lang: str,
    ) -> None:
        self._look_again, self._on_error, self._lang = look_again, on_error, lang
        self.heading, self.questions, self.columns = Markup(css="wb-card-head"), Column([]), Column([])
        self.columns.add_class("wb-columns")
        super().__init__([])
        self.add_class("wb-card")
        self.show(looked)

    def show(self, looked: Looked) -> None:
        """Show what a look at the files gave, with everything suggested preselected."""
        self.looked = looked
        self.chosen: dict[str, str] = {}
        self._reactions: dict[Choice, Callable[[Any], None]] = {}
        self.answers: dict[int, Choice] = {}
        self.targets: dict[str, Choice] = {}
        self._reasons: dict[str, Markup] = {}
        self.table = self._table_choice()
        (self.add_class if self.is_left_out else self.remove_class)("wb-left-out")
        self._react(self.table, self._table_said)
        for place, question in enumerate(looked.questions):
            if question.key != "which_table":  # the table's own control asks this
                self.answers[place] = self._answer(question)
        self.drawer = Drawer("panels.load.columns", [self.columns], fill=self._fill)
        head = Row([self.heading, self.table])
        head.add_class("wb-card-top")
        self.children = [head, self.questions, *([self.drawer] if looked.source else [])]
        self.columns.children = []
        self.say(self._lang)
        is_unsure = looked.source is not None and any(not one.sure for one in looked.source.suggestions)
        if is_unsure and len(self._headers()) <= MOST_OPENED:
            self.drawer.toggle()

    def say(self, lang: str) -> None:
        """Word everything in a language; what was chosen stays."""
        self._lang = lang
        names = t("panels.load.files", lang, files=[ESCAPED.sub(r"\1", file) for file in self.looked.files])
        sheet = f" [{self.looked.sheet}]" if self.looked.sheet else ""
        open_count = len(self.open_questions())
        note = text("span", t("panels.load.to_answer", lang, count=open_count), "wb-to-answer") if open_count else ""
        self.heading.value = text("strong", names + sheet) + note
        for control in (self.table, *self.answers.values(), *self.targets.values()):
            self._quietly(control, partial(control.say, lang))
        self.table.description = t("panels.load.table", lang)
        self.questions.children = [*self._whole(), *(self._row(place) for place in self.answers)]
        self._say_columns()

    def open_questions(self) -> list[Question]:
        """List what the analyst has to answer before anything is loaded."""
        if self.is_left_out:
            return []
        waiting = [
            self.looked.questions[place] for place, control in self.answers.items() if control.value == UNANSWERED
        ]
        return [*self._table_questions(), *waiting] if self.table.value == UNANSWERED else waiting

    def source(self) -> SourceMapping | None:
        """Return the mapping that the controls say; None where the file is left out. ChoiceError where it is open."""
        source = self.looked.source
        if self.is_left_out:
            return None
        if source is None or self.open_questions():
            raise ChoiceError("questions_open", count=max(len(self.open_questions()), 1), file=self.looked.files[0])
        for place, control in self.answers.items():
            question = self.looked.questions[place]
            if question.key not in (*COLUMN_QUESTIONS, *AGAIN):
                source = answered(Rules((source,), questions=(question,)), question, control.value).sources[0]
        for header, target in self.chosen.items():
            source = with_target(source, header, target, suggested=self.looked.source or source)
        if source.table == "surveys" and not source.items and "item" in source.lacking():
            raise ChoiceError("no_item_left", file=self.looked.files[0])
        return replace(source, encoding=self.looked.encoding or source.encoding)

    @property
    def is_left_out(self) -> bool:
        """True where the file, or the sheet, is not to be loaded."""
        return bool(self.table.value == LEAVE)

    def left_out(self) -> LeftOut:
        """The entry that leaves these files out next month too."""
        return LeftOut(self.looked.source.files if self.looked.source else self.looked.files, self.looked.sheet)

    def is_of(self, file: str) -> bool:
        """Ask whether a file is of this kind."""
        source = self.looked.source
        return source.applies_to(file) if source else file in self.looked.files

    def choose(self, header: str, target: str) -> None:
        """Say what a header becomes; one that had this column before is kept as an extra column."""
        for other in self._headers():
            if target not in (KEEP, LEAVE, ITEM) and other != header and self.target(other) == target:
                self.chosen[other] = KEEP
        self.chosen[header] = target
        self._follow()

    def target(self, header: str) -> str:
        """Return what a header becomes as things stand."""
        source = self.looked.source
        return self.chosen.get(header) or (target_of(source, header) if source else KEEP)

    # -- the table ------------------------------------------------------------------------------------------------

    def _table_choice(self) -> Choice:
        """The table suggested, or to leave the file out; without a suggestion it waits for the analyst."""
        known = self.looked.source.table if self.looked.source else UNANSWERED
        for question in self._table_questions():
            suggested = question.facts.get("suggested")
            known = LEAVE if suggested == LEAVE_OUT else known if suggested else UNANSWERED
        words = {UNANSWERED: "panels.load.choose"} if known == UNANSWERED else {}
        words |= {table: f"tables.{table}" for table in TABLES} | {LEAVE: "panels.load.leave_file"}
        return Choice("panels.load.table", words, value=known)

    def _table_questions(self) -> list[Question]:
        return [question for question in self.looked.questions if question.key == "which_table"]

    def _table_said(self, table: str) -> None:
        if table in TABLES and table != (self.looked.source.table if self.looked.source else None):
            self._look_again(self, table, self.looked.encoding)
        else:
            is_left = table == LEAVE
            (self.add_class if is_left else self.remove_class)("wb-left-out")
            self.say(self._lang)

    # -- the questions --------------------------------------------------------------------------------------------

    def _answer(self, question: Question) -> Choice:
        """A drop-down with the suggestion preselected; without one it waits for the analyst."""
        suggested = str(question.facts.get("suggested") or "")
        choices: list[str] = [] if suggested in question.choices else [UNANSWERED]
        choices += list(question.choices)
        if question.key in CHOSEN_COLUMNS:
            choices.append(NOTHING)
        control = Choice(
            "panels.load.answer",
            dict.fromkeys(choices),
            value=suggested if suggested in question.choices else UNANSWERED,
            words=lambda choice, lang: self._choice(question, choice, lang),
        )
        self._react(control, lambda choice: self._answered(question, choice))
        return control

    @staticmethod
    def _choice(question: Question, choice: str, lang: str) -> str:
        return t("panels.load.choose", lang) if choice == UNANSWERED else choice_words(question, choice, lang)

    def _answered(self, question: Question, choice: str) -> None:
        if choice == LEAVE_OUT and question.key in LEAVES_OUT:
            self.table.value = LEAVE
        elif question.key == "which_encoding" and choice != UNANSWERED:
            self._look_again(self, None, choice)
        elif question.key in COLUMN_QUESTIONS and choice != UNANSWERED:
            column = _wanted(question)
            holder = next((header for header in self._headers() if self.target(header) == column), None)
            if choice == NOTHING and holder:
                self.choose(holder, KEEP)
            elif choice != NOTHING:
                self.choose(choice, column)
        self.say(self._lang)

    def _row(self, place: int) -> Row:
        """A question, its answers, and how the data reads under the one chosen."""
        question, control = self.looked.questions[place], self.answers[place]
        words = question_words(question, self._lang)
        if not question.choices:
            words += " " + t("panels.load.no_choice", self._lang)
        shown = "".join(text("code", reading) for reading in shown_readings(question, control.value))
        row = Row([Markup(text("p", words) + (f'<p class="wb-readings">{shown}</p>' if shown else "")), control])
        row.add_class("wb-question")
        return row

    def _whole(self) -> Sequence[Row]:
        """Say that the table is unsure, above the other questions; its own control is the answer."""
        rows = [Row([Markup(text("p", question_words(question, self._lang)))]) for question in self._table_questions()]
        for row in rows:
            row.add_class("wb-question")
        return rows

    # -- the columns ----------------------------------------------------------------------------------------------

    def _headers(self) -> list[str]:
        source = self.looked.source
        return list(dict.fromkeys([one.header for one in source.suggestions] + [*source.headers])) if source else []

    def _fill(self) -> None:
        """Make the columns' controls, once, when somebody looks; those to be checked stand first."""
        if self.targets or self.looked.source is None:
            return
        unsure = {one.header for one in self.looked.source.suggestions if not one.sure}
        rows = []
        for header in sorted(self._headers(), key=lambda header: header not in unsure):
            control = self._target_choice(header)
            self.targets[header], self._reasons[header] = control, Markup()
            row = Row([Markup(text("span", header), css="wb-header-name"), control, self._reasons[header]])
            row.add_class("wb-column")
            if header in unsure:
                row.add_class("wb-unsure")
            rows.append(row)
        self.columns.children = rows
        for control in self.targets.values():
            self._quietly(control, partial(control.say, self._lang))
        self._say_columns()

    def _target_choice(self, header: str) -> Choice:
        source = self.looked.source
        assert source is not None  # noqa: S101  columns are shown of a suggestion only
        known = [column.name for column in TABLES[source.table].columns if not column.derived]
        targets = [KEEP, LEAVE, *([ITEM] if header in source.items else []), *known]
        control = Choice("panels.load.column", dict.fromkeys(targets), value=self.target(header), words=_target_words)
        self._react(control, lambda target: self.choose(header, target))
        return control

    def _say_columns(self) -> None:
        """Word the drawer and, where they are shown, the reasons."""
        headers = self._headers()
        mapped = [header for header in headers if self.target(header) not in (KEEP, LEAVE)]
        self.drawer.header.facts = {"count": len(mapped), "kept": len(headers) - len(mapped)}
        self.drawer.say(self._lang)
        known = {one.header: one for one in self.looked.source.suggestions} if self.looked.source else {}
        for header, place in self._reasons.items():
            suggestion = known.get(header)
            if header in self.chosen:
                words = t("panels.load.own_choice", self._lang)
            elif suggestion is None:
                words = t("panels.load.no_reason" if known else "panels.load.from_mapping", self._lang)
            else:
                sure = "panels.load.column_sure" if suggestion.sure else "panels.load.column_unsure"
                share = share_words(suggestion.confidence, self._lang, digits=0)
                words = t(sure, self._lang, reason=reason_words(suggestion, self._lang), confidence=share)
            place.value = text("span", words)

    def _follow(self) -> None:
        """Let every control show what follows from a choice: the columns, and the questions about columns."""
        for header, control in self.targets.items():
            self._quietly(control, partial(setattr, control, "value", self.target(header)))
        for place, control in self.answers.items():
            question = self.looked.questions[place]
            if question.key in COLUMN_QUESTIONS:
                held = [header for header in question.choices if self.target(header) == _wanted(question)]
                options = [value for _, value in control.options]
                value = held[0] if held else NOTHING if NOTHING in options else UNANSWERED
                if value in options:
                    self._quietly(control, partial(setattr, control, "value", value))
        self._say_columns()

    def _react(self, control: Choice, handler: Callable[[Any], None]) -> None:
        """Call `handler` with the value somebody chose."""
        self._reactions[control] = guarded(lambda change: handler(change["new"]), on_error=self._on_error)
        control.observe(self._reactions[control], names="value")

    def _quietly(self, control: Choice, change: Callable[[], None]) -> None:
        """Change a control without its handler taking it for somebody's choice."""
        control.unobserve(self._reactions[control], names="value")
        try:
            change()
        finally:
            control.observe(self._reactions[control], names="value")


def _wanted(question: Question) -> str:
    """The column a question is about; of a choice of groups the one that suffices alone."""
    return str(question.facts["column"]).partition(" / ")[0]


def _target_words(target: str, lang: str) -> str:
    if target in (KEEP, LEAVE, ITEM):
        return t(f"panels.load.target_{target}", lang)
    return f"{headed(canonical_column_words(target, lang))} · {target}"


def looked_at(rules: Rules) -> list[Looked]:
    """Split a suggestion into its kinds of files, those with questions first; a file without a table is one too."""
    cards, left = [], list(rules.questions)
    for source in rules.sources:
        mine = [one for one in left if source.applies_to(one.file) and source.sheet == one.facts.get("sheet")]
        mine += [one for one in left if one not in mine and source.applies_to(one.file) and "sheet" not in one.facts]
        left = [question for question in left if question not in mine]
        cards.append(Looked(source.files, source.sheet, source, tuple(mine), source.encoding))
    orphans = {(question.file, question.facts.get("sheet")) for question in left}
    for file, sheet in sorted(orphans, key=str):
        mine = [one for one in left if (one.file, one.facts.get("sheet")) == (file, sheet)]
        cards.append(Looked((file,), str(sheet) if sheet else None, None, tuple(mine)))
    return sorted(cards, key=lambda looked: not looked.questions)
