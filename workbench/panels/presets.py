"""Presets: named sets of values that a press gives to a panel's controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.i18n import t
from workbench.panels.controls import Press
from workbench.panels.layout import Markup, Row, text


class Presets(Row):
    """Buttons side by side; `values(name)` says what the controls become, `give` passes it on."""

    def __init__(
        self, label: str, names: Sequence[str], words: str, values: Callable[[str], Mapping[str, Any]]
    ) -> None:
        self._label, self.values = label, values
        self.label = Markup(css="wb-presets-label")
        self.buttons = {name: Press(f"{words}.{name}", style="chip") for name in names}
        super().__init__([self.label, *self.buttons.values()])
        self.add_class("wb-presets")

    def say(self, lang: str) -> None:
        """Word the label and the buttons."""
        self.label.value = text("span", t(self._label, lang))
        for button in self.buttons.values():
            button.say(lang)
