"""The SQL of an expression, worked out once: Ibis takes longer to write a query than DuckDB to answer it here."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

MOST = 1000
"""How many queries are remembered."""


def remember_sql() -> None:
    """Let Ibis's DuckDB backend answer an expression equal to an earlier one with the SQL it wrote then.

    A law asks the same question of every example, and an expression holds no rows: only the tables' names and columns.
    """
    write, written = Backend.compile, OrderedDict[tuple[Any, ...], str]()

    def compile_once(
        self: Backend, expr: ir.Expr, /, *, limit: int | None = None, params: Any = None, pretty: bool = False
    ) -> str:
        if params is not None:
            return write(self, expr, limit=limit, params=params, pretty=pretty)
        question = (expr.op(), limit, pretty)
        if question not in written:
            written[question] = write(self, expr, limit=limit, pretty=pretty)
            if len(written) > MOST:
                written.popitem(last=False)
        written.move_to_end(question)
        return written[question]

    Backend.compile = compile_once
