"""How few and how many a hidden small group may hold for whoever lays all tables side by side: a linear program.

A reader knows every sum that is shown, which cells of a table are empty, and what goes with what on one panel (the
score with its segment, the ends of a move); not who is in what. So customers may be anything that no table excludes.
Any way in which they could be that leaves all sums as they are shown is a *world*. A hidden group is *open* where some
world holds so many people in it that nobody can call it small, and it may be one of so many numbers that none is near.

*Hubs* are the names that stand in tables with many others, the segmentations; all other names hang on these alone, in
*blocks*. So a world is a number for each combination of hubs, and for each value of a block by the hubs that it hangs
on: whatever fits together there fits together as a whole. Numbers may be fractions: who reckons in whole ones alone may
know a little more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_array, vstack

from workbench.analyses.arrays import Bools, Floats, Integers

Names = tuple[str, ...]
GroupValues = Mapping[str, Collection[Any]]
"""Who is meant: of each name that matters, which of its values."""

SLACK_OF_PROGRAM = 1e-6
"""By how much the program may be off."""

MOST_UNKNOWNS = 1_500
"""A program of more numbers than this is not solved: one world would take a tenth of a second, and many are needed."""

CLOSE_AT_ONCE = 8
"""So many groups that are not open are looked into before something is hidden and all are tried again."""


TRIES = 3
"""After so many worlds that show nothing new, each group that is left is tried alone."""


class TooManyUnknownsError(ValueError):
    """What the tables leave open is too much to be weighed in time."""


@dataclass(frozen=True)
class Told:
    """A sum that a reader knows.

    Attributes
    ----------
    condition
        Who is counted.
    people
        How many these are.
    """

    condition: GroupValues
    people: int


@dataclass(frozen=True)
class NotOpen:
    """A small group of which a reader knows too much.

    Attributes
    ----------
    names
        The table or block that it stands in.
    because
        The places of the sums, among those told, that bound it; none where empty cells do.
    """

    names: Names
    because: frozenset[int]


@dataclass
class JointTables:
    """Tables of the same people that a reader sees together.

    Parameters
    ----------
    atoms
        The finest groups: a column for each name, and `customer_count`.
    tables
        The names of each table that is shown, whatever cells it hides: which of its cells are empty is known.
    together
        The names that stand beside each other on one panel.
    smallest
        Groups of fewer people than this are hidden.

    Examples
    --------
    Of five in a row nobody knows how many are in which column, until the sum of a column is told.

    >>> atoms = pd.DataFrame({"row": list("aabb"), "column": list("xyxy"), "customer_count": [3, 2, 8, 9]})
    >>> rows = [Told({"row": ["a"]}, 5), Told({"row": ["b"]}, 17)]
    >>> joint = JointTables(atoms, [("row", "column")], [], smallest=5)
    >>> cell = Told({"column": ["x"], "row": ["b"]}, 8)
    >>> joint.not_open([*rows, cell])
    []
    >>> [one.names for one in joint.not_open([*rows, cell, Told({"column": ["x"]}, 11)])]
    [('column', 'row'), ('column', 'row')]
    """

    atoms: pd.DataFrame
    tables: Collection[Names]
    together: Collection[Names]
    smallest: int
    hubs: list[str] = field(init=False)
    people: Integers = field(init=False)

    def __post_init__(self) -> None:
        self._tables = {tuple(sorted(names)) for names in self.tables if names}
        self._named = list(dict.fromkeys(name for names in (*self.tables, *self.together) for name in names))
        self.people = self.atoms["customer_count"].to_numpy(dtype=np.int64)
        coded = {name: pd.factorize(self.atoms[name]) for name in self._named}
        self._values = {name: [*values] for name, (_codes, values) in coded.items()}
        nobody = {name: len(values) for name, values in self._values.items()}  # stands for no value
        self.codes = {name: np.where(codes < 0, nobody[name], codes) for name, (codes, _values) in coded.items()}
        self._codes_of = {name: {v: code for code, v in enumerate(values)} for name, values in self._values.items()}
        self.hubs = _hubs(self._tables)
        self.combinations = self._all_combinations()
        self.size = len(self.combinations)
        self.blocks = [_Block(self, names) for names in self._names_of_blocks()]
        self._small = self._small_groups()
        self._groups = self._indicators([group for _names, group in self._small])
        self._worlds: list[Floats] = []

    def not_open(self, sums: Sequence[Told]) -> list[NotOpen]:
        """Return some of the small groups that are not open for whoever knows these sums; none if all are."""
        if not self._small:
            return []
        worlds = _Worlds(*self._equations(sums), self._worlds)
        self._worlds = worlds.seen
        needed = min(self.smallest, int(self.people.sum()))
        near = worlds.not_open(self._groups, np.array(self._counts), needed, room=self.smallest - 1)
        return [
            NotOpen(self._small[place][0], frozenset(one - worlds.fixed for one in because))
            for place, because in islice(near, CLOSE_AT_ONCE)
        ]

    def fits(self, one: str, other: str) -> Bools:
        """Say which values of two names occur together."""
        fits = np.zeros((self._size_of(one), self._size_of(other)), dtype=bool)
        fits[self.codes[one], self.codes[other]] = True
        return fits

    def is_table(self, *names: str) -> bool:
        """Say whether a table has these names."""
        return tuple(sorted(names)) in self._tables

    def occurring(self, names: Sequence[str]) -> tuple[Integers, Integers]:
        """Return the values of names that occur together, a row each, and which of these each atom has."""
        places = np.zeros(len(self.people), dtype=np.int64)
        for name in names:  # one number instead of a row: rows are slow to sort
            places = np.unique_inverse(places * self._size_of(name) + self.codes[name]).inverse_indices
        firsts = np.unique(places, return_index=True)[1]
        return np.column_stack([self.codes[name][firsts] for name in names]), places

    def _size_of(self, name: str) -> int:
        return len(self._values[name]) + 1

    def _all_combinations(self) -> Integers:
        """Return the combinations of hubs that no table excludes."""
        together = [*self._tables, *map(tuple, self.together)]
        pairs = {pair for names in together for pair in combinations(sorted({*names} & {*self.hubs}), 2)}
        rows = np.zeros((1, 0), dtype=np.int64)
        for place, name in enumerate(self.hubs):
            values = np.unique(self.codes[name])
            rows = np.column_stack([np.repeat(rows, len(values), axis=0), np.tile(values, len(rows))])
            for before, other in enumerate(self.hubs[:place]):
                if tuple(sorted((other, name))) in pairs:
                    rows = rows[self.fits(other, name)[rows[:, before], rows[:, place]]]
            self.check_size(len(rows))
        return rows

    def check_size(self, unknowns: int) -> None:
        """Raise TooManyUnknownsError where a program has so many."""
        if unknowns > MOST_UNKNOWNS:
            raise TooManyUnknownsError

    def _names_of_blocks(self) -> list[Names]:
        """Put names together that stand beside each other on one panel."""
        blocks: list[set[str]] = []
        for some in ({*names} - {*self.hubs} for names in (*self.together, *self._tables)):
            own = [block for block in blocks if block & some]
            blocks = [block for block in blocks if not block & some]
            if some:
                blocks.append(some.union(*own))
        return [tuple(sorted(block)) for block in blocks]

    def _small_groups(self) -> Sequence[tuple[Names, GroupValues]]:
        """Return the small cells of all tables, and what the names of a block tell apart together."""
        small: list[tuple[Names, GroupValues]] = []
        self._counts: list[int] = []
        for names in dict.fromkeys([*sorted(self._tables), *(block.names for block in self.blocks)]):
            values, places = self.occurring(names)
            counts = np.bincount(places, weights=self.people, minlength=len(values))
            for place in np.flatnonzero(counts < self.smallest):
                if all(values[place] < [len(self._values[name]) for name in names]):
                    group = {name: [self._values[name][code]] for name, code in zip(names, values[place], strict=True)}
                    small.append((names, group))
                    self._counts.append(int(counts[place]))
        return small

    def _equations(self, sums: Sequence[Told]) -> tuple[csr_array, Floats, int]:
        """Return what holds in every world, and how much of it does whatever is told."""
        everybody = csr_array((np.ones(len(self.combinations)), (np.zeros(len(self.combinations), dtype=np.int64),
                               np.arange(len(self.combinations)))), shape=(1, self.size))  # fmt: skip
        rows = [everybody, *(block.balance() for block in self.blocks)]
        fixed = sum(one.shape[0] for one in rows)
        counts = np.zeros(fixed + len(sums))
        counts[0], counts[fixed:] = self.people.sum(), [one.people for one in sums]
        return csr_array(vstack([*rows, self._indicators([one.condition for one in sums])])), counts, fixed

    def _indicators(self, conditions: Sequence[GroupValues]) -> csr_array:
        """Return for each group a row: of which numbers it is the sum."""
        places = [self._places(one) for one in conditions]
        columns = np.concatenate([np.zeros(0, dtype=np.int64), *places])
        ends = np.cumsum([0, *map(len, places)])
        return csr_array((np.ones(len(columns)), columns, ends), shape=(len(places), self.size))

    def _places(self, condition: GroupValues) -> Integers:
        allowed = {}
        for name, values in condition.items():
            allowed[name] = np.zeros(self._size_of(name), dtype=bool)
            allowed[name][[self._codes_of[name][value] for value in values]] = True
        others = {*condition} - {*self.hubs}
        if others:
            return next(block for block in self.blocks if others <= {*block.names}).places(allowed)
        fits = np.ones(len(self.combinations), dtype=bool)
        for name, own in allowed.items():
            fits &= own[self.combinations[:, self.hubs.index(name)]]
        return np.flatnonzero(fits)


class _Block:
    """Names that hang on hubs alone: a number for each of their values, by the hubs that anything is known with."""

    def __init__(self, joint: JointTables, names: Names) -> None:
        self._joint, self.names = joint, names
        self._values, places = joint.occurring(names)
        fits: dict[str, Bools] = {}
        for hub in joint.hubs:
            beside = [name for name in names if joint.is_table(hub, name)]
            known = np.zeros((int(joint.codes[hub].max(initial=0)) + 1, len(self._values)), dtype=bool)
            known[joint.codes[hub], places] = True
            sizes = (int(known.any(axis=1).sum()), len(self._values))
            # all or nearly all follow from the other: a reader knows it
            if min(sizes) > 1 and known.sum() < sum(sizes):
                fits[hub] = known
            elif beside:
                own = [joint.fits(hub, name)[:, self._values[:, names.index(name)]] for name in beside]
                fits[hub] = np.all(own, axis=0)
        self._hubs = [*fits]
        columns = [joint.hubs.index(hub) for hub in self._hubs]
        self._own, of = np.unique(joint.combinations[:, columns], axis=0, return_inverse=True)
        self._of = of.ravel()
        possible = np.ones((len(self._own), len(self._values)), dtype=bool)
        for place, hub in enumerate(self._hubs):
            possible &= fits[hub][self._own[:, place]]
        self._at, self._value = np.nonzero(possible)
        self._start = joint.size
        joint.size += len(self._at)
        joint.check_size(joint.size)

    def balance(self) -> csr_array:
        """Return that everybody of a combination of hubs is in one part of the block, a row for each combination."""
        rows, columns = np.concatenate([self._of, self._at]), np.concatenate([np.arange(len(self._of)), self._every])
        signs = np.concatenate([-np.ones(len(self._of)), np.ones(len(self._at))])
        return csr_array((signs, (rows, columns)), shape=(len(self._own), self._joint.size))

    @property
    def _every(self) -> Integers:
        return self._start + np.arange(len(self._at))

    def places(self, allowed: Mapping[str, Bools]) -> Integers:
        """Return the numbers of the parts that have these values."""
        fits = np.ones(len(self._at), dtype=bool)
        for name, own in allowed.items():
            if name in self.names:
                fits &= own[self._values[self._value, self.names.index(name)]]
            else:
                fits &= own[self._own[self._at, self._hubs.index(name)]]
        return self._every[fits]


class _Worlds:
    """Worlds in which given equations hold, found where they are needed."""

    def __init__(self, equations: csr_array, counts: Floats, fixed: int, worlds: list[Floats]) -> None:
        self._equations, self._counts, self.fixed = equations, counts, fixed
        self.seen = [world for world in worlds if np.abs(equations @ world - counts).max() < SLACK_OF_PROGRAM]

    def not_open(
        self, groups: csr_array, people: Integers, needed: int, *, room: int
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield groups that no world makes so large, or that cannot be one of more than `room` numbers, and why.

        Many groups are tried at once: a world that holds many in some groups shows of all at once what they may be.
        """
        most, least = people.astype(float), people.astype(float)

        def see(world: Floats) -> None:
            np.maximum(most, groups @ world, out=most)
            np.minimum(least, groups @ world, out=least)

        def left() -> Integers:
            return np.flatnonzero((most < needed - SLACK_OF_PROGRAM) | (most - least < room - SLACK_OF_PROGRAM))

        for world in self.seen:
            see(world)
        dice, in_vain = np.random.default_rng(0), 0
        while len(before := left()) > 1 and in_vain < TRIES:
            some = dice.permutation(before)[: max(len(before) // 3, 1)]
            aim = np.asarray(groups[some].sum(axis=0)).ravel()
            see(self._best(-aim).x)
            if (most[left()] >= needed - SLACK_OF_PROGRAM).any():
                see(self._best(aim).x)
            in_vain = in_vain + 1 if len(left()) == len(before) else 0
        for place in left():
            aim = groups[[place]].toarray()[0]
            for end in (-aim, aim):
                if place in left():
                    best = self._best(end)
                    see(best.x)
                    prices = np.abs(best.eqlin.marginals)
                    if place in left() and (most[place] < needed - SLACK_OF_PROGRAM or end is aim):
                        yield (
                            int(place),
                            [int(one) for one in np.flatnonzero(prices > SLACK_OF_PROGRAM) if one >= self.fixed],
                        )
                        break

    def _best(self, aim: Floats) -> OptimizeResult:
        best = linprog(aim, A_eq=self._equations, b_eq=self._counts, bounds=(0, None), method="highs-ds")
        if best.status != 0:
            raise TooManyUnknownsError  # no solution in time: the customers as they are would be one
        self.seen.append(best.x)
        return best


def _hubs(tables: Collection[Names]) -> list[str]:
    """Return the names that stand in tables with several others, so many that no others stand with several."""
    beside: dict[str, set[str]] = {}
    for names in tables:
        for one in names:
            beside.setdefault(one, set()).update({*names} - {one})
    hubs: list[str] = []
    while beside and max(map(len, beside.values())) > 1:
        most = max(sorted(beside), key=lambda one: len(beside[one]))
        hubs.append(most)
        beside = {one: others - {most} for one, others in beside.items() if one != most}
    return hubs
