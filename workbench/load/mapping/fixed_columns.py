"""Columns that no cell holds: one text for a whole file, a part of its name (a year, a shop), a period said there."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workbench.errors import LoadError
from workbench.load.cleaning.file_days import day_in_name
from workbench.load.reading.header_periods import month_of, year_of
from workbench.load.reading.source_names import stem
from workbench.schema import Type

SaidPeriod = Literal["month", "year"]


@dataclass(frozen=True)
class FixedColumn:
    """What stands in every row: a `constant`, what the pattern `file_name` finds in the file's name, or `said`.

    A pattern is a regular expression; where it has a group, that counts, else all that it finds. `said` is the one
    month, or year, that the names of file and sheet and the titles above the table speak of: next month's file says its
    own.
    """

    constant: str | None = None
    file_name: str | None = None
    said: SaidPeriod | None = None


def fixed_text(fixed: FixedColumn, file: str, *, kind: Type, beside: Sequence[str] = ()) -> str:
    """Return the text that stands in every row of a file; LoadError where its name does not fit the pattern.

    For a day a month is its last day: a file of February speaks of nothing later.

    Parameters
    ----------
    beside : the name of the sheet and the titles, where a month or year may be said as well.

    >>> fixed_text(FixedColumn(file_name="_(.+)$"), "data/订单_上海店.csv", kind="text")
    '上海店'
    >>> fixed_text(FixedColumn(file_name=r"\\d{4}-\\d\\d"), "问卷 2024-02.csv", kind="date")
    '2024-02-29'
    >>> fixed_text(FixedColumn(said="month"), "sales.csv", kind="date", beside=["统计月份：2024年2月"])
    '2024-02-29'
    """
    if fixed.constant is not None:
        return fixed.constant
    if fixed.said is not None:
        return _said(fixed.said, file, beside, kind)
    where = re.search(fixed.file_name or "", stem(file))
    text = "" if where is None else (where[1] if where.re.groups else where[0]) or ""
    if not text:
        raise LoadError("name_does_not_fit", file=file, pattern=fixed.file_name)
    day = day_in_name(text) if kind in ("date", "timestamp") else None
    return str(day) if day else text


def _said(period: SaidPeriod, file: str, beside: Sequence[str], kind: Type) -> str:
    """The period as it is written: of a month its last day, where a day is wanted; a year as it is."""
    names = (file, *beside)
    year, month = year_of(names), month_of(names)
    if (year if period == "year" else month) is None:
        raise LoadError(f"{period}_not_said", file=file)
    if month is None or period == "year":
        return str(year)
    last = date(month.year, month.month, monthrange(month.year, month.month)[1])
    return str(last) if kind in ("date", "timestamp") else f"{month:%Y-%m}"
