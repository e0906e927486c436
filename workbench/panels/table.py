"""Tables on a page: small ones as they are, long ones page by page, so that a browser gets only what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import ibis
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
from workbench.panels.controls import Line, Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.headings import headed
from workbench.panels.layout import Column, Markup, Row
from workbench.panels.worded_rows import called
from workbench.visible_text import html_text
from workbench.widgets import Sorting

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
    rows: pd.DataFrame,
    fields: Sequence[Field],
    lang: str,
    *,
    grey: Sequence[bool] = (),
    is_part: bool = False,
    sorted_by: tuple[str, bool] | None = None,
) -> str:
    """Return rows as a table of escaped text; numbers stand right; rows marked `grey` rest on too few answers.

    Amounts of a column have one unit; where the rows are a part of a longer table (`is_part`), they are whole. Headings
    sort: the page itself by the rank that each cell carries, a part by whoever has the rest, `sorted_by` a column and
    whether the largest comes first.
    """
    can_sort = is_part or len(rows) >= FEWEST_SORTED
    heads = "".join(_head(field, lang, sorted_by) if can_sort else _plain_head(field, lang) for field in fields)
    marks = [*grey, *[False] * (len(rows) - len(grey))]
    records = rows.to_dict("records")
    columns = [column.column([row[column.name] for row in records], lang, is_part=is_part) for column in fields]
    ranks = [_ranks(rows[column.name], column, words) for column, words in zip(fields, columns, strict=True)]
    if is_part or not can_sort:
        ranks = [[""] * len(rows) for _ in fields]
    body = "".join(
        _row(row, words, places, fields, is_grey=mark)
        for row, words, places, mark in zip(records, _across(columns, rows), _across(ranks, rows), marks, strict=True)
    )
    table = f'<table class="wb-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="wb-scroll">{table}</div>'


FEWEST_SORTED = 3
"""A shorter table is seen at a glance."""


def _across(columns: Sequence[Sequence[str]], rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return [*zip(*columns, strict=True)] if columns else [()] * len(rows)


def _plain_head(field: Field, lang: str) -> str:
    return f'<th scope="col" class="wb-{field.kind}">{html_text(field.heading(lang))}</th>'


def _head(field: Field, lang: str, sorted_by: tuple[str, bool] | None) -> str:
    order = "none"
    if sorted_by and sorted_by[0] == field.name:
        order = "descending" if sorted_by[1] else "ascending"
    words, name = html_text(field.heading(lang)), html_text(field.name)
    button = f'<button type="button" class="wb-sort" data-sort="{name}">{words}</button>'
    return f'<th scope="col" class="wb-{field.kind}" aria-sort="{order}">{button}</th>'


def _ranks(values: pd.Series, field: Field, words: Sequence[str]) -> list[str]:
    """Return the place of each value in its column, of numbers and days; unknown has none. Text sorts by its words."""
    if field.kind in ("text", "badge") or field.words:
        return [""] * len(words)
    places = values.rank(method="dense")
    return ["" if pd.isna(place) else str(int(place)) for place in places]


def _row(
    row: Mapping[Any, Any], words: Sequence[str], ranks: Sequence[str], fields: Sequence[Field], *, is_grey: bool
) -> str:
    opening = '<tr class="wb-grey">' if is_grey else "<tr>"
    cells = (
        _cell(row[column.name], said, place, column) for said, place, column in zip(words, ranks, fields, strict=True)
    )
    return f"{opening}{''.join(cells)}</tr>"


def _cell(value: Any, said: str, rank: str, column: Field) -> str:
    words = html_text(said)
    if column.kind == "badge":
        words = f'<span class="wb-mark wb-mark-{html_text(str(value))}">{words}</span>'
    place = f' data-rank="{rank}"' if rank else ""
    return f'<td class="wb-{column.kind}{_breadth(said, column)}"{place}>{words}</td>'


def _breadth(said: str, column: Field) -> str:
    """Return the class of a text that a narrow screen breaks into lines, so that the numbers beside it stay in sight.

    Whole sentences stand on one line all the same: broken, they would make every row as high as a screen.
    """
    if column.kind != "text" or said.endswith((".", "。")):
        return ""
    return " wb-long" if sum(2 if east_asian_width(letter) in "WF" else 1 for letter in said) > ON_ONE_LINE else ""


ON_ONE_LINE = 9
"""Letters, a Chinese one counted twice, of a text that stands on one line anywhere."""


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
    """A table of any length shown page by page, sorted by a heading, searched by text; each page is one small query.

    The rows are computed once and kept (`keep`); pages, orders and searches read what is kept.
    """

    def __init__(
        self,
        collect: Callable[[ir.Table], pd.DataFrame],
        *,
        keep: Callable[[ir.Table], ir.Table] = lambda table: table,
        on_error: Callable[[Exception], None],
    ) -> None:
        self._collect, self._keep = collect, keep
        self._detail: Detail | None = None
        self._kept: ir.Table | None = None
        self._lang = "zh"
        self.whole_length = self.length = self.page = 0
        self.sorted_by: tuple[str, bool] | None = None
        self.rows = pd.DataFrame()
        self.heading, self.grid, self.position = Markup(css="wb-table-title"), Markup(), Markup(css="wb-position")
        self.number = Markup(css="wb-position")
        self.search = Line("panels.table.search")
        self.search.observe(guarded(lambda _: self._searched(), on_error=on_error), names="value")
        self.sorting = Sorting(on_sort=guarded(self.sort, on_error=on_error))
        self.back, self.onward = Press("panels.table.back"), Press("panels.table.onward")
        self.back.on_click(guarded(lambda _: self.turn(-1), on_error=on_error))
        self.onward.on_click(guarded(lambda _: self.turn(1), on_error=on_error))
        self.pager = Row([self.back, self.number, self.onward, self.position])
        self.pager.add_class("wb-pager")
        self.finder = Row([self.search])
        self.finder.add_class("wb-controls")
        super().__init__([self.heading, self.finder, self.grid, self.pager, self.sorting])
        self.add_class("wb-long-table")

    def show(self, detail: Detail | None, *, length: int | None = None, title: str = "", lang: str = "zh") -> None:
        """Show another table from its first page, in its own order, or nothing; `length` are its rows, where known."""
        self._detail, self._lang, self.page, self.sorted_by = detail, lang, 0, None
        self._kept = None if detail is None else self._keep(detail.table)
        self.search.value = ""
        self.whole_length = self.length = self._count() if length is None else length
        self.heading.value = html_text(title)
        self.layout.display = "none" if detail is None else ""
        self._draw()

    def say(self, lang: str, *, title: str) -> None:
        """Put the table in another language, on the page it shows."""
        self._lang, self.heading.value = lang, html_text(title)
        self._write()

    def turn(self, pages: int) -> None:
        """Go some pages on or back, as far as there are any."""
        page = min(max(0, self.page + pages), self.last_page)
        if page != self.page:
            self.page = page
            self._draw()

    @property
    def last_page(self) -> int:
        """The number of the last page, counted from 0."""
        return max(0, (self.length - 1) // PAGE)

    def sort(self, column: str) -> None:
        """Sort by a column shown: text from A, all else from the largest; once more turns it round. Unknown is last."""
        field = next((one for one in self._detail.fields if one.name == column), None) if self._detail else None
        if field is None:
            return
        descends_first = field.kind not in ("text", "badge")
        again = self.sorted_by and self.sorted_by[0] == column
        self.sorted_by = (column, not self.sorted_by[1] if self.sorted_by and again else descends_first)
        self.page = 0
        self._draw()

    def _searched(self) -> None:
        self.length, self.page = self._count(), 0
        self._draw()

    def _count(self) -> int:
        if self._kept is None:
            return 0
        matching = self._matching()
        return int(self._collect(matching.aggregate(n=matching.count()))["n"].iloc[0])

    def _matching(self) -> ir.Table:
        """Return the rows in which some text holds what is searched, big and small letters alike."""
        assert self._kept is not None  # noqa: S101  who calls this has a table
        assert self._detail is not None  # noqa: S101  as above
        sought = self.search.value.strip().casefold()
        if not sought:
            return self._kept
        holds = []
        for one in self._detail.fields:
            column = self._kept[one.name]
            if one.words:
                words = called(one.words, self._lang)
                holds.append(column.isin([value for value, said in words.items() if sought in said.casefold()]))
            elif column.type().is_string():
                holds.append(column.lower().contains(sought))
        return self._kept.filter(ibis.or_(*holds)) if holds else self._kept

    def _ordered(self) -> ir.Table:
        table = self._matching()
        if self.sorted_by is None:
            return table
        column, is_descending = self.sorted_by
        key = ibis.desc(table[column]) if is_descending else ibis.asc(table[column])
        shown = [one.name for one in self._detail.fields] if self._detail else []
        others = [name for name in dict.fromkeys((*shown, "customer_id")) if name in table.columns and name != column]
        return table.order_by(table[column].isnull(), key, *others)

    def _draw(self) -> None:
        if self._kept is not None:
            self.rows = self._collect(self._ordered().limit(PAGE, offset=self.page * PAGE))
        self._write()

    def _write(self) -> None:
        lang, first = self._lang, self.page * PAGE
        for control in (self.back, self.onward, self.search):
            control.say(lang)
        if self._detail is None:
            self.grid.value = ""
        else:
            how: dict[str, Any] = {"is_part": True, "sorted_by": self.sorted_by}
            self.grid.value = table_html(self.rows, self._detail.fields, lang, **how)
        facts = {"first": first + 1, "last": first + len(self.rows), "length": count_words(self.length, lang)}
        said = t("panels.table.position", lang, **facts) if self.length else t("panels.table.nothing", lang)
        self.position.value = html_text(said) if self._detail else ""
        self.number.value = f"{self.page + 1} / {self.last_page + 1}"
        self.back.disabled, self.onward.disabled = self.page == 0, first + len(self.rows) >= self.length
        is_long = self.whole_length > PAGE
        for part in (self.pager, self.finder):
            part.layout.display = "" if is_long else "none"
