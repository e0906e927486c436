"""What the values of a column look like: a sample judged by our own cleaning rules, all its columns in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa

from workbench.load.cleaning.calculator import calculator
from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.dates import MONTH_ALONE, DateSystem
from workbench.load.cleaning.money import DecimalMark
from workbench.load.cleaning.sql_expressions import matches, trimmed

POSSIBLE_SERIAL = r"[0-9]{1,5}(?:\.[0-9]+)?"
RECENT_SERIAL = r"[2-6][0-9]{4}(?:\.[0-9]+)?"
PHONE = r"(?:\+?86[- ]?)?1[3-9][0-9*]{9}|0[0-9]{2,3}-?[0-9]{7,8}"
EMAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
ID_NUMBER = "[1-9][0-9]{16}[0-9Xx]|[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
MOST_LISTED = 40


@dataclass(frozen=True)
class RowSample:
    """Some rows of a file as text: by header the values, in the order of the rows; None or blank where empty."""

    file: str
    sheet: str | None
    header: tuple[str, ...]
    values: Mapping[str, Sequence[str | None]]
    serials: DateSystem | None = None
    """The calendar of the workbook the rows come from; None for text."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """By header the question in full, where further header rows give it."""
    titles: tuple[str, ...] = ()
    """What stands above the header."""
    notes: tuple[str, ...] = ()
    """What stands below the rows."""
    extra_header_rows: int = 0
    """How many rows below the header were headers too."""

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.values.values()), ()))


@dataclass(frozen=True)
class ColumnShape:
    """How many of a column's values look like what; counts are of the filled ones. `commonest` lists the first few."""

    filled: int = 0
    distinct: int = 0
    dates: int = 0
    ambiguous_dates: int = 0
    numbers: int = 0
    ambiguous_numbers: int = 0
    whole: int = 0
    serials: int = 0
    """Numbers that are days of the last decades in one of Excel's calendars."""
    months: int = 0
    """Months without a day, 2024-01 or 202401; they count as dates nowhere else."""
    padded: int = 0
    """Whole numbers with a zero in front: ids, not counts."""
    phones: int = 0
    emails: int = 0
    id_numbers: int = 0
    high: float | None = None
    commonest: tuple[tuple[str, int], ...] = ()

    def share(self, count: int) -> float:
        """A count as a share of the filled values; 0 where there are none."""
        return count / self.filled if self.filled else 0.0

    @property
    def few(self) -> bool:
        """True where `commonest` holds every value there is."""
        return self.distinct <= MOST_LISTED

    def examples(self, number: int = 3) -> tuple[str, ...]:
        """A few of the values as they are written."""
        return tuple(text for text, _ in self.commonest[:number])


def column_shapes(sample: RowSample, *, decimal: DecimalMark = ".") -> dict[str, ColumnShape]:
    """Judge every column of a sample. Serial numbers do not count as dates here: any number could be one."""
    places, texts = [], []
    for place, header in enumerate(sample.header):
        values = [value for value in sample.values.get(header, ()) if value is not None]
        places += [place] * len(values)
        texts += values
    cells = pa.table({"place": pa.array(places, pa.int32()), "text": pa.array(texts, pa.string())})
    with calculator() as con:
        con.register("cells", cells)
        con.execute(_judge_sql(decimal))
        rows = con.execute(COUNT_SQL).fetchall()
        counts = {place: dict(zip(COUNT_NAMES, numbers, strict=True)) for place, *numbers in rows}
        commonest: dict[int, list[tuple[str, int]]] = {}
        for place, text, times in con.execute(COMMONEST_SQL).fetchall():
            commonest.setdefault(place, []).append((text, times))
    return {
        header: ColumnShape(**counts[place], commonest=tuple(commonest[place])) if place in counts else ColumnShape()
        for place, header in enumerate(sample.header)
    }


@cache
def _judge_sql(decimal: DecimalMark) -> str:
    day, number = cast_sql("text", "date"), cast_sql("text", "price", decimal=decimal)
    return f"""
        CREATE TEMP TABLE judged AS
        SELECT *, CASE WHEN day IS NULL THEN {day.reason} END AS day_reason,
               CASE WHEN amount IS NULL THEN {number.reason} END AS amount_reason
        FROM (SELECT *, {day.value} AS day, {number.value} AS amount
              FROM (SELECT place, {trimmed("text")} AS text, count(*) AS times FROM cells GROUP BY ALL)
              WHERE text <> '')
    """


COUNTED_WHERE = {
    "dates": f"(day IS NOT NULL OR day_reason = 'time_zone_open') AND NOT {matches('text', POSSIBLE_SERIAL)}",
    "ambiguous_dates": "day_reason = 'ambiguous_date'",
    "numbers": "amount IS NOT NULL",
    "ambiguous_numbers": "amount_reason = 'ambiguous_number'",
    "whole": "amount = floor(amount)",
    "serials": matches("text", RECENT_SERIAL),
    "months": matches("text", MONTH_ALONE),
    "padded": matches("text", "0[0-9]+"),
    "phones": matches("text", PHONE),
    "emails": matches("text", EMAIL),
    "id_numbers": matches("text", ID_NUMBER),
}
COUNT_NAMES = ("filled", "distinct", *COUNTED_WHERE, "high")
COUNT_SQL = f"""
    SELECT place, CAST(sum(times) AS BIGINT), count(DISTINCT text),
        {", ".join(f"coalesce(CAST(sum(times) FILTER ({when}) AS BIGINT), 0)" for when in COUNTED_WHERE.values())},
        CAST(max(amount) AS DOUBLE)
    FROM judged GROUP BY place
"""
COMMONEST_SQL = f"""
    SELECT place, text, times FROM judged
    QUALIFY row_number() OVER (PARTITION BY place ORDER BY times DESC, text) <= {MOST_LISTED}
    ORDER BY place, times DESC, text
"""
