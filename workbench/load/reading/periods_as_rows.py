"""A table with months, quarters or years as columns, turned into one row per line and period."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from workbench.errors import LoadError
from workbench.load.reading.header_periods import (
    FIRST_OF_JANUARY,
    PERIOD_KINDS,
    TOTAL_HEADERS,
    HeaderPeriod,
    PeriodKind,
    month_of,
    period_of,
    year_of,
)
from workbench.load.reading.text_table import TextTable
from workbench.store.sql_quoting import quoted_text

PERIOD_HEADER, FIGURE_HEADER = "period_end", "figure"
"""The headers of the new columns: the last day of the period, and its figure where the headers name no measure."""

FEWEST_PERIODS = 2
"""So many periods of one measure make a table of periods."""

FEWEST_WITHOUT_YEAR = 3
"""So many where the headers say no year: a single May may be a name."""

DAYS_OF_MONTH = range(28, 32)
"""So many columns that are called 1, 2, 3 … are the days of a month."""

PeriodFault = Literal[
    "periods_without_year", "days_without_month", "days_beyond_month", "periods_mixed", "periods_repeated"
]
"""Why a table of periods cannot be turned: no year is said, or for days no month; the month has no such day; months
stand beside whole years that they do not fill; one period has several columns, and they do not say of what."""


@dataclass(frozen=True)
class PeriodColumns:
    """The columns of a table that are periods: by period and measure, and what only repeats them."""

    kind: PeriodKind
    cells: Mapping[HeaderPeriod, Mapping[str, str]]
    """By period (without its measure) the header of each measure, by the name of its new column."""
    totals: tuple[str, ...]
    """Headers of sums over periods: of all, or of coarser ones."""
    fault: PeriodFault | None = None
    month: date | None = None
    """The month of columns that are its days: a form with 31 of them has some that the month has not."""

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the new columns with figures."""
        return tuple(dict.fromkeys(name for headers in self.cells.values() for name in headers))

    @property
    def headers(self) -> set[str]:
        """The headers that become rows."""
        return {header for headers in self.cells.values() for header in headers.values()}

    def kept(self, names: Iterable[str]) -> list[str]:
        """The headers that stand on every row: who, what, where."""
        return [name for name in names if name not in self.headers and name not in self.totals]

    def dated(self, period: HeaderPeriod, latest: date | None = None) -> str:
        """Write the day of a period's figures, by `latest` where it is still running.

        A day that its month has not is written all the same: a figure there is rejected, nothing there is nothing.
        """
        day = period.last if latest is None else dated_on(period, latest)
        return f"{self.month:%Y-%m}-{period.in_year}" if day is None and self.month else str(day)


def period_columns(
    names: Sequence[str],
    said: Iterable[str],
    *,
    figures: Collection[str] | None = None,
    filled: Collection[str] = (),
) -> PeriodColumns | None:
    """Find the columns that are periods; None where a table has none, or too few to be one of periods.

    Parameters
    ----------
    said : the names of the file, the sheet and the titles: the year is there where headers say none.
    figures : the headers with numbers below them, where that is known; without, every header counts.
    filled : those below which something stands: days that a month has not are a fault there, and nothing elsewhere.

    The finest kind of period counts; coarser ones that these fill (a quarter of its three months) are sums.
    """
    said = [*said]
    year, month = year_of(said), month_of(said)
    by_header = _numbered_days(names, month) or _numbered_months(names, year) or _named_periods(names, year, month)
    totals = [name for name in names if name not in by_header and names_total(name)]
    is_figure = [name for name in by_header if figures is None or name in figures]
    kinds = [
        kind
        for kind in PERIOD_KINDS
        if _are_enough([by_header[name] for name in is_figure if by_header[name].kind == kind])
    ]
    if not kinds:
        return None
    finest = {name: period for name, period in by_header.items() if period.kind == kinds[0]}
    coarser = {
        name: period
        for name, period in by_header.items()
        if PERIOD_KINDS.index(period.kind) > PERIOD_KINDS.index(kinds[0])
    }
    fault: PeriodFault | None = None
    beyond = {name for name, one in finest.items() if one.last is None and _is_beyond(one, month)}
    if any(one.last is None and name not in beyond for name, one in finest.items()):
        fault = "days_without_month" if kinds[0] == "day" else "periods_without_year"
    elif beyond & {*filled}:
        fault = "days_beyond_month"
    if not fault and not all(_is_filled(period, finest.values()) for period in coarser.values()):
        fault = "periods_mixed"
    if not fault and any(re.sub(r"_[0-9]+$", "", name) in finest for name in {*names} - {*finest}):
        fault = "periods_repeated"
    cells: dict[HeaderPeriod, dict[str, str]] = {}
    for name, period in finest.items():
        measures = cells.setdefault(replace(period, measure=""), {})
        measures.setdefault(_free(period.measure or FIGURE_HEADER, names), name)
    return PeriodColumns(kinds[0], cells, (*totals, *coarser), fault, month if kinds[0] == "day" else None)


