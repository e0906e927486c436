"""MySQL and MariaDB through PyMySQL: rows as the server writes them, unbuffered, in one read-only transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import LoadError
from workbench.load.reading.databases.address import DatabaseAddress
from workbench.load.reading.databases.drivers import driver
from workbench.load.reading.databases.rows import BATCH_ROWS, CONNECT_SECONDS, TextRows, batched, empty_batch

MYSQL_SETTINGS = (
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET time_zone = '+00:00'",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
"""One state of all tables; a TIMESTAMP is a moment, and is given in UTC."""

MYSQL_TABLES_SQL = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1"
MYSQL_OPTIONS = ("unix_socket", "ssl_ca", "ssl_cert", "ssl_key")

BIT, TIMESTAMP, DATETIME, DATE, NEW_DATE, GEOMETRY = 16, 7, 12, 10, 14, 255
MYSQL_TEXTS = (15, 249, 250, 251, 252, 253, 254)
MYSQL_BINARY = 63
"""The types of columns, and the character set of those that hold bytes, as the protocol numbers them."""

NO_DAY = "^0000-00-00(?: 00:00:00(?:\\.0+)?)?$"
"""How MySQL writes that there is no day."""

MYSQL_UNREACHABLE, MYSQL_PASSWORD, MYSQL_NO_DATABASE = (2002, 2003, 2005), (1045, 1698, 1251), (1044, 1049)
MYSQL_DENIED, MYSQL_WRITES, MYSQL_TIMED_OUT, MYSQL_LOST = (
    (1142, 1143),
    (1792, 1290),
    (1969, 3024, 1205, 1317),
    (2006, 2013, 0),
)
MYSQL_OF_THE_QUERY = (1054, 1060, 1064, 1109, 1146, 1222, 1248, 1305, 1052, 1055, 1140)


class MysqlSession:
    """A connection in a transaction that reads one state of the database."""

    def __init__(self, address: DatabaseAddress) -> None:
        """Connect; LoadError or InstallError says what hinders."""
        self._address = address
        self._driver = driver("pymysql")
        if not address.database:
            raise LoadError("database_unnamed", database=address.label)
        if unknown := sorted(set(address.options) - {*MYSQL_OPTIONS}):
            raise LoadError("database_option", options=unknown, known=list(MYSQL_OPTIONS))
        password = address.password if address.password is not None else os.environ.get("MYSQL_PWD", "")
        try:
            self._con = self._driver.connect(
                host=address.host or "localhost",
                port=address.port or 3306,
                user=address.user,
                password=password.encode(),  # a text would be sent as Latin-1
                database=address.database,
                charset="utf8mb4",
                connect_timeout=CONNECT_SECONDS,
                conv=self._driver.converters.encoders,  # no decoders: every value stays as the server wrote it
                cursorclass=self._driver.cursors.SSCursor,
                **address.options,
            )
        except (self._driver.Error, OSError) as error:
            self._refuse(error, address.label)
        except RuntimeError as lacking:  # the driver wants another package for a way of login
            said = address.without_secrets(str(lacking))
            raise LoadError("database_refused", database=address.label, said=said) from None
        try:
            for setting in MYSQL_SETTINGS:
                self._rows(setting)
        except BaseException:
            self.close()
            raise

    def tables(self) -> list[str]:
        """The tables and views of the database."""
        return [str(name) for (name,) in self._rows(MYSQL_TABLES_SQL)]

    def select_from(self, table: str) -> str:
        """The query of everything in one table."""
        return f"SELECT * FROM `{table.replace('`', '``')}`"

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Run a query; the rows come from the server as they are asked for."""
        self._rows(f"SET SESSION sql_select_limit = {first if first is not None else 'DEFAULT'}")
        cursor = self._con.cursor()
        try:
            cursor.execute(sql)
        except self._driver.Error as error:
            self._refuse(error, name)
        fields = [(one.type_code, one.charsetnr) for one in cursor._result.fields]
        names = tuple(str(column[0]) for column in cursor.description)
        return TextRows(names, self._batches(cursor, [_to_array(*one) for one in fields], fields, name))

    def close(self) -> None:
        """End the connection, also in the midst of rows: the driver would read all of them to the end."""
        if (result := self._con._result) is not None:
            result.unbuffered_active = False
        if self._con.open:
            self._con.close()

    def _batches(
        self,
        cursor: Any,
        to_array: Sequence[Callable[[Sequence[object]], pa.Array]],
        fields: Sequence[tuple[int, int]],
        name: str,
    ) -> Iterator[pa.RecordBatch]:
        yield empty_batch([_is_binary(*one) for one in fields])
        try:
            yield from batched(iter(lambda: list(islice(cursor, BATCH_ROWS)), []), to_array)
            cursor.close()
        except self._driver.Error as error:
            self._refuse(error, name)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one of our own statements."""
        try:
            with self._con.cursor(self._driver.cursors.Cursor) as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        except self._driver.Error as error:
            self._refuse(error, self._address.label)

    def _refuse(self, error: Exception, name: str) -> NoReturn:
        """Say why it failed. What the server says is shown only where it speaks of the query, not of values."""
        code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        facts = {"database": self._address.label, "query": name}
        keys = {
            "database_unreachable": MYSQL_UNREACHABLE,
            "database_password": MYSQL_PASSWORD,
            "database_missing": MYSQL_NO_DATABASE,
            "database_denied": MYSQL_DENIED,
            "database_query_writes": MYSQL_WRITES,
            "database_timeout": MYSQL_TIMED_OUT,
            "database_lost": MYSQL_LOST,
        }
        for key, codes in keys.items():
            if code in codes:
                timed_out = key == "database_unreachable" and "timed out" in str(error)
                raise LoadError("database_timeout" if timed_out else key, **facts) from None
        if code in MYSQL_OF_THE_QUERY:
            said = self._address.without_secrets(str(error.args[1])).splitlines()[0]
            raise LoadError("database_query", **facts, said=said) from None
        raise LoadError("database_query_failed", **facts, code=code) from None


def _is_binary(kind: int, charset: int) -> bool:
    """True for columns of bytes."""
    return kind == GEOMETRY or (kind in MYSQL_TEXTS and charset == MYSQL_BINARY)


def _to_array(kind: int, charset: int) -> Callable[[Sequence[object]], pa.Array]:
    """How a column of one type becomes text."""
    if _is_binary(kind, charset):
        return lambda values: pa.nulls(len(values), pa.binary())
    if kind == BIT:
        return lambda values: pa.array(
            [None if one is None else str(int.from_bytes(one, "big")) for one in values],  # type: ignore[arg-type]
            pa.string(),
        )
    if kind in (DATE, NEW_DATE, DATETIME, TIMESTAMP):
        return lambda values: _days(values, zone="+00:00" if kind == TIMESTAMP else "")
    return lambda values: pa.array(values, pa.string())


def _days(values: Sequence[object], *, zone: str) -> pa.Array:
    """Days and moments: without those that say there is none, and with the zone of a moment."""
    texts = pa.array(values, pa.string())
    texts = pc.if_else(pc.match_substring_regex(texts, NO_DAY), pa.scalar(None, pa.string()), texts)
    return pc.binary_join_element_wise(texts, zone, "") if zone else texts
