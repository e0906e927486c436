"""Rounding of floats to so many decimals, the same on every engine."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

BILLIONTHS = 1_000_000_000
"""Shares of a whole are compared in whole numbers, to a billionth: in floats 0.95 - 0.15 is below 0.80."""


def _round(value: float) -> float:  # type: ignore[empty-body]
    """The function of this name, which every engine has; Ibis's own makes whole numbers, and so finds an end."""


_to_whole = ibis.udf.scalar.builtin(_round, name="round")


def rounded(value: ir.FloatingValue, digits: int) -> ir.FloatingValue:
    """Round half away from zero, the float itself and not the decimals it is written with.

    The engines' own rounding to decimals differs: 1.005, in binary a hair below, is 1.00 to DuckDB and 1.01 to Spark.
    To whole numbers they agree. This is how DuckDB does it.

    >>> rounded(ibis.literal("1.005").cast("float64"), 2).to_pandas()
    1.0
    """
    scale = float(10**digits)
    return _to_whole(value * scale) / scale
