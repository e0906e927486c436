"""Which groups of a table are shown: sum after sum, in the order in which they are worth keeping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.arrays import Integers
from workbench.analyses.cell_ranges import CellRanges
from workbench.analyses.open_sums import Members, OpenSums, Sums
from workbench.errors import NothingToShow, StoreError
from workbench.panels.privacy import ColumnNames, Key, Shown, keys
from workbench.panels.session import Session
from workbench.store import Asked


@dataclass(frozen=True)
class Weighed:
    """What of some tables is shown.

    Attributes
    ----------
    hidden
        The groups of each table that are not.
    shown
        The groups that are, and the sums that stand beside the tables, each with who is in it.
    """

    hidden: Mapping[Shown, set[Key]]
    shown: Sequence[tuple[Key, Members]]


def withheld_groups(sums: OpenSums, tables: Sequence[Shown], atoms: pd.DataFrame) -> Mapping[Shown, set[Key]]:
    """Show the sums of tables as far as they may be; return the groups of each that are not shown."""
    return weighed_tables(sums, tables, atoms).hidden


def weighed_tables(
    sums: OpenSums, tables: Sequence[Shown], atoms: pd.DataFrame, *, closed: Collection[Key] = ()
) -> Weighed:
    """Show the sums of tables as far as they may be, and none that is `closed`.

    What stands beside the tables comes before their rows, for it is known elsewhere. Rows come in the order of
    `Shown.first`, then by size: what is hidden are the smallest. A row that tells of a hidden side is hidden with it.
    """
    sides = {table.common(names) for table in tables for names in table.totals if names != table.names}
    whole: tuple[ColumnNames, ...] = ((),) if () in sides else ()
    beside = [Shown(names, totals=whole if names else ()) for names in sorted(sides, key=lambda one: (len(one), one))]
    named = _Named(atoms)
    rows = [_rows(table, named) for table in (*beside, *tables)]
    sums.expect([members for some in rows for _key, members in some])
    untold: set[Key] = set()
    hidden: dict[Shown, set[Key]] = {}
    shown: list[tuple[Key, Members]] = []
    for place, (table, own) in enumerate(zip((*beside, *tables), rows, strict=True)):
        out = _hidden(sums, table, own, atoms, untold, closed)
        shown += [(key, members) for key, members in own if key not in out]
        if place < len(beside):
            untold |= out
        else:
            hidden[table] = out
    return Weighed(hidden, shown)


def hidden_rows(sums: Sums, table: Shown, atoms: pd.DataFrame, untold: set[Key]) -> set[Key]:
    """Show the rows of one table as far as they may be; return the others, with those that tell of an `untold` side."""
    return _hidden(sums, table, _rows(table, _Named(atoms)), atoms, untold, ())


def _rows(table: Shown, atoms: _Named) -> list[tuple[Key, Members]]:
    return _largest_first(atoms, table.common(table.names), first=table.first)


def _hidden(
    sums: Sums,
    table: Shown,
    rows: Sequence[tuple[Key, Members]],
    atoms: pd.DataFrame,
    untold: set[Key],
    closed: Collection[Key],
) -> set[Key]:
    sides = [set(table.common(names)) for names in table.tells]
    cells = _Cells.of(table, rows, atoms, untold, smallest=sums.smallest)
    hidden = set()
    for key, members in rows:
        is_closed = key in closed or any(_side(key, side) in untold for side in sides)
        if is_closed or cells.ranges.hides(*cells.places[key], members, sums):
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


def weighed_groups(session: Session, groups: ir.Table | Asked) -> pd.DataFrame:
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


class _Named:
    """The atoms with the values of each name as numbers, which many tables ask for."""

    def __init__(self, atoms: pd.DataFrame) -> None:
        self.atoms, self.people = atoms, atoms["customer_count"].to_numpy()
        self._numbers: dict[str, Integers] = {}

    def groups(self, names: ColumnNames) -> list[tuple[Key, Members]]:
        """Return every group with who is in it; customers of whom no name is known are in none."""
        numbers = np.zeros(len(self.atoms), dtype=np.int64)
        known = np.full(len(self.atoms), not names)
        for name in names:
            own = self._of(name)
            numbers = np.unique_inverse(numbers * (int(np.max(own, initial=0)) + 2) + own).inverse_indices
            known |= own >= 0
        groups, places = np.unique(numbers[known], return_index=True)
        firsts = keys(self.atoms.iloc[np.flatnonzero(known)[places]], names)
        return [(key, known & (numbers == number)) for number, key in zip(groups, firsts, strict=True)]

    def _of(self, name: str) -> Integers:
        """Return a number for each value, -1 for none."""
        if name not in self._numbers:
            self._numbers[name] = pd.factorize(self.atoms[name])[0]
        return self._numbers[name]


def _largest_first(named: _Named, names: ColumnNames, first: Sequence[object] = ()) -> list[tuple[Key, Members]]:
    """Return the groups of a table, what its analysis is about first, then the largest."""
    ranks = {value: place for place, value in enumerate(first)}

    def order(one: tuple[Key, Members]) -> tuple[int, int, str]:
        key, members = one
        place = min((ranks[value] for _name, value in key if value in ranks), default=len(ranks))
        return place, -int(named.people[members].sum()), str(key)

    return sorted(named.groups(names), key=order)
