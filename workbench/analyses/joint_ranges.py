"""How few and how many a hidden small group may hold for whoever lays all tables side by side: a linear program.

A reader knows every sum that is shown, which cells of a table are empty, what goes with what on one panel (the score
with its segment, the ends of a move), and which values go together where somebody's segment follows from what another
panel tells, or nearly (the classes of a ranking and the stops of its curve); not who is in what. So customers may be
anything that none of these excludes. Any way in which they could be that leaves all sums as they are shown is a
*world*. A hidden group is *open* where some world holds so many people in it that nobody can call it small, and it may
be one of so many numbers that none is near.

A number for each combination of all names would be far too many. So names lie in *bags*: each table, each panel and
each two that follow from each other within one, and a world is a number for each combination of the names of a bag that
nothing excludes. The bags are a tree (a junction tree): what two of them share holds as many people in both, and then
whatever fits together there fits together as a whole. Numbers may be fractions: who reckons in whole ones alone may
know a little more.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_array, vstack

from workbench.analyses.arrays import Floats, Integers

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
        The table or panel that it stands in.
    because
        The places of the sums, among those told, that bound it; none where empty cells do.
    """

    names: Names
    because: frozenset[int]


class PeopleByName:
    """People in their finest groups: what each is by every name, as a number, and who occurs together.

    Parameters
    ----------
    atoms
        The finest groups: a column for each name, and `customer_count`.
    """

    def __init__(self, atoms: pd.DataFrame) -> None:
        self._people = np.zeros(0, dtype=np.int64)
        self._codes: dict[str, Integers] = {}
        self.values: dict[str, list[Any]] = {}
        self._groups: dict[Names, tuple[Integers, Integers]] = {}
        self._add(atoms)

    def split(self, parents: Integers, atoms: pd.DataFrame) -> PeopleByName:
        """Return the same people parted by further names; `parents` says of each part what it is one of, -1 of none."""
        parted = PeopleByName(pd.DataFrame({"customer_count": []}))
        parted._codes = {name: np.append(own, len(self.values[name]))[parents] for name, own in self._codes.items()}
        parted.values = dict(self.values)
        if (parents >= 0).all():
            parted._groups = dict(self._groups)  # all are as many as they were
        parted._add(atoms)
        return parted

    def _add(self, atoms: pd.DataFrame) -> None:
        self._people = atoms["customer_count"].to_numpy(dtype=np.int64)
        for name in atoms.columns.drop("customer_count"):
            codes, values = pd.factorize(atoms[name])
            self.values[name] = [*values]
            self._codes[name] = np.where(codes < 0, len(values), codes)  # stands for no value

    @property
    def everybody(self) -> int:
        """How many people there are."""
        return int(self._people.sum())

    def size_of(self, name: str) -> int:
        """Return how many values a name may have, with one that stands for none."""
        return len(self.values[name]) + 1

    def groups(self, names: Names) -> tuple[Integers, Integers]:
        """Return the values of names that occur together, a row each, and how many people have these."""
        if names not in self._groups:
            places = np.zeros(len(self._people), dtype=np.int64)
            for name in names:  # one number instead of a row: rows are slow to sort
                places = np.unique_inverse(places * self.size_of(name) + self._codes[name]).inverse_indices
            firsts = np.unique(places, return_index=True)[1]
            rows = np.column_stack([self._codes[name][firsts] for name in names])
            self._groups[names] = rows, np.bincount(places, weights=self._people).astype(np.int64)
        return self._groups[names]

    def follow(self, names: Names, other: str) -> bool:
        """Say whether all or nearly all values of names follow from another, or its values from theirs.

        Of a ranking this is known of cuts alone: each value of the other is one stretch, and two share no more than
        the place where the one ends. So it is by definition, however few there are; what is no cut goes together by
        chance, and nobody can know where. Of names in no order, fewer values go together than there are on both
        sides, where by chance as many would at least.
        """
        (own, people), (others, there) = self.groups(names), self.groups((other,))
        pairs = self.groups((*names, other))[0]
        if min(len(own), len(others)) == 1 or len(pairs) >= len(own) + len(others):
            return False
        if len(names) == 1 and self._is_ranked(names[0]):
            return self._is_cut(names[0], pairs)
        by_chance = -np.expm1(-np.outer(people, there) / self.everybody).sum()
        return bool(len(own) + len(others) <= by_chance)

    def _is_ranked(self, name: str) -> bool:
        return all(isinstance(value, Real) for value in self.values[name])

    def _is_cut(self, name: str, pairs: Integers) -> bool:
        """Say whether another name cuts a ranking into one stretch for each of its values; who has no place is last."""
        place = np.append(np.argsort(np.argsort(self.values[name])), len(self.values[name]))[pairs[:, 0]]
        stretches = [place[pairs[:, 1] == value] for value in np.unique(pairs[:, 1])]
        ends = sorted((int(own.min()), int(own.max())) for own in stretches)
        return all(last <= first for (_first, last), (first, _last) in pairwise(ends))


