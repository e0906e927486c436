"""Questions asked of one table after another: what a function makes of tables is written for the first of them alone.

Making an expression takes longer than writing its query, and both longer than answering it. A page asks the same
functions of every setting of its filters, where nothing but the names of the tables differs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir


@dataclass(frozen=True)
class Asked:
    """A function of the analyses with its tables and other arguments.

    The function makes its table of these alone, as all queries of topics do: it reads no clock, no store and no name
    of a table. Otherwise a later question would be answered by what the first one read.
    """

    function: Callable[..., ir.Table]
    tables: tuple[ops.Node, ...]
    arguments: tuple[tuple[str, Hashable], ...]

    @property
    def expressions(self) -> list[ir.Table]:
        """The tables, as the function takes them."""
        return [table.to_expr() for table in self.tables]

    @cached_property
    def expression(self) -> ir.Table:
        """What the function makes of them."""
        return self.function(*self.expressions, **dict(self.arguments))

    def likeness(self, is_kept: Callable[[str], bool]) -> Hashable:
        """Return what all questions share that differ only in the names of kept tables; None where one is no table."""
        alike: list[Hashable] = []
        for table in self.tables:
            if not isinstance(table, ops.DatabaseTable):
                return None
            name = None if is_kept(table.name) else table.name
            alike.append((table.schema, table.namespace, name, self.tables.index(table)))
        return (self.function, tuple(alike), self.arguments)


def asking(function: Callable[..., ir.Table], *tables: ir.Table, **arguments: Any) -> Asked:
    """Ask a function of tables: `store.collect` fetches its rows as it does those of the expression.

    >>> import ibis
    >>> from ibis import _
    >>> sales = ibis.table({"amount": "float64"}, name="sales")
    >>> def above(sales, *, least):
    ...     return sales.filter(_.amount >= least)
    >>> asking(above, sales, least=3).expression.columns
    ('amount',)
    """
    return Asked(function, tuple(table.op() for table in tables), tuple(sorted(arguments.items())))
