"""A page written down: what it shows just now, with exactly its filters, as a report that any format can take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from workbench.charts.native import native_chart
from workbench.export import pdf_report, slides_report, workbook_report
from workbench.export.report import Report, ReportChart, ReportFigure, ReportSheet
from workbench.pages.board import Board
from workbench.pages.publication import Changes
from workbench.pages.read_markup import read_markup
from workbench.pages.titles import title
from workbench.panels.base import Panel
from workbench.panels.chosen_words import chosen_words
from workbench.panels.columns import column_words
from workbench.panels.downloads import filter_lines, page_notes
from workbench.panels.layout import Figure
from workbench.panels.session import Session
from workbench.panels.worded_rows import worded_rows
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.widgets.chart_parts import take_apart

ReportFormat = Literal["pdf", "pptx", "xlsx"]
REPORT_WRITERS: Mapping[ReportFormat, Callable[[Report], bytes]] = {
    "pdf": pdf_report,
    "pptx": slides_report,
    "xlsx": workbook_report,
}


class WrittenPage(Protocol):
    """What is written down of a page."""

    @property
    def session(self) -> Session:
        """Its store, language and filters."""

    @property
    def name(self) -> str:
        """The dashboard's."""

    @property
    def panels(self) -> Sequence[Any]:
        """Panels and boards, in their order."""

    @property
    def key_figures(self) -> KeyFigures | None:
        """The figures at its head; None where it begins with its own answer."""

    @property
    def compares(self) -> bool:
        """Whether it tells changes against another year where the reader asks for it."""

    @property
    def alarms(self) -> Sequence[str]:
        """What its watch list says aloud."""

    @property
    def facts(self) -> Sequence[str]:
        """The day it speaks of, and of when its data are."""

    @property
    def foot_sentences(self) -> Sequence[str]:
        """What the figures rest on."""


def report_file(page: WrittenPage, kind: ReportFormat) -> tuple[str, bytes]:
    """Return the file name and contents of a page's report."""
    return f"{report_name(page)}.{kind}", REPORT_WRITERS[kind](report_of(page))


def report_name(page: WrittenPage) -> str:
    """Return what to call a report: page, day and what was filtered, so that no report takes another one's place."""
    filters = page.session.filters
    days = f"{filters.since.isoformat()}--" if filters.since else ""
    beside = ["year-before"] if page.compares and page.session.compares_years else []
    chosen = [*filters.regions, *filters.customer_types, filters.segmentation, *filters.segments]
    parts = [page.name, f"{days}{page.session.as_of.isoformat()}", *(one for one in chosen if one), *beside]
    return "_".join(re.sub(r"[^\w.-]+", "-", part) for part in parts)[:120]


def report_of(page: WrittenPage) -> Report:
    """Write a page down as it stands: its filters, the sections that are open, what its panels are set to.

    What a panel does not show stands in the report as the sentence that the page has in its place: small groups are
    hidden by the panels, and nothing is computed here.
    """
    session = page.session
    lang, snapshot, head = session.lang, session.store.snapshot, page.key_figures
    changes, change_sentences = Changes(session).written()
    return Report(
        lang=lang,
        company=snapshot.company,
        title=title(page.name, lang),
        facts=page.facts,
        lines=filter_lines(session, compares=page.compares),
        notes={"title": title(page.name, lang), **page_notes(session, compares=page.compares)},
        figures=_figures(head.shown) if head else (),
        sheets=[_sheet(panel, lang) for panel in shown_panels(page)],
        message=head.complaint if head else "",
        sentences=[*page.alarms, *(head.sentences if head else ())],
        changes=changes,
        change_sentences=change_sentences,
        foot=page.foot_sentences,
    )


def shown_panels(page: WrittenPage) -> Iterator[Any]:
    """Return the panels that a reader of the page sees: of a board the one that is open."""
    for part in page.panels:
        yield part.panels[part.sections.value] if isinstance(part, Board) else part


def _sheet(panel: Any, lang: str) -> ReportSheet:
    """Write one panel down; where it shows nothing, why."""
    if not isinstance(panel, Panel):  # a sentence in the place of a panel that could not be made
        return ReportSheet(title="", message=read_markup(panel.message.value).sentences[0])
    heading = panel.session.t(f"panels.{panel.topic}.title")
    about: dict[str, Any] = {"title": heading, "definition": panel.session.t(f"panels.{panel.topic}.method")}
    chosen = chosen_words(panel.controls, lang)
    message = panel.complaint
    if message:
        return ReportSheet(**about, chosen=chosen, message=message)
    below, rows = read_markup(panel.summary), worded_rows(panel.rows, lang, panel.names)
    return ReportSheet(
        **about,
        chosen=chosen,
        figures=_figures(panel.figures),
        charts=[_chart(panel, name, lang) for name in panel.views],
        tables=below.tables,
        sentences=below.sentences,
        rows=rows,
        headings={str(name): column_words(str(name), lang) for name in rows.columns},
        sums=[name for name in panel.sums if name in rows.columns],
    )


def _chart(panel: Panel, name: str, lang: str) -> ReportChart:
    """Write a chart down, its words apart: they are text beside the drawing, as on the page."""
    whole = panel.chart(name).to_dict()
    parts = take_apart(whole)
    drawing = {key: value for key, value in whole.items() if key != "title"} if parts.title else whole
    return ReportChart(parts.title, parts.subtitle, drawing, native_chart(whole, lang))


def _figures(figures: Sequence[Figure]) -> list[ReportFigure]:
    return [ReportFigure(one.label, one.value, one.note, one.change) for one in figures]