@dataclass
class JointTables:
    """Tables of the same people that a reader sees together.

    Parameters
    ----------
    people
        Who there is.
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
    >>> joint = JointTables(PeopleByName(atoms), [("row", "column")], [], smallest=5)
    >>> cell = Told({"column": ["x"], "row": ["b"]}, 8)
    >>> joint.not_open([*rows, cell])
    []
    >>> [one.names for one in joint.not_open([*rows, cell, Told({"column": ["x"]}, 11)])]
    [('column', 'row'), ('column', 'row')]
    """

    people: PeopleByName
    tables: Collection[Names]
    together: Collection[Names]
    smallest: int

    def __post_init__(self) -> None:
        self._tables = {tuple(sorted(names)) for names in self.tables if names}
        self._named = list(dict.fromkeys(name for names in (*self.tables, *self.together) for name in names))
        self._codes_of = {
            name: {value: code for code, value in enumerate(self.people.values[name])} for name in self._named
        }
        self._links = self._linked()
        self._bags = self._all_bags()
        self._size = self._bags[-1].end if self._bags else 0
        self._small = self._small_groups()
        self._groups = self._indicators([group for _names, group in self._small])
        self._worlds: list[Floats] = []

    def not_open(self, sums: Sequence[Told]) -> list[NotOpen]:
        """Return some of the small groups that are not open for whoever knows these sums; none if all are."""
        if not self._small:
            return []
        worlds = _Worlds(*self._equations(sums), self._worlds)
        self._worlds = worlds.seen
        needed = min(self.smallest, self.people.everybody)
        near = worlds.not_open(self._groups, np.array(self._counts), needed, room=self.smallest - 1)
        return [
            NotOpen(self._small[place][0], frozenset(one - worlds.fixed for one in because))
            for place, because in islice(near, CLOSE_AT_ONCE)
        ]

    def _linked(self) -> dict[Names, Integers]:
        """Return names of which a reader knows which values go together, with these: a row each.

        Tables show it of theirs, panels of what they show together. Where somebody's segment follows from what another
        panel tells, or nearly (two cuts of one ranking), everybody can tell that as well.
        """
        panels = {tuple(sorted(names)) for names in self.together if names}
        on_panels = {name for names in panels for name in names}
        columns = {(name,) for names in self._tables for name in names if name not in on_panels}
        links = {names for names in (*self._tables, *panels) if len(names) > 1}
        for side in sorted(name for names in panels & self._tables if len(names) == 1 for name in names):
            others = (names for names in panels | columns if side not in names)
            links |= {(*names, side) for names in others if self.people.follow(names, side)}
        return {names: self.people.groups(names)[0] for names in sorted(links)}

    def _all_bags(self) -> list[_Bag]:
        """Lay the numbers out: each link in one bag of names, and bags that have names in common beside each other."""
        bags: list[_Bag] = []
        for names, shared in _tree_of_bags(self._links, {name: self.people.size_of(name) for name in self._named}):
            ordered, start = self._linked_first(names), bags[-1].end if bags else 0
            bags.append(_Bag(ordered, self._rows_of(ordered), start, shared))
            self._check_size(bags[-1].end)
        return bags

    def _linked_first(self, names: Names) -> Names:
        """Order names so that each is linked to those before it, as far as it can be: that leaves few combinations."""
        ordered: list[str] = []
        while left := [name for name in names if name not in ordered]:
            links = {one: sum(one in some and not {*some}.isdisjoint(ordered) for some in self._links) for one in left}
            ordered.append(max(left, key=lambda one: (links[one], -self.people.size_of(one))))
        return tuple(ordered)

    def _rows_of(self, names: Names) -> Integers:
        """Return the combinations of values that nothing excludes."""
        rows = np.zeros((1, 0), dtype=np.int64)
        for place, name in enumerate(names):
            values = self.people.groups((name,))[0][:, 0]
            rows = np.column_stack([np.repeat(rows, len(values), axis=0), np.tile(values, len(rows))])
            for linked, fits in self._links.items():
                some = [one for one in linked if one in names[: place + 1]]
                if name in some and len(some) > 1:
                    sizes = [self.people.size_of(one) for one in some]
                    known = np.ravel_multi_index([fits[:, linked.index(one)] for one in some], sizes)
                    own = np.ravel_multi_index([rows[:, names.index(one)] for one in some], sizes)
                    rows = rows[np.isin(own, known)]
            self._check_size(len(rows))
        return rows

    def _check_size(self, unknowns: int) -> None:
        """Raise TooManyUnknownsError where a program has so many."""
        if unknowns > MOST_UNKNOWNS:
            raise TooManyUnknownsError

    def _small_groups(self) -> Sequence[tuple[Names, GroupValues]]:
        """Return the small cells of all tables, and what the names of a panel tell apart together."""
        small: list[tuple[Names, GroupValues]] = []
        self._counts: list[int] = []
        panels = (tuple(sorted(names)) for names in self.together if names)
        for names in dict.fromkeys([*sorted(self._tables), *panels]):
            values, counts = self.people.groups(names)
            for place in np.flatnonzero(counts < self.smallest):
                if all(values[place] < [len(self.people.values[name]) for name in names]):
                    group = {
                        name: [self.people.values[name][code]] for name, code in zip(names, values[place], strict=True)
                    }
                    small.append((names, group))
                    self._counts.append(int(counts[place]))
        return small

    def _equations(self, sums: Sequence[Told]) -> tuple[csr_array, Floats, int]:
        """Return what holds in every world, and how much of it does whatever is told."""
        everybody, bags = self._bags[0], self._bags[1:]
        rows = [
            csr_array(
                (np.ones(len(everybody.rows)), (np.zeros(len(everybody.rows), dtype=np.int64), everybody.every)),
                shape=(1, self._size),
            )
        ]
        for bag in bags:
            other = next(one for one in self._bags if {*bag.shared} <= {*one.names})
            rows.append(_balance(bag, other, size=self._size))
        fixed = sum(one.shape[0] for one in rows)
        counts = np.zeros(fixed + len(sums))
        counts[0], counts[fixed:] = self.people.everybody, [one.people for one in sums]
        return csr_array(vstack([*rows, self._indicators([one.condition for one in sums])])), counts, fixed

    def _indicators(self, conditions: Sequence[GroupValues]) -> csr_array:
        """Return for each group a row: of which numbers it is the sum."""
        places = [self._places(one) for one in conditions]
        columns = np.concatenate([np.zeros(0, dtype=np.int64), *places])
        ends = np.cumsum([0, *map(len, places)])
        return csr_array((np.ones(len(columns)), columns, ends), shape=(len(places), self._size))

    def _places(self, condition: GroupValues) -> Integers:
        """Return the numbers that a group is the sum of."""
        bag = min((bag for bag in self._bags if {*condition} <= {*bag.names}), key=lambda one: len(one.rows))
        fits = np.ones(len(bag.rows), dtype=bool)
        for name, values in condition.items():
            allowed = np.zeros(self.people.size_of(name), dtype=bool)
            allowed[[self._codes_of[name][value] for value in values]] = True
            fits &= allowed[bag.rows[:, bag.names.index(name)]]
        return bag.every[fits]


