"""The visible parts panels are made of: texts, figures, drawers. Every text is escaped, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import ipywidgets as widgets

from workbench.panels.controls import Press
from workbench.panels.guarded_widgets import Guarded, guarded
from workbench.panels.headings import headed
from workbench.visible_text import html_text

Judgement = Literal["good", "bad", "neutral"]


class Markup(Guarded, widgets.HTML):
    """HTML of our own making; the browser may set nothing of it."""

    def __init__(self, value: str = "", *, css: str = "") -> None:
        super().__init__(value=value)
        self.add_class("wb-markup")
        if css:
            self.add_class(css)


class ProgressBar(Guarded, widgets.FloatProgress):
    """How far long work is; the browser may set nothing of it."""


class Column(Guarded, widgets.VBox):
    """Parts below each other."""


class Row(Guarded, widgets.HBox):
    """Parts beside each other, wrapping where the page is narrow."""


@dataclass(frozen=True)
class Figure:
    """One number with its name, its base and, where there is one, its change."""

    label: str
    value: str
    note: str = ""
    change: str = ""
    judgement: Judgement = "neutral"


def text(tag: str, words: str, css: str = "") -> str:
    """Return one element with escaped words.

    >>> text("p", "<b>王", "wb-lead")
    '<p class="wb-lead">&lt;b&gt;王</p>'
    """
    return (
        f'<{tag} class="{html_text(css)}">{html_text(words)}</{tag}>' if css else f"<{tag}>{html_text(words)}</{tag}>"
    )


def figures_html(figures: Sequence[Figure]) -> str:
    """Return the figures as a row of definitions: name, number, change, what it rests on."""
    return f'<dl class="wb-figures">{"".join(_figure(figure) for figure in figures)}</dl>' if figures else ""


def _figure(figure: Figure) -> str:
    change = text("span", figure.change, f"wb-change wb-{figure.judgement}") if figure.change else ""
    note = text("dd", figure.note, "wb-note") if figure.note else ""
    return (
        f'<div class="wb-figure">{text("dt", headed(figure.label))}'
        f'<dd class="wb-value">{text("span", figure.value)}{change}</dd>{note}</div>'
    )


class Drawer(Column):
    """A heading that opens and closes what is below it; `fill` is called when it opens."""

    def __init__(
        self,
        label: str,
        body: Sequence[widgets.Widget],
        *,
        fill: Callable[[], None] | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.header = Press(label, style="drawer", **(facts or {}))
        self.body = Column([*body])
        self.body.add_class("wb-drawer-body")
        self.is_open = False
        self._fill = fill
        super().__init__([self.header, self.body])
        self.add_class("wb-drawer")
        self._show()
        self.header.on_click(guarded(lambda _: self.toggle()))

    def say(self, lang: str) -> None:
        """Word the heading."""
        self.header.say(lang)

    def toggle(self) -> None:
        """Open or close."""
        self.is_open = not self.is_open
        if self.is_open and self._fill:
            self._fill()
        self._show()

    def refill(self) -> None:
        """Bring the contents up to date where they are visible."""
        if self.is_open and self._fill:
            self._fill()

    def _show(self) -> None:
        (self.add_class if self.is_open else self.remove_class)("wb-open")
        self.body.layout.display = "" if self.is_open else "none"


class Segmented(Guarded, widgets.ToggleButtons):
    """A few choices side by side, e.g. the language; `options` are pairs of words and value."""

    def __init__(self, options: Sequence[tuple[str, Any]], *, value: Any) -> None:
        self.offered = {"index": lambda index: type(index) is int and 0 <= index < len(options)}
        super().__init__(options=options, value=value)
        self.add_class("wb-segmented")
