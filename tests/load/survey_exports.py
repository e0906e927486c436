"""Exports of surveys and call centres as their tools write them, each with its truth and its honest answers.

A column says what each of its texts is worth, the best answer highest, so that the truth is known whatever scale, code,
word or direction the tool writes. Who answers honestly knows this and nothing of how the workbench reads a file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from workbench.load import Question
from workbench.load.reading.header import clean_header

Worth = Callable[[str], float | None]
"""What a text is worth, from 0 for the worst answer to 1 for the best; None for no answer."""


DIRECTIONS = (
    *("answer_direction", "legend_direction", "option_direction"),
    *("paired_direction", "key_direction", "turned_question"),
)


class NoHonestAnswerError(AssertionError):
    """A question none of whose choices is true."""


@dataclass(frozen=True)
class Answers:
    """A column of a survey: a question with what its texts are worth, or something else."""

    header: str
    cells: Sequence[str]
    kind: str = ""
    """What it asks; nothing for a column that is no question."""

    low: int = 1
    high: int = 5
    worth: Worth = lambda _: None
    is_lowest_best: bool = False
    choices: Sequence[str] = ()
    name: str = ""
    """What the question is called in the store, where that is not its header."""

    @property
    def item(self) -> str:
        """What the question is called in the store."""
        return self.name or clean_header(self.header)

    @property
    def scale(self) -> str:
        """The scale as the choices of a question are written."""
        return f"{self.low}-{self.high}"

    def level_of(self, facts: Mapping[str, object]) -> str:
        """What a word counts on the scale that is asked about."""
        worth = self.worth(str(facts["value"]))
        low, high = (int(str(facts[bound])) for bound in ("low", "high"))
        return "missing" if worth is None else f"{low + worth * (high - low):g}"

    def is_right(self, word: str, score: float, low: int, high: int) -> bool:
        """Whether a text may have this score on this scale."""
        worth = self.worth(word)
        return worth is not None and abs((score - low) / (high - low) - worth) < 1e-6


def rated(
    header: str, cells: Sequence[str], kind: str, low: int, high: int, *, lowest_best: bool = False,
    missing: Sequence[str] = (), name: str = "", written: Callable[[str], str] = str,
) -> Answers:  # fmt: skip
    """A question answered by a number; `written` turns a text into it."""

    def worth(text: str) -> float | None:
        number = None if text.strip() in ("", *missing) else float(written(text.strip()))
        share = None if number is None else (number - low) / (high - low)
        return share if share is None or not lowest_best else 1 - share

    return Answers(header, cells, kind, low, high, worth, lowest_best, name=name)


def worded(
    header: str, cells: Sequence[str], kind: str, words: Mapping[str, float], low: int, high: int, *, name: str = ""
) -> Answers:
    """A question answered in words, each with its score, the best highest."""

    def worth(text: str) -> float | None:
        score = words.get(text.strip())
        return None if score is None else (score - low) / (high - low)

    return Answers(header, cells, kind, low, high, worth, name=name)


def chosen(header: str, cells: Sequence[str], choices: Sequence[str]) -> Answers:
    """A question of which several answers may be chosen."""
    return Answers(header, cells, choices=choices)


@dataclass(frozen=True)
class SurveyExport:
    """A file of answers, which of its rows count, and what an honest person answers beside what its columns say."""

    file: str
    columns: Sequence[Answers]
    left_out: frozenset[int] = frozenset()
    """The rows that are no answers, by their place."""

    above: Sequence[Sequence[str]] = ()
    below_header: Sequence[Sequence[str]] = ()
    below: Sequence[Sequence[str]] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    """The answer to a question, by its key, or by its key and header."""

    @property
    def row_count(self) -> int:
        """How many rows the file has below its headers."""
        return len(self.columns[0].cells)

    def write(self, folder: Path) -> Path:
        """Write the file as CSV."""
        text = io.StringIO()
        rows = zip(*(column.cells for column in self.columns), strict=True)
        header = [[column.header for column in self.columns]]
        csv.writer(text, lineterminator="\n").writerows([*self.above, *header, *self.below_header, *rows, *self.below])
        path = folder / self.file
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def truth(self) -> dict[str, Counter[float]]:
        """By question how often each answer was given, from 0 for the worst to 1 for the best."""
        kept = [place for place in range(self.row_count) if place not in self.left_out]
        truth: dict[str, Counter[float]] = {}
        for column in self.columns:
            cells = [column.cells[place] for place in kept]
            if column.kind:
                worths = [worth for cell in cells if (worth := column.worth(cell)) is not None]
                truth[column.item] = Counter(round(worth, 4) for worth in worths)
            for choice in column.choices:
                texts = [[part.strip() for part in _parts(cell)] for cell in cells if cell.strip()]
                truth[f"{column.item}—{choice}"] = Counter(float(choice in parts) for parts in texts)
        return truth

    def nps_items(self) -> set[str]:
        """What the questions of a net promoter score are called."""
        return {column.item for column in self.columns if column.kind == "nps"}

    def answer(self, question: Question) -> str:
        """Answer a question by what is true; NoHonestAnswerError where no choice is."""
        own = self.answers.get(f"{question.key} {question.facts.get('header')}", self.answers.get(question.key))
        if own is not None:
            return own
        answer = self._of_items(question) if "items" in question.facts else self._of_rows(question)
        if answer not in question.choices:
            raise NoHonestAnswerError(f"{question.key} {dict(question.facts)}: {answer!r} of {[*question.choices]}")
        return answer

    def _of_items(self, question: Question) -> str:
        asked = [self._column(header) for header in cast("Sequence[str]", question.facts["items"])]
        of_each: Mapping[str, Callable[[Answers], str]] = {
            "survey_items": lambda one: "yes" if one.kind else "no",
            "multiple_choice": lambda one: "yes" if one.choices else "no",
            "item_kind": lambda one: one.kind or "no",
            "item_scale": lambda one: one.scale,
            "zero_answers": lambda one: "missing" if one.worth("0") is None else "answer",
            "word_score": lambda one: one.level_of(question.facts),
            "no_answers": lambda one: self._missing_or_valid(question, one),
            **dict.fromkeys(DIRECTIONS, lambda one: "lowest" if one.is_lowest_best else "highest"),
        }
        if question.key == "answer_words" and all(one.kind for one in asked):
            return next((key for key in question.choices if self._has_scores(question, key, asked)), "")
        return self._alike(question, [of_each.get(question.key, lambda _: "no")(one) for one in asked])

    def _missing_or_valid(self, question: Question, column: Answers) -> str:
        values = cast("Sequence[str]", question.facts["values"])
        worths = [column.worth(value) for value in values if value in column.cells]
        return self._alike(question, ["missing" if worth is None else "valid" for worth in worths] or ["missing"])

    def _has_scores(self, question: Question, key: str, asked: Sequence[Answers]) -> bool:
        words = cast("Mapping[str, Mapping[str, float]]", question.facts["words"]).get(key)
        if words is None:
            return False
        low, high = sorted(int(bound) for bound in key.split("-"))
        cells = {cell.strip() for one in asked for cell in one.cells}
        return all(
            one.is_right(word, score, low, high)
            for one in asked
            for word, score in words.items()
            if word.strip() in cells and word in one.cells
        )

    def _of_rows(self, question: Question) -> str:
        facts = question.facts
        match question.key:
            case "which_table":
                return "surveys"
            case "left_out_rows" | "default_ratings" | "state_value":
                cells = self._column(str(facts["header"])).cells
                values = [one.casefold() for one in cast("Sequence[str]", facts["values"])]
                said = [place for place, cell in enumerate(cells) if cell.strip().casefold() in values]
                yes, no = ("other", "answer") if question.key == "state_value" else ("yes", "no")
                return self._alike(question, [yes if place in self.left_out else no for place in said])
            case "unsubmitted_rows":
                cells = self._column(str(facts["header"])).cells
                said = [place for place, cell in enumerate(cells) if not cell.strip()]
                return self._alike(question, ["yes" if place in self.left_out else "no" for place in said])
            case "time_zone":
                return "Asia/Shanghai"
        return str(facts.get("suggested", ""))

    def _column(self, header: str) -> Answers:
        placed = enumerate(self.columns, 1)
        return next(
            column
            for place, column in placed
            if header in (column.item, clean_header(column.header), f"column_{place}")
        )

    @staticmethod
    def _alike(question: Question, answers: Sequence[str]) -> str:
        """The one answer that is true of all that is asked about at once."""
        if len(set(answers)) != 1:
            raise NoHonestAnswerError(f"{question.key} {dict(question.facts)} asks at once what differs: {answers}")
        return answers[0]


def _parts(cell: str) -> Sequence[str]:
    for sign in ("┋", ";", "|", ", ", "，"):
        if sign in cell:
            return cell.split(sign)
    return [cell]
