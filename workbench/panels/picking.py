"""What was clicked on a panel's charts: one mark at a time, said on a chip that takes the choice off again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workbench.i18n import t
from workbench.panels.columns import column_words
from workbench.panels.controls import Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Markup, Row, text
from workbench.panels.worded_rows import ValueNames
from workbench.widgets import ChartView

Picked = Mapping[str, Any]


class Picking(Row):
    """The chip of what is picked. Charts whose marks mean the same show it as picked together; the others let go.

    `on_change` is called with the name of the chart that was clicked and with what its mark stands for; with None
    where the choice was taken off: on the chip, by a click beside the marks, or because it is no longer drawn.
    """

    def __init__(
        self,
        views: Mapping[str, ChartView],
        *,
        on_change: Callable[[Picked | None], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._views, self._on_change = views, on_change
        self._is_following = False
        self.picked: Picked | None = None
        self.clicked = ""
        self.label, self.chip = Markup(css="wb-picked-label"), Press("panels.picked.off", style="chip", what="")
        self.chip.on_click(guarded(lambda _: self.take_off(), on_error=on_error))
        super().__init__([self.label, self.chip])
        self.add_class("wb-picked")
        self.layout.display = "none"
        for name, view in views.items():
            view.observe(
                guarded(lambda change, name=name: self._take(name, change["new"]), on_error=on_error), "picked"
            )

    def take_off(self) -> None:
        """Let go of what is picked, on every chart."""
        with self._following():
            for view in self._views.values():
                view.picked = []
        self._hold("", None)

    def say(self, lang: str, names: ValueNames) -> None:
        """Word the chip: every field of the mark with its value, as the panel calls it."""
        self.layout.display = "" if self.picked else "none"
        if not self.picked:
            return
        what = " · ".join(
            t(
                "panels.picked.part",
                lang,
                field=headed(column_words(field, lang)),
                value=_said(field, value, lang, names),
            )
            for field, value in self.picked.items()
        )
        self.label.value, self.chip.facts = text("span", t("panels.picked.label", lang)), {"what": what}
        self.chip.say(lang)
        self.chip.tooltip = t("panels.picked.take_off", lang)

    def _take(self, name: str, rows: list[dict[str, Any]]) -> None:
        if self._is_following:
            return
        with self._following():
            for other, view in self._views.items():
                if other != name:
                    view.picked = rows if rows and view.accepts("picked", rows) else []
        self._hold(name if rows else "", rows[0] if rows else None)

    def _hold(self, name: str, picked: Picked | None) -> None:
        self.clicked, self.picked = name, picked
        self._on_change(picked)

    @contextmanager
    def _following(self) -> Iterator[None]:
        """Let charts follow the one that was clicked."""
        self._is_following = True
        try:
            yield
        finally:
            self._is_following = False


def _said(field: str, value: Any, lang: str, names: ValueNames) -> str:
    return t("charts.theme.unknown", lang) if value is None else str(names.get(field, {}).get(value, value))
