"""Small groups on managers' pages: a row whose group is too small keeps its name and loses every figure."""

from __future__ import annotations

import ibis
from ibis.expr import types as ir

from workbench.analyses.small_groups import hidden_groups


def without_small_groups(rows: ir.Table, *, names: tuple[str, ...], size: str, smallest: int) -> ir.Table:
    """Return the rows with the figures of too small groups unknown, and of one more so that none can be subtracted.

    `names` are the columns that name a group; all others are figures about it.
    """
    if smallest <= 1:
        return rows
    joined = rows.mutate(group_name=ibis.literal("/").join([rows[name].cast("string") for name in names]))
    marked = hidden_groups(joined, name="group_name", size=size, smallest=smallest)
    figures = {
        name: marked.is_hidden.ifelse(ibis.null(), marked[name]).name(name)
        for name in rows.columns
        if name not in names
    }
    return marked.select(*names, *figures.values())
