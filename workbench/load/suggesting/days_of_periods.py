"""Rows that name no day but a period: 2024Q1, 第 5 周, a month whose year the file's name says, or that name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from workbench.load.cleaning.clean import clean_values
from workbench.load.cleaning.dates import MONTH_END, PERIOD_FORMATS
from workbench.load.cleaning.day_parts import DayPart, joined_days
from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.fixed_columns import FixedColumn, SaidPeriod, fixed_text
from workbench.load.mapping.header_dictionary import comparison_key, meanings
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.header_periods import month_of, year_of
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.days_in_parts import PART_HEADERS, YEAR_HEADERS
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft, readable_texts
from workbench.schema import TABLES

PERIOD_LIKE = re.compile(r"(?:19|20|21)[0-9]{2}.*|[qh] ?[1-4].*", re.IGNORECASE)
"""How a period with its year begins: a cheaper look than reading it."""

WEEK_HEADERS = (
    "周", "周次", "周数", "第几周", "自然周", "销售周", "统计周", "week", "weekno", "weeknumber", "wk", "isoweek", "kw",
    "kalenderwoche", "semaine", "semana",
)  # fmt: skip
WEEK_NUMBER = r"(?i)(?:w|wk|week|第|kw)? ?(?:0?[1-9]|[1-4][0-9]|5[0-3])周?"
_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY_WITHOUT_YEAR = (
    r"(?i)(?:1[0-2]|0?[1-9])月(?:3[01]|[12][0-9]|0?[1-9])[日号]?|(?:3[01]|[12][0-9]|0?[1-9])[-/.](?:3[01]|[12][0-9]|0?[1-9])\.?"
    rf"|{_NAME}[- ](?:3[01]|[12][0-9]|0?[1-9])|(?:3[01]|[12][0-9]|0?[1-9])[-. ]? ?{_NAME}"
)
"""A day of a month without its year: 1月5日, 1/5, Jan 5, 05-Jan."""


def said_beside(sample: RowSample) -> tuple[str, ...]:
    """Return where a month or year may be said beside the rows: the names of file and sheet, the titles."""
    return (sample.file, sample.sheet or "", *sample.titles)


def ask_periods_of_rows(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Date rows without a day at the end of the period they, or the file's name, say; a person agrees."""
    if not _lacks_day(source):
        return source
    header, form = _period_column(draft, source)
    if form == MONTH_END:  # asked about where days are
        return source.with_column("day", header)
    if header:
        readings = readable_texts(_texts(draft, header), "date", date_format=form)
        lines = tuple(f"{text} → {day}" for text, day in readings[:EXAMPLE_LINES])
        draft.ask("month_days", {form: lines, LEAVE_OUT: ()}, header=header, column="day", suggested=form)
        return replace(source.with_column("day", header), date_format=form)
    part, header = _part_without_year(draft.shapes, source)
    if part is not None and year_of(said_beside(draft.sample)):
        return _with_year_said(draft, source, part, header)
    said: SaidPeriod | None = "month" if month_of(said_beside(draft.sample)) else None
    said = said or ("year" if year_of(said_beside(draft.sample)) else None)
    if part is not None or said is None or _may_be_day(draft, source):
        return source
    fixed = FixedColumn(said=said)
    written = fixed_text(fixed, draft.sample.file, kind="date", beside=said_beside(draft.sample)[1:])
    day = written if said == "month" else f"{written}-12-31"
    draft.ask("said_day", {said: (day,), LEAVE_OUT: ()}, column="day", period=written[:7], suggested=said)
    return replace(source, fixed={**source.fixed, "day": fixed})


