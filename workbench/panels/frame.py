"""Where the parts of a panel stand: question, controls, message, figures, charts, customers, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ipywidgets import Widget

from workbench.discovery import topics
from workbench.panels.controls import Control
from workbench.panels.customers import CustomerList
from workbench.panels.downloads import Downloads
from workbench.panels.keeping import Keeping
from workbench.panels.layout import Column, Drawer, Markup, Row, text
from workbench.panels.picking import Picking
from workbench.panels.session import Session
from workbench.visible_text import html_text
from workbench.widgets import ChartView


class Framed(Protocol):
    """What a frame puts in its places: the parts of a panel."""

    @property
    def topic(self) -> str:
        """What the words are found by."""

    @property
    def controls(self) -> Mapping[str, Control]:
        """The controls, by name."""

    @property
    def views(self) -> Mapping[str, ChartView]:
        """The charts, by name."""

    @property
    def picking(self) -> Picking:
        """The chip of what was clicked."""

    @property
    def customers(self) -> CustomerList:
        """The customers behind a click."""

    @property
    def downloads(self) -> Downloads:
        """What can be downloaded."""

    @property
    def keeping(self) -> Keeping | None:
        """How a segmentation is kept; None where there is none to keep."""


class Frame(Column):
    """The widget of a panel. What may fail or wait is in `body`; `message` stands above it."""

    def __init__(self, panel: Framed, *, folded: Sequence[str], explain: Callable[[], str], brief: bool) -> None:
        self._topic, self._explain, self._brief = panel.topic, explain, brief
        self.heading, self.message = Markup(css="wb-panel-head"), Markup(css="wb-message")
        self.figures, self.summary, self.method = Markup(), Markup(), Markup(css="wb-method")
        self.chosen = Markup(css="wb-chosen")  # on paper, where the controls are not
        shown = Row([control for name, control in panel.controls.items() if name not in folded])
        hidden = Row([control for name, control in panel.controls.items() if name in folded])
        for row in (shown, hidden):
            row.add_class("wb-controls")
        self.more = Drawer("panels.more_options", [hidden])
        self.how = Drawer("panels.how", [self.method], fill=self._fill)
        charts = Row([*panel.views.values()])
        charts.add_class("wb-charts")
        self.body = Column([self.figures, charts, panel.picking, self.summary])
        self.body.add_class("wb-body")
        self.keep = Drawer("panels.keeping.title", [panel.keeping] if panel.keeping else [])
        self.keep.layout.display = "" if panel.keeping else "none"
        foot = Column([panel.downloads, self.keep, self.how])
        foot.add_class("wb-panel-foot")
        options = [shown, self.more] if folded else [shown]
        self._parts: list[Widget] = [
            self.heading,
            *options,
            self.chosen,
            self.message,
            self.body,
            panel.customers,
            foot,
        ]
        if brief:
            self.body.children = [self.figures, charts]
            self._parts = [self.heading, self.chosen, self.message, self.body]
        super().__init__(self._parts)
        for name in ("wb-panel", f"wb-topic-{panel.topic}", *(["wb-brief"] if brief else [])):
            self.add_class(name)

    def add_presets(self, presets: Row) -> None:
        """Put presets between the question and the controls; a brief panel has neither."""
        if self._brief:
            return
        self._parts.insert(1, presets)
        self.children = self._parts

    def stand(self, *, outdated: bool, empty: bool) -> None:
        """Fade what answers an earlier question, and leave out what would answer none."""
        for name, holds in (("wb-outdated", outdated), ("wb-empty", empty)):
            (self.add_class if holds else self.remove_class)(name)

    def say(self, session: Session) -> None:
        """Word the question and the drawers."""
        title, lead = (session.t(f"panels.{self._topic}.{part}") for part in ("title", "lead"))
        page, words = page_of(self._topic), html_text(session.t("panels.more"))
        more = f'<p class="wb-more"><a data-page href="{page}?lang={session.lang}">{words}</a></p>'
        below = more if self._brief else text("p", lead, "wb-lead")
        self.heading.value = text("h2", title) + below
        self.more.say(session.lang)
        self.how.say(session.lang)
        self.keep.say(session.lang)

    def _fill(self) -> None:
        self.method.value = self._explain()


def page_of(topic: str) -> str:
    """Return the dashboard that shows a topic whole; a panel of no topic goes by its own name."""
    return topics()[topic].page if topic in topics() else topic
