"""Which groups of a table are shown: sum after sum, in the order in which they are worth keeping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.cell_ranges import CellRanges
from workbench.analyses.open_sums import Members, OpenSums, Sums
from workbench.errors import NothingToShow, StoreError
from workbench.panels.privacy import ColumnNames, Key, Shown, keys
from workbench.panels.session import Session


def withheld_groups(sums: OpenSums, tables: Sequence[Shown], atoms: pd.DataFrame) -> dict[Shown, set[Key]]:
    """Show the sums of tables as far as they may be; return the groups of each that are not shown.

    What stands beside the tables comes before their rows, for it is known elsewhere. Rows come in the order of
    `Shown.first`, then by size: what is hidden are the smallest. A row that tells of a hidden side is hidden with it.
    """
    sides = {table.common(names) for table in tables for names in table.totals if names != table.names}
    whole: tuple[ColumnNames, ...] = ((),) if () in sides else ()
    untold: set[Key] = set()
    for names in sorted(sides, key=lambda one: (len(one), one)):
        untold |= hidden_rows(sums, Shown(names, totals=whole if names else ()), atoms, untold)
    return {table: hidden_rows(sums, table, atoms, untold) for table in tables}


def hidden_rows(sums: Sums, table: Shown, atoms: pd.DataFrame, untold: set[Key]) -> set[Key]:
    """Show the rows of one table as far as they may be; return the others, with those that tell of an `untold` side."""
    rows = _largest_first(atoms, table.common(table.names), first=table.first)
    sides = [set(table.common(names)) for names in table.tells]
    cells = _Cells.of(table, rows, atoms, untold, smallest=sums.smallest)
    hidden = set()
    for key, members in rows:
        if any(_side(key, side) in untold for side in sides) or cells.ranges.hides(*cells.places[key], members, sums):
            hidden.add(key)
    return hidden


def _side(key: Key, names: set[str]) -> Key:
    return tuple(part for part in key if part[0] in names)


@dataclass(frozen=True)
class _Cells:
    """The rows of a table as cells between the lines whose sums stand beside it."""

    ranges: CellRanges
    places: Mapping[Key, tuple[int, int]]

    @classmethod
    def of(
        cls, table: Shown, rows: Sequence[tuple[Key, Members]], atoms: pd.DataFrame, untold: set[Key], *, smallest: int
    ) -> _Cells:
        """Lay the rows out by two sides, where the sums of one are known; otherwise they are one line."""
        sides = [names for names in table.totals if len(names) == 1 and len(table.names) == TWO_SIDES]
        across = set(table.common(sides[0] if sides else ()))
        along = set(table.common(table.names)) - across
        lines = [sorted({_side(key, side) for key, _members in rows}, key=str) for side in (across, along)]
        first, second = ({line: place for place, line in enumerate(some)} for some in lines)
        places = {key: (first[_side(key, across)], second[_side(key, along)]) for key, _members in rows}
        counts = np.zeros((len(first), len(second)), dtype=np.int64)
        people = atoms["customer_count"].to_numpy()
        for key, members in rows:
            counts[places[key]] = people[members].sum()
        summed = {frozenset(table.common(names)) for names in table.totals}
        known = (
            np.array([frozenset(side) in summed and line not in untold for line in some], dtype=bool)
            for side, some in zip((across, along), lines, strict=True)
        )
        return cls(CellRanges(counts, *known, smallest=smallest), places)


TWO_SIDES = 2
MOST_GROUPS = 200_000
"""More finest groups than this are not weighed against each other: it would take minutes."""


class TooManyGroups(NothingToShow):
    """Why a table is not shown whose small groups would take too long to find."""


def weighed_groups(session: Session, groups: ir.Table) -> pd.DataFrame:
    """Fetch the finest groups that are weighed against each other; TooManyGroups where there are over MOST_GROUPS."""
    try:
        return session.store.collect(groups, limit=MOST_GROUPS)
    except StoreError as error:
        if error.key != "too_many_rows":
            raise
        raise TooManyGroups("too_many_groups", groups=error.facts["rows"], limit=MOST_GROUPS) from error


def shown_alone(table: Shown, rows: pd.DataFrame, *, smallest: int) -> set[Key]:
    """Return the groups of one table that are not shown where nothing is known but its rows and its totals."""
    atoms = rows[rows["customer_count"] > 0].reset_index(drop=True)
    sums = OpenSums(atoms["customer_count"].to_numpy(dtype=np.int64), smallest=smallest)
    return withheld_groups(sums, [table], atoms)[table]


def _largest_first(atoms: pd.DataFrame, names: ColumnNames, first: Sequence[object] = ()) -> list[tuple[Key, Members]]:
    """Return every group with who is in it; customers of whom no name is known are in none."""
    known = atoms[list(names)].notna().any(axis=1).to_numpy() if names else np.ones(len(atoms), dtype=bool)
    groups: dict[Key, list[int]] = {}
    for place, key in enumerate(keys(atoms, names)):
        if known[place]:
            groups.setdefault(key, []).append(place)
    people = atoms["customer_count"].to_numpy()
    ordered = []
    for key, places in groups.items():
        members = np.zeros(len(atoms), dtype=bool)
        members[places] = True
        ordered.append((key, members))
    ranks = {value: place for place, value in enumerate(first)}

    def order(one: tuple[Key, Members]) -> tuple[int, int, str]:
        key, members = one
        place = min((ranks[value] for _name, value in key if value in ranks), default=len(ranks))
        return place, -int(people[members].sum()), str(key)

    return sorted(ordered, key=order)