def lacks_year(sample: RowSample, shapes: Mapping[str, ColumnShape], taken: Iterable[str]) -> str | None:
    """Return the header of months, quarters, weeks or days of a year that nothing says; None where there is none.

    Parameters
    ----------
    taken : the headers that are something else.
    """
    taken = {*taken}
    free = {header: shape for header, shape in shapes.items() if header not in taken and shape.filled}
    if {comparison_key(header) for header in free} & {*YEAR_HEADERS}:
        return None
    has_year = year_of(said_beside(sample)) is not None
    for header, shape in free.items():
        key = comparison_key(header)
        texts = [text for text, _ in shape.commonest]
        is_week = key in WEEK_HEADERS and _are_all(texts, WEEK_NUMBER)
        is_day = any(one.column == "day" for one in meanings(header)) and _are_all(texts, DAY_WITHOUT_YEAR)
        if is_week or is_day or (not has_year and _part_of(header, shape)):
            return header
    return None


def _lacks_day(source: SourceMapping) -> bool:
    return "day" in source.lacking() and "day" in TABLES[source.table].names


def _are_all(texts: Iterable[str], pattern: str) -> bool:
    return all(re.fullmatch(pattern, text.strip()) for text in texts)


def _texts(draft: ProposalDraft, header: str) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in draft.sample.values[header] if text and text.strip()))


def _period_column(draft: ProposalDraft, source: SourceMapping) -> tuple[str, str]:
    """The first free column whose cells name periods with their years, and the format of these; blanks for none."""
    for header, shape in draft.shapes.items():
        if header in source.columns or not shape.filled or not PERIOD_LIKE.match(shape.commonest[0][0]):
            continue
        texts = _texts(draft, header)
        forms = [form for form in PERIOD_FORMATS if form != "year_end" or comparison_key(header) in YEAR_HEADERS]
        for form in forms:
            values = clean_values(texts, "date", date_format=form)
            plain = clean_values(texts, "date") if values else ()
            fresh = sum(value is not None and bare is None for (value, _), (bare, _) in zip(values, plain, strict=True))
            if fresh >= FITTING_SHARE * len(texts):
                return header, form
    return "", ""


def _part_without_year(shapes: Mapping[str, ColumnShape], source: SourceMapping) -> tuple[DayPart | None, str]:
    """The month, or quarter, that a free column says of each row without its year."""
    for header, shape in shapes.items():
        if header not in source.columns and (part := _part_of(header, shape)):
            return part, header
    return None, ""


def _part_of(header: str, shape: ColumnShape) -> DayPart | None:
    """Which part of a day a column says: by its header, and by all of its cells."""
    key = comparison_key(header)
    for part in ("month", "quarter"):
        if key in PART_HEADERS[part] and shape.filled:
            texts = [text for text, _ in shape.commonest]
            days = clean_values(joined_days(["2024"] * len(texts), {part: texts}), "date", date_format=MONTH_END)
            if sum(day is not None for day, _ in days) >= FITTING_SHARE * len(texts):
                return part
    return None


def _with_year_said(draft: ProposalDraft, source: SourceMapping, part: DayPart, header: str) -> SourceMapping:
    """Join the months of the rows with the year that is said beside them."""
    year = str(year_of(said_beside(draft.sample)))
    texts = _texts(draft, header)
    joined = joined_days([year] * len(texts), {part: texts})
    days = [day for day, _ in clean_values(joined, "date", date_format=MONTH_END)]
    lines = tuple(f"{year} · {text} → {day}" for text, day in zip(texts, days, strict=True) if day is not None)
    choices = {"join": lines[:EXAMPLE_LINES], LEAVE_OUT: ()}
    draft.ask("day_parts", choices, headers=[year, header], column="day", suggested="join")
    fixed = {**source.fixed, "day": FixedColumn(said="year")}
    return replace(source, fixed=fixed, day_parts={header: part})


def _may_be_day(draft: ProposalDraft, source: SourceMapping) -> bool:
    """Whether a free column holds days: which one counts is asked then."""
    return any(
        header not in source.columns
        and shape.share(max(shape.dates + shape.ambiguous_dates, shape.serials)) >= 1 - FITTING_SHARE
        for header, shape in draft.shapes.items()
    )
