"""Questions asked of one table after another: what a function makes of tables is written for the first of them alone.

Making an expression takes longer than writing its query, and both longer than answering it. A page asks the same
functions of every setting of its filters, where nothing but the names of the tables differs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

FIRST_STAND_IN = date(7, 5, 3)
"""The first of the days that a question is written with in place of its own: no function of ours names such a day."""


@dataclass(frozen=True)
class Asked:
    """A function of the analyses with its tables and other arguments.

    The function makes its table of these alone, as all queries of topics do: it reads no clock, no store and no name
    of a table. Otherwise a later question would be answered by what the first one read.

    Its days come to the function as constants of the database, so that nothing it makes can hang on which they are:
    Python cannot compare them or do sums with them.
    """

    function: Callable[..., ir.Table]
    tables: tuple[ops.Node, ...]
    arguments: tuple[tuple[str, Hashable], ...]
    days: tuple[tuple[str, date], ...] = ()

    @property
    def expressions(self) -> list[ir.Table]:
        """The tables, as the function takes them."""
        return [table.to_expr() for table in self.tables]

    @cached_property
    def expression(self) -> ir.Table:
        """What the function makes of them."""
        days = {name: ibis.literal(day, "date") for name, day in self.days}
        return self.function(*self.expressions, **dict(self.arguments), **days)

    @property
    def of_other_days(self) -> Asked:
        """The same question with days that stand for any; itself where it has none."""
        if not self.days:
            return self
        stand_ins = ((name, FIRST_STAND_IN + timedelta(days=place)) for place, (name, _day) in enumerate(self.days))
        return replace(self, days=tuple(stand_ins))

    def likeness(self, is_kept: Callable[[str], bool]) -> Hashable:
        """Return what all questions share that differ only in days and the names of kept tables.

        None where a table is an expression.
        """
        alike: list[Hashable] = []
        for table in self.tables:
            if not isinstance(table, ops.DatabaseTable):
                return None
            name = None if is_kept(table.name) else table.name
            alike.append((table.schema, table.namespace, name, self.tables.index(table)))
        return (self.function, tuple(alike), self.arguments, tuple(name for name, _day in self.days))


def asking(function: Callable[..., ir.Table], *tables: ir.Table, **arguments: Any) -> Asked:
    """Ask a function of tables: `store.collect` fetches its rows as it does those of the expression.

    An argument that is a day reaches the function as a constant of Ibis.

    >>> import ibis
    >>> from ibis import _
    >>> sales = ibis.table({"amount": "float64"}, name="sales")
    >>> def above(sales, *, least):
    ...     return sales.filter(_.amount >= least)
    >>> asking(above, sales, least=3).expression.columns
    ('amount',)
    """
    days = {name: value for name, value in arguments.items() if type(value) is date}
    others = {name: value for name, value in arguments.items() if name not in days}
    return Asked(
        function, tuple(table.op() for table in tables), tuple(sorted(others.items())), tuple(sorted(days.items()))
    )
