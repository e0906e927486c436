"""Controls of the two-criteria ABC: cuts written by hand, and open cells painted with a class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets
from ipywidgets import ValueWidget

from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Line, Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.topics.two_criteria.chart import class_name
from workbench.topics.two_criteria.segmentation import OPEN_CELLS, PAINTS, GridCuts

CUT_MEASURES = ("visits", "spend")


class GridCutsEditor(Column, ValueWidget):
    """`value` is None until somebody writes cuts or keeps the measured ones, which are shown all the time.

    `kept` is called after cuts were written, so that the panel can turn to fixed cuts.
    """

    value = traitlets.Instance(GridCuts, allow_none=True)
    """The cuts written by hand."""

    def __init__(self, *, kept: Callable[[], None]) -> None:
        self.lines = {name: Line(f"panels.two_criteria.{name}_cuts") for name in CUT_MEASURES}
        self.apply = Press("panels.two_criteria.apply_cuts")
        self.hint, self.message = Markup(css="wb-hint"), Markup(css="wb-message")
        self._lang, self._kept = "zh", kept
        self.shown: GridCuts | None = None
        row = Row([*self.lines.values(), self.apply])
        row.add_class("wb-controls")
        super().__init__([self.hint, row, self.message])
        self.add_class("wb-cuts")
        self.apply.on_click(guarded(lambda _: self.take()))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        self.hint.value = text("p", t("panels.two_criteria.cuts_hint", lang))
        parts: list[Line | Press] = [*self.lines.values(), self.apply]
        for part in parts:
            part.say(lang)

    def show(self, cuts: GridCuts) -> None:
        """Show the cuts in force."""
        self.shown, self.message.value = cuts, ""
        for name, line in self.lines.items():
            line.value = ", ".join(f"{cut:.12g}" for cut in getattr(cuts, name))

    def keep(self) -> None:
        """Take the cuts on screen for written ones, where none were written."""
        if self.value is None:
            self.value = self.shown

    def take(self) -> None:
        """Take the cuts as they are written; words say what cannot be."""
        try:
            written = {name: _two_numbers(line.value) for name, line in self.lines.items()}
            self.value = GridCuts(**written)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = ""
            self._kept()


class CellPainter(Column, ValueWidget):
    """`value` holds the painted cells, `{"high_low": "B"}`: click an open cell on the grid, then choose its class."""

    value = traitlets.Dict()
    """The class of every painted cell, visits first."""

    def __init__(self) -> None:
        self.cell = ""
        self._lang = "zh"
        self.hint, self.painted = Markup(css="wb-hint"), Markup(css="wb-hint")
        self.paints = {
            name: Press(f"panels.two_criteria.paint_{name}", style="chip") for name in (*PAINTS, "policy", "all")
        }
        for name, button in self.paints.items():
            button.on_click(guarded(lambda _, name=name: self.paint(name)))
        row = Row([*self.paints.values()])
        row.add_class("wb-presets")
        super().__init__([self.hint, row, self.painted])
        self.add_class("wb-painter")
        self.observe(guarded(lambda _: self.say(self._lang)), names="value")

    def pick(self, picked: Mapping[str, Any] | None) -> None:
        """Turn to the cell that was clicked; the cells of the source rule stay as they are."""
        self.cell = f"{picked['visit_level']}_{picked['spend_level']}" if picked else ""
        self.say(self._lang)

    def paint(self, name: str) -> None:
        """Give the picked cell a class, leave it open, give it back to the policy, or clear all paint."""
        if name == "all":
            self.value = {}
        elif self.cell in OPEN_CELLS:
            others = {cell: painted for cell, painted in self.value.items() if cell != self.cell}
            self.value = others if name == "policy" else others | {self.cell: name}

    def say(self, lang: str) -> None:
        """Word the buttons, the picked cell and what is painted."""
        self._lang = lang
        can_paint = self.cell in OPEN_CELLS
        for name, button in self.paints.items():
            button.say(lang)
            button.disabled = not (self.value if name == "all" else can_paint)
        key = "picked" if can_paint else "fixed_cell" if self.cell else "pick_hint"
        facts = {"cell": cell_words(self.cell, lang)} if self.cell else {}
        self.hint.value = text("p", t(f"panels.two_criteria.{key}", lang, **facts))
        done = [f"{cell_words(cell, lang)} → {class_name(name, lang)}" for cell, name in self.value.items()]
        self.painted.value = text("p", t("panels.two_criteria.painted", lang, cells=done)) if done else ""


def cell_words(cell: str, lang: str) -> str:
    """Say a cell: its level of visits, then of spend.

    >>> cell_words("high_low", "zh")
    '进店高 × 消费低'
    """
    levels = [t(f"charts.two_criteria.levels.{level}", lang) for level in cell.split("_")]
    return t("panels.two_criteria.cell", lang, visits=levels[0], spend=levels[1])


def _two_numbers(words: str) -> tuple[float, float]:
    """Read "3, 8" as two numbers."""
    try:
        low, high = (float(word) for word in words.replace("，", ",").replace("、", ",").split(",") if word.strip())
    except ValueError:
        raise ChoiceError("two_criteria_not_numbers", written=words[:40]) from None
    return low, high
