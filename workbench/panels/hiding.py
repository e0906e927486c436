"""Hiding small groups of an answer on managers' pages: here alone, after the query, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.open_sums import OpenSums
from workbench.analyses.twins import Collect
from workbench.errors import NothingToShow
from workbench.panels.privacy import Key, Marks, Privacy, Shown
from workbench.panels.showing import withheld_groups


def without_small_groups(
    answer: Any, privacy: Privacy, *, smallest: int, collect: Collect, decided: Marks | None = None
) -> Any:
    """Return an answer in which every figure about fewer than `smallest` people, or leading to them, is unknown.

    `decided` are the groups hidden of a standing table; other answers are weighed alone. Rows keep their names. Raises
    NothingToShow where the people of a whole table are too few.
    """
    if smallest <= 1:
        return answer
    tables = privacy.shows(answer)
    for table in tables:
        whole = table.rows(answer)[table.counts].sum(skipna=False)
        if () in table.totals and 0 < whole < smallest:
            raise NothingToShow(privacy.instead or "group_too_small", minimum=smallest)
    if decided is None:
        marks = marked_groups(answer, privacy, tables, smallest=smallest, collect=collect)
    else:
        marks = {table: _small_or_unknown(table, table.rows(answer), smallest) | decided for table in tables}
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
            same = rows[np.all([rows[name] == picked[name] for name in table.names], axis=0)]
            if len(same) and same[table.counts].isna().all():
                return True
    return False


def marked_groups(
    answer: Any, privacy: Privacy, tables: Sequence[Shown], *, smallest: int, collect: Collect
) -> dict[Shown, set[Key]]:
    """Return the groups of every table that must not be shown.

    Tables whose names the people know are sums over the same people, and are seen together; any other is a sum over
    its own rows.
    """
    marks = {table: _small_or_unknown(table, table.rows(answer), smallest) for table in tables}
    people, counted = _people(answer, privacy)
    columns = set(counted.columns if counted is not None else people.columns if people is not None else ())
    together = [table for table in tables if table.names and set(table.common(table.names)) <= columns]
    if any(marks[table] for table in tables) or len(together) > 1:
        for some, atoms in _systems(answer, tables, together, people if counted is None else counted, collect):
            sums = OpenSums(atoms["customer_count"].to_numpy(dtype=np.int64), smallest=smallest)
            for table, hidden in withheld_groups(sums, some, atoms).items():
                marks[table].update(hidden)
    return marks


def _small_or_unknown(table: Shown, rows: pd.DataFrame, smallest: int) -> set[Key]:
    counts = rows[table.counts]
    return set(table.group_keys(rows[counts.isna() | counts.between(1, smallest - 1)]))


def _people(answer: Any, privacy: Privacy) -> tuple[ir.Table | None, pd.DataFrame | None]:
    return privacy.people(answer) if privacy.people else None, privacy.atoms(answer) if privacy.atoms else None


def _systems(
    answer: Any,
    tables: Sequence[Shown],
    together: Sequence[Shown],
    people: ir.Table | pd.DataFrame | None,
    collect: Collect,
) -> Iterator[tuple[Sequence[Shown], pd.DataFrame]]:
    """Yield which tables are sums over the same atoms, with these."""
    shared = together if len(together) > 1 else []
    if shared and people is not None:
        names = sorted({name for table in shared for name in table.common(table.names)})
        if not isinstance(people, pd.DataFrame):
            people = collect(people.group_by(names).aggregate(customer_count=_.count()))
        yield shared, people[people["customer_count"] > 0].reset_index(drop=True)
    for table in tables:
        rows = table.rows(answer)
        if table not in shared and table.totals and len(rows):
            known = rows[rows[table.counts] > 0]
            atoms = known[[*table.names]].rename(columns=dict(table.called))
            yield [table], atoms.assign(customer_count=known[table.counts]).reset_index(drop=True)


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