@dataclass(frozen=True)
class _Bag:
    """Names with a number for each combination of their values that nothing excludes.

    Attributes
    ----------
    names, rows
        The names, and the combinations.
    start
        The place of the first number among those of all bags.
    shared
        The names that it has in common with the bags before it; one of these has all of them.
    """

    names: Names
    rows: Integers
    start: int
    shared: Names

    @property
    def end(self) -> int:
        """The place after the last number."""
        return self.start + len(self.rows)

    @property
    def every(self) -> Integers:
        """The places of all numbers."""
        return np.arange(self.start, self.end)

    def at(self, names: Names) -> Integers:
        """Return the values of some of the names."""
        return self.rows[:, [self.names.index(name) for name in names]]


def _balance(one: _Bag, other: _Bag, *, size: int) -> csr_array:
    """Return that as many people are in both by what they have in common, a row for each combination of it."""
    both = np.vstack([one.at(one.shared), other.at(one.shared)])
    kinds, rows = np.unique(both, axis=0, return_inverse=True)
    signs = np.concatenate([np.ones(len(one.rows)), -np.ones(len(other.rows))])
    return csr_array((signs, (rows.ravel(), np.concatenate([one.every, other.every]))), shape=(len(kinds), size))


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


def _tree_of_bags(links: Iterable[Names], sizes: Mapping[str, int]) -> list[tuple[Names, Names]]:
    """Return bags of names, each link within one of them, and the names that each shares with those before it.

    All of these are in one bag before it. So whatever fits together there fits together as a whole.
    """
    beside: dict[str, set[str]] = {name: set() for name in sizes}
    for names in links:
        for name in names:
            beside[name].update({*names} - {name})
    bags: list[set[str]] = []
    while beside:  # who has fewest combinations with those beside them goes first, and leaves these beside each other
        name = min(sorted(beside), key=lambda one: math.prod(sizes[some] for some in (one, *beside[one])))
        others = beside.pop(name)
        for one in others:
            beside[one] |= others - {one}
            beside[one].discard(name)
        if not any({name, *others} <= bag for bag in bags):
            bags.append({name, *others})
    ordered: list[tuple[Names, Names]] = []
    placed: list[set[str]] = []
    while bags:  # the bags that have most names in common stand beside each other
        shared, bag = max(
            ((max((bag & one for one in placed), key=len, default=set[str]()), bag) for bag in bags),
            key=lambda pair: len(pair[0]),
        )
        bags.remove(bag)
        placed.append(bag)
        ordered.append((tuple(sorted(bag)), tuple(sorted(shared))))
    return ordered
