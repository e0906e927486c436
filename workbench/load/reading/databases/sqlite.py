"""SQLite files by the standard library: opened read-only, each value as text by what it is, not by its column."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pyarrow as pa

from workbench.errors import LoadError
from workbench.load.reading.databases.address import DatabaseAddress
from workbench.load.reading.databases.rows import BATCH_ROWS, TextRows, batched, empty_batch
from workbench.store.sql_quoting import quoted_name

SQLITE_TABLES_SQL = """
    SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1
"""
SHOWN_WHOLE_BELOW = 1e15


class SqliteSession:
    """A read-only connection in one transaction."""

    def __init__(self, address: DatabaseAddress) -> None:
        """Open the file; LoadError where it is none of SQLite's."""
        self._address = address
        try:
            path = Path(address.database).resolve()
            self._con = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
            self._con.execute("BEGIN")
        except sqlite3.Error as error:
            self._refuse(error, address.label)

    def tables(self) -> list[str]:
        """The tables and views."""
        return [name for (name,) in self._execute(SQLITE_TABLES_SQL, self._address.label)]

    def select_from(self, table: str) -> str:
        """The query of everything in one table."""
        return f"SELECT * FROM {quoted_name(table)}"

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Run a query; a column of bytes is told by its declared type, or by its values."""
        cursor = self._execute(sql, name)
        names = tuple(str(column[0]) for column in cursor.description)
        return TextRows(names, self._batches(cursor, names, name, first))

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    def _batches(
        self, cursor: sqlite3.Cursor, names: Sequence[str], query: str, first: int | None
    ) -> Iterator[pa.RecordBatch]:
        yield empty_batch([False] * len(names))
        to_array = [partial(_texts, column=name, query=query) for name in names]
        rows = islice(cursor, first)
        try:
            yield from batched(iter(lambda: list(islice(rows, BATCH_ROWS)), []), to_array)
        except sqlite3.Error as error:
            self._refuse(error, query)

    def _execute(self, sql: str, name: str) -> sqlite3.Cursor:
        try:
            return self._con.execute(sql)
        except (sqlite3.Error, sqlite3.Warning) as error:
            self._refuse(error, name)

    def _refuse(self, error: Exception, name: str) -> NoReturn:
        said = str(error)
        facts = {"database": self._address.label, "query": name}
        if "readonly" in said or "read-only" in said:
            raise LoadError("database_query_writes", **facts) from None
        if "locked" in said or "busy" in said:
            raise LoadError("database_locked", **facts) from None
        if "not a database" in said or "malformed" in said or "unable to open" in said:
            raise LoadError("database_broken", **facts) from None
        if "decode" in said:
            raise LoadError("database_text", **facts) from None
        raise LoadError("database_query", **facts, said=said.splitlines()[0]) from None


def _texts(values: Sequence[object], *, column: str, query: str) -> pa.Array:
    """A column as text; most hold nothing but texts."""
    if all(value is None or isinstance(value, str) for value in values):
        return pa.array(values, pa.string())
    try:
        return pa.array([_text(value) for value in values], pa.string())
    except UnicodeDecodeError:
        raise LoadError("database_bytes", query=query, column=column) from None


def _text(value: object) -> str | None:
    """One value as a file would hold it: whole floats without `.0`, as with columns of Parquet."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, float) and value == int(value) and abs(value) < SHOWN_WHOLE_BELOW:
        return str(int(value))
    return str(value)
