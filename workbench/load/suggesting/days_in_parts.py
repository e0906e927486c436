"""A day that stands in several columns: its year, and beside it quarter, month or day of the month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from workbench.load.cleaning.clean import clean_values
from workbench.load.cleaning.dates import MONTH_END
from workbench.load.cleaning.day_parts import DayPart, joined_days
from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.schema import TABLES

YEAR_HEADERS = (
    "年", "年份", "年度", "会计年度", "销售年份", "订单年份", "交易年份", "消费年份", "下单年份", "统计年份", "year",
    "orderyear", "salesyear",
    "saleyear", "invoiceyear", "transactionyear", "calendaryear", "yr", "jahr", "annee", "ano", "anio",
)  # fmt: skip
PART_HEADERS: dict[DayPart, tuple[str, ...]] = {
    "month": (
        "月", "月份", "月度", "销售月份", "订单月份", "交易月份", "消费月份", "下单月份", "统计月份", "会计月份",
        "month", "ordermonth",
        "salesmonth", "salemonth", "invoicemonth", "transactionmonth", "monthname", "monthnumber", "monthno", "mon",
        "monat", "mois", "mes",
    ),
    "quarter": (
        "季", "季度", "销售季度", "订单季度", "统计季度", "quarter", "qtr", "orderquarter", "salesquarter", "quartal",
        "trimestre",
    ),
    "day_of_month": (
        "日", "号", "几号", "日子", "销售日", "交易日", "day", "dayofmonth", "orderday", "salesday", "saleday",
        "invoiceday", "tag", "jour", "dia",
    ),
}  # fmt: skip
"""Headers, for comparison, of what is a part of a day."""


def join_day_parts(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Take a day from the columns of its parts where no column holds it whole; a month, or quarter, is asked about."""
    if "day" not in TABLES[source.table].names or "day" in source.columns.values() or source.fixed:
        return source
    year = _first_of(draft, source, YEAR_HEADERS)
    parts = {part: header for part, keys in PART_HEADERS.items() if (header := _first_of(draft, source, keys))}
    if "month" in parts:
        parts.pop("quarter", None)  # it says nothing more
    else:
        parts.pop("day_of_month", None)
    if year is None or not parts:
        return source
    values = draft.sample.values
    texts = joined_days(values[year], {part: values[header] for part, header in parts.items()})
    has_days = "day_of_month" in parts
    days = [day for day, _ in clean_values(texts, "date", date_format=None if has_days else MONTH_END)]
    written = sum(text is not None for text in texts)
    if not written or sum(day is not None for day in days) < FITTING_SHARE * written:
        return source
    headers = [year, *parts.values()]
    source = source.with_column("day", year)
    source = replace(
        source,
        day_parts={header: part for part, header in parts.items()},
        items={header: item for header, item in source.items.items() if header not in headers},
        missing={header: words for header, words in source.missing.items() if header not in headers},
    )
    if not has_days:
        lines = {
            f"{' · '.join(str(values[header][place]) for header in headers)} → {day}": None
            for place, day in enumerate(days)
            if day is not None
        }
        choices = {"join": tuple(lines)[:EXAMPLE_LINES], LEAVE_OUT: ()}
        draft.ask("day_parts", choices, headers=headers, column="day", suggested="join")
        draft.unsure(year)
    return source


def parts_of_day(headers: Iterable[str]) -> set[str]:
    """Return the headers of a day's parts where its year and its month, or quarter, have columns of their own.

    >>> sorted(parts_of_day(["Year", "Month", "Day", "Store"])), parts_of_day(["Year", "Store"])
    (['Day', 'Month', 'Year'], set())
    """
    keys = {header: comparison_key(header) for header in headers}
    years = {header for header, key in keys.items() if key in YEAR_HEADERS}
    parts = {part: {header for header, key in keys.items() if key in known} for part, known in PART_HEADERS.items()}
    return years.union(*parts.values()) if years and (parts["month"] or parts["quarter"]) else set()


def _first_of(draft: ProposalDraft, source: SourceMapping, keys: tuple[str, ...]) -> str | None:
    """The first header of these that no other column has taken, and that has values."""
    taken = cast("set[str]", {*source.columns})
    free = {comparison_key(header): header for header in reversed(draft.sample.header) if header not in taken}
    return next((free[key] for key in keys if key in free and draft.shapes[free[key]].filled), None)
