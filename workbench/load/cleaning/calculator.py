"""An empty database in memory for short questions about a few values: to open one takes longer than most answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

_DATABASES: dict[int, duckdb.DuckDBPyConnection] = {}
"""By process: one that was forked makes its own, and never touches or closes that of the process it came from."""


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
