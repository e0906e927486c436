"""A page: header, filter bar, panels and footer; on the overview the key figures, too. One snapshot, one language."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from workbench.charts.words import SEPARATOR, count_words, date_words
from workbench.i18n import LANGUAGES, t
from workbench.pages.filter_bar import FilterBar
from workbench.pages.report_buttons import ReportButtons
from workbench.pages.stand_in import Make, PagePart, made
from workbench.pages.titles import title, titled_pages
from workbench.pages.watch import watch_html, watch_results
from workbench.panels.downloads import filter_lines
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Column, Markup, Row, Segmented, text
from workbench.panels.session import Session
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.visible_text import html_text
from workbench.widgets import Banner

OVERVIEW = "overview"
"""The page that begins with the company's key figures and shows the watch list; others begin with their own answer."""
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


class Page(Column):
    """What `page` returns: the whole page as one widget; its parts follow the session."""

    def __init__(self, session: Session, name: str, panels: Sequence[PagePart | Make]) -> None:
        self.session, self.name = session, name
        self.panels: list[Any] = [made(panel, session) if callable(panel) else panel for panel in panels]
        self.banner = Banner(snapshot=session.store.snapshot.id, lang=session.lang)
        self.head, self.foot = Markup(css="wb-page-title"), Markup(css="wb-page-foot")
        self.on_paper = Markup(css="wb-on-paper")  # the head of every sheet that is printed, where no list stands
        self.language = Segmented([(LANGUAGE_NAMES[lang], lang) for lang in LANGUAGES], value=session.lang)
        self.key_figures = KeyFigures(session) if name == OVERVIEW else None
        self.compares = self.key_figures is not None or any(getattr(one, "compares", False) for one in self.panels)
        self.filters = FilterBar(session, compares=self.compares)
        self.report = ReportButtons(self)
        self.watch = Markup(css="wb-watch")
        top = Row([self.head, self.language])
        top.add_class("wb-page-head")
        grid = Column([panel.widget for panel in self.panels])
        grid.add_class("wb-panels")
        company = [self.key_figures] if self.key_figures else []
        speaks_of_all = bool(self.panels) and not any(getattr(one, "follows_filters", True) for one in self.panels)
        filters = [] if speaks_of_all and not self.key_figures else [self.filters]
        super().__init__(
            [self.on_paper, self.banner, top, self.watch, *filters, self.report, *company, grid, self.foot]
        )
        self.add_class("wb-page-body")
        self.say()
        session.together.on_answered = self._answered
        self.language.observe(guarded(self._switch), names="value")
        session.observe(guarded(lambda _: self.say()), names=["lang", "filters", "compares_years"])

    def say(self) -> None:
        """Word the header, the filters and the footer in the session's language."""
        session, snapshot = self.session, self.session.store.snapshot
        lang = session.lang
        self.banner.lang = self.language.value = lang
        facts = text("strong", snapshot.company)
        regions = session.store.regions
        facts += text("span", t("panels.page.regions", lang, regions=regions), "wb-page-regions") if regions else ""
        facts += "".join(text("span", fact) for fact in self.facts)
        self.head.value = (
            f'{self._links()}<h1>{html_text(title(self.name, lang))}</h1><p class="wb-page-facts">{facts}</p>'
        )
        self.on_paper.value = text("p", SEPARATOR.join(filter_lines(session, compares=self.compares)))
        self.filters.say()
        self.report.say()
        self.watch.value = watch_html(session) if self.name == OVERVIEW else ""
        self.foot.value = "".join(text("p", sentence) for sentence in self.foot_sentences)

    @property
    def alarms(self) -> list[str]:
        """What the watch list says aloud, on the page that shows it."""
        if self.name != OVERVIEW:
            return []
        lang = self.session.lang
        loud = (one.words(lang) for one in watch_results(self.session) if one.state != "quiet")
        return [t("pages.watch.stated", lang, sentence=sentence) for sentence in loud]

    @property
    def facts(self) -> list[str]:
        """The day the page speaks of, and of when its data are."""
        lang, snapshot = self.session.lang, self.session.store.snapshot
        return [
            t("panels.page.as_of", lang, day=date_words(self.session.as_of, lang)),
            t("panels.page.published", lang, day=date_words(snapshot.created_at.date(), lang)),
        ]

    def _answered(self) -> None:
        """Let the browser take its signs away: what was asked by the filters is on screen."""
        self.banner.answered += 1

    def _switch(self, change: dict[str, Any]) -> None:
        self.session.lang = change["new"]

    def _links(self) -> str:
        """Link the other pages, where the dashboard server serves them."""
        if not os.environ.get("WORKBENCH_PUBLISHED"):
            return ""
        links = "".join(
            f'<a data-page href="{name}?lang={self.session.lang}"{" aria-current=page" if name == self.name else ""}>'
            f"{html_text(title(name, self.session.lang))}</a>"
            for name in titled_pages()
        )
        return f'<nav class="wb-nav">{links}</nav>'

    @property
    def foot_sentences(self) -> list[str]:
        """What the figures rest on, how they are defined, and what is not shown."""
        session, lang = self.session, self.session.lang
        rows = session.store.snapshot.tables
        base = {name: count_words(rows.get(name, 0), lang) for name in ("customers", "transactions", "surveys")}
        sentences = [
            t("panels.page.base", lang, id=session.store.snapshot.id, **base),
            t("panels.page.definitions", lang),
        ]
        if session.store.snapshot.published:
            sentences.append(t("panels.page.privacy", lang, minimum=session.minimum_group))
        return sentences
