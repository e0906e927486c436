"""The cleaning rules of a column: `cast_sql("v", "money")` gives the SQL for its value and for what is wrong with it.

How the loader uses it, for a text column `v` of any number of rows:

    cast = cast_sql("v", "date", date_format="%d/%m/%Y", missing=["9999-12-31"])
    SELECT {cast.value} AS day …                                   -- typed, or NULL
    SELECT …, {cast.reason_of("day")} AS day_reason, {cast.missing_of("day")} AS day_missing

`reason_of` and `missing_of` cost nothing where there is a value. `cast.reason` needs no computed column.
A reason is a key; its words are `load.reject_<reason>`. There is one implementation of the rules, this SQL:
`clean_values` runs it on a list.

What counts as missing, before any rule: nothing at all or only blanks, and for every type but text the words in
MISSING_WORDS in any case. In text columns `None`, `NA` or `-` may be answers, so only `NULL`, `NaN`, `#N/A` and `\\N`
are missing there. A mapping declares further sentinels for a column; numbers among them match however written
(11, 11.0, １１).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workbench.errors import ChoiceError
from workbench.load.cleaning.calculator import answers
from workbench.load.cleaning.dates import DateSystem, date_sql, timestamp_sql
from workbench.load.cleaning.ids import id_sql
from workbench.load.cleaning.money import DecimalMark, money_sql
from workbench.load.cleaning.sql_expressions import ANY_BLANKS, CastSql, case_when, is_one_of, matches, trimmed
from workbench.load.cleaning.texts import boolean_sql, text_sql
from workbench.schema import SQL_TYPES, Type

MISSING_IN_TEXT = ("null", "nan", "#n/a", "\\n")
MISSING_WORDS = (
    *MISSING_IN_TEXT,
    "none",
    "n/a",
    "na",
    "nat",
    "<na>",
    "nil",
    "-",
    "--",
    "—",
    "——",
    "－",
    "/",
    '=""',
    "无",
    "空",
)
ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "0000/00/00", "00000000")


def cast_sql(
    column_sql: str,
    type: Type,  # noqa: A002
    *,
    decimal: DecimalMark = ".",
    date_format: str | None = None,
    missing: Sequence[str] = (),
    time_zone: str | None = None,
    serials: DateSystem = "excel",
    zone: str | None = None,
) -> CastSql:
    """Give the SQL that casts a text column to a canonical type, its missing values and its reasons.

    `column_sql` is a quoted column or any SQL expression; it is evaluated several times, so name it first.
    """
    words = _missing_words(type)
    match type:
        case "date":
            cast = date_sql(column_sql, date_format=date_format, time_zone=time_zone, serials=serials, zone=zone)
        case "timestamp":
            cast = timestamp_sql(column_sql, date_format=date_format, time_zone=time_zone, serials=serials, zone=zone)
        case "id":
            cast = id_sql(column_sql, absent=words)
        case "text":
            cast = text_sql(column_sql, absent=words)
        case "boolean":
            cast = boolean_sql(column_sql)
        case "money" | "price" | "number":
            cast = money_sql(column_sql, decimal=decimal, type=type)
        case "integer":  # only columns that the loader derives
            raise ChoiceError(
                "unknown_choice", name="type", value=type, allowed=[kind for kind in SQL_TYPES if kind != type]
            )
    blank = case_when(
        (f"{column_sql} IS NULL OR {matches(column_sql, ANY_BLANKS)}", "'blank'"),
        (is_one_of(trimmed(column_sql), words), "'blank'"),
    )
    if not missing:
        return CastSql(cast.value, blank, cast.cause)
    declared = matches(column_sql, f"(?i){ANY_BLANKS}(?:{'|'.join(_sentinel(text) for text in missing)}){ANY_BLANKS}")
    return CastSql(
        case_when((declared, "NULL"), otherwise=cast.value),
        case_when((declared, "'sentinel'"), otherwise=blank),
        cast.cause,
    )


def _missing_words(kind: Type) -> tuple[str, ...]:
    if kind == "text":
        return MISSING_IN_TEXT
    return MISSING_WORDS + ZERO_DATES if kind in ("date", "timestamp") else MISSING_WORDS


def clean_values(
    values: Sequence[str | None],
    type: Type,  # noqa: A002
    *,
    decimal: DecimalMark = ".",
    date_format: str | None = None,
    missing: Sequence[str] = (),
    time_zone: str | None = None,
    serials: DateSystem = "excel",
    zone: str | None = None,
) -> list[tuple[Any, str | None]]:
    """Clean a few texts: each value with its reason ('blank' and 'sentinel' for missing ones), or None.

    Examples
    --------
    >>> clean_values(["￥1,234.50", "1.2万", "1,23"], "money")
    [(Decimal('1234.50'), None), (Decimal('12000.00'), None), (None, 'ambiguous_number')]
    """
    options: dict[str, Any] = {
        "date_format": date_format, "time_zone": time_zone, "serials": serials, "zone": zone,
    }  # fmt: skip
    cast = cast_sql("written", type, decimal=decimal, missing=missing, **options)
    query = f"""
        SELECT value, coalesce({cast.missing_of("value")}, {cast.reason_of("value")})
        FROM (SELECT written, place, {cast.value} AS value
              FROM (SELECT unnest($texts::VARCHAR[]) AS written, generate_subscripts($texts::VARCHAR[], 1) AS place))
        ORDER BY place
    """
    return [(value, reason) for value, reason in answers(query, tuple(values))]


def _sentinel(text: str) -> str:
    """A declared sentinel as a pattern: a number matches however it is written."""
    number = re.fullmatch(r"([+-]?)0*([0-9]+)(?:\.([0-9]*?)0*)?", text.strip())
    if number is None:
        return re.escape(text.strip())
    sign, whole, fraction = number[1], number[2], number[3] or ""
    wide = str.maketrans({str(digit): f"[{digit}{chr(0xFF10 + digit)}]" for digit in range(10)})
    minus = "[-－−–]" if sign == "-" else "[+＋]?"
    tail = f"[.,．，]{fraction.translate(wide)}[0０]*" if fraction else "(?:[.,．，][0０]*)?"
    return f"{minus}[0０]*{whole.translate(wide)}{tail}"
