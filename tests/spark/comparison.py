"""Two answers compared row by row, whatever their order: everything exactly, but what floats add up to."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa

CLOSE = 1e-12
"""How far two floats may lie apart, as a share of them: engines add up in different orders."""


def differences(one: pa.Table, other: pa.Table) -> list[str]:
    """Say where two answers differ: in their columns, in what these hold, in their rows."""
    if one.column_names != other.column_names:
        return [f"columns {one.column_names} and {other.column_names}"]
    kinds = [
        f"{left.name} holds {_kind(left.type)} and {_kind(right.type)}"
        for left, right in zip(one.schema, other.schema, strict=True)
        if _kind(left.type) != _kind(right.type)
    ]
    if kinds:
        return kinds
    found = [] if one.num_rows == other.num_rows else [f"{one.num_rows} and {other.num_rows} rows"]
    for left, right in zip(_in_order(one), _in_order(other), strict=False):
        told = [
            f"{name} {a!r} and {b!r}"
            for name, a, b in zip(one.column_names, left, right, strict=True)
            if not _same(a, b)
        ]
        if told:
            found.append(f"{left[0]!r}: {'; '.join(told)}")
    return found


def _kind(type_: pa.DataType) -> str:
    """Name what a column holds; how many bits or digits it keeps for that is the engine's own business."""
    tests = {
        "whole numbers": pa.types.is_integer,
        "decimals": pa.types.is_decimal,
        "floats": pa.types.is_floating,
        "days": pa.types.is_date,
        "moments": pa.types.is_timestamp,
        "truths": pa.types.is_boolean,
        "texts": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    }
    if pa.types.is_list(type_):
        return f"several {_kind(type_.value_type)}"
    return next((name for name, holds in tests.items() if holds(type_)), str(type_))


def _in_order(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return the rows sorted by all that is exact, then by the floats."""
    exact = [place for place, field in enumerate(table.schema) if not pa.types.is_floating(field.type)]
    inexact = [place for place in range(table.num_columns) if place not in exact]
    rows = list(zip(*(_values(column) for column in table.columns), strict=True)) if table.num_columns else []
    return sorted(rows, key=lambda row: [_place(row[place]) for place in (*exact, *inexact)])


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return the values; several values in one cell are a set, whose order is nobody's."""
    return [sorted(value) if isinstance(value, list) else value for value in column.to_pylist()]


def _place(value: Any) -> tuple[int, Any]:
    """Where a value stands: the unknown first, what is not a number last."""
    if value is None:
        return (0, 0)
    return (2, 0) if value != value else (1, value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE) or (math.isnan(one) and math.isnan(other))
    return one == other
