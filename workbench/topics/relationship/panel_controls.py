"""The controls of the relationship matrix: amounts, counts, contact cuts, and nine cells to choose levels in."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets as widgets
import traitlets
from ipywidgets import ValueWidget

from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Choice, Line
from workbench.panels.guarded_widgets import Guarded, guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.topics.relationship.segmentation import CROWDS, KOTLER, RELATIONSHIP_LEVELS, WORTHS, LevelMatrix

LARGEST_NUMBER = 1e15


class Amount(Guarded, widgets.FloatText):
    """An amount of money, reported on Enter or when the cursor leaves."""

    def __init__(self, label: str, value: float) -> None:
        self._label = label
        self.offered = {"value": lambda number: _is_number(number) and abs(number) <= LARGEST_NUMBER}
        super().__init__(value=value, continuous_update=False)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        """Word the label."""
        self.description = self.tooltip = t(self._label, lang)


class Count(Guarded, widgets.IntText):
    """A whole number above zero, reported on Enter or when the cursor leaves."""

    def __init__(self, label: str, value: int) -> None:
        self._label = label
        self.offered = {"value": lambda number: type(number) is int and 0 < number <= LARGEST_NUMBER}
        super().__init__(value=value, continuous_update=False)
        self.add_class("wb-field")

    def say(self, lang: str) -> None:
        """Word the label."""
        self.description = self.tooltip = t(self._label, lang)


class ContactCuts(Column, ValueWidget):
    """The four numbers of contacts a year at which the levels begin, written with commas."""

    value = traitlets.Tuple()
    """The cuts in force."""

    def __init__(self, value: tuple[float, ...] = (1, 2, 4, 12)) -> None:
        self.line = Line("panels.relationship_levels.contact_cuts", value=_written(value))
        self.message = Markup(css="wb-message")
        self._lang = "zh"
        super().__init__([self.line, self.message])
        self.value = value
        self.line.observe(guarded(lambda _: self.take()), names="value")
        self.observe(guarded(lambda _: self._show()), names="value")

    def say(self, lang: str) -> None:
        """Word the label."""
        self._lang = lang
        self.line.say(lang)

    def take(self) -> None:
        """Take the cuts as written; words say what cannot be."""
        try:
            self.value = _numbers(self.line.value)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = ""

    def _show(self) -> None:
        self.line.value = _written(self.value)


class MatrixEditor(Column, ValueWidget):
    """Nine lists of levels, in the places of the matrix: high margin above, many customers left."""

    value = traitlets.Tuple()
    """The matrix in force."""

    def __init__(self, value: LevelMatrix = KOTLER) -> None:
        words = {level: f"panels.relationship_levels.levels.{level}" for level in RELATIONSHIP_LEVELS}
        label = "panels.relationship_levels.cell"
        self.cells = {
            (row, column): Choice(label, words, value=value[row][column])
            for row in range(len(WORTHS))
            for column in range(len(CROWDS))
        }
        self.heads = [Markup(css="wb-hint") for _ in WORTHS]
        self._speaking = False
        rows = [
            Row([self.heads[row], *(self.cells[row, column] for column in range(len(CROWDS)))])
            for row in range(len(WORTHS))
        ]
        self.hint = Markup(css="wb-hint")
        super().__init__([self.hint, *rows])
        self.add_class("wb-matrix")
        self.value = value
        for cell in self.cells.values():
            cell.observe(guarded(lambda _: self._take()), names="value")
        self.observe(guarded(lambda _: self._show()), names="value")

    def say(self, lang: str) -> None:
        """Word the cells: each says which customers it is for."""
        self._speaking = True
        self.hint.value = text("p", t("panels.relationship_levels.matrix_hint", lang))
        for row, worth in enumerate(WORTHS):
            said = t(f"charts.relationship.worths.{worth}", lang)
            self.heads[row].value = text("p", t("panels.relationship_levels.row", lang, worth=said))
            for column, crowd in enumerate(CROWDS):
                cell = self.cells[row, column]
                cell.say(lang)
                cell.description = t(f"charts.relationship.crowds.{crowd}", lang)
        self._speaking = False

    def _take(self) -> None:
        if not self._speaking:
            self.value = tuple(
                tuple(self.cells[row, column].value for column in range(len(CROWDS))) for row in range(len(WORTHS))
            )

    def _show(self) -> None:
        self._speaking = True
        for (row, column), cell in self.cells.items():
            cell.value = self.value[row][column]
        self._speaking = False


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _written(cuts: tuple[float, ...]) -> str:
    return ", ".join(f"{cut:g}" for cut in cuts)


def _numbers(words: str) -> tuple[float, ...]:
    """Read "1, 2，4、12" as numbers."""
    try:
        return tuple(float(word) for word in words.replace("，", ",").replace("、", ",").split(",") if word.strip())
    except ValueError:
        raise ChoiceError("cuts_not_numbers") from None
