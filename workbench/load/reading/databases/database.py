"""A database as a source: where it is, and which tables or queries of it are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from workbench.errors import LoadError
from workbench.load.reading.databases.address import DatabaseAddress, DatabaseKind, parse_address
from workbench.load.reading.databases.duckdb_file import DuckdbSession
from workbench.load.reading.databases.mysql import MysqlSession
from workbench.load.reading.databases.postgresql import PostgresqlSession
from workbench.load.reading.databases.queries import one_reading, read_query
from workbench.load.reading.databases.rows import DatabaseSession
from workbench.load.reading.databases.sqlite import SqliteSession

SESSIONS: Mapping[DatabaseKind, Callable[[DatabaseAddress], DatabaseSession]] = {
    "postgresql": PostgresqlSession,
    "mysql": MysqlSession,
    "sqlite": SqliteSession,
    "duckdb": DuckdbSession,
}


class Database:
    """A database to load from: `load(Database("postgresql://analyst@host/shop", tables=["orders"]))`.

    Parameters
    ----------
    address : `postgresql://user@host:port/database`, `mysql://…` (MariaDB too), `sqlite:///file`, `duckdb:///file`.
        A password may stand in it, in PGPASSWORD or MYSQL_PWD, or in `password`; it is never shown, logged or stored.
    tables : the tables or views to load, by name, or by pattern as in `sales_*`; without a schema where the name is
        the only one. Without tables and queries the one table there is; LoadError lists them where there are several.
    queries : files with one query each, or queries by name.
    """

    def __init__(
        self,
        address: str | DatabaseAddress,
        *,
        tables: Sequence[str] = (),
        queries: Sequence[str | Path] | Mapping[str, str] = (),
        password: str | None = None,
    ) -> None:
        """Take the address apart; nothing is connected yet."""
        parsed = parse_address(address) if isinstance(address, str) else address
        self.address = parsed.with_password(password)
        self.tables = tuple(tables)
        self.query_files = () if isinstance(queries, Mapping) else tuple(map(Path, queries))
        self.queries = dict(queries) if isinstance(queries, Mapping) else _read_queries(self.query_files)

    def __repr__(self) -> str:
        """Say what is wanted of which database, without user and password."""
        return f"Database({self.address.label!r}, tables={self.tables!r}, queries={[*self.queries]!r})"

    def wanted(self, session: DatabaseSession) -> Iterator[WantedRows]:
        """What is to be loaded, each under the name it has in the store; LoadError for what is not there."""
        label, kind = self.address.label, self.address.kind
        for name, sql in self.queries.items():
            yield WantedRows(session, f"{label} {name}", one_reading(sql, name, kind))
        if self.tables or not self.queries:
            for table in self._chosen(session.tables()):
                yield WantedRows(session, f"{label} {table}", session.select_from(table))

    def opened(self) -> DatabaseSession:
        """Connect; LoadError or InstallError says what hinders."""
        return SESSIONS[self.address.kind](self.address)

    def _chosen(self, there: Sequence[str]) -> list[str]:
        facts = {"database": self.address.label, "tables": list(there) or ["—"]}
        if not self.tables:
            if len(there) == 1:
                return [*there]
            raise LoadError("choose_tables" if there else "no_tables", **facts)
        chosen: list[str] = []
        for wanted in self.tables:
            named = _named(wanted, there)
            if not named:
                raise LoadError("missing_table", table=wanted, **facts)
            chosen += named
        return list(dict.fromkeys(chosen))


def _read_queries(files: Sequence[Path]) -> dict[str, str]:
    names = [file.name for file in files]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise LoadError("same_name", files=repeated)
    return {file.name: read_query(file) for file in files}


@dataclass(frozen=True)
class WantedRows:
    """One table or query of an open database."""

    session: DatabaseSession
    name: str
    sql: str


def _named(wanted: str, there: Sequence[str]) -> list[str]:
    """The tables a name or pattern means: exactly; else without the schema, where one alone is called so."""
    if wanted in there:
        return [wanted]
    tails = [table for table in there if table.partition(".")[2] == wanted]
    if len(tails) > 1:
        tails = [table for table in tails if table.startswith("public.")]
    if tails:
        return tails
    return [
        table
        for table in there
        if fnmatchcase(table.lower(), wanted.lower()) or fnmatchcase(table.partition(".")[2].lower(), wanted.lower())
    ]
