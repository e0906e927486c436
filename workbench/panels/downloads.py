"""Downloads: the rows and charts of a panel, and lists of customers, which ask for a reason first."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from typing import Literal, Protocol

import altair as alt
import pandas as pd

from workbench.charts.words import SEPARATOR, wrapped
from workbench.errors import ChoiceError, NothingToShow
from workbench.export import TableSheet, chart_image, write_csv, write_xlsx
from workbench.export.about import about_rows
from workbench.i18n import t
from workbench.panels.chosen_words import chosen_words
from workbench.panels.columns import column_words
from workbench.panels.controls import Choice, Control
from workbench.panels.layout import Markup, Row, text
from workbench.panels.session import Session
from workbench.panels.table import Detail
from workbench.panels.worded_rows import ValueNames, worded_rows
from workbench.widgets import ChartView, Download

SheetFormat = Literal["csv", "xlsx"]
Picture = Literal["png", "svg"]
SHEETS: tuple[SheetFormat, ...] = ("csv", "xlsx")
PICTURES: tuple[Picture, ...] = ("png", "svg")

EXPORT_REASONS = ("care_call", "campaign", "complaint", "analysis", "audit")
"""Why somebody may download a list of customers; the reason chosen goes to the audit log."""


class Drawn(Protocol):
    """What can be downloaded: a panel's rows and charts."""

    @property
    def session(self) -> Session:
        """Whose language, filters and store it speaks of."""

    @property
    def topic(self) -> str:
        """What the words are found by."""

    @property
    def controls(self) -> Mapping[str, Control]:
        """What somebody chose, by name."""

    @property
    def views(self) -> Mapping[str, ChartView]:
        """The charts on screen, by name."""

    @property
    def rows(self) -> pd.DataFrame:
        """The rows that are drawn."""

    @property
    def names(self) -> ValueNames:
        """What the values of the rows are called."""

    @property
    def sheets(self) -> Mapping[str, TableSheet]:
        """More tables of an Excel file, by the names of their sheets."""

    @property
    def compares(self) -> bool:
        """Whether it tells a change against another year where the reader asks for it."""

    def chart(self, name: str | None = None) -> alt.TopLevelMixin:
        """Return a chart on screen."""


class CustomerListing(Protocol):
    """What a list of customers shows just now."""

    @property
    def detail(self) -> Detail | None:
        """The customers listed; None where nothing was picked."""


class Downloads(Row):
    """The rows drawn as CSV and Excel, the charts as PNG and SVG."""

    def __init__(self, panel: Drawn) -> None:
        self._panel = panel
        self.label = Markup(css="wb-downloads-label")
        self.sheets = {kind: Download(produce=partial(self.sheet, kind)) for kind in SHEETS}
        self.pictures = {
            (name, kind): Download(produce=partial(self.picture, name, kind))
            for name in panel.views
            for kind in PICTURES
        }
        super().__init__([self.label, *self.sheets.values(), *self.pictures.values()])
        self.add_class("wb-downloads")

    def say(self) -> None:
        """Word the label and the buttons."""
        session, several = self._panel.session, len(self._panel.views) > 1
        self.label.value = text("span", session.t("panels.downloads.label"))
        for kind, button in self.sheets.items():
            button.lang, button.label = session.lang, session.t(f"panels.downloads.{kind}")
        for (name, form), button in self.pictures.items():
            chart = session.t(f"panels.{self._panel.topic}.chart_{name}") + " " if several else ""
            button.lang, button.label = session.lang, chart + session.t(f"panels.downloads.{form}")

    def sheet(self, kind: SheetFormat) -> tuple[str, bytes]:
        """Return the file name and contents of the rows drawn."""
        session, topic = self._panel.session, self._panel.topic
        rows = worded_rows(self._panel.rows, session.lang, self._panel.names)
        return file_name(session, topic, kind), sheet_bytes(
            rows, kind, session, topic=topic, notes=chosen_note(self._panel), more=self._panel.sheets
        )

    def picture(self, name: str, kind: Picture) -> tuple[str, bytes]:
        """Return the file name and contents of one chart."""
        topic = self._panel.topic if len(self._panel.views) == 1 else f"{self._panel.topic}_{name}"
        return file_name(self._panel.session, topic, kind), self._draw(name, kind)

    def _draw(self, name: str, kind: Picture) -> bytes:
        spec, lang = self._panel.chart(name).to_dict(validate=False), self._panel.session.lang
        return chart_image(spec, format=kind, lang=lang, lines=picture_lines(self._panel))


