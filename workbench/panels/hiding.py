"""Hiding small groups of an answer on managers' pages: here alone, after the query, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from ibis import _

from workbench.analyses.small_cells import hidden_cells
from workbench.analyses.small_sums import ALWAYS, BESIDE, ROW, hidden_sums
from workbench.analyses.twins import Collect
from workbench.errors import NothingToShow
from workbench.panels.privacy import ColumnNames, Key, Privacy, Shown, keys

Marks = Mapping[Shown, set[Key]]

TWO_SIDES = 2


def without_small_groups(answer: Any, privacy: Privacy, *, smallest: int, collect: Collect) -> Any:
    """Return an answer in which every figure about fewer than `smallest` people, or leading to them, is unknown.

    Rows keep their names. Raises NothingToShow where the people of a whole table are too few.
    """
    if smallest <= 1:
        return answer
    tables = privacy.shows(answer)
    for table in tables:
        whole = table.rows(answer)[table.counts].sum(skipna=False)
        if () in table.totals and 0 < whole < smallest:
            raise NothingToShow(privacy.instead or "group_too_small", minimum=smallest)
    marks = {table: marked_groups(table, table.rows(answer), smallest) for table in tables}
    for together, atoms in _systems(answer, privacy, tables, marks, collect):
        _close(answer, together, atoms, marks, smallest)
    frames: dict[str, pd.DataFrame] = {}
    for table in tables:
        rows = frames.get(table.frame, table.rows(answer))
        hidden = pd.Series([key in marks[table] for key in table.group_keys(rows)], index=rows.index, dtype=bool)
        if hidden.any():
            frames[table.frame] = _without_figures(table, rows, hidden)
    if frames and privacy.instead:
        raise NothingToShow(privacy.instead, minimum=smallest)
    return replace(answer, **frames) if frames else answer


def is_hidden(answer: Any, privacy: Privacy, picked: Mapping[str, Any]) -> bool:
    """Say whether what was picked on a chart is a row that lost its figures."""
    for table in privacy.shows(answer):
        rows = table.rows(answer)
        if not rows.empty and table.names and set(table.names) <= set(picked):
            same = rows[np.logical_and.reduce([rows[name] == picked[name] for name in table.names])]
            if len(same) and same[table.counts].isna().all():
                return True
    return False


def marked_groups(table: Shown, rows: pd.DataFrame, smallest: int) -> set[Key]:
    """Mark the groups of one table that are too small, and one more of each total, so that none can be subtracted.

    Groups whose figures the query left unknown are hidden already.
    """
    if rows.empty:
        return set()
    counts = rows[table.counts]
    if len(table.names) == TWO_SIDES and {(name,) for name in table.names} <= set(table.totals):
        return _marked_cells(table, rows, smallest)
    named = table.group_keys(rows)
    sized = pd.DataFrame({"count": counts.to_numpy(dtype=float), "place": range(len(rows))})
    sized["name"] = ["/".join(map(str, values)) for values in rows[[*table.names]].itertuples(index=False)]
    sized["total"] = [str(key) for key in table.group_keys(rows, table.totals[0])] if table.totals else sized["name"]
    marked: set[Key] = set()
    for _total, part in sized.groupby("total"):
        small = part[part["count"].isna() | part["count"].between(1, smallest - 1)]
        large = part[part["count"] >= smallest].sort_values(["count", "name"])
        if part["count"].between(1, smallest - 1).any() and table.totals:
            small = pd.concat([small, large.head(1)])
        marked |= {named[place] for place in small["place"]}
    return marked


def _marked_cells(table: Shown, rows: pd.DataFrame, smallest: int) -> set[Key]:
    """Mark cells of a table with two sides, and those of its margins that must not be known."""
    first, second = table.names
    cells = rows.pivot_table(index=first, columns=second, values=table.counts, aggfunc="sum", fill_value=0)
    hidden = hidden_cells(cells.to_numpy(dtype=np.int64), smallest=smallest)
    pairs = pd.DataFrame([(one, other) for one in cells.index for other in cells.columns], columns=[first, second])
    sides = pd.DataFrame({first: cells.index}), pd.DataFrame({second: cells.columns})
    every = [*table.group_keys(pairs), *table.group_keys(sides[0], (first,)), *table.group_keys(sides[1], (second,))]
    marked = np.concatenate([hidden[:-1, :-1].ravel(), hidden[:-1, -1], hidden[-1, :-1]])
    few = rows[rows[table.counts].between(1, smallest - 1)]  # also where a cell is split over several rows
    return {key for key, is_one in zip(every, marked, strict=True) if is_one} | set(table.group_keys(few))


def _systems(
    answer: Any, privacy: Privacy, tables: Sequence[Shown], marks: Marks, collect: Collect
) -> list[tuple[list[Shown], pd.DataFrame]]:
    """Return which tables are sums over the same atoms, with these: those of the people declared, else a table's rows.

    One table alone needs no more than its own rule, unless it has two sides of which something is hidden.
    """
    people = privacy.people(answer) if privacy.people else None
    counted = privacy.atoms(answer) if privacy.atoms else None
    columns = set(counted.columns if counted is not None else people.columns if people is not None else ())
    together = [table for table in tables if table.names and set(table.common(table.names)) <= columns]
    systems: list[tuple[list[Shown], pd.DataFrame]] = []
    if len(together) > 1:
        if counted is None and people is not None:
            names = sorted({name for table in together for name in table.common(table.names)})
            counted = collect(people.group_by(names).aggregate(customer_count=_.count()))
        if counted is not None:
            systems.append((together, counted))
    for table in tables:
        if (len(together) < TWO_SIDES or table not in together) and len(table.totals) > 1 and marks[table]:
            rows = table.rows(answer)
            counted = rows[[*table.names]].rename(columns=dict(table.called))
            systems.append(([table], counted.assign(customer_count=rows[table.counts])))
    return systems


def _close(answer: Any, tables: Sequence[Shown], atoms: pd.DataFrame, marks: Marks, smallest: int) -> None:
    """Add to the marks of tables over the same atoms what must be hidden as well."""
    ranks: dict[Key, int] = {(): ALWAYS}
    for table in tables:
        ranks |= dict.fromkeys(table.group_keys(table.rows(answer)), ROW)
    for names in sorted({table.common(names) for table in tables for names in table.totals if names}):
        for key in keys(atoms, names):
            ranks.setdefault(key, BESIDE)
    ranked = [*ranks]
    places: dict[ColumnNames, list[Key]] = {}
    members = np.zeros((len(ranked), len(atoms)), dtype=bool)
    for place, key in enumerate(ranked):
        names = tuple(name for name, _value in key)
        if names not in places:
            places[names] = keys(atoms, names)
        members[place] = [one == key for one in places[names]]
    marked = set().union(*(marks[table] for table in tables))
    sizes, order = atoms["customer_count"].to_numpy(dtype=np.int64), np.array([ranks[key] for key in ranked])
    counts = members @ sizes
    first = np.array([key in marked for key in ranked]) | ((order == BESIDE) & (counts > 0) & (counts < smallest))
    hidden = hidden_sums(members, sizes, first, ranks=order, smallest=smallest)
    every = {key for key, is_one in zip(ranked, hidden, strict=True) if is_one}
    for table in tables:
        marks[table].update(every)


def _without_figures(table: Shown, rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """Take the figures off the hidden rows; where rows stand by size, these go last."""
    shown = rows.copy()
    for name in rows.columns:
        if name not in table.names and name not in table.beside:
            column = rows[name]
            is_plain = pd.api.types.is_bool_dtype(column) or pd.api.types.is_object_dtype(column)
            shown[name] = column.astype(object).where(~hidden, None) if is_plain else column.mask(hidden)
    if table.in_place:
        return shown
    last = shown[hidden].sort_values([*table.names], kind="stable")
    return pd.concat([shown[~hidden], last], ignore_index=True)
