"""Tables put into a database: PostgreSQL, MariaDB, SQLite, DuckDB and folders of Parquet."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.load.databases.sample_tables import SampleTable
from tests.load.databases.servers import PASSWORD, Server
from workbench.store.sql_quoting import quoted_name

SQL_TYPES = {pa.string(): "text", pa.int64(): "bigint", pa.date32(): "date"}
PARTS = 3


def run_postgresql(server: Server, *statements: str) -> None:
    """Run statements as the owner of the database."""
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(server.owner, autocommit=True) as con, con.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def run_mariadb(server: Server, *statements: str, rows: Sequence[Sequence[object]] | None = None) -> None:
    """Run statements as the analyst, one with rows where there are some."""
    import pymysql

    con = pymysql.connect(
        host="127.0.0.1",
        port=server.port,
        user="analyst",
        password=PASSWORD.encode(),
        database="shop",
        charset="utf8mb4",
    )
    with con, con.cursor() as cursor:
        cursor.execute("SET time_zone = '+08:00'")
        for statement in statements:
            cursor.execute(statement) if rows is None else cursor.executemany(statement, rows)
        con.commit()


def fill_postgresql(server: Server, tables: Sequence[SampleTable]) -> None:
    """Put tables into PostgreSQL as texts, then turn each column into its type."""
    import adbc_driver_postgresql.dbapi as driver

    for one in tables:
        texts = pa.table(
            {
                field.name: column.cast(pa.string())
                for field, column in zip(one.rows.schema, one.rows.columns, strict=True)
            }
        )
        with driver.connect(server.owner) as con, con.cursor() as cursor:
            cursor.adbc_ingest(one.name, texts, mode="replace")
            changes = ", ".join(
                f"ALTER {quoted_name(field.name)} TYPE {_type(field)} USING {quoted_name(field.name)}::{_type(field)}"
                for field in one.rows.schema
            )
            cursor.execute(f"ALTER TABLE {quoted_name(one.name)} {changes}")
            cursor.execute(f"GRANT SELECT ON {quoted_name(one.name)} TO analyst")
            con.commit()


def fill_mariadb(server: Server, tables: Sequence[SampleTable]) -> None:
    """Put tables into MariaDB, with the types of the columns."""
    for one in tables:
        columns = ", ".join(
            f"`{field.name}` {_type(field).replace('timestamp', 'datetime')}" for field in one.rows.schema
        )
        run_mariadb(server, f"DROP TABLE IF EXISTS `{one.name}`", f"CREATE TABLE `{one.name}` ({columns})")
        marks = ", ".join(["%s"] * one.rows.num_columns)
        run_mariadb(server, f"INSERT INTO `{one.name}` VALUES ({marks})", rows=_tuples(one.rows))


def fill_sqlite(path: Path, tables: Sequence[SampleTable]) -> Path:
    """Put tables into a file of SQLite: decimals become its floats, days its texts."""
    with sqlite3.connect(path) as con:
        for one in tables:
            columns = ", ".join(f"{quoted_name(field.name)} {_sqlite_type(field)}" for field in one.rows.schema)
            con.execute(f"CREATE TABLE {quoted_name(one.name)} ({columns})")
            marks = ", ".join("?" * one.rows.num_columns)
            plain = [
                [value if value is None or isinstance(value, (int, str)) else str(value) for value in row]
                for row in _tuples(one.rows)
            ]
            con.executemany(f"INSERT INTO {quoted_name(one.name)} VALUES ({marks})", plain)
    con.close()
    return path


def fill_duckdb(path: Path, tables: Sequence[SampleTable]) -> Path:
    """Put tables into a file of DuckDB."""
    with duckdb.connect(str(path)) as con:
        for one in tables:
            con.register("rows", one.rows)
            con.execute(f"CREATE TABLE {quoted_name(one.name)} AS FROM rows")
            con.unregister("rows")
    return path


def fill_parquet(folder: Path, tables: Sequence[SampleTable]) -> Path:
    """Write each table as a folder of parts, as Spark names them."""
    for one in tables:
        home = folder / one.name
        home.mkdir(parents=True)
        each = -(-one.rows.num_rows // PARTS)
        for part in range(PARTS):
            pq.write_table(one.rows.slice(part * each, each), home / f"part-{part:05}-0a1b2c3d.c000.snappy.parquet")
        (home / "_SUCCESS").touch()
    return folder


def _type(field: pa.Field) -> str:
    if pa.types.is_decimal(field.type):
        return "numeric(18,2)"
    return "timestamp" if pa.types.is_timestamp(field.type) else SQL_TYPES[field.type]


def _sqlite_type(field: pa.Field) -> str:
    return "real" if pa.types.is_decimal(field.type) else "integer" if pa.types.is_integer(field.type) else "text"


def _tuples(rows: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
