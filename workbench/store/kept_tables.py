"""Results computed once for a snapshot: temporary tables that are found again by the SQL that makes them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable

import duckdb

from workbench.store.sql_quoting import quoted_name

LIMIT = 32
"""How many kept tables exist at once; the one unused longest goes first and comes back when it is asked for."""


class KeptTables:
    """The temporary tables of one connection, and the SQL of every table it was ever asked to keep."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, limit: int = LIMIT) -> None:
        self._con = con
        self._limit = limit
        self._sql: dict[str, str] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._present: OrderedDict[str, None] = OrderedDict()
        self._views: set[str] = set()

    def add(self, sql: str, parents: Iterable[str], name: str, *, is_view: bool = False) -> str:
        """Return the table that holds the rows of `sql`, making it where it is new. `parents`: kept tables it reads.

        A view holds no rows, and is not counted: it is the query under a name.
        """
        table = f"{name}_{hashlib.sha256(sql.encode()).hexdigest()[:8]}"
        self._sql[table] = sql
        self._parents[table] = tuple(parents)
        if is_view and table not in self._views:
            self.need(self._parents[table])
            self._con.execute(f"CREATE TEMP VIEW {quoted_name(table)} AS {sql}")
            self._views.add(table)
        self.need([table])
        return table

    def need(self, tables: Iterable[str]) -> None:
        """Make sure these tables exist, and count them as used."""
        wanted = self._read(tables)
        for table in wanted:
            self._make(table)
        self._drop_oldest(spare=wanted)

    def _read(self, tables: Iterable[str]) -> list[str]:
        """Return the tables with rows that are read: a view's are those that it is made from."""
        read = list[str]()
        for table in tables:
            read += self._read(self._parents[table]) if table in self._views else [table]
        return read

    def _make(self, table: str) -> None:
        """Make a table with all it is made from; none is dropped meanwhile, for another may be made from that too."""
        if table not in self._present:
            for parent in self._read(self._parents[table]):
                self._make(parent)
            self._con.execute(f"CREATE TEMP TABLE {quoted_name(table)} AS {self._sql[table]}")
        self._present[table] = None
        self._present.move_to_end(table)

    def _drop_oldest(self, spare: list[str]) -> None:
        """Drop the tables unused longest, beyond the limit and never those just asked for."""
        surplus = len(self._present) - self._limit
        for table in [name for name in self._present if name not in spare][: max(surplus, 0)]:
            self._con.execute(f"DROP TABLE temp.{quoted_name(table)}")
            del self._present[table]

    def __contains__(self, table: str) -> bool:
        return table in self._sql

    def definition(self, table: str) -> str:
        """The SQL that makes a kept table."""
        return self._sql[table]
