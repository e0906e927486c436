"""Currencies of a source: converted by the rates the mapping gives, refused otherwise, never added up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import duckdb

from workbench.errors import LoadError
from workbench.load.cleaning.sql_expressions import CastSql, case_when, trimmed
from workbench.load.mapping.header_currencies import CURRENCY_WORDS, header_currency, is_in_home_currency
from workbench.load.mapping.row_meanings import is_currency
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.reading.header import clean_header
from workbench.load.reading.text_table import TextTable
from workbench.schema import SQL_TYPES, Type
from workbench.store.sql_quoting import quoted_name, quoted_text

SHARED_SIGNS: Mapping[str, tuple[str, ...]] = {
    "USD": ("USD", "HKD", "TWD", "AUD", "CAD", "SGD", "NZD", "MXN"),
    "CNY": ("CNY", "JPY"),
}
"""Whose sign `$` and `¥` can be."""

WRITTEN_SIGN = r"(?i)(CN¥|US\$|HK\$|NT\$|A\$|C\$|S\$|[¥￥$＄€£]|USD|EUR|GBP|HKD|CNY|RMB|人民币|美元|港元|欧元|英镑|元)"
CURRENCY_IN_TITLE = re.compile(r"币种|货币|单位|currency|amounts? in|figures in", re.IGNORECASE)
MOST_CURRENCIES = 8


def currency_header(source: TextTable, mapping: SourceMapping) -> str | None:
    """Return the header that names the currency of a row: the mapping's, or one that is known for it."""
    if mapping.currency is not None:
        return clean_header(mapping.currency)
    if is_in_home_currency(mapping.header_of("amount") or ""):
        return None
    ignored = [*map(clean_header, (*mapping.ignore, *mapping.columns))]
    return next((header for header in source.names if is_currency(header) and header not in ignored), None)


def named_currency(header: str, source: TextTable) -> str | None:
    """Return the code of the currency that a header names, or a title above the table for all (币种：美元)."""
    above = (header_currency(title) for title in source.title_texts if CURRENCY_IN_TITLE.search(title))
    return header_currency(header) or next((code for code in above if code), None)


def in_home_currency(cast: CastSql, kind: Type, named: str, source: TextTable, mapping: SourceMapping) -> CastSql:
    """Convert a cast amount by the rate of its row's currency; rows of other currencies keep theirs.

    What the amount's own header, `named`, says counts before the column of currencies.
    """
    if own := named_currency(named, source):
        rate = mapping.rates.get(own)
        return _times(cast, rate, kind) if rate else cast
    header = currency_header(source, mapping)
    if header is None or not mapping.rates:
        return cast
    code = code_sql(source.column(header))
    rate = case_when(*((f"{code} = {quoted_text(name)}", rate) for name, rate in mapping.rates.items()), otherwise="1")
    return _times(cast, rate, kind)


def _times(cast: CastSql, rate: str, kind: Type) -> CastSql:
    return replace(cast, value=f"CAST(({cast.value}) * CAST({rate} AS DECIMAL(18,8)) AS {SQL_TYPES[kind]})")


def code_sql(text_sql: str) -> str:
    """Return the SQL of the ISO code that a cell with a currency means; a word that is not known stays."""
    written = f"upper({trimmed(text_sql)})"
    known = ((f"{written} = {quoted_text(word.upper())}", quoted_text(code)) for word, code in CURRENCY_WORDS.items())
    return case_when(*known, otherwise=f"nullif({written}, '')")


def sign_sql(text_sql: str) -> str:
    """Return the SQL of the sign or code that an amount is written with; NULL for plain numbers."""
    plain = f"{text_sql}[1] BETWEEN '0' AND '9' AND {text_sql}[-1] BETWEEN '0' AND '9'"
    return case_when((f"NOT ({plain})", f"nullif(regexp_extract({text_sql}, {quoted_text(WRITTEN_SIGN)}, 1), '')"))


def check_currencies(
    con: duckdb.DuckDBPyConnection, table: str, source: TextTable, mapping: SourceMapping, home: str
) -> None:
    """Raise LoadError where a staged source holds amounts in another currency than the store's, without a rate.

    It is what the header of an amount names; `o_currency` is the code of a row's own column, `o_sign` what its amount
    is written with.
    """
    money = [header for header, column in mapping.columns.items() if column in ("amount", "unit_price")]
    all_named = {header: named_currency(header, source) for header in (*money, *mapping.deduct)}
    named = {header: own for header, own in all_named.items() if own is not None}
    for written, own in named.items():
        if own not in mapping.rates and home not in SHARED_SIGNS.get(own, (own,)):
            raise LoadError("currency_of_header", file=source.file, header=written, currency=own, home=home)
    columns = [name for (name, *_) in con.execute(f"DESCRIBE {quoted_name(table)}").fetchall()]
    if "o_currency" in columns and not named:
        counts = _counts(con, table, "o_currency")
        others = {code: count for code, count in counts.items() if code != home and code not in mapping.rates}
        if others:
            header = currency_header(source, mapping)
            raise LoadError("mixed_currencies", file=source.file, header=header, home=home, counts=_listed(counts))
    elif "o_sign" in columns:
        counts = _counts(con, table, "o_sign")
        codes = {CURRENCY_WORDS.get(sign.upper(), sign.upper()) for sign in counts}
        home = next(iter(named.values()), home)
        if any(home not in SHARED_SIGNS.get(code, (code,)) for code in codes):
            raise LoadError("foreign_signs", file=source.file, home=home, counts=_listed(counts))


def _counts(con: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, int]:
    rows = con.execute(
        f"SELECT {column}, count(*) FROM {quoted_name(table)} WHERE kind IS NULL AND {column} IS NOT NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return dict(rows)


def _listed(counts: Mapping[str, int]) -> list[str]:
    return [f"{name} × {count:,}" for name, count in counts.items()][:MOST_CURRENCIES]
