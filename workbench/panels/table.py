"""Tables on a page: small ones as they are, long ones page by page, so that a browser gets only what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.charts.words import (
    UNIT_FROM,
    amount_words,
    count_words,
    money_column,
    money_words,
    points_words,
    share_words,
)
from workbench.i18n import catalog, t
from workbench.panels.columns import Kind, column_words
from workbench.panels.controls import Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Column, Markup, Row

PAGE = 12
"""Rows on one page of a long table."""


@dataclass(frozen=True)
class Field:
    """One column of a table: the rows' column, how it is written, and the key of its heading if not its own words.

    `words` is the catalog's folder of the column's canonical values: `champions` is shown as `<words>.champions`.
    """

    name: str
    kind: Kind = "text"
    label: str = ""
    words: str = ""

    def heading(self, lang: str) -> str:
        """Return the column's name in words."""
        return headed(t(self.label, lang) if self.label else column_words(self.name, lang))

    def column(self, values: Sequence[Any], lang: str, *, is_part: bool = False) -> list[str]:
        """Return the values of a column as people read them; amounts in one unit, whole in a part of a column."""
        if self.kind == "money" and not self.words:
            return money_column(values, lang, is_part=is_part)
        return [self.shown(value, lang) for value in values]

    def shown(self, value: Any, lang: str) -> str:
        """Return a value as people read it; unknown is a dash."""
        if value is None or value is pd.NaT or value != value:  # NaN alone is unlike itself
            return "—"
        if self.words:
            key = f"{self.words}.{value}"
            return t(key, lang) if key in catalog() else str(value)
        return _WRITTEN[self.kind](value, lang)


def money_shown(value: float, lang: str) -> str:
    """Say an amount to the unit of its currency, above a million shortly.

    >>> money_shown(-1234.5, "en"), money_shown(12_340_000, "zh")
    ('−¥1,235', '¥1,234万')
    """
    return amount_words(value, lang) if abs(value) < UNIT_FROM else money_words(value, lang)


_WRITTEN: Mapping[str, Callable[[Any, str], str]] = {
    "text": lambda value, _: str(value),
    "badge": lambda value, _: str(value),
    "count": count_words,
    "money": money_shown,
    "share": share_words,
    "points": points_words,
    "day": lambda value, _: pd.Timestamp(value).date().isoformat(),
}


def table_html(
    rows: pd.DataFrame, fields: Sequence[Field], lang: str, *, grey: Sequence[bool] = (), is_part: bool = False
) -> str:
    """Return rows as a table of escaped text; numbers stand right; rows marked `grey` rest on too few answers.

    Amounts of a column have one unit; where the rows are a part of a longer table (`is_part`), they are whole.
    """
    heads = "".join(f'<th scope="col" class="wb-{field.kind}">{escape(field.heading(lang))}</th>' for field in fields)
    marks = [*grey, *[False] * (len(rows) - len(grey))]
    records = rows.to_dict("records")
    columns = [column.column([row[column.name] for row in records], lang, is_part=is_part) for column in fields]
    body = "".join(
        _row(row, [*words], fields, is_grey=mark) for row, *words, mark in zip(records, *columns, marks, strict=True)
    )
    table = f'<table class="wb-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="wb-scroll">{table}</div>'


def _row(row: Mapping[Any, Any], words: Sequence[str], fields: Sequence[Field], *, is_grey: bool) -> str:
    opening = '<tr class="wb-grey">' if is_grey else "<tr>"
    cells = (_cell(row[column.name], said, column) for said, column in zip(words, fields, strict=True))
    return f"{opening}{''.join(cells)}</tr>"


def _cell(value: Any, said: str, column: Field) -> str:
    words = escape(said)
    if column.kind == "badge":
        words = f'<span class="wb-mark wb-mark-{escape(str(value))}">{words}</span>'
    return f'<td class="wb-{column.kind}">{words}</td>'


@dataclass(frozen=True)
class Detail:
    """A long table to list: ordered rows, its columns, and the key and facts of its title.

    A fact that is itself a key of the catalogs is worded in the reader's language. Things (`people` false: products,
    regions) may be few, and nobody has to know who looked at them.
    """

    table: ir.Table
    fields: Sequence[Field]
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    people: bool = True


class LongTable(Column):
    """A table of any length shown page by page; each page is one small query."""

    def __init__(self, collect: Callable[[ir.Table], pd.DataFrame], *, on_error: Callable[[Exception], None]) -> None:
        self._collect = collect
        self._detail: Detail | None = None
        self._lang = "zh"
        self.length = self.page = 0
        self.rows = pd.DataFrame()
        self.heading, self.grid, self.position = Markup(css="wb-table-title"), Markup(), Markup(css="wb-position")
        self.back, self.onward = Press("panels.table.back"), Press("panels.table.onward")
        self.back.on_click(guarded(lambda _: self.turn(-1), on_error=on_error))
        self.onward.on_click(guarded(lambda _: self.turn(1), on_error=on_error))
        self.pager = Row([self.back, self.position, self.onward])
        self.pager.add_class("wb-pager")
        super().__init__([self.heading, self.grid, self.pager])
        self.add_class("wb-long-table")

    def show(self, detail: Detail | None, *, length: int = 0, title: str = "", lang: str = "zh") -> None:
        """Show another table of so many rows from its first page, or nothing."""
        self._detail, self._lang, self.length, self.page = detail, lang, length, 0
        self.heading.value = escape(title)
        self.layout.display = "none" if detail is None else ""
        self._draw()

    def say(self, lang: str, *, title: str) -> None:
        """Put the table in another language, on the page it shows."""
        self._lang, self.heading.value = lang, escape(title)
        self._write()

    def turn(self, pages: int) -> None:
        """Go some pages on or back, as far as there are any."""
        last = max(0, (self.length - 1) // PAGE)
        page = min(max(0, self.page + pages), last)
        if page != self.page:
            self.page = page
            self._draw()

    def _draw(self) -> None:
        if self._detail is not None:
            self.rows = self._collect(self._detail.table.limit(PAGE, offset=self.page * PAGE))
        self._write()

    def _write(self) -> None:
        lang, first = self._lang, self.page * PAGE
        for button in (self.back, self.onward):
            button.say(lang)
        self.grid.value = "" if self._detail is None else table_html(self.rows, self._detail.fields, lang, is_part=True)
        facts = {"first": first + 1, "last": first + len(self.rows), "length": count_words(self.length, lang)}
        self.position.value = escape(t("panels.table.position", lang, **facts)) if self.length else ""
        self.back.disabled, self.onward.disabled = self.page == 0, first + len(self.rows) >= self.length
        self.pager.layout.display = "" if self.length > PAGE else "none"
