"""The sentences of a load: what to know, grouped so that one thing is said once, and what to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.i18n import catalog, t
from workbench.load.mapping.source_mapping import Suggestion
from workbench.load.problems import Problem, ProblemLevel
from workbench.load.questions import Question

KEY_PREFIXES = {
    "reason": "load.reject_",
    "reasons": "load.reject_",
    "why": "load.missing_",
    "meaning": "load.meaning_",
    "table": "tables.",
    "because": "load.table_",
}
"""Facts that are keys themselves, and where their words are."""

PROBLEM_LEVELS: tuple[ProblemLevel, ...] = ("error", "warning", "info")
"""The gravest first."""

SCALE_QUESTIONS = ("answer_words", "item_scale")
"""Questions whose answers are scales such as 1-5."""

MOST_READINGS = 3
LISTED_IN_SENTENCE = ("survey_items", "multiple_choice")
"""Questions whose sentence lists what the answer is about."""

MOST_NAMED = 6
"""So many columns or places are named; of more, the first ones and how many there are."""


@dataclass(frozen=True)
class Note:
    """One thing to know: a sentence, and the files it holds for, each with its lines or its number."""

    level: ProblemLevel
    text: str
    places: tuple[str, ...] = ()


def notes_of(problems: Iterable[Problem], lang: str) -> list[Note]:
    """Say a load's problems, the gravest first; the same thing in several files is one note with several places."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_grouping_key(problem), []).append(problem)
    notes = [_note(group, lang) for group in groups.values()]
    return sorted(notes, key=lambda note: PROBLEM_LEVELS.index(note.level))


def problem_words(problem: Problem, lang: str) -> str:
    """Say one problem of one file."""
    return t(f"load.problem.{problem.key}", lang, **_facts_in_words(problem.facts, lang))


def question_words(question: Question, lang: str) -> str:
    """Say what only the analyst can decide."""
    facts = {"file": question.file, **question.facts}
    return t(f"load.question.{question.key}", lang, **_facts_in_words(facts, lang))


def choice_words(question: Question, choice: str, lang: str) -> str:
    """Say one possible answer: a table by its name, yes and no in words, a header or a date format as it is."""
    for key in (f"load.choice.{question.key}.{choice or 'none'}", f"load.choice.{choice or 'none'}"):
        if key in catalog():
            return t(key, lang)
    if question.key in SCALE_QUESTIONS:
        low, high = (int(bound) for bound in choice.split("-"))
        return t(f"load.choice.scale.{'rising' if low < high else 'falling'}", lang, low=low, high=high)
    return fact_words("table", choice, lang) if question.key == "which_table" else choice


def shown_readings(question: Question, choice: str) -> tuple[str, ...]:
    """Return a few examples of how the data reads under an answer; of words all, for each has its score."""
    if question.key in LISTED_IN_SENTENCE:
        return ()
    readings = question.choices.get(choice, ())
    return readings if question.key == "answer_words" else readings[:MOST_READINGS]


def reason_words(suggestion: Suggestion, lang: str) -> str:
    """Say why a header was given its column."""
    return t(f"load.reason_{suggestion.reason}", lang, **_facts_in_words(suggestion.facts, lang))


def canonical_column_words(column: str, lang: str) -> str:
    """Say a canonical column, or a choice of several, by its name in the reader's language.

    >>> canonical_column_words("amount / quantity + unit_price", "zh")
    '金额 / 数量 + 单价'
    """
    return " ".join(t(f"columns.{part}", lang) if f"columns.{part}" in catalog() else part for part in column.split())


def fact_words(name: str, value: Any, lang: str) -> Any:
    """Say a fact: a key by its words, a few of many, anything else as it is."""
    if isinstance(value, (list, tuple)):
        named = [fact_words(name, one, lang) for one in value[:MOST_NAMED]]
        return named if len(value) <= MOST_NAMED else [*named, t("load.and_more", lang, count=len(value))]
    if name == "column" and isinstance(value, str):
        return canonical_column_words(value, lang)
    if name == "lines" or isinstance(value, bool) or not isinstance(value, (int, float)):
        key = f"{KEY_PREFIXES.get(name, '')}{value}"
        return t(key, lang) if name in KEY_PREFIXES and key in catalog() else value
    return f"{value:,.10g}"


def _grouping_key(problem: Problem) -> tuple[object, ...]:
    """What two problems must share to be said together; those without a grouped sentence stay alone."""
    if f"load.together.{problem.key}" not in catalog():
        return (id(problem),)
    return (
        problem.level,
        problem.key,
        problem.facts.get("reason"),
        _grouping_column(problem),
        problem.facts.get("why"),
    )


def _grouping_column(problem: Problem) -> object:
    """Rejects go together by column; values that are missing by file, whatever the column."""
    return problem.facts.get("file") if problem.key == "values_missing" else problem.facts.get("column")


def _note(group: Sequence[Problem], lang: str) -> Note:
    first = group[0]
    key = f"load.together.{first.key}"
    if key not in catalog():
        return Note(first.level, problem_words(first, lang))
    if first.facts.get("column") == "":  # the row as a whole is wrong
        key += "_whole"
    facts = {**first.facts, "count": sum(int(str(problem.facts["count"])) for problem in group)}
    return Note(first.level, t(key, lang, **_facts_in_words(facts, lang)), tuple(_places(group, lang)))


def _places(group: Iterable[Problem], lang: str) -> Iterable[str]:
    """Where it is: the lines of a reject, the column of a missing value, else the number in each file."""
    for problem in group:
        facts = _facts_in_words(problem.facts, lang)
        if lines := problem.facts.get("lines"):
            more = problem.facts["count"] != len(list(lines))  # type: ignore[call-overload]
            yield t("load.place_lines_among" if more else "load.place_lines", lang, **facts)
        else:
            yield t("load.place_column" if "column" in facts else "load.place_count", lang, **facts)


def _facts_in_words(facts: Mapping[str, object], lang: str) -> dict[str, Any]:
    return {name: fact_words(name, value, lang) for name, value in facts.items()}
