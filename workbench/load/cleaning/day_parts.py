"""A day whose year, quarter, month and day of the month stand in several columns: 2024 | 3月 | 5, 2024 | Q1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pyarrow as pa

from workbench.load.cleaning.calculator import calculator
from workbench.load.cleaning.sql_expressions import case_when, half_width, matches, quoted_list
from workbench.store.sql_quoting import quoted_text

DayPart = Literal["quarter", "month", "day_of_month"]
"""What a column says of a day whose year another one says."""

YEAR_ALONE = r"((?:19|20|21)[0-9]{2})(?:年度?|\.0)?"
NUMBERED: Mapping[DayPart, str] = {
    "month": r"(?i)m?0?([1-9]|1[0-2])(?:月份?|\.0)?",
    "quarter": r"(?i)(?:q|第)?([1-4])(?:季度?|\.0)?",
    "day_of_month": r"0?([1-9]|[12][0-9]|3[01])(?:[日号]|\.0)?",
}
ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED_MONTH = rf"(?i)({'|'.join(ENGLISH_MONTHS)})[a-z]*\.?"
CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MONTHS_OF_QUARTER = 3


def year_sql(text_sql: str) -> str:
    """Return the SQL of a year that stands alone, NULL where something else does."""
    return _captured(half_width(text_sql), YEAR_ALONE)


def part_sql(text_sql: str, part: DayPart) -> str:
    """Return the SQL of the number that a cell says for a part of a day; NULL where it says none."""
    cell = half_width(text_sql)
    number = _captured(cell, NUMBERED[part])
    if part == "day_of_month":
        return number
    chinese = f"list_position({quoted_list(CHINESE_MONTHS)}, regexp_replace({cell}, '^第|月份?$|季度?$', '', 'g'))"
    if part == "quarter":
        return f"coalesce({number}, CASE WHEN {chinese} <= 4 THEN {chinese} END)"
    name = f"list_position({quoted_list(ENGLISH_MONTHS)}, lower(left({cell}, 3)))"
    return f"coalesce({number}, {case_when((matches(cell, NAMED_MONTH), name))}, {chinese})"


def joined_day_sql(year_text: str, parts: Mapping[DayPart, str]) -> str:
    """Return the SQL of one text for a day in several columns: 2024-03-05, or 2024-03 for a month or a quarter's last.

    Where a part is none the cells stand side by side, which is no day; NULL where nothing is written at all.
    """
    year, month = year_sql(year_text), part_sql(parts["month"], "month") if "month" in parts else ""
    if not month:
        month = f"{part_sql(parts['quarter'], 'quarter')} * {MONTHS_OF_QUARTER}"
    padded = [f"lpad(CAST({month} AS VARCHAR), 2, '0')"]
    if "day_of_month" in parts:
        padded.append(f"lpad(CAST({part_sql(parts['day_of_month'], 'day_of_month')} AS VARCHAR), 2, '0')")
    joined = " || '-' || ".join((f"CAST({year} AS VARCHAR)", *padded))
    cells = ", ".join((year_text, *parts.values()))
    return f"coalesce({joined}, nullif(trim(concat_ws(' ', {cells})), ''))"


def joined_days(years: Sequence[str | None], parts: Mapping[DayPart, Sequence[str | None]]) -> list[str | None]:
    """Join the texts of a sample in the same way.

    >>> joined_days(["2024", "2024年"], {"month": ["3", "十二月"], "day_of_month": ["5", "31日"]})
    ['2024-03-05', '2024-12-31']
    >>> joined_days(["2024", "2024", "x"], {"quarter": ["Q1", "第四季度", "2"]})
    ['2024-03', '2024-12', 'x 2']
    """
    names: dict[DayPart, str] = {part: f"t.p{place}" for place, part in enumerate(parts)}
    columns = {"place": range(len(years)), "y": years}
    columns |= {name.removeprefix("t."): parts[part] for part, name in names.items()}
    cells = pa.table(
        {name: pa.array(values, None if name == "place" else pa.string()) for name, values in columns.items()}
    )
    with calculator() as con:
        con.register("t", cells)
        rows = con.execute(f"SELECT {joined_day_sql('t.y', names)} FROM t ORDER BY place").fetchall()
    return [text for (text,) in rows]


def _captured(cell: str, pattern: str) -> str:
    """The number within a cell that is written like this, without further letters."""
    return f"TRY_CAST(nullif(regexp_extract({cell}, {quoted_text(f'^(?:{pattern})$')}, 1), '') AS INTEGER)"
