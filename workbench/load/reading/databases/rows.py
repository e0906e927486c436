"""Rows of a database as text: the headers, and batches with the columns `c1` … `cN`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

CONNECT_SECONDS = 10
"""How long a server may take to answer at all."""

BATCH_ROWS = 50_000
"""So many rows of a driver that gives them one by one are held at once."""


@dataclass(frozen=True)
class TextRows:
    """The headers, and the rows in batches: text, or an empty binary column where there are bytes."""

    names: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]


class DatabaseSession(Protocol):
    """An open connection that reads, and sees one state of the database until it is closed."""

    def tables(self) -> list[str]:
        """The tables and views that can be read, as people write them."""

    def select_from(self, table: str) -> str:
        """The query of everything in one of `tables`."""

    def fetch(self, sql: str, name: str, *, first: int | None = None) -> TextRows:
        """Run a query, named for errors, and give its rows, or only the first ones; LoadError where it fails."""

    def close(self) -> None:
        """End the transaction and the connection, also in the midst of rows."""


def cells(places: int) -> list[str]:
    """The names of so many columns: c1, c2, …"""
    return [f"c{place}" for place in range(1, places + 1)]


def with_plain_columns(query: str, places: int) -> str:
    """The query as a relation whose columns are c1, c2, …: it may name two alike."""
    return f"(\n{query}\n) AS q({', '.join(cells(places))})"


def batched(
    rows: Iterator[Sequence[Sequence[object]]], to_array: Sequence[Callable[[Sequence[object]], pa.Array]]
) -> Iterator[pa.RecordBatch]:
    """Turn rows of a driver into batches, each column by its own function."""
    for some in rows:
        columns = zip(*some, strict=True)
        arrays = [turn(column) for turn, column in zip(to_array, columns, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=cells(len(arrays)))


def empty_batch(binary: Sequence[bool]) -> pa.RecordBatch:
    """A batch without rows, which tells the types."""
    types = [pa.binary() if one else pa.string() for one in binary]
    return pa.RecordBatch.from_arrays([pa.array([], one) for one in types], names=cells(len(types)))
