"""The one door from the database to the screen: the rows of an expression, wherever it lives."""

from __future__ import annotations

from typing import Any

import ibis.common.exceptions
import ibis.expr.types as ir
import pandas as pd

from workbench.errors import StoreError
from workbench.store.backend import SnapshotBackend
from workbench.store.faults import in_words
from workbench.store.rows import ROW_LIMIT, as_table, frame


@in_words
def collect(expr: ir.Expr, *, limit: int = ROW_LIMIT) -> pd.DataFrame:
    """Fetch the rows of an expression for a chart or a table; StoreError where there are more than `limit`.

    The only door from the database to the screen: decimals become floats, days timestamps, and rows are never cut
    silently. It runs wherever the expression lives, on a store or on any other Ibis backend.
    """
    backend = _backend_of(expr)
    if isinstance(backend, SnapshotBackend):
        return backend.store.collect(expr, limit=limit)
    table = as_table(expr)
    rows = backend.to_pyarrow(table.limit(limit + 1))
    if rows.num_rows > limit:
        raise StoreError("too_many_rows", rows=int(backend.execute(table.count())), limit=limit)
    return frame(rows)


def _backend_of(expr: ir.Expr) -> Any:
    """The backend that runs an expression; StoreError where it has none, or mixes two."""
    try:
        return expr.get_backend()
    except ibis.common.exceptions.IbisError as fault:
        raise StoreError("other_store") from fault
