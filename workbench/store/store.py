"""An open snapshot: its tables as Ibis expressions, results kept, and every fault in words."""

from __future__ import annotations

import json
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis import _

from workbench.errors import ChoiceError, StoreError
from workbench.schema import TABLES
from workbench.scratch import scratch_folder
from workbench.store.asked import Asked
from workbench.store.backend import attach_snapshot
from workbench.store.budget import Budget
from workbench.store.contents import CUSTOMER_HISTORY, CUSTOMER_LISTS, NOTED, read_meta, stored_columns
from workbench.store.definitions import PublishedDefinitions, SavedDefinition, definitions, read_definition
from workbench.store.faults import as_store_errors
from workbench.store.kept_tables import KeptTables
from workbench.store.manifest import Snapshot
from workbench.store.rows import ROW_LIMIT, arrays, as_table, frame
from workbench.store.shown_sql import shown_sql

if TYPE_CHECKING:
    from numpy.typing import NDArray

READABLE_TABLES = (*TABLES, "sources", "rejects", "meta")
ANALYSTS_ONLY = ("rejects", "meta")
"""What holds cells of source files, or notes of the loader: not to be read from a published snapshot."""
REMEMBERED_ROWS = 2_000
QUESTIONS_REMEMBERED = 60
"""What three or four settings of a page's filters ask; each holds the expression it is found by."""


def _remember(known: OrderedDict[Any, Any], question: Any, answer: Any) -> None:
    """Keep an answer to a question, and forget the one asked longest ago where there are many."""
    known[question] = answer
    known.move_to_end(question)
    while len(known) > QUESTIONS_REMEMBERED:
        known.popitem(last=False)


def _first_rows(table: ir.Table, limit: int | None) -> ir.Table:
    return table if limit is None else table.limit(limit)


