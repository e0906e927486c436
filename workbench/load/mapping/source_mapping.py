"""How the files of one kind are read: which table they hold, which header is which column, how their texts are read.

Where `transactions`, `interactions` or `complaints` map one column with a time of day, it is mapped to `day`; the
loader keeps the time too.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from workbench.load.cleaning.day_parts import DayPart
from workbench.load.cleaning.money import DecimalMark
from workbench.load.cleaning.rates import RateEffect
from workbench.load.mapping.fixed_columns import FixedColumn
from workbench.load.reading.source_names import last_part
from workbench.schema import TABLES

SurveyLayout = Literal["wide", "long"]

RowMeaning = Literal["sale", "no_sale", "refund"]
"""What a value of a status says of its row: sold; not sold (closed, cancelled, unpaid); money paid back."""

PriceChange = Literal[
    "times", "times_tenths", "times_percent", "less_share", "less_percent", "less", "less_per_order",
    "less_pieces", "plus_share", "plus_percent", "plus", "instead",
]  # fmt: skip
"""What a column beside the price does to the amount: a rate to pay, a rate or money off it, a tax on it.

`instead`: where something is written it is the amount, changed later.

`_tenths` and `_percent` say in what plain numbers are written; a written 8折 or 20 % says it itself.
"""

RATE_EFFECTS: abc.Mapping[PriceChange, tuple[RateEffect, str]] = {
    "times": ("times", "1"), "times_tenths": ("times", "0.1"), "times_percent": ("times", "0.01"),
    "less_share": ("less", "1"), "less_percent": ("less", "0.01"),
    "plus_share": ("plus", "1"), "plus_percent": ("plus", "0.01"),
}  # fmt: skip
"""The changes of a price that are rates: what they do, and what one of their plain numbers is."""

UnsoldRefunds = Literal["leave_out", "deduct"]
SameName = Literal["add", "replace"]
Overlap = Literal["once", "newer", "both"]
AS_OF_RULES = ("file_name", "load_day", "last_month_end")
"""Where the day of ready figures comes from: the file's name, the day of the load, the end of the month before it."""
MoneyStatement = Literal["unknown"]
"""What is said of a file of sales without amounts: its purchases count, and what they brought is not known."""
PRICED_COLUMNS = ("amount", "unit_price", "cost")
"""Columns that say what was paid or earned."""


@dataclass(frozen=True)
class Attribute:
    """An extra column that is kept as text; `publish` lets it reach the dashboards."""

    name: str
    publish: bool = False


@dataclass(frozen=True)
class Item:
    """One question of a survey: its kind, its valid range, the touchpoint it asks about, how its answers are read."""

    kind: str | None = None
    low: float | None = None
    high: float | None = None
    touchpoint: str | None = None
    words: abc.Mapping[str, float] = field(default_factory=dict, hash=False)
    """Answers in words and the score each stands for; other answers are read as numbers."""
    reversed: bool = False
    """True where the lowest number is the best: every score is turned round within the scale."""
    text: str | None = None
    """The question in full, where the header is only a code or a part of it; the item's name in the store."""
    choices: tuple[str, ...] = ()
    """The choices of a question with several answers in one cell: each becomes an item of its own, 1 or 0."""
    separator: str | None = None
    """What stands between several answers in one cell."""

    @property
    def scale(self) -> tuple[float | None, float | None]:
        """The lowest and highest score: as declared, else those of the words, else 0 to 10 for NPS."""
        if self.choices:
            return 0, 1
        scores = self.words.values()
        low, high = (min(scores), max(scores)) if scores else (0, 10) if self.kind == "nps" else (None, None)
        return low if self.low is None else self.low, high if self.high is None else self.high