def with_periods_as_rows(text: TextTable, *, latest: date) -> TextTable:
    """Turn a table of periods: a row per line and period, in the file's order, under the line it came from.

    A period that is not over on the `latest` day ends on that day. LoadError where the headers hold no periods any
    more, or say no year.
    """
    said = (text.file, text.sheet or "", *text.title_texts)
    periods = period_columns(text.names, said)
    if periods is None or periods.fault:
        raise LoadError((periods and periods.fault) or "periods_gone", file=text.file, headers=list(text.names))
    kept = periods.kept(text.names)
    names = (*kept, _free(PERIOD_HEADER, text.names), *periods.measures)
    parts = []
    for period, headers in periods.cells.items():
        fields = [f"'day': {quoted_text(periods.dated(period, latest))}"]
        fields += [
            f"'m{place}': {text.column(headers[measure]) if measure in headers else 'NULL'}"
            for place, measure in enumerate(periods.measures)
        ]
        parts.append(f"{{{', '.join(fields)}}}")
    cells = [f"{text.column(name)} AS c{place}" for place, name in enumerate(kept, 1)]
    cells.append(f"one.day AS c{len(kept) + 1}")
    cells += [f"one.m{place} AS c{len(kept) + 2 + place}" for place in range(len(periods.measures))]
    numbered = f"SELECT {text.line_sql} AS line, * {'EXCLUDE (line) ' if text.numbered else ''}FROM {text.cells_sql}"
    relation = (
        f"(SELECT line, {', '.join(cells)} FROM (SELECT *, unnest([{', '.join(parts)}]) AS one FROM ({numbered})))"
    )
    return replace(
        text, names=names, cells_sql=relation, numbered=True, expected_rows=None, split=None, written=(), sample=()
    )


