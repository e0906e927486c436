"""The tables inside a snapshot: made before a writer starts, checked and counted after it has finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import duckdb

from workbench.errors import StoreError
from workbench.schema import SQL_TYPES, TABLES, Table
from workbench.store.manifest import SCHEMA_VERSION, Source
from workbench.store.sql_quoting import quoted_name

BOOKKEEPING = {
    "sources": {
        "source_id": "BIGINT",
        "file": "VARCHAR",
        "sheet": "VARCHAR",
        "sha256": "VARCHAR",
        "table": "VARCHAR",
        "rows_read": "BIGINT",
        "rows_loaded": "BIGINT",
        "rows_rejected": "BIGINT",
        "rows_ignored": "BIGINT",
    },
    "rejects": {
        "source_id": "BIGINT",
        "file": "VARCHAR",
        "sheet": "VARCHAR",
        "line": "BIGINT",
        "table_name": "VARCHAR",
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "facts": "VARCHAR",
    },
    "meta": {"key": "VARCHAR", "value": "VARCHAR"},
}
"""The tables beside the canonical ones. `rejects.facts` is JSON; `meta` keeps one value a key."""

NUMERIC = ("DECIMAL", "BIGINT")


CUSTOMER_LISTS = "customer_lists"
"""Every list's own rows, where several lists of customers overlap; published nowhere."""

CUSTOMER_HISTORY = "customer_history"
"""What customers' columns said before, from which day on; published nowhere."""


NOTED = "noted."
"""How the keys of `meta` begin under which publishing notes what topics measured of the analysts' data."""


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that are not there yet, empty, with their columns in order."""
    canonical = {name: {c.name: SQL_TYPES[c.type] for c in table.columns} for name, table in TABLES.items()}
    for name, columns in {**canonical, **BOOKKEEPING}.items():
        listed = ", ".join(f"{quoted_name(column)} {sql_type}" for column, sql_type in columns.items())
        con.execute(f"CREATE TABLE IF NOT EXISTS {quoted_name(name)} ({listed})")


def add_missing_columns(con: duckdb.DuckDBPyConnection, *, published: bool) -> None:
    """Give tables of an older store the canonical columns that came later, empty; published ones no `drop` columns."""
    there = columns_by_table(con)
    for table in TABLES.values():
        for name, sql_type in _expected(table, published=published).items():
            if name not in there.get(table.name, {}):
                con.execute(f"ALTER TABLE {quoted_name(table.name)} ADD COLUMN {quoted_name(name)} {sql_type}")


def stored_columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table of the connection's own database and their SQL types, in order."""
    return columns_by_table(con).get(table, {})


def columns_by_table(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of every table of the connection's own database: the catalog is slow to read, for one as for all."""
    rows = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'main' ORDER BY column_index"
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for table, name, sql_type in rows:
        columns.setdefault(table, {})[name] = sql_type
    return columns


def check_tables(con: duckdb.DuckDBPyConnection, *, published: bool) -> None:
    """Hold every canonical table to the schema; StoreError names the first table that differs, and its columns."""
    stored = columns_by_table(con)
    for table in TABLES.values():
        expected = _expected(table, published=published)
        actual = stored.get(table.name, {})
        wrong = [name for name, sql_type in expected.items() if actual.get(name) != sql_type]
        wrong += [name for name in actual if name not in expected and actual[name] != "VARCHAR"]
        if wrong:
            raise StoreError("table_wrong", table=table.name, columns=wrong)


def count_tables(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], dict[str, dict[str, str | None]]]:
    """Count the rows of every canonical table, and sum its numeric columns exactly (as text; None: no value)."""
    counts: dict[str, int] = {}
    sums: dict[str, dict[str, str | None]] = {}
    stored = columns_by_table(con)
    for table in TABLES:
        numeric = [name for name, sql_type in stored[table].items() if sql_type.startswith(NUMERIC)]
        listed = "".join(f", sum({quoted_name(name)})::VARCHAR" for name in numeric)
        counts[table], *totals = one_row(con, f"SELECT count(*){listed} FROM {quoted_name(table)}")
        sums[table] = dict(zip(numeric, totals, strict=True))
    return counts, sums


def last_day(con: duckdb.DuckDBPyConnection) -> date | None:
    """The last day anything happened, over all tables that have days; None where nothing did."""
    days = " UNION ALL ".join(
        f"SELECT max({column}) AS day FROM {quoted_name(name)}"
        for name, table in TABLES.items()
        for column in ("day", "last_on", "as_of")
        if column in table.names
    )
    day: date | None = one_row(con, f"SELECT max(day) FROM ({days})")[0]
    return day


def read_sources(con: duckdb.DuckDBPyConnection) -> tuple[Source, ...]:
    """The files that were loaded, as the writer noted them."""
    names = [field.name for field in fields(Source)]
    listed = ", ".join(quoted_name(name) for name in names)
    rows = con.execute(f"SELECT {listed} FROM sources ORDER BY source_id, file, sheet").fetchall()
    return tuple(Source(**dict(zip(names, row, strict=True))) for row in rows)


def read_meta(con: duckdb.DuckDBPyConnection, table: str = "meta") -> dict[str, str]:
    """The snapshot's own notes: schema version, company, as_of, publish_attributes, and what the writer added."""
    return dict(con.execute(f"SELECT key, value FROM {table}").fetchall())


def write_meta(con: duckdb.DuckDBPyConnection, notes: Mapping[str, str]) -> None:
    """Set notes, replacing those of the same key."""
    for key, value in {**notes, "schema_version": str(SCHEMA_VERSION)}.items():
        con.execute("DELETE FROM meta WHERE key = ?", [key])
        con.execute("INSERT INTO meta VALUES (?, ?)", [key, value])


def attributes_to_publish(meta: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Which attribute columns the mapping lets dashboards see, by table."""
    names_by_table: dict[str, Sequence[str]] = json.loads(meta.get("publish_attributes", "{}"))
    return names_by_table


def one_row(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
    """The one row a query of totals returns."""
    rows: list[tuple[Any, ...]] = con.execute(sql, list(values)).fetchall()
    return rows[0]


def _expected(table: Table, *, published: bool) -> dict[str, str]:
    """The canonical columns and types a table must have; a published one has no `drop` columns."""
    return {c.name: SQL_TYPES[c.type] for c in table.columns if not (published and c.personal == "drop")}