class Store:
    """One open snapshot. Read-only, with external access off and its configuration locked."""

    def __init__(self, address: Path, snapshot: Snapshot, path: Path, budget: Budget) -> None:
        self.address = address
        self.snapshot = snapshot
        self._path = path
        self._budget = budget
        self._lock = threading.RLock()
        spill = scratch_folder("spill")
        self._clean_up = weakref.finalize(self, spill.cleanup)
        with as_store_errors(path, budget, reading=True):
            self._backend = attach_snapshot(path, budget, Path(spill.name))
        self._backend.address = address
        self._backend.belongs_to = weakref.ref(self)
        self._kept = KeptTables(self._backend.con)
        self._backend.is_kept = self._kept.__contains__
        self._tables: dict[str, ir.Table] = {}
        self._answers: OrderedDict[ops.Node | Asked, pa.Table] = OrderedDict()
        self._kept_as: OrderedDict[tuple[ops.Node | Asked, str], str] = OrderedDict()
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

    @cached_property
    def customer_lists(self) -> ir.Table | None:
        """One row per customer and list, where several lists overlap; None where none do, or in what is published."""
        with self._lock, self._guarded():
            if self.snapshot.published or not stored_columns(self._backend.con, CUSTOMER_LISTS):
                return None
            return self._backend.table(CUSTOMER_LISTS)

    @cached_property
    def customer_history(self) -> ir.Table | None:
        """One row per customer, column and value, where values changed: valid_from (unknown for some), file, and
        whether it is told by several lists that stand beside each other. None where nothing did, or in what is
        published."""
        with self._lock, self._guarded():
            if self.snapshot.published or not stored_columns(self._backend.con, CUSTOMER_HISTORY):
                return None
            return self._backend.table(CUSTOMER_HISTORY)

    @cached_property
    def has_amounts(self) -> bool:
        """Whether any sale, or ready figure, says what was paid: of visits without money no sum is known."""
        tables, priced = self.snapshot.tables, self.transactions.amount
        if tables.get("customer_facts") and not tables.get("transactions"):
            priced = self.table("customer_facts").monetary
        return bool(len(self.collect(priced.name("amount").as_table().filter(_.amount.notnull()).limit(1))))

    def noted(self, topic: str) -> str:
        """Return what publishing noted of the analysts' data for a topic; "" where nothing was, as for some regions."""
        with self._lock, self._guarded():
            return read_meta(self._backend.con).get(f"{NOTED}{topic}", "")

    @property
    def answers_in_memory(self) -> bool:
        """Whether panels may hold customers in memory: only where the database runs on this machine, too."""
        return self._backend.answers_in_memory

    def table(self, name: str) -> ir.Table:
        """Return one of the snapshot's tables by its name."""
        if name not in READABLE_TABLES:
            raise ChoiceError("unknown_choice", name="table", value=name, allowed=READABLE_TABLES)
        if name in ANALYSTS_ONLY and self.snapshot.published:
            raise StoreError("not_in_published", table=name)
        with self._lock, self._guarded():
            if name not in self._tables:
                self._tables[name] = self._backend.table(name)
            return self._tables[name]

    def definitions(self) -> list[SavedDefinition]:
        """List the definitions kept in the store; of a published snapshot, those that were published with it."""
        return self._published().definitions() if self.snapshot.published else definitions(self.address)

    def definition(self, definition_id: str, version: int | None = None) -> dict[str, Any]:
        """Read one of them, its newest version or the one asked for."""
        if self.snapshot.published:
            return self._published().read(definition_id, version)
        return read_definition(self.address, definition_id, version)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions whose rows alone this store holds; empty where it holds all there are."""
        with self._lock, self._guarded():
            return tuple(json.loads(read_meta(self._backend.con).get("regions", "[]")))

    @property
    def log_address(self) -> Path:
        """The store whose log says who looked; a copy for some regions goes with the next publication, its log not."""
        return self.address.parents[2] if self.regions else self.address

    def _published(self) -> PublishedDefinitions:
        with self._lock, self._guarded():
            return PublishedDefinitions.of(read_meta(self._backend.con).get("definitions", "{}"))

    def keep(self, expr: ir.Table | Asked, *, name: str = "kept") -> ir.Table:
        """Compute an expression, or a question, once for this snapshot and return the table that holds its rows.

        The same question, asked again, finds the same table. `name` is what the table is called in shown SQL.
        """
        return self._under_a_name(expr, name, is_view=False)

    def named(self, expr: ir.Table, *, name: str) -> ir.Table:
        """Return an expression under a name: nothing is computed, and what is asked of it is short to write.

        The same question, asked again, finds the same name, of which `name` is a part.
        """
        return self._under_a_name(expr, name, is_view=True)

    def _under_a_name(self, expr: ir.Table | Asked, name: str, *, is_view: bool) -> ir.Table:
        with self._lock, self._guarded():
            used = self._ready(*expr.expressions) if isinstance(expr, Asked) else self._ready(expr)
            question = (expr if isinstance(expr, Asked) else expr.op(), name)
            table = self._kept_as.get(question)
            if table is None:
                sql = self._backend.written(expr) if isinstance(expr, Asked) else self._backend.compile(expr)
                table = self._kept.add(sql, used, name, is_view=is_view)
            self._kept.need([table])
            _remember(self._kept_as, question, table)
            if table not in self._tables:
                self._tables[table] = self._backend.table(table)
            return self._tables[table]

    def sql(self, expr: ir.Expr) -> str:
        """Return the SQL of an expression, laid out for reading; it runs on the snapshot's file as it stands."""
        with self._lock, self._guarded():
            self._own(expr)
            return shown_sql(self._backend.compile(expr), self._kept)

    def collect(self, expr: ir.Expr | Asked, *, limit: int = ROW_LIMIT) -> pd.DataFrame:
        """Fetch the rows of one of this store's expressions, as the function `collect` does, or of a question."""
        return frame(self.rows(expr, limit=limit))

    def rows(self, expr: ir.Expr | Asked, *, limit: int = ROW_LIMIT) -> pa.Table:
        """Fetch the rows of an expression or a question as they are: decimals exact, days as days.

        A snapshot never changes: few rows that were asked for lately are not asked for again.
        """
        question = expr if isinstance(expr, Asked) else as_table(expr).op()
        with self._lock, self._guarded():
            rows = self._answers.get(question)
        if rows is None or rows.num_rows > limit:
            rows = self._fetched(question, limit + 1)
        if rows.num_rows > limit:
            table = question.expression if isinstance(question, Asked) else question.to_expr()
            count = self._backend.to_pyarrow(table.count().as_table())[0][0].as_py()
            raise StoreError("too_many_rows", rows=count, limit=limit)
        if rows.num_rows <= REMEMBERED_ROWS:
            with self._lock:
                _remember(self._answers, question, rows)
        return rows

    def _fetched(self, question: Asked | ops.Node, limit: int | None) -> pa.Table:
        if not isinstance(question, Asked):
            return self._backend.to_pyarrow(_first_rows(question.to_expr(), limit))
        with self._lock, self._guarded():
            self._ready(*question.expressions)
            return self._backend.answer(question, limit=limit)

    def arrays(self, expr: ir.Expr | Asked) -> dict[str, NDArray[Any]]:
        """Fetch the columns as NumPy arrays, for statistics: no limit, so condense the rows by a query first."""
        return arrays(self._fetched(expr if isinstance(expr, Asked) else as_table(expr).op(), None))

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

    @contextmanager
    def ready(self, expr: ir.Expr) -> Iterator[None]:
        """Hold the store while one of its expressions runs, with all the kept tables that it reads."""
        with self._lock, self._guarded():
            self._ready(expr)
            yield

    def _ready(self, *exprs: ir.Expr) -> list[str]:
        """Make sure the kept tables that expressions read exist; return their names."""
        used = sorted({name for expr in exprs for name in self._own(expr) if name in self._kept})
        self._kept.need(used)
        return used

    def _own(self, expr: ir.Expr) -> list[str]:
        """Return the names of the tables that an expression reads; StoreError where they are another store's."""
        tables = expr.op().find(ops.DatabaseTable)
        if any(table.source is not self._backend for table in tables):
            raise StoreError("other_store")
        return [table.name for table in tables]

    def _guarded(self) -> AbstractContextManager[None]:
        """Refuse a closed store, and word the faults of an open one."""
        if not self._open:
            raise StoreError("store_closed", address=self.address)
        return as_store_errors(self._path, self._budget, reading=True)
