"""The SQL of an expression, worked out once: Ibis takes longer to write a query than DuckDB to answer it here.

An open store remembers by itself; this is for the plain tables that laws are tried on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.backends.sql import SQLBackend
from ibis.common.graph import Graph, Node

from workbench.store.backend import SnapshotBackend

MOST = 3000
"""How many queries are remembered."""


def remember_sql() -> None:
    """Let a backend of Ibis answer an expression like an earlier one with the SQL that its kind wrote then.

    A law asks the same question of every example, and other tests ask it of every company. An expression holds no
    rows: only the tables' names and columns, and which store they are in, of which the SQL says nothing.
    """
    write, written = SQLBackend.compile, OrderedDict[tuple[Any, ...], str]()

    def compile_once(
        self: SQLBackend, expr: ir.Expr, /, *, limit: int | None = None, params: Any = None, pretty: bool = False
    ) -> str:
        if params is not None or isinstance(self, SnapshotBackend):
            return write(self, expr, limit=limit, params=params, pretty=pretty)
        question = (type(self), outline(expr), limit, pretty, ibis.options.sql.fuse_selects)
        if question not in written:
            written[question] = write(self, expr, limit=limit, pretty=pretty)
            if len(written) > MOST:
                written.popitem(last=False)
        written.move_to_end(question)
        return written[question]

    SQLBackend.compile = compile_once


def outline(expr: ir.Expr) -> tuple[Any, ...]:
    """Return what an expression says, node by node, the same for the tables of every store."""
    nodes = Graph.from_bfs(expr.op())
    places = {node: place for place, node in enumerate(nodes)}
    return tuple((type(node), *(_said(part, places) for part in node.args)) for node in nodes)


def _said(part: Any, places: Mapping[Node, int]) -> Any:
    """Return a part of a node: other nodes by their place, whatever runs it by its kind."""
    if isinstance(part, Node):
        return ("node", places[part])
    if isinstance(part, tuple | list):
        return tuple(_said(one, places) for one in part)
    if isinstance(part, Mapping):
        return tuple((_said(name, places), _said(one, places)) for name, one in part.items())
    return type(part) if isinstance(part, BaseBackend) else (type(part), part)