class CustomerExport(Row):
    """The customers listed as CSV and Excel, once a reason is chosen; the reason goes to the audit log."""

    def __init__(self, customers: CustomerListing, session: Session, *, topic: str) -> None:
        self._customers, self._session, self._topic = customers, session, topic
        words = {"": "panels.customers.reason_none"} | {
            name: f"panels.customers.reason_{name}" for name in EXPORT_REASONS
        }
        self.reason = Choice("panels.customers.reason", words)
        self.buttons = {kind: Download(produce=partial(self.sheet, kind)) for kind in SHEETS}
        super().__init__([self.reason, *self.buttons.values()])
        self.add_class("wb-downloads")

    def say(self) -> None:
        """Word the reasons and the buttons."""
        self.reason.say(self._session.lang)
        for kind, button in self.buttons.items():
            button.lang, button.label = self._session.lang, self._session.t(f"panels.downloads.{kind}")

    def sheet(self, kind: SheetFormat) -> tuple[str, bytes]:
        """Return the file name and contents of the whole list; of people it notes who took how many, and why."""
        detail = self._customers.detail
        if detail is None:
            raise NothingToShow("nothing_to_show")
        if detail.people and not self.reason.value:
            raise ChoiceError("reason_missing")
        listed = self._session.store.collect(detail.table.select(*[field.name for field in detail.fields]))
        rows = worded_rows(listed, self._session.lang, {})
        notes: dict[str, object] = {"base": len(rows)}
        if detail.people:
            notes["reason"] = self._session.t(f"panels.customers.reason_{self.reason.value}")
        made = sheet_bytes(rows, kind, self._session, topic=self._topic, notes=notes)
        if detail.people:
            self._session.note("export", topic=self._topic, count=len(rows), reason=self.reason.value)
        return file_name(self._session, f"{self._topic}_{'customers' if detail.people else 'list'}", kind), made


def file_name(session: Session, topic: str, kind: str) -> str:
    """Return e.g. `pareto_2024-12-31.csv`: what it is, and the day it speaks of."""
    return f"{topic}_{session.as_of.isoformat()}.{kind}"


def sheet_bytes(
    rows: pd.DataFrame,
    kind: SheetFormat,
    session: Session,
    *,
    topic: str,
    notes: Mapping[str, object],
    more: Mapping[str, TableSheet] | None = None,
) -> bytes:
    """Return rows as a file with headings in the reader's language, which says what it is.

    An Excel file does on a sheet of its own, a CSV file in lines before the table that begin with `#`. `more` tables
    stand before the rows of an Excel file, each on its sheet.
    """
    headers = {name: column_words(name, session.lang) for name in rows.columns}
    content, title = io.BytesIO(), session.t(f"panels.{topic}.title")
    said = {**about(session, topic), **notes}
    if kind == "csv":
        write_csv(content, rows, notes={"title": title, **said}, lang=session.lang, headers=headers)
    else:
        write_xlsx(content, {**(more or {}), title: rows}, notes=said, lang=session.lang, headers=headers)
    return content.getvalue()


COLUMNS_OF_A_PICTURE = 120
"""How much of a line a picture of the usual width holds."""
OF_A_PAGE = ("company", "filter", "compared", "as_of", "snapshot", "currency")
"""What every sheet and picture says of the page it was taken from."""


def picture_lines(panel: Drawn) -> list[str]:
    """Return what a picture says of itself: company, filters, day, snapshot, and what was chosen on the panel."""
    lang = panel.session.lang
    parts = [*filter_lines(panel.session), *_note_lines(chosen_note(panel), lang)]
    return wrapped(SEPARATOR.join(parts), COLUMNS_OF_A_PICTURE)


def filter_lines(session: Session, *, compares: bool = False) -> list[str]:
    """Return what a sheet says of the page it was taken from: company, filters, day, snapshot, currency.

    `compares` says that the page tells changes against another year where the reader asks for it.
    """
    notes = page_notes(session, compares=compares)
    return _note_lines({name: notes[name] for name in OF_A_PAGE if name in notes}, session.lang)


def _note_lines(notes: Mapping[str, object], lang: str) -> list[str]:
    return [t("export.about.line", lang, name=name, value=value) for name, value in about_rows(notes, lang)]


def chosen_note(panel: Drawn) -> dict[str, object]:
    """Return what a file says of the panel's controls and of what it compares with; nothing where there is neither."""
    said = chosen_words(panel.controls, panel.session.lang)
    return ({"chosen": said} if said else {}) | _compared_note(panel.session, compares=panel.compares)


def about(session: Session, topic: str) -> dict[str, object]:
    """Return what a file must say of itself: definition, day, filters, snapshot, company."""
    return {"definition": session.t(f"panels.{topic}.method"), **page_notes(session)}


def _compared_note(session: Session, *, compares: bool) -> dict[str, object]:
    said = session.compared_words() if compares else ""
    return {"compared": said} if said else {}


def page_notes(session: Session, *, compares: bool = False) -> dict[str, object]:
    """Return what any file must say of the page it was taken from: day, filters, snapshot, company."""
    snapshot = session.store.snapshot
    return {
        "as_of": session.as_of,
        "filter": session.filter_words(),
        **_compared_note(session, compares=compares),
        "snapshot": snapshot.id,
        "company": snapshot.company,
        "currency": session.t(f"currencies.{snapshot.currency}") + f" ({snapshot.currency})",
    }
