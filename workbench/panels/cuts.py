"""The cut points of RFM as a control: shown, kept, written by hand, and applied again to another period."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import traitlets
from ipywidgets import ValueWidget

from workbench.analyses.rfm_cuts import RFM, Cuts
from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Line, Press, Switch
from workbench.panels.guard import guarded
from workbench.panels.layout import Column, Markup, Row, text


class CutsEditor(Column, ValueWidget):
    """`value` is None while the cut points follow the customers, or the cut points the reader keeps."""

    value = traitlets.Instance(Cuts, allow_none=True)
    """The kept cut points."""

    def __init__(self) -> None:
        self.lines = {name: Line(f"terms.{name}") for name in RFM}
        self.kept = Switch("panels.rfm.keep_cuts")
        self.apply = Press("panels.rfm.apply_cuts")
        self.hint, self.message = Markup(css="wb-hint"), Markup(css="wb-message")
        self._lang, self._shown = "zh", Cuts((1,), (1,), (1,))
        row = Row([*self.lines.values(), self.apply])
        row.add_class("wb-controls")
        super().__init__([self.hint, self.kept, row, self.message])
        self.add_class("wb-cuts")
        self.kept.observe(guarded(self._switched), names="value")
        self.apply.on_click(guarded(lambda _: self.take()))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        self.hint.value = text("p", t("panels.rfm.cuts_hint", lang))
        parts: list[Line | Switch | Press] = [*self.lines.values(), self.kept, self.apply]
        for part in parts:
            part.say(lang)

    def show(self, cuts: Cuts) -> None:
        """Show the cut points in force."""
        self._shown, self.message.value = cuts, ""
        for name, line in self.lines.items():
            line.value = ", ".join(f"{cut:g}" for cut in getattr(cuts, name))

    def take(self) -> None:
        """Keep the cut points as written; words say what cannot be."""
        try:
            written = {name: _numbers(line.value) for name, line in self.lines.items()}
            self.value = replace(self._shown, **written)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = ""
            self.kept.value = True

    def _switched(self, change: dict[str, Any]) -> None:
        if change["new"] and self.value is None:
            self.value = self._shown
        elif not change["new"]:
            self.value = None


def _numbers(words: str) -> tuple[float, ...]:
    """Read "30, 90，180" as numbers."""
    try:
        return tuple(float(word) for word in words.replace("，", ",").replace("、", ",").split(",") if word.strip())
    except ValueError:
        raise ChoiceError("cuts_not_numbers") from None