def long_rows(
    names: Sequence[str], values: Mapping[str, Sequence[str | None]], periods: PeriodColumns, most_rows: int
) -> dict[str, list[str | None]]:
    """Turn a sample's columns in the same way, so many rows at most."""
    kept, period_end = periods.kept(names), _free(PERIOD_HEADER, names)
    row_count = min(len(next(iter(values.values()), ())), max(most_rows // len(periods.cells), 1))
    long: dict[str, list[str | None]] = {name: [] for name in (*kept, period_end, *periods.measures)}
    for row in range(row_count):
        for period, headers in periods.cells.items():
            for name in kept:
                long[name].append(values[name][row])
            long[period_end].append(periods.dated(period))
            for measure in periods.measures:
                long[measure].append(values[headers[measure]][row] if measure in headers else None)
    return long


def period_header(names: Sequence[str]) -> str:
    """Return the header of the periods in a table that was turned: the figures stand behind it."""
    return next(name for name in reversed(names) if name.rstrip("_") == PERIOD_HEADER)


def dated_on(period: HeaderPeriod, latest: date) -> date | None:
    """Return the day that a period's figure is dated at: its last, or the latest known one while it is running."""
    if period.first is None or period.last is None:
        return None
    return latest if period.first <= latest < period.last else period.last


def _free(name: str, names: Iterable[str]) -> str:
    """A name for a new column that no column of the file has."""
    taken = {one.lower() for one in names}
    while name.lower() in taken:
        name += "_"
    return name


def _are_enough(periods: Sequence[HeaderPeriod]) -> bool:
    """Whether so many periods of one measure make a table of periods."""
    by_measure: dict[str, set[HeaderPeriod]] = {}
    for period in periods:
        by_measure.setdefault(period.measure, set()).add(period)
    return any(
        len(one)
        >= (FEWEST_PERIODS if all(period.last or period.kind == "year" for period in one) else FEWEST_WITHOUT_YEAR)
        for one in by_measure.values()
    )


def _is_filled(coarse: HeaderPeriod, fine: Iterable[HeaderPeriod]) -> bool:
    """Whether finer periods fill a coarser one from its first day to its last."""
    if coarse.first is None or coarse.last is None:
        return False
    day, last_day_from = coarse.first, {one.first: one.last for one in fine if one.first and one.last}
    while day in last_day_from:
        if last_day_from[day] >= coarse.last:
            return last_day_from[day] == coarse.last
        day = last_day_from[day] + timedelta(days=1)
    return False


def names_total(name: str) -> bool:
    """Say whether a header names a sum over others: 合计, 2024 Total."""
    return any(part.strip().lower() in TOTAL_HEADERS for part in re.split(r"[-—_:：()（）\s]+", name))


def _named_periods(names: Sequence[str], year: int | None, month: date | None) -> dict[str, HeaderPeriod]:
    """The periods that headers name; first days of months, as workbooks keep them, are the months."""
    named = {name: _in_month(period_of(name, year), month) for name in names}
    by_header = {name: period for name, period in named.items() if period and not names_total(period.measure)}
    numbered = {re.sub(r"[0-9]+$", "", name) for name in names if name not in by_header}
    by_header = {  # what follows question 1979 is no year
        name: period
        for name, period in by_header.items()
        if not period.measure or re.sub(r"[0-9]+$", "", name) not in numbered
    }
    days = {name: period.first for name, period in by_header.items() if period.kind == "day"}
    if len({*days.values()}) > 1 and all(day is not None and day.day == 1 for day in days.values()):
        months = {name: period_of(f"{day:%Y-%m}") for name, day in days.items() if day}
        by_header |= {name: replace(month, measure=by_header[name].measure) for name, month in months.items() if month}
    return by_header


def _is_beyond(period: HeaderPeriod, month: date | None) -> bool:
    """Whether a column is a day that the month which is said has not."""
    return month is not None and period.kind == "day" and (period.in_year or FIRST_OF_JANUARY) < FIRST_OF_JANUARY


def _in_month(period: HeaderPeriod | None, month: date | None) -> HeaderPeriod | None:
    """A day that names no month, in the one that is said beside it; open still where that has no such day."""
    number = period.in_year if period and period.kind == "day" and period.first is None else None
    if period is None or month is None or number is None or number >= FIRST_OF_JANUARY:
        return period
    if number > monthrange(month.year, month.month)[1]:
        return period
    day = month.replace(day=number)
    return replace(period, first=day, last=day, in_year=None)


def _numbered_days(names: Sequence[str], month: date | None) -> dict[str, HeaderPeriod]:
    """Columns that are called 1, 2, 3 … up to 28 or more: the days of a month."""
    numbers = [name for name in names if re.fullmatch(r"(?:0?[1-9]|[12][0-9]|3[01])(?:\.0)?", name)]
    places = [int(float(name)) for name in numbers]
    if places != [*range(1, len(places) + 1)] or len(places) not in DAYS_OF_MONTH:
        return {}
    days = {name: _in_month(HeaderPeriod("day", "", in_year=int(float(name))), month) for name in numbers}
    return {name: day for name, day in days.items() if day is not None}


def _numbered_months(names: Sequence[str], year: int | None) -> dict[str, HeaderPeriod]:
    """Columns that are called 1, 2, 3 … up to 12: all of them, or in a table of a year that is said beside it."""
    numbers = [name for name in names if re.fullmatch(r"[0-9]{1,3}(?:\.0)?", name)]
    places = [int(float(name)) for name in numbers]
    if places != [*range(1, len(places) + 1)] or len(places) > 12:
        return {}
    if len(places) < (12 if year is None else FEWEST_WITHOUT_YEAR):
        return {}
    months = {name: period_of(f"{place}月", year) for name, place in zip(numbers, places, strict=True)}
    return {name: month for name, month in months.items() if month is not None}
