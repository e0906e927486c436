"""A page: header, filter bar, panels and footer; on the overview the key figures, too. One snapshot, one language."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import Any

from workbench.charts.words import count_words, date_words
from workbench.i18n import LANGUAGES, catalog, t
from workbench.pages.filter_bar import FilterBar
from workbench.pages.stand_in import Make, PagePart, made
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, Segmented, text
from workbench.panels.session import Session
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.widgets import Banner

OVERVIEW = "overview"
"""The page that begins with the company's key figures; every other begins with its own answer."""
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


class Page(Column):
    """What `page` returns: the whole page as one widget; its parts follow the session."""

    def __init__(self, session: Session, name: str, panels: Sequence[PagePart | Make]) -> None:
        self.session, self.name = session, name
        self.panels: list[Any] = [made(panel, session) if callable(panel) else panel for panel in panels]
        self.banner = Banner(snapshot=session.store.snapshot.id, lang=session.lang)
        self.head, self.foot = Markup(css="wb-page-title"), Markup(css="wb-page-foot")
        self.language = Segmented([(LANGUAGE_NAMES[lang], lang) for lang in LANGUAGES], value=session.lang)
        self.filters = FilterBar(session)
        self.key_figures = KeyFigures(session) if name == OVERVIEW else None
        top = Row([self.head, self.language])
        top.add_class("wb-page-head")
        grid = Column([panel.widget for panel in self.panels])
        grid.add_class("wb-panels")
        company = [self.key_figures] if self.key_figures else []
        super().__init__([self.banner, top, self.filters, *company, grid, self.foot])
        self.add_class("wb-page-body")
        self.say()
        self.language.observe(guarded(self._switch), names="value")
        session.observe(guarded(lambda _: self.say()), names=["lang", "filters"])

    def say(self) -> None:
        """Word the header, the filters and the footer in the session's language."""
        session, snapshot = self.session, self.session.store.snapshot
        lang = session.lang
        self.banner.lang = self.language.value = lang
        as_of = t("panels.page.as_of", lang, day=date_words(session.as_of, lang))
        shown = t("panels.page.published", lang, day=date_words(snapshot.created_at.date(), lang))
        self.head.value = (
            f"{self._links()}<h1>{escape(title(self.name, lang))}</h1>"
            f'<p class="wb-page-facts">{text("strong", snapshot.company)}{text("span", as_of)}{text("span", shown)}</p>'
        )
        self.filters.say()
        self.foot.value = self._footer()

    def _switch(self, change: dict[str, Any]) -> None:
        self.session.lang = change["new"]

    def _links(self) -> str:
        """Link the other pages, where the dashboard server serves them."""
        if not os.environ.get("WORKBENCH_PUBLISHED"):
            return ""
        names = [key.removeprefix("pages.titles.") for key in catalog() if key.startswith("pages.titles.")]
        links = "".join(
            f'<a data-page href="{name}?lang={self.session.lang}"{" aria-current=page" if name == self.name else ""}>'
            f"{escape(title(name, self.session.lang))}</a>"
            for name in names
        )
        return f'<nav class="wb-nav">{links}</nav>'

    def _footer(self) -> str:
        session, lang = self.session, self.session.lang
        rows = session.store.snapshot.tables
        base = {name: count_words(rows.get(name, 0), lang) for name in ("customers", "transactions", "surveys")}
        sentences = [
            t("panels.page.base", lang, id=session.store.snapshot.id, **base),
            t("panels.page.definitions", lang),
        ]
        if session.store.snapshot.published:
            sentences.append(t("panels.page.privacy", lang, minimum=session.minimum_group))
        return "".join(text("p", sentence) for sentence in sentences)


def page(session: Session, name: str, panels: Sequence[PagePart | Make]) -> Page:
    """Put panels on a page of their own; `name` is the dashboard's.

    Give the functions that make them, `page(session, "pareto", [pareto_panel])`: where one fails, the others stand.
    """
    return Page(session, name, panels)


def title(name: str, lang: str) -> str:
    """Return a page's title; a page without one goes by its name."""
    key = f"pages.titles.{name}"
    return t(key, lang) if key in catalog() else name
