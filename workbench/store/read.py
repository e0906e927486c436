"""Open a snapshot for reading: locked down, as Ibis tables, with results kept and every fault in words."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
import ibis.common.exceptions
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from workbench.errors import ChoiceError, StoreError
from workbench.schema import TABLES
from workbench.store import rows
from workbench.store.budget import Budget, analyst_budget, dashboard_budget
from workbench.store.contents import text
from workbench.store.faults import worded
from workbench.store.folder import Shelf, locate
from workbench.store.kept import KeptTables
from workbench.store.manifest import Snapshot
from workbench.store.sqltext import readable
from workbench.store.verify import checked

if TYPE_CHECKING:
    from numpy.typing import NDArray

READABLE = (*TABLES, "sources", "rejects", "meta")
ANALYSTS_ONLY = ("rejects", "meta")
"""What holds cells of source files, or notes of the loader: not to be read from a published snapshot."""

ROW_LIMIT = 200_000
"""Most rows `collect` hands to a screen; a chart shows a few thousand."""


def open_store(address: str | Path | None = None, *, published: bool = False, snapshot: str | None = None) -> Store:
    """Open the current snapshot of a store, or with `published` the one dashboards may show.

    Without an address it opens what WORKBENCH_STORE names, else ./crm.store. `snapshot` opens an older one by its id.
    Raises StoreError: no store, nothing loaded or published yet, another version, a damaged file.
    """
    shelf = Shelf(locate(address), published=published)
    while True:
        snapshot_id = snapshot or shelf.current_id()
        try:
            return _open(shelf, snapshot_id)
        except FileNotFoundError:
            if snapshot is None and shelf.current_id() != snapshot_id:
                continue  # a new one was switched to, and the old one removed, between the two reads
            raise shelf.missing(snapshot_id) from None


def current_id(address: str | Path | None = None, *, published: bool = False) -> str:
    """Read the id of the snapshot in force: cheap enough to ask whether a page still shows the newest."""
    return Shelf(locate(address), published=published).current_id()


def collect(expr: ir.Expr, *, limit: int = ROW_LIMIT) -> pd.DataFrame:
    """Fetch the rows of an expression for a chart or a table; StoreError where there are more than `limit`.

    The only door from the database to the screen: decimals become floats, days timestamps, and rows are never cut
    silently. It runs wherever the expression lives, on a store or on any other Ibis backend.
    """
    backend = _backend_of(expr)
    if isinstance(backend, SnapshotBackend):
        return backend.store.collect(expr, limit=limit)
    table = _as_table(expr)
    found = backend.to_pyarrow(table.limit(limit + 1))
    if found.num_rows > limit:
        raise StoreError("too_many_rows", rows=int(backend.execute(table.count())), limit=limit)
    return rows.frame(found)


class SnapshotBackend(Backend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis's DuckDB backend for one open snapshot.

    Ibis takes backends made from connections as equal and would mix the tables of two stores without a word, so each
    has an identity of its own; and `collect(expr)`, given nothing but an expression, finds its store here.
    """

    _store: weakref.ref[Store]

    @property
    def db_identity(self) -> str:
        """What tells this snapshot's tables from those of any other open store."""
        return f"snapshot-{id(self)}"

    @property
    def store(self) -> Store:
        """The open store; StoreError where it has been let go."""
        store = self._store()
        if store is None:
            raise StoreError("store_closed", address="")
        return store


