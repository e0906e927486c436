"""A mapping: which files hold which table, which header is which canonical column, and how its texts are read.

`Mapping.read(path)` and `mapping.save(path)` keep it as a small TOML file (`mapping_file.py`), `suggest.py` proposes
one. Where `transactions`, `interactions` or `complaints` map one column with a time of day, it is mapped to `day`;
the loader keeps the time too.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import Literal

from workbench.load.cleaning.money import Decimal
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.schema import TABLES

Layout = Literal["wide", "long"]


@dataclass(frozen=True)
class Company:
    """Whose data it is, and the last day the data describes."""

    name: str | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Attribute:
    """An extra column that is kept as text; `publish` lets it reach the dashboards."""

    name: str
    publish: bool = False


@dataclass(frozen=True)
class Item:
    """One question of a wide survey: its kind, its valid range, the touchpoint it asks about."""

    kind: str | None = None
    low: float | None = None
    high: float | None = None
    touchpoint: str | None = None


@dataclass(frozen=True)
class Cancelled:
    """How a cancelled line is known: its column's text begins with `prefix`, or is one of `values`."""

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
    decimal: Decimal = "."
    layout: Layout | None = None
    cancelled: Cancelled | None = None
    key: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: abc.Mapping[str, str] = field(default_factory=dict)
    attributes: abc.Mapping[str, Attribute] = field(default_factory=dict)
    missing: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: abc.Mapping[str, Item] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = field(default=(), compare=False)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header the mapping speaks of."""
        return (*self.columns, *self.attributes, *self.items, *self.ignore)

    def header_of(self, column: str) -> str | None:
        """The header that is mapped to a canonical column."""
        return next((header for header, target in self.columns.items() if target == column), None)

    def applies_to(self, file: str, sheet: str | None = None) -> bool:
        """Ask whether a file's name, and sheet where both are given, belong to this source."""
        named = any(fnmatchcase(PurePath(file).name.lower(), pattern.lower()) for pattern in self.files)
        return named and (self.sheet is None or sheet is None or self.sheet == sheet)

    def lacking(self) -> tuple[str, ...]:
        """Required columns that are not mapped and cannot be made: names, or `a / b + c` for a choice of groups."""
        table, mapped = TABLES[self.table], set(self.columns.values())
        made = {"day"} if "occurred_at" in mapped else set()
        made |= {"response_id", "item"} if self.table == "surveys" and self.items else set()
        single = [column.name for column in table.columns if column.required and column.name not in mapped | made]
        if table.one_of and not any(mapped.issuperset(group) for group in table.one_of):
            single.append(" / ".join(" + ".join(group) for group in table.one_of))
        return tuple(single)

    def with_column(self, column: str, header: str | None) -> SourceMapping:
        """Map a column to another header, or to none; the header it had becomes an attribute again."""
        columns = {name: target for name, target in self.columns.items() if target != column and name != header}
        if header is not None:
            columns[header] = column
        return replace(self, columns=columns)


@dataclass(frozen=True)
class Mapping:
    """The sources of one company. `questions` are what a suggestion could not decide; one that was read has none."""

    sources: tuple[SourceMapping, ...] = ()
    company: Company = Company()
    questions: tuple[Question, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, path: str | Path) -> Mapping:
        """Read a mapping from TOML; LoadError says which line is wrong, and what was expected."""
        from workbench.load.mapping_file import read_mapping  # the file's grammar builds on these classes

        return read_mapping(Path(path))

    def save(self, path: str | Path) -> None:
        """Write the mapping as TOML: read again, it is equal."""
        from workbench.load.mapping_file import mapping_text

        Path(path).write_text(mapping_text(self), encoding="utf-8")

    def sources_for(self, file: str, sheet: str | None = None) -> tuple[SourceMapping, ...]:
        """The entries that apply to a file, in their order; of two for the same sheet and table the first counts."""
        found: dict[tuple[str | None, str], SourceMapping] = {}
        for source in self.sources:
            if source.applies_to(file, sheet):
                found.setdefault((source.sheet, source.table), source)
        return tuple(found.values())


def match(mapping: Mapping, files: Iterable[str]) -> dict[str, tuple[SourceMapping, ...]]:
    """Say which sources of the mapping apply to which file; a file nobody speaks for has none.

    Examples
    --------
    >>> orders = SourceMapping(files=("订单*.csv",), table="transactions")
    >>> {file: len(found) for file, found in match(Mapping((orders,)), ["订单2024.csv", "客户.csv"]).items()}
    {'订单2024.csv': 1, '客户.csv': 0}
    """
    return {file: mapping.sources_for(file) for file in files}


@dataclass(frozen=True)
class HeaderDifference:
    """How a file's header differs from what the mapping expects."""

    new: tuple[str, ...]
    missing: tuple[str, ...]
    renamed: abc.Mapping[str, str]
    """Expected header → the found one that looks like it."""

    def __bool__(self) -> bool:
        return bool(self.new or self.missing or self.renamed)


def header_difference(expected: Sequence[str], found: Sequence[str]) -> HeaderDifference:
    """Compare headers: blanks and width do not matter, order neither.

    A missing and a new header are taken for one that was renamed where the dictionary knows both as the same
    canonical column, or where they are spelt nearly alike.

    Examples
    --------
    >>> header_difference(["客户编号", "销售额"], ["客户编号 ", "销售金额", "备注"])
    HeaderDifference(new=('备注',), missing=(), renamed={'销售额': '销售金额'})
    """
    from workbench.load.dictionary import likeness

    here, there = [clean_header(text) for text in expected], [clean_header(text) for text in found]
    missing = [text for text in here if text not in there]
    new = [text for text in there if text not in here]
    renamed: dict[str, str] = {}
    pairs = sorted(((likeness(old, fresh), old, fresh) for old in missing for fresh in new), reverse=True)
    for alike, old, fresh in pairs:
        if alike >= ALIKE and old not in renamed and fresh not in renamed.values():
            renamed[old] = fresh
    return HeaderDifference(
        tuple(text for text in new if text not in renamed.values()),
        tuple(text for text in missing if text not in renamed),
        renamed,
    )


ALIKE = 0.75
"""Two headers at least so alike (0..1) are taken for one that was renamed."""
