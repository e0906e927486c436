"""PostgreSQL through ADBC: every value as the server itself writes it, in one read-only transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import pyarrow as pa

from workbench.errors import LoadError
from workbench.load.reading.databases.address import DatabaseAddress
from workbench.load.reading.databases.drivers import driver
from workbench.load.reading.databases.rows import CONNECT_SECONDS, TextRows, cells, with_plain_columns
from workbench.store.sql_quoting import quoted_name

LOOKS_UP_SECONDS = 0.2
POSTGRESQL_SETTINGS = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
)
"""One state of all tables; moments with their zone written out; days that can be read one way only."""

POSTGRESQL_TABLES_SQL = """
    SELECT n.nspname::text AS schema, c.relname::text AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
      AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY 1, 2
"""
TYPE_KEYS = (b"ADBC:postgresql:typname", b"POSTGRESQL:type")
AS_TEXT = {"bytea": "NULL::bytea", "money": "{}::numeric::text"}
"""How a type is asked for that is not simply text: bytes are not read, and money without its sign."""

FAULTS = (
    ("database_password", r"no password supplied|password authentication failed|28P01|\brole .* does not exist"),
    ("database_missing", r"\bdatabase \".*\" does not exist|3D000"),
    ("database_not_admitted", r"pg_hba\.conf|28000"),
    ("database_timeout", r"timeout expired"),
    ("database_unreachable", r"could not translate host name|Connection refused|No such file|No route|unreachable"),
)
"""What libpq says when it cannot connect; it gives no code."""

SQLSTATE_WRITES, SQLSTATE_NO_TABLE, SQLSTATE_DENIED, SQLSTATE_TIMED_OUT = (
    ("25006", "0A000"),
    "42P01",
    "42501",
    ("57014", "25P03", "25P04", "55P03"),
)
SERVER_GONE = ("08", "57P")


class PostgresqlSession:
    """A connection in a transaction that reads one state of the database."""

    def __init__(self, address: DatabaseAddress) -> None:
        """Connect; LoadError or InstallError says what hinders."""
        self._address = address
        self._driver = driver("adbc_driver_postgresql.dbapi")
        try:
            self._con = self._driver.connect(_conninfo(address))
        except self._driver.Error as error:
            self._refuse_connection(str(error))
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbench-postgresql")
        self._names: dict[str, str] | None = None
        try:
            for setting in POSTGRESQL_SETTINGS:
                self._execute(setting, address.label).close()
        except BaseException:
            self.close()
            raise

    def tables(self) -> list[str]:
        """The tables and views that can be read, with their schema."""
        return list(self._quoted())

    def select_from(self, table: str) -> str:
        """The query of everything in one table."""
        return f"SELECT * FROM {self._quoted()[table]}"

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Run a query; the server turns every value into text."""
        with self._execute(f"SELECT * FROM (\n{sql}\n) AS q LIMIT 0", name) as cursor:
            schema: pa.Schema = cursor.fetch_record_batch().schema
        values = ", ".join(
            f"{_text_of(cell, one)} AS {cell}" for cell, one in zip(cells(len(schema)), schema, strict=True)
        )
        limit = f" LIMIT {first}" if first is not None else ""
        cursor = self._execute(f"SELECT {values} FROM {with_plain_columns(sql, len(schema))}{limit}", name)
        return TextRows(tuple(schema.names), self._batches(cursor, name))

    def close(self) -> None:
        """End the connection; its transaction has changed nothing."""
        self._worker.shutdown()
        self._con.close()

    def _quoted(self) -> dict[str, str]:
        """Every table that can be read: its name, and how a query writes it."""
        if self._names is None:
            with self._execute(POSTGRESQL_TABLES_SQL, self._address.label) as cursor:
                rows = cursor.fetchall()
            self._names = {f"{schema}.{name}": f"{quoted_name(schema)}.{quoted_name(name)}" for schema, name in rows}
        return self._names

    def _batches(self, cursor: Any, name: str) -> Iterator[pa.RecordBatch]:
        with cursor:
            try:
                reader = (
                    cursor._results.reader
                )  # its public twin loses the server's code, whose words are in any language
                yield pa.RecordBatch.from_pylist([], schema=reader.schema)
                while (batch := self._waited_for(cursor, partial(next, reader, None))) is not None:
                    yield batch
            except self._driver.Error as error:
                self._refuse_query(error, name)

    def _execute(self, sql: str, name: str) -> Any:
        cursor = self._con.cursor()
        try:
            self._waited_for(cursor, partial(cursor.execute, sql))
        except self._driver.Error as error:
            cursor.close()
            self._refuse_query(error, name)
        return cursor

    def _waited_for(self, cursor: Any, work: Callable[[], Any]) -> Any:
        """Wait for the server in a way that Ctrl-C ends: the driver would take it for a refusal of the server.

        It looks up now and then, because the driver's own handler of signals lets no waiting be interrupted.
        """
        waiting = self._worker.submit(work)
        try:
            while not waiting.done():
                wait([waiting], timeout=LOOKS_UP_SECONDS)
            return waiting.result()
        except KeyboardInterrupt:
            cursor.adbc_cancel()
            raise

    def _refuse_connection(self, said: str) -> NoReturn:
        facts = {"database": self._address.label}
        for key, pattern in FAULTS:
            if re.search(pattern, said):
                raise LoadError(key, **facts) from None
        raise LoadError("database_refused", **facts, said=self._plain(said)) from None

    def _refuse_query(self, error: Any, name: str) -> NoReturn:
        """Say why a query failed. What the server says is shown only where it speaks of the query, not of values."""
        code, facts = str(error.sqlstate or ""), {"database": self._address.label, "query": name}
        if code in SQLSTATE_WRITES:
            raise LoadError("database_query_writes", **facts) from None
        if code in SQLSTATE_TIMED_OUT:
            raise LoadError("database_timeout", **facts) from None
        if code == SQLSTATE_DENIED:
            raise LoadError("database_denied", **facts) from None
        if code.startswith("42"):
            raise LoadError("database_query", **facts, said=self._plain(str(error))) from None
        if code.startswith(SERVER_GONE) or not code:
            raise LoadError("database_lost", **facts) from None
        raise LoadError("database_query_failed", **facts, code=code) from None

    def _plain(self, said: str) -> str:
        """What the server said, in one line, without the query and without the password."""
        first = re.split(r"\n|LINE \d+:", re.sub(r"^.*?(?:ERROR|FATAL): +", "", said, flags=re.DOTALL))[0]
        return self._address.without_secrets(first.strip())


def _text_of(cell: str, column: pa.Field) -> str:
    """The SQL of a column as text."""
    metadata = column.metadata or {}
    name = next((metadata[key].decode() for key in TYPE_KEYS if key in metadata), "")
    return AS_TEXT.get(name, "{}::text").format(cell)


def _conninfo(address: DatabaseAddress) -> str:
    """The address as libpq reads it, each part escaped."""
    user = quote(address.user, safe="") if address.user else ""
    secret = f":{quote(address.password, safe='')}" if address.password is not None else ""
    host = "" if address.host.startswith("/") else f"[{address.host}]" if ":" in address.host else address.host
    port = f":{address.port}" if address.port and host else ""
    options = {"connect_timeout": str(CONNECT_SECONDS), **address.options, "client_encoding": "UTF8"}
    if address.host.startswith("/"):
        options |= {"host": address.host, "port": str(address.port or 5432)}
    login = f"{user}{secret}@" if user or secret else ""
    return f"postgresql://{login}{host}{port}/{quote(address.database, safe='')}?{urlencode(options, quote_via=quote)}"
