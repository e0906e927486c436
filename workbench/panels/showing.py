"""Which groups of a table are shown: sum after sum, in the order in which they are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.analyses.open_sums import Members, OpenSums
from workbench.panels.privacy import Key, Names, Shown, keys

Marks = frozenset[Key]


def hidden_groups(sums: OpenSums, tables: Sequence[Shown], atoms: pd.DataFrame) -> dict[Shown, set[Key]]:
    """Show the sums of tables as far as they may be; return the groups of each that are not shown.

    What stands beside the tables comes before their rows, for it is known elsewhere. Rows come in the order of
    `Shown.first`, then by size: what is hidden are the smallest. A row that tells of a hidden side is hidden with it.
    """
    sides = {table.common(names) for table in tables for names in table.totals if names != table.names}
    untold = {
        key
        for names in sorted(sides, key=lambda one: (len(one), one))
        for key, members in _largest_first(atoms, names)
        if not sums.admits(members)
    }
    found: dict[Shown, set[Key]] = {}
    for table in tables:
        told = [set(table.common(names)) for names in table.tells]
        rows = _largest_first(atoms, table.common(table.names), first=table.first)
        found[table] = {
            key
            for key, members in rows
            if any(tuple(part for part in key if part[0] in side) in untold for side in told)
            or not sums.admits(members)
        }
    return found


def shown_alone(table: Shown, rows: pd.DataFrame, *, smallest: int) -> set[Key]:
    """Return the groups of one table that are not shown where nothing is known but its rows and its totals."""
    atoms = rows[rows["customer_count"] > 0].reset_index(drop=True)
    sums = OpenSums(atoms["customer_count"].to_numpy(dtype=np.int64), smallest=smallest)
    return hidden_groups(sums, [table], atoms)[table]


def _largest_first(atoms: pd.DataFrame, names: Names, first: Sequence[object] = ()) -> list[tuple[Key, Members]]:
    """Return every group with who is in it; customers of whom no name is known are in none."""
    known = atoms[list(names)].notna().any(axis=1).to_numpy() if names else np.ones(len(atoms), dtype=bool)
    groups: dict[Key, list[int]] = {}
    for place, key in enumerate(keys(atoms, names)):
        if known[place]:
            groups.setdefault(key, []).append(place)
    people = atoms["customer_count"].to_numpy()
    found = []
    for key, places in groups.items():
        members = np.zeros(len(atoms), dtype=bool)
        members[places] = True
        found.append((key, members))
    ranks = {value: place for place, value in enumerate(first)}

    def order(one: tuple[Key, Members]) -> tuple[int, int, str]:
        key, members = one
        place = min((ranks[value] for _name, value in key if value in ranks), default=len(ranks))
        return place, -int(people[members].sum()), str(key)

    return sorted(found, key=order)
