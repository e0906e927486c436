"""Small groups on managers' pages: a row whose group is too small keeps its name and loses every figure."""

from __future__ import annotations

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.small_groups import hidden_groups
from workbench.panels.session import Session


def shown_rows(
    session: Session,
    rows: ir.Table,
    *,
    names: tuple[str, ...],
    size: str = "customer_count",
    smallest: int | None = None,
) -> pd.DataFrame:
    """Fetch rows of groups as the session may show them, in their order.

    They are looked at first: where no group is too small, which is the rule, the costlier query is not asked.
    """
    least = session.minimum_group if smallest is None else smallest
    found = session.store.collect(rows)
    sizes = found[size]
    if not ((sizes > 0) & (sizes < least)).any():
        return found
    hidden = session.store.collect(without_small_groups(rows, names=names, size=size, smallest=least))
    return found[[*names]].merge(hidden, on=[*names], how="left")[[*found.columns]]


def without_small_groups(rows: ir.Table, *, names: tuple[str, ...], size: str, smallest: int) -> ir.Table:
    """Return the rows with the figures of too small groups unknown, and of one more so that none can be subtracted.

    `names` are the columns that name a group; all others are figures about it.
    """
    joined = rows.mutate(group_name=ibis.literal("/").join([rows[name].cast("string") for name in names]))
    marked = hidden_groups(joined, name="group_name", size=size, smallest=smallest)
    figures = {
        name: marked.is_hidden.ifelse(ibis.null(), marked[name]).name(name)
        for name in rows.columns
        if name not in names
    }
    return marked.select(*names, *figures.values())
