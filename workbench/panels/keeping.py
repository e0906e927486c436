"""Keeping what a panel found as a segmentation in the store, for the filters and the other panels."""

from __future__ import annotations

from collections.abc import Callable

from workbench.errors import WorkbenchError
from workbench.i18n import t
from workbench.panels.controls import Line, Press, Switch
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, text


class Keeping(Column):
    """The id to keep it under, whether managers may see it, and what became of it.

    `keep` takes the two, keeps what is on screen and returns the version it became.
    """

    def __init__(self, keep: Callable[[str, bool], int]) -> None:
        self._keep, self._lang = keep, "zh"
        self.id, self.shared = Line("panels.keeping.id"), Switch("panels.keeping.shared")
        self.button = Press("panels.keeping.keep")
        self.kept, self.message = Markup(css="wb-hint"), Markup(css="wb-message")
        row = Row([self.id, self.shared, self.button])
        row.add_class("wb-controls")
        super().__init__([row, self.kept, self.message])
        self.button.on_click(guarded(lambda _: self.store()))

    def say(self, lang: str) -> None:
        """Word everything in a language."""
        self._lang = lang
        parts: tuple[Line | Switch | Press, ...] = (self.id, self.shared, self.button)
        for part in parts:
            part.say(lang)
        self.clear()

    def clear(self) -> None:
        """Say nothing more of what was kept: something else is on screen."""
        self.kept.value = self.message.value = ""

    def store(self) -> None:
        """Keep it under the id written; words say which version it became, or what cannot be."""
        self.clear()
        name = self.id.value.strip()
        try:
            version = self._keep(name, self.shared.value)
        except WorkbenchError as error:
            self.message.value = text("p", error.words(self._lang), "wb-message-text")
        else:
            self.kept.value = text("p", t("panels.keeping.kept", self._lang, id=name, version=version))
