"""One snapshot attached to Ibis: a connection that is locked down, and knows which store it belongs to."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol

import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPyArrowData

from workbench.errors import StoreError
from workbench.store.asked import Asked
from workbench.store.budget import Budget
from workbench.store.sql_quoting import quoted_text
from workbench.store.written_queries import MARKING, asked_text, is_prepared_for, query_text


class CollectsRows(Protocol):
    """What is asked of the open store that a backend belongs to."""

    def rows(self, expr: ir.Expr, *, limit: int) -> pa.Table:
        """Fetch the rows of an expression of this store."""

    def ready(self, expr: ir.Expr) -> AbstractContextManager[object]:
        """Hold the store while one of its expressions runs, with all the kept tables that it reads."""


class SnapshotBackend(Backend):  # type: ignore[misc]  # Ibis ships no types
    """Ibis's DuckDB backend for one open snapshot.

    Ibis takes backends made from connections as equal and would mix the tables of two stores without a word, so each
    has an identity of its own; and `collect(expr)`, given nothing but an expression, finds its store here.
    """

    answers_in_memory: ClassVar[bool] = True
    """Whether it runs where the panels run, so that panels may hold customers instead of asking for every move."""
    compiler: ClassVar[Any] = MARKING
    belongs_to: weakref.ref[CollectsRows]
    address: Path
    is_kept: Callable[[str], bool]
    """Whether the store keeps a result in a table of this name."""
    _is_running = False

    @property
    def db_identity(self) -> str:
        """What tells this snapshot's tables from those of any other open store."""
        return f"snapshot-{id(self)}"

    @property
    def store(self) -> CollectsRows:
        """The open store; StoreError where it has been let go."""
        store = self.belongs_to()
        if store is None:
            raise StoreError("store_closed", address=self.address)
        return store

    def compile(self, expr: ir.Expr, /, **options: Any) -> str:
        """Write the SQL of an expression: in as few steps as it can be to be read or kept, step by step to be run.

        Merging steps is half of the work of writing, and spares the database nothing: it merges them itself.
        """
        limit = options.get("limit")
        has_form = not options.get("params") and not options.get("pretty") and limit != "default"
        return query_text(
            expr,
            merged=not self._is_running,
            is_kept=self.is_kept if has_form else None,
            limit=limit,
            write=partial(super().compile, **options),
        )

    def _to_duckdb_relation(self, expr: ir.Expr, **options: Any) -> Any:
        """Run an expression, as Ibis does for every form of rows; the store is held meanwhile."""
        self._is_running = True
        try:
            return super()._to_duckdb_relation(expr, **options)
        finally:
            self._is_running = False

    def _run_pre_execute_hooks(self, expr: ir.Expr) -> None:
        """Do what Ibis does before a query runs, in one look at the expression instead of four that find nothing."""
        if is_prepared_for(expr):
            super()._run_pre_execute_hooks(expr)

    def answer(self, question: Asked, *, limit: int | None) -> pa.Table:
        """Run a question, for so many rows at most; what was written for other tables is not made again."""
        known = asked_text(question, merged=False, limit=limit, is_kept=self.is_kept, write=super().compile)
        if known is None:
            return super().to_pyarrow(question.expression if limit is None else question.expression.limit(limit))
        query, schema = known
        return DuckDBPyArrowData.convert_table(self.con.sql(query).to_arrow_table(), schema)

    def written(self, question: Asked) -> str:
        """Write a question to be kept; what was written for other tables is not made again."""
        known = asked_text(question, merged=True, limit=None, is_kept=self.is_kept, write=super().compile)
        return self.compile(question.expression) if known is None else known[0]

    # An expression may be run by itself, too, with a method of Ibis: the tables that its store kept for it may be gone
    # by then, and another thread may be at work.

    def to_pyarrow(self, expr: ir.Expr, /, **options: Any) -> pa.Table:
        """Run an expression of the store, as Ibis does."""
        with self.store.ready(expr):
            return super().to_pyarrow(expr, **options)

    def execute(self, expr: ir.Expr, /, **options: Any) -> Any:
        """Run an expression of the store, as Ibis does, and give the rows to pandas."""
        with self.store.ready(expr):
            return super().execute(expr, **options)


def attach_snapshot(path: Path, budget: Budget, spill: Path) -> SnapshotBackend:
    """Attach the file read-only to a database of its own in memory, and lock it down.

    Opening the file itself would share one instance, its settings and its lock with every other Store of the process
    that has the same snapshot open; Ibis sets the time zone when it takes over a connection, which the lock forbids.
    """
    con = budget.connect(":memory:", spill)
    try:
        con.execute(f"ATTACH {quoted_text(path)} AS snapshot (READ_ONLY)")
        con.execute("USE snapshot")
        backend: SnapshotBackend = SnapshotBackend.from_connection(con)
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except BaseException:
        con.close()
        raise
    return backend
