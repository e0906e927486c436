"""The one door from the database to the screen: the rows of an expression, wherever it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import ibis.common.exceptions
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from workbench.errors import ChoiceError, StoreError
from workbench.store.backend import SnapshotBackend
from workbench.store.faults import in_words
from workbench.store.rows import ROW_LIMIT, as_table, frame

if TYPE_CHECKING:
    import polars as pl

ROW_FORMS = ("pandas", "polars", "arrow")
"""What rows can be handed out as."""


@overload
def collect(expr: ir.Expr, *, limit: int = ..., as_: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
@overload
def collect(expr: ir.Expr, *, limit: int = ..., as_: Literal["polars"]) -> pl.DataFrame: ...
@overload
def collect(expr: ir.Expr, *, limit: int = ..., as_: Literal["arrow"]) -> pa.Table: ...
@in_words
def collect(
    expr: ir.Expr, *, limit: int = ROW_LIMIT, as_: Literal["pandas", "polars", "arrow"] = "pandas"
) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """Fetch the rows of an expression for a chart or a table.

    The only door from the database to the screen; rows are never cut silently. It runs wherever the expression lives,
    on a store or on any other Ibis backend.

    Parameters
    ----------
    expr
        A table, a column or a single value.
    limit
        The most rows that are handed out.
    as_
        "pandas": money becomes floats and days timestamps, as charts and pandas know them. "polars" or "arrow": every
        value as the store holds it, decimals exact to the last digit and days as days.

    Raises
    ------
    StoreError
        There are more than `limit` rows; the expression is of another store; or Polars is not installed.
    ChoiceError
        `as_` is none of the three.
    """
    if as_ not in ROW_FORMS:
        raise ChoiceError("unknown_choice", name="as_", value=as_, allowed=ROW_FORMS)
    rows = _rows(expr, limit)
    if as_ == "pandas":
        return frame(rows)
    return rows if as_ == "arrow" else _polars_frame(rows)


def _rows(expr: ir.Expr, limit: int) -> pa.Table:
    backend = _backend_of(expr)
    if isinstance(backend, SnapshotBackend):
        return backend.store.rows(expr, limit=limit)
    table = as_table(expr)
    rows: pa.Table = backend.to_pyarrow(table.limit(limit + 1))
    if rows.num_rows > limit:
        raise StoreError("too_many_rows", rows=int(backend.execute(table.count())), limit=limit)
    return rows


def _polars_frame(rows: pa.Table) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError as missing:
        raise StoreError("polars_missing") from missing
    table: pl.DataFrame = pl.DataFrame(pl.from_arrow(rows))
    return table


def _backend_of(expr: ir.Expr) -> Any:
    """The backend that runs an expression; StoreError where it has none, or mixes two."""
    try:
        return expr.get_backend()
    except ibis.common.exceptions.IbisError as fault:
        raise StoreError("other_store") from fault
