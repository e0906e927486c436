"""The cut points of RFM as a control: shown, kept, written by hand, and taken from one period or company to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import traitlets
from ipywidgets import ValueWidget

from workbench.errors import ChoiceError, WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Line, Press, Switch
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text
from workbench.topics.rfm.cuts import RFM, Cuts, NestedCuts
from workbench.topics.rfm.cuts_file import LARGEST_FILE, KeptCuts
from workbench.widgets import Download, Upload

ENDINGS = [".toml", ".json"]


class CutsEditor(Column, ValueWidget):
    """`value` is None while the cut points follow the customers, or the cut points the reader keeps.

    Parameters
    ----------
    written
        Writes cut points for a file: its name and text.
    read
        Called with cut points that came with a file.
    """

    value = traitlets.Instance(KeptCuts, allow_none=True)
    """The kept cut points, with what they cut."""

    def __init__(
        self, *, written: Callable[[KeptCuts], tuple[str, bytes]], read: Callable[[KeptCuts], object] | None = None
    ) -> None:
        self.lines = {name: Line(f"terms.{name}") for name in RFM}
        self.kept = Switch("panels.rfm.keep_cuts")
        self.apply = Press("panels.rfm.apply_cuts")
        self.hint, self.message = Markup(css="wb-hint"), Markup(css="wb-message")
        self.read = read
        self.download = Download(produce=lambda: written(self._shown))
        self.load_hint = Markup(css="wb-hint")
        self.upload = Upload(self._received, accept=ENDINGS, multiple=False, largest=LARGEST_FILE)
        self._lang, self._shown = "zh", KeptCuts(Cuts((1,), (1,), (1,)))
        row, files = Row([*self.lines.values(), self.apply]), Row([self.download])
        row.add_class("wb-controls")
        files.add_class("wb-downloads")
        super().__init__([self.hint, self.kept, row, self.message, files, self.load_hint, self.upload])
        self.add_class("wb-cuts")
        self.kept.observe(guarded(self._switched), names="value")
        self.apply.on_click(guarded(lambda _: self.take()))
        self.observe(guarded(lambda _: self._follow()), names="value")

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = self.download.lang = self.upload.lang = lang
        self.download.label = t("panels.rfm.download_cuts", lang)
        self.load_hint.value = text("p", t("panels.rfm.load_cuts", lang))
        parts: list[Line | Switch | Press] = [*self.lines.values(), self.kept, self.apply]
        for part in parts:
            part.say(lang)
        self._hint()

    def show(self, cuts: KeptCuts) -> None:
        """Show the cut points in force; nested ones are too many for a line, and stand in a table of the panel."""
        self._shown, self.message.value = cuts, ""
        is_nested = isinstance(cuts.cuts, NestedCuts)
        for name, line in self.lines.items():
            line.value = "" if is_nested else ", ".join(f"{cut:.12g}" for cut in getattr(cuts.cuts, name))
            line.disabled = is_nested
        self.apply.disabled = is_nested
        self._hint()

    def take(self) -> None:
        """Keep the cut points as written; words say what cannot be."""
        if isinstance(self._shown.cuts, NestedCuts):
            return
        try:
            written = {name: _numbers(line.value) for name, line in self.lines.items()}
            self.value = replace(self._shown, cuts=Cuts(**written))
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.message.value = ""

    def _hint(self) -> None:
        name = "nested_hint" if isinstance(self._shown.cuts, NestedCuts) else "cuts_hint"
        self.hint.value = text("p", t(f"panels.rfm.{name}", self._lang))

    def _follow(self) -> None:
        self.kept.value = self.value is not None

    def _switched(self, change: dict[str, Any]) -> None:
        if change["new"] and self.value is None:
            self.value = self._shown
        elif not change["new"]:
            self.value = None

    def _received(self, path: Path, _name: str) -> None:
        """Take the cut points of a file; what is wrong with it is said beside the field."""
        kept = KeptCuts.read(path.read_bytes())
        if self.read:
            self.read(kept)
        else:
            self.value = kept


def _numbers(words: str) -> tuple[float, ...]:
    """Read "30, 90，180" as numbers."""
    try:
        return tuple(float(word) for word in words.replace("，", ",").replace("、", ",").split(",") if word.strip())
    except ValueError:
        raise ChoiceError("cuts_not_numbers") from None
