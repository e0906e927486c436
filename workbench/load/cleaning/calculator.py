"""An empty database in memory for short questions about a few values: to open one takes longer than most answers."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import duckdb

_DATABASES: dict[int, duckdb.DuckDBPyConnection] = {}
"""By process: one that was forked makes its own, and never touches or closes that of the process it came from."""


@atexit.register
def _close() -> None:
    """Close this process's database before the interpreter ends, which would complain of what is left."""
    if own := _DATABASES.pop(os.getpid(), None):
        own.close()


@contextmanager
def calculator() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection of one's own, whose temporary tables go with it.

    The database runs in the thread that asks, for a sample of a file: what reads whole files opens one of its own.

    >>> with calculator() as con:
    ...     con.execute("SELECT 6 * 7").fetchall()
    [(42,)]
    """
    process = os.getpid()
    if process not in _DATABASES:
        _DATABASES[process] = duckdb.connect(config={"threads": 1})
    with _DATABASES[process].cursor() as con:
        yield con


@lru_cache(maxsize=32)
def answers(query: str, texts: tuple[str | None, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return the rows of a query of `$texts`; several questions about a file look at the same columns.

    >>> answers("SELECT len(text) FROM (SELECT unnest($texts::VARCHAR[]) AS text)", ("one", "three"))
    ((3,), (5,))
    """
    with calculator() as con:
        return tuple(con.execute(query, {"texts": list(texts)}).fetchall())
