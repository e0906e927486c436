"""Rows fetched from the database, as frames and arrays for charts and statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROW_LIMIT = 200_000
"""Most rows `collect` hands to a screen; a chart shows a few thousand."""


def as_table(expr: ir.Expr) -> ir.Table:
    """A single value or column as a table of one column."""
    table: ir.Table = expr if isinstance(expr, ir.Table) else expr.as_table()
    return table


def plain_columns(table: pa.Table) -> pa.Table:
    """Turn decimals into floats and days into timestamps, which charts and pandas know."""
    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(position, field.name, _floats(table.column(position)))
        elif pa.types.is_date(field.type):
            table = table.set_column(position, field.name, table.column(position).cast(pa.timestamp("us")))
    return table


def _floats(decimals: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn decimals into the floats nearest to them, as far as their digits are fewer than 2^53.

    Arrow's own cast multiplies by a power of ten that is no float, and misses the nearest one for every seventh amount:
    -49.80 became -49.800000000000004.
    """
    scaled = decimals.cast(pa.decimal128(38, decimals.type.scale))
    digits = pa.decimal128(38, 0)
    whole = [pa.Array.from_buffers(digits, len(one), one.buffers(), offset=one.offset) for one in scaled.chunks]
    return pc.divide(pa.chunked_array(whole, digits).cast(pa.float64()), 10.0**decimals.type.scale)


def frame(table: pa.Table) -> pd.DataFrame:
    """The rows as a DataFrame: unknown numbers are NaN, unknown days NaT, unknown texts and truths missing."""
    rows: pd.DataFrame = plain_columns(table).to_pandas()
    return rows


def arrays(table: pa.Table) -> dict[str, NDArray[Any]]:
    """The columns as NumPy arrays: numbers as they are (floats where one is unknown), texts as objects or None."""
    simple = plain_columns(table)
    return {name: simple.column(name).to_numpy() for name in simple.column_names}