class Store:
    """One open snapshot. Read-only, with external access off and its configuration locked."""

    def __init__(self, address: Path, snapshot: Snapshot, path: Path, budget: Budget) -> None:
        self.address = address
        self.snapshot = snapshot
        self._path = path
        self._budget = budget
        self._lock = threading.RLock()
        spill = Path(tempfile.mkdtemp(prefix="workbench-"))
        self._clean_up = weakref.finalize(self, shutil.rmtree, spill, ignore_errors=True)
        with worded(path, budget, reading=True):
            self._backend = _connect(path, budget, spill)
        self._backend._store = weakref.ref(self)
        self._kept = KeptTables(self._backend.con)
        self._tables: dict[str, ir.Table] = {}
        self._open = True

    @property
    def customers(self) -> ir.Table:
        """One row per customer."""
        return self.table("customers")

    @property
    def transactions(self) -> ir.Table:
        """One row per order line or ready amount; `is_purchase` marks the sales."""
        return self.table("transactions")

    @property
    def products(self) -> ir.Table:
        """One row per product."""
        return self.table("products")

    @property
    def surveys(self) -> ir.Table:
        """One row per answer to one item."""
        return self.table("surveys")

    @property
    def complaints(self) -> ir.Table:
        """One row per complaint."""
        return self.table("complaints")

    @property
    def interactions(self) -> ir.Table:
        """One row per event at a touchpoint."""
        return self.table("interactions")

    @property
    def employees(self) -> ir.Table:
        """One row per employee."""
        return self.table("employees")

    @property
    def sources(self) -> ir.Table:
        """One row per loaded file and sheet, with what became of its rows."""
        return self.table("sources")

    @property
    def rejects(self) -> ir.Table:
        """One row per rejected value, with its place and reason; not in a published snapshot."""
        return self.table("rejects")

    def table(self, name: str) -> ir.Table:
        """Return one of the snapshot's tables by its name."""
        if name not in READABLE:
            raise ChoiceError("unknown_choice", name="table", value=name, allowed=READABLE)
        if name in ANALYSTS_ONLY and self.snapshot.published:
            raise StoreError("not_in_published", table=name)
        with self._lock, self._guarded():
            if name not in self._tables:
                self._tables[name] = self._backend.table(name)
            return self._tables[name]

    def keep(self, expr: ir.Table, *, name: str = "kept") -> ir.Table:
        """Compute an expression once for this snapshot and return the table that holds its rows.

        The same question, asked again, finds the same table. `name` is what the table is called in shown SQL.
        """
        with self._lock, self._guarded():
            used = self._ready(expr)
            table = self._kept.add(self._backend.compile(expr), used, name)
            return self._backend.table(table)

    def sql(self, expr: ir.Expr) -> str:
        """Return the SQL of an expression, laid out for reading; it runs on the snapshot's file as it stands."""
        with self._lock, self._guarded():
            self._own(expr)
            return readable(self._backend.compile(expr), self._kept)

    def collect(self, expr: ir.Expr, *, limit: int = ROW_LIMIT) -> pd.DataFrame:
        """Fetch the rows of one of this store's expressions, as the function `collect` does."""
        table = _as_table(expr)
        found = self._fetch(table.limit(limit + 1))
        if found.num_rows > limit:
            count = self._fetch(table.count().as_table())[0][0].as_py()
            raise StoreError("too_many_rows", rows=count, limit=limit)
        return rows.frame(found)

    def arrays(self, expr: ir.Expr) -> dict[str, NDArray[Any]]:
        """Fetch the columns as NumPy arrays, for statistics: no limit, so condense the rows by a query first."""
        return rows.arrays(self._fetch(_as_table(expr)))

    def close(self) -> None:
        """Let go of the snapshot and remove the spilled files. Closing twice does nothing."""
        with self._lock:
            if self._open:
                self._open = False
                self._backend.con.close()
                self._clean_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _fetch(self, table: ir.Table) -> pa.Table:
        """Run an expression of this store."""
        with self._lock, self._guarded():
            self._ready(table)
            return self._backend.to_pyarrow(table)

    def _ready(self, expr: ir.Expr) -> list[str]:
        """Make sure the kept tables an expression reads exist; return their names."""
        self._own(expr)
        used = sorted({node.name for node in expr.op().find(ops.DatabaseTable) if node.name in self._kept})
        self._kept.need(used)
        return used

    def _own(self, expr: ir.Expr) -> None:
        """StoreError where the expression reads the tables of another store."""
        if any(node.source is not self._backend for node in expr.op().find(ops.DatabaseTable)):
            raise StoreError("other_store", address=self.address)

    def _guarded(self) -> Any:
        if not self._open:
            raise StoreError("store_closed", address=self.address)
        return worded(self._path, self._budget, reading=True)


def _as_table(expr: ir.Expr) -> ir.Table:
    """A single value or column as a table of one column."""
    table: ir.Table = expr if isinstance(expr, ir.Table) else expr.as_table()
    return table


def _backend_of(expr: ir.Expr) -> Any:
    """The backend that runs an expression; StoreError where it mixes two."""
    try:
        return expr.get_backend()
    except ibis.common.exceptions.IbisError as fault:
        raise StoreError("other_store", address="") from fault


def _open(shelf: Shelf, snapshot_id: str) -> Store:
    """Check the file against its manifest and open it; FileNotFoundError where it has been removed."""
    path, manifest = shelf.path(snapshot_id), checked(shelf, snapshot_id)
    try:
        return Store(shelf.store, manifest.snapshot, path, dashboard_budget() if shelf.published else analyst_budget())
    except duckdb.Error as fault:
        if not path.exists():
            raise FileNotFoundError(path) from fault
        raise


def _connect(path: Path, budget: Budget, spill: Path) -> SnapshotBackend:
    """Attach the file read-only to a database of its own in memory, and lock it down.

    Opening the file itself would share one instance, its settings and its lock with every other Store of the process
    that has the same snapshot open; Ibis sets the time zone when it takes over a connection, which the lock forbids.
    """
    con = budget.connect(":memory:", spill)
    try:
        con.execute(f"ATTACH {text(path)} AS snapshot (READ_ONLY)")
        con.execute("USE snapshot")
        backend: SnapshotBackend = SnapshotBackend.from_connection(con)
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except BaseException:
        con.close()
        raise
    return backend
