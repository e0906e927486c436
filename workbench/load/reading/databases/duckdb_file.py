"""DuckDB files and folders of Parquet, by DuckDB itself: attached read-only, nothing else in reach of a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow as pa

from workbench.errors import LoadError
from workbench.limits import check_columns
from workbench.load.reading.databases.address import DatabaseAddress
from workbench.load.reading.databases.rows import BATCH_ROWS, TextRows, cells, with_plain_columns
from workbench.load.reading.typed_columns import as_file_text
from workbench.store.budget import writer_budget
from workbench.store.sql_quoting import quoted_name, quoted_text, quoted_texts

MAIN_SCHEMA = "main"
OPEN_ELSEWHERE = ("lock on file", "already attached", "different configuration")
"""How DuckDB says that somebody writes the file: another program, or another connection of this one."""
DUCKDB_TABLES_SQL = """
    SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'loaded' AND NOT internal
    UNION SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'loaded' AND NOT internal
    ORDER BY 1, 2
"""
DUCKDB_SETTINGS = (
    "SET TimeZone = 'UTC'",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
)


class DuckdbSession:
    """A connection with the file attached read-only."""

    def __init__(self, address: DatabaseAddress) -> None:
        """Open the file; LoadError where it is locked or none of DuckDB's."""
        self._label, path = address.label, Path(address.database).resolve()
        self._con = _connection()
        try:
            self._con.execute(f"ATTACH {quoted_text(path)} AS loaded (READ_ONLY)")
            for setting in (
                "USE loaded",
                "SET enable_external_access = false",
                "SET lock_configuration = true",
                "BEGIN",
            ):
                self._con.execute(setting)
        except duckdb.Error as error:
            self._con.close()
            is_open = any(words in str(error) for words in OPEN_ELSEWHERE)
            key = "database_locked" if is_open else "database_broken"
            raise LoadError(key, database=self._label, query=self._label) from None

    def tables(self) -> list[str]:
        """The tables and views; those of the main schema by their name alone."""
        return list(self._quoted())

    def select_from(self, table: str) -> str:
        """The query of everything in one table."""
        return f"FROM {self._quoted()[table]}"

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Run a query; DuckDB turns every value into text."""
        try:
            return text_rows(self._con, sql, name, first)
        except duckdb.Error as error:
            _refuse(error, self._label, name)

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()

    def _quoted(self) -> dict[str, str]:
        rows = self._con.execute(DUCKDB_TABLES_SQL).fetchall()
        return {
            name if schema == MAIN_SCHEMA else f"{schema}.{name}": f"loaded.{quoted_name(schema)}.{quoted_name(name)}"
            for schema, name in rows
        }


class ParquetFolder:
    """Files of Parquet that are one table together."""

    def __init__(self, paths: Sequence[Path], name: str) -> None:
        """Take the files in order; `name` is what the folder is called."""
        self._con, self._name, self._files = _connection(), name, quoted_texts(map(str, paths))

    def tables(self) -> list[str]:
        """The one table."""
        return [self._name]

    def select_from(self, table: str) -> str:  # noqa: ARG002 - there is but one
        """Read all files; a folder `year=2024` gives the column `year`."""
        return (
            f"FROM read_parquet([{self._files}], hive_partitioning = true, hive_types_autocast = false,"
            " union_by_name = true)"
        )

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Read the files; DuckDB turns every value into text."""
        try:
            return text_rows(self._con, sql, name, first)
        except duckdb.Error:
            raise LoadError("broken_parquet", file=name) from None

    def close(self) -> None:
        """Let go of the files."""
        self._con.close()


def text_rows(con: duckdb.DuckDBPyConnection, sql: str, name: str, first: int | None) -> TextRows:
    """The rows of a query as text, bytes left empty."""
    described = con.execute(f"DESCRIBE {sql}").fetchall()
    check_columns(name, len(described))
    types = [str(row[1]) for row in described]
    values = ", ".join(
        f"{'NULL::BLOB' if kind == 'BLOB' else as_file_text(cell, kind)} AS {cell}"
        for cell, kind in zip(cells(len(types)), types, strict=True)
    )
    limit = f" LIMIT {first}" if first is not None else ""
    reader = con.sql(f"SELECT {values} FROM {with_plain_columns(sql, len(types))}{limit}").to_arrow_reader(BATCH_ROWS)
    return TextRows(tuple(str(row[0]) for row in described), _batches(reader))


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pylist([], schema=reader.schema)
    yield from reader


def _connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": writer_budget().threads})
    for setting in DUCKDB_SETTINGS:
        con.execute(setting)
    return con


def _refuse(error: duckdb.Error, label: str, name: str) -> NoReturn:
    said = str(error).splitlines()[0]
    raise LoadError("database_query", database=label, query=name, said=said) from None