@dataclass(frozen=True)
class Cancelled:
    """How a cancelled line is recognised: its column's text begins with `prefix`, or is one of `values`."""

    column: str
    prefix: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """Why a header was given its column: `load.reason_<reason>` with `facts` says it in words.

    `target` is a canonical column, `item:<kind>` for a survey item, or None for an attribute. `confidence` is 0..1;
    what is not `sure` is asked about before it is loaded.
    """

    header: str
    target: str | None
    reason: str
    confidence: float
    sure: bool
    facts: abc.Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceMapping:
    """How the files of one kind are read into one table. Every field but `suggestions` stands in the TOML file."""

    files: tuple[str, ...]
    table: str
    sheet: str | None = None
    header_row: int | None = None
    """The line of the header; 0: there is none. None: it is found."""
    encoding: str | None = None
    delimiter: str | None = None
    date_format: str | None = None
    time_zone: str | None = None
    """The zone to which moments with another one are brought; None: the company's."""
    zone_column: str | None = None
    """The header of the zone of each row's moment, where a column names it."""
    time_column: str | None = None
    """The header of the time of day, where it stands apart from the day and counts for its zone."""
    day_parts: abc.Mapping[str, DayPart] = field(default_factory=dict)
    """Headers that say the quarter, the month, the day of the month, where the header of the day says only the year."""
    decimal: DecimalMark = "."
    layout: SurveyLayout | None = None
    cancelled: Cancelled | None = None
    key: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: abc.Mapping[str, str] = field(default_factory=dict)
    attributes: abc.Mapping[str, Attribute] = field(default_factory=dict)
    missing: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meanings: abc.Mapping[str, abc.Mapping[str, RowMeaning]] = field(default_factory=dict)
    """What the values of a status say of their rows, by header and value."""
    per_order: tuple[str, ...] = ()
    """Headers whose number is the whole order's, repeated on its lines or on the first one only."""
    per_piece: tuple[str, ...] = ()
    """Headers of costs that are those of one piece: the line's is so much for each of its quantity."""
    deduct: tuple[str, ...] = ()
    """Headers with money paid back, to be taken off the amount."""
    fill_down: tuple[str, ...] = ()
    """Headers whose blanks mean the line above, within one order: written on its first line, or in merged cells."""
    heading_column: str | None = None
    """The header of names that stand alone in a row, above the rows that are of them."""
    price_changes: abc.Mapping[str, PriceChange] = field(default_factory=dict)
    """Discounts and taxes that the price, or the amount, does not hold yet, by header."""
    returns: bool = False
    """Every row is money paid back: a sheet of returns."""
    negative_pieces_back: bool = False
    """Pieces below zero beside an amount above it are money paid back, written without its sign."""
    unit_column: str | None = None
    """The header of the unit in which each row's figures are written: 元 in one row, 万元 in another."""
    profit: str | None = None
    """The header with what a line earned; its cost is the amount less that."""
    unsold_refunds: UnsoldRefunds | None = None
    """What becomes of a refund that seems to be of an order that never was a sale."""
    same_name: SameName | None = None
    """What a newer file of the same name does to the older one, where it lacks much of it."""
    overlap: Overlap | None = None
    """What becomes of orders and answers that another source has too."""
    no_customer: bool = False
    """The sales, or contacts, are known to name no customer."""
    money: MoneyStatement | None = None
    """Where it is "unknown" every row is a purchase, or a visit, that counts, and no amount is made up for it."""
    fixed: abc.Mapping[str, FixedColumn] = field(default_factory=dict)
    """Columns, canonical or extra, that no cell holds: a constant, or a part of the file's name."""
    as_of: str | None = None
    """Of which day ready figures speak: a day, or one of AS_OF_RULES."""
    currency: str | None = None
    """The header that names each row's currency."""
    rates: abc.Mapping[str, str] = field(default_factory=dict)
    """What one unit of another currency is worth in the store's, by its code."""
    units: abc.Mapping[str, float] = field(default_factory=dict)
    """What one of a header's figures is in whole ones of the currency: 10000 for 万元, 0.01 for cents."""
    items: abc.Mapping[str, Item] = field(default_factory=dict)
    periods_as_rows: bool = False
    """Columns that are months, quarters or years become rows: `period_end` is their day, `figure` what stands there."""
    extra_header_rows: int = 0
    """Rows below the header that are headers too: the questions in full, the tool's own ids."""
    leave_out: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rows that are no data, by what stands under a header: previews, unfinished answers."""
    complaint_kinds: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kinds of tickets that are complaints, by header: one that neither this nor `leave_out` names is asked about."""
    points_spent: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kinds of movements, by header, that take points away, though they are written above zero."""
    least_seconds: abc.Mapping[str, float] = field(default_factory=dict)
    """Rows answered faster than so many seconds, by the header of the time taken, are no data either."""
    suggestions: tuple[Suggestion, ...] = field(default=(), compare=False)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header the mapping mentions; the items of a long survey are no headers."""
        items = () if "item" in self.columns.values() else tuple(self.items)
        return (*self.columns, *self.attributes, *items, *self.ignore)

    def header_of(self, column: str) -> str | None:
        """The header that is mapped to a canonical column."""
        return next((header for header, target in self.columns.items() if target == column), None)

    def applies_to(self, file: str, sheet: str | None = None) -> bool:
        """Whether a file's name, and its sheet where both are given, belong to this source."""
        return is_named(self.files, file) and (self.sheet is None or sheet is None or self.sheet == sheet)

    def lacking(self) -> tuple[str, ...]:
        """Required columns that are neither mapped nor derived: names, or `a / b + c` for a choice of groups."""
        table, mapped = TABLES[self.table], {*self.columns.values(), *self.fixed}
        derived = {"day"} if "occurred_at" in mapped else set()
        derived |= {"response_id", "item"} if self.table == "surveys" and self.items else set()
        lacking = [column.name for column in table.columns if column.required and column.name not in mapped | derived]
        if table.one_of and not self.money and not any(mapped.issuperset(group) for group in table.one_of):
            lacking.append(" / ".join(" + ".join(group) for group in table.one_of))
        return tuple(lacking)

    def with_column(self, column: str, header: str | None) -> SourceMapping:
        """Map a column to another header, or to none; the header it had becomes an attribute again."""
        columns = {name: target for name, target in self.columns.items() if target != column and name != header}
        if header is not None:
            columns[header] = column
        return replace(self, columns=columns, money=None if header and column in PRICED_COLUMNS else self.money)


def is_named(patterns: abc.Iterable[str], file: str) -> bool:
    """Whether a file's name fits one of these patterns, in capitals or not."""
    return any(fnmatchcase(last_part(file).lower(), pattern.lower()) for pattern in patterns)
