"""Questions of a load in the terminal: one after another, answered with the arrow keys, or as they are suggested."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import LoadError, WorkbenchError
from workbench.i18n import t
from workbench.load import Database, Mapping, Question, SourceMapping, answered, suggest_mapping
from workbench.load.mapping.analyst_answers import CHOSEN_COLUMNS, LEAVE_OUT
from workbench.load.reading.databases.address import address_in, address_of_file, parse_address
from workbench.load.reading.sources import Sources
from workbench.load.reporting.sentences import choice_words, question_words

AnswersQuestion = Callable[[Question], "str | None"]
"""Gives the answer to a question; None leaves it open."""

LOOKED_AGAIN = ("which_encoding", "which_table")
"""Questions whose answer changes every column: they are asked first."""

NONE_OF_THESE = ""
READINGS_SHOWN = 3


def is_watched() -> bool:
    """Say whether a person sits at this terminal, who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def choose(question: Question, lang: str) -> str | None:
    """Ask one question in the terminal, with how the data reads under each answer; the suggestion is preselected."""
    from prompt_toolkit.shortcuts import choice

    options = [(one, _option(question, one, lang)) for one in question.choices]
    if question.key in CHOSEN_COLUMNS:
        options.append((NONE_OF_THESE, choice_words(question, NONE_OF_THESE, lang)))
    options.append((LATER, t("cli.answer_later", lang)))
    suggested = question.facts.get("suggested")
    chosen = choice(
        f"\n{question_words(question, lang)}\n",
        options=options,
        default=suggested if suggested in question.choices else None,
        bottom_toolbar=t("cli.answer_keys", lang),
    )
    return None if chosen == LATER else str(chosen)


LATER = "\0later"
"""The answer that leaves everything as it is and loads nothing."""


def as_suggested(question: Question) -> str | None:
    """Answer as it is suggested; what has no suggestion stays open."""
    suggested = question.facts.get("suggested")
    return str(suggested) if suggested in question.choices else None


class Interview:
    """The answers to the questions about some files, and the mapping that follows from them.

    Which table a file is, and in which encoding it is written, change every column: the file is looked at again.
    """

    def __init__(self, sources: Sources, answer: AnswersQuestion, *, skips: bool = False) -> None:
        """Take who answers; `skips`: one question left open does not end the interview."""
        self._sources, self._answer, self._skips = sources, answer, skips
        self._tables: dict[str, str] = {}
        self._encodings: dict[str, str] = {}
        self._left_out: list[tuple[str, object]] = []
        self.has_answers = False

    def rules(self, mapping: Mapping, questions: Sequence[Question]) -> Mapping:
        """Return the mapping with the answers; its questions are those that stay open."""
        mapping, left = replace(mapping, questions=tuple(questions)), list[Question]()
        while waiting := [one for one in mapping.questions if one not in left]:
            first = [one for one in waiting if one.key in LOOKED_AGAIN]
            question = (first or waiting)[0]
            chosen = self._answer(question)
            if chosen is None:
                left.append(question)
                if not self._skips:
                    break
            else:
                self.has_answers = True
                mapping = self._with_answer(mapping, question, chosen)
        return mapping

    def _with_answer(self, mapping: Mapping, question: Question, chosen: str) -> Mapping:
        sheet = question.facts.get("sheet")
        names = [f"{name} [{sheet}]" if sheet else name for name in (Path(question.file).name, question.file)]
        about = dict.fromkeys(names, chosen)
        if question.key == "which_encoding":
            self._encodings |= about
            return self._looked_again()
        held = [source for source in mapping.sources if source.applies_to(question.file)]
        if question.key == "which_table" and chosen != LEAVE_OUT and all(source.table != chosen for source in held):
            self._tables |= about
            return self._looked_again()
        if chosen == LEAVE_OUT and question.key == "which_table":
            self._left_out.append((question.file, sheet))
        return answered(mapping, question, chosen)

    def _looked_again(self) -> Mapping:
        """Suggest anew, with what was said; the encoding somebody named is kept for next month."""
        mapping = suggest_mapping(self._sources, tables=self._tables, encodings=self._encodings)
        mapping = replace(mapping, sources=tuple(map(self._with_encoding, mapping.sources)))
        for question in mapping.questions:
            if question.key == "which_table" and (question.file, question.facts.get("sheet")) in self._left_out:
                mapping = answered(mapping, question, LEAVE_OUT)
        return mapping

    def _with_encoding(self, source: SourceMapping) -> SourceMapping:
        named = [encoding for file, encoding in self._encodings.items() if source.applies_to(file)]
        return replace(source, encoding=named[0]) if named else source


def as_databases(
    sources: Sequence[Path | str], tables: Sequence[str], queries: Sequence[Path]
) -> list[Path | Database]:
    """Take the databases among the sources as such, with the tables and queries wanted of them."""
    files = {source: address_of_file(source) for source in sources if isinstance(source, Path)}
    databases = [
        source
        for source in sources
        if (isinstance(source, str) and address_in(source) is not None) or files.get(Path(source))
    ]
    if (tables or queries) and len(databases) != 1:
        key = "query_of_several_databases" if databases else "query_without_database"
        raise LoadError(key, count=len(databases))
    return [
        Database(files.get(Path(source)) or str(source), tables=tables, queries=queries)
        if source in databases
        else Path(source)
        for source in sources
    ]


def shows_password(sources: Sequence[Path | str]) -> bool:
    """Say whether a password stands in what was typed, where others can read it."""
    return any(isinstance(source, str) and parse_address(source).password for source in sources)


def is_settled(error: WorkbenchError, sources: Sequence[Path | Database], lang: str) -> bool:
    """Ask whoever sits here for the password or the tables that a database lacks; False where that is not it."""
    label = error.facts.get("database")
    held = [one for one in sources if isinstance(one, Database) and one.address.label == label]
    if not held:
        return False
    database = held[0]
    if error.key == "database_password" and database.address.is_without_password:
        database.address = database.address.with_password(
            getpass.getpass(t("cli.ask_password", lang, database=str(label)))
        )
        return True
    if error.key == "choose_tables":
        database.tables = tuple(choose_tables(str(label), [str(table) for table in error.facts["tables"]], lang))  # type: ignore[attr-defined]
        return bool(database.tables)
    return False


def choose_tables(label: str, tables: Sequence[str], lang: str) -> list[str]:
    """Show all tables of a database with a box each; none where the choice is left."""
    from prompt_toolkit.shortcuts import checkboxlist_dialog

    chosen = checkboxlist_dialog(
        title=t("cli.ask_tables", lang, database=label),
        text=t("cli.ask_tables_how", lang),
        values=[(table, table) for table in tables],
        ok_text=t("cli.ask_ok", lang),
        cancel_text=t("cli.ask_cancel", lang),
    ).run()
    return list(chosen or [])


def mapping_beside(sources: Sequence[Path | Database]) -> Path | None:
    """Find a mapping.toml in the folder that is loaded, beside the files, or beside a database's queries."""
    paths = [path for one in sources for path in (one.query_files if isinstance(one, Database) else [one])]
    folders = [source if source.is_dir() else source.parent for source in paths]
    return next((path for folder in folders if (path := folder / "mapping.toml").is_file()), None)


def readable(path: Path) -> Mapping | None:
    """Read a mapping that was found, not given: None where it is no mapping."""
    try:
        return Mapping.read(path)
    except LoadError:
        return None


def _option(question: Question, one: str, lang: str) -> str:
    readings = question.choices[one][:READINGS_SHOWN]
    words = choice_words(question, one, lang)
    return words + (t("load.report.reads", lang, readings=list(readings)) if readings else "")
