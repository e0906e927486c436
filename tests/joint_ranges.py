"""How large hidden small groups may be for whoever lays all pages side by side: a linear program over all they tell.

It checks `analyses/joint_ranges.py`, of which it shares nothing but the question, from what panels show after all.
Nor is the program itself believed: each *world* that it gives, a way in which customers may be, is written down by all
names of each customer, and counted again (`counted_wrong`). So it does not matter how the numbers were chosen.

The reader knows every number that is shown, which cells of a table are empty, what goes with what on one panel (the
score with its segment, the ends of a move), and of names of which the one follows from the other, or nearly, which
values go together (where the classes of a ranking end, and which stop of its curve lies in which); not who is in what.
So a customer may be anything that none of these excludes. The program needs a number for each combination of what
stands beside each other: name by name is put away with all those beside it, which are beside each other from then on.
Parts that have names in common hold as many people by these; so whatever fits together there fits as a whole.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.small_groups import Known, Names, Values


@dataclass(frozen=True)
class Reach:
    """A hidden small group, how many it holds, and how many it may hold for all that a reader knows."""

    words: str
    count: int
    least: float
    most: float

    @property
    def room(self) -> int:
        """How many whole numbers more than one it may be."""
        return math.floor(self.most + ROUNDING) - math.ceil(self.least - ROUNDING)

    def may_be_large(self, smallest: int) -> bool:
        """Say whether it need not be a small group."""
        return self.most >= smallest - ROUNDING


def reaches(known: Known, *, smallest: int, every: int = 1) -> list[Reach]:
    """Return how far small groups reach that are not shown: all of them, or each so-and-so-many-th.

    Where worlds that were found for others leave a group open already, it reaches at least as far as in these.
    """
    everything, shown = _Everything(known), {*known.shown.values()}
    small = [(words, ids, places) for words, ids, places in everything.groups() if 0 < len(ids) < smallest]
    hidden = [one for one in small if one[1] not in shown][::every]
    reached = []
    for words, ids, places in hidden:
        people = [len(ids), *(float(world[places].sum()) for world in everything.worlds)]
        reach = Reach(words, len(ids), min(people), max(people))
        if not reach.may_be_large(smallest) or reach.room < smallest - 1:
            reach = Reach(words, len(ids), *everything.ends(places))
        reached.append(reach)
    return reached


ROUNDING = 1e-6
"""By how much the program may be off."""


class _Everything:
    """The equations of all that is shown under one setting."""

    def __init__(self, known: Known) -> None:
        self.known, self.worlds = known, list[np.ndarray]()
        self._numbered: dict[Names, list[int]] = {}
        self._ranks: dict[Names, dict[str, float]] = {}
        self.people = sorted(frozenset().union(*known.groups.values(), *known.shown.values()))
        self.tables = _with_loose_sums(known, self.people)
        self.value: dict[str, dict[str, str]] = {}
        for names, cells in self.tables.items():
            for place, name in enumerate(names):
                for values, ids in cells.items():
                    self.value.setdefault(name, {}).update(dict.fromkeys(ids, values[place]))
        self.fits = self._fits()
        self.parts = self._parts()
        self.place = {
            key: place for place, key in enumerate((n, one) for n, part in enumerate(self.parts) for one in part.rows)
        }
        equations = [({self.place[0, one]: 1.0 for one in self.parts[0].rows}, len(self.people))]
        equations += [(row, 0) for number in range(1, len(self.parts)) for row in self._balanced(number)]
        shown = {*known.shown.values()}
        for names, cells in self.tables.items():
            for values, ids in cells.items():
                if ids in shown:
                    equations.append((dict.fromkeys(self.places(names, values), 1.0), len(ids)))
        entries = [(number, place, sign) for number, (row, _) in enumerate(equations) for place, sign in row.items()]
        rows, places, signs = zip(*entries, strict=True)
        self._equations = csr_array((signs, (rows, places)), shape=(len(equations), len(self.place)))
        self._counts = np.array([count for _row, count in equations], dtype=float)

    def groups(self) -> Iterator[tuple[str, frozenset[str], list[int]]]:
        """Yield all cells of tables, and what the names of a panel tell apart together."""
        for names, cells in self.tables.items():
            for values, ids in cells.items():
                yield f"{names} {values}", ids, self.places(names, values)
        for names in self._panels():
            for values in self.fits[names] if names not in self.tables else ():
                if NOTHING not in values:
                    ids = frozenset(one for one in self.people if self.of(names, one) == values)
                    yield f"{names} {values}", ids, self.places(names, values)

    def ends(self, places: Sequence[int]) -> tuple[float, float]:
        """Return how many a group of these numbers holds at least and at most, in worlds that were counted."""
        aim = np.zeros(len(self.place))
        aim[places] = 1
        how = {"A_eq": self._equations, "b_eq": self._counts, "bounds": (0, None), "method": "highs"}
        least, most = linprog(aim, **how), linprog(-aim, **how)
        assert least.status == most.status == 0, (least.message, most.message)
        for world in (least.x, most.x):
            written = self.written_down(world)
            assert counted_wrong(self.known, self.tables, written) == []
            assert excluded(self.fits, written) == []
            self.worlds.append(world)
        return float(least.fun), float(-most.fun)

    def written_down(self, world: np.ndarray) -> pd.DataFrame:
        """Return the customers of a world, parts of them in `people`: what each is by every name.

        Who is alike by what two parts have in common is put into the one as it was into the other, in any order.
        """
        people = [(dict[str, str](), float(len(self.people)))]
        for number, part in enumerate(self.parts):
            waiting: dict[Values, list[tuple[Values, float]]] = {}
            for values in part.rows:
                if (count := world[self.place[number, values]]) > 0:
                    waiting.setdefault(_some(part.names, values, part.shared), []).append((values, count))
            more = []
            for own, count in people:
                left, own_rows = count, waiting.get(tuple(own[name] for name in part.shared), [])
                while left > NOBODY and own_rows:
                    values, there = own_rows.pop()
                    moved = min(left, there)
                    more.append((own | dict(zip(part.names, values, strict=True)), moved))
                    left -= moved
                    if there - moved > NOBODY:
                        own_rows.append((values, there - moved))
            people = more
        return pd.DataFrame([own | {"people": count} for own, count in people])

    def of(self, names: Names, one: str) -> Values:
        """Return what a customer is by these names."""
        return tuple(self.value[name].get(one, NOTHING) for name in names)

    def numbered(self, names: Names) -> list[int]:
        """Return the same as a number, for all customers."""
        if names not in self._numbered:
            numbers: dict[Values, int] = {}
            self._numbered[names] = [numbers.setdefault(self.of(names, one), len(numbers)) for one in self.people]
        return self._numbered[names]

    def is_known(self, side: str, names: Names) -> bool:
        """Say whether a reader knows which values go together: all or nearly all follow from the other.

        Each segment is one stretch of a ranking, as where it is cut by definition; or fewer values go together than
        there are on both sides, where by chance as many would.
        """
        sides = self.numbered((side,)), self.numbered(names)
        counts = [Counter(one) for one in sides]
        if min(map(len, counts)) == 1:
            return False
        if names in self._ranks:
            places: dict[int, list[float]] = {}
            last = max(self._ranks[names].values()) + 1
            for one, own in zip(self.people, sides[0], strict=True):
                places.setdefault(own, []).append(self._ranks[names].get(one, last))
            every = combinations(places.values(), 2)
            return all(max(one) <= min(other) or max(other) <= min(one) for one, other in every)
        both = [one * other / len(self.people) for one, other in product(*(count.values() for count in counts))]
        by_chance = sum(1 - math.exp(-expected) for expected in both)
        return len({*zip(*sides, strict=True)}) < sum(map(len, counts)) <= by_chance

    def places(self, names: Names, values: Values) -> list[int]:
        """Return the numbers that a group is the sum of."""
        number, part = next((number, one) for number, one in enumerate(self.parts) if {*names} <= {*one.names})
        return [self.place[number, row] for row in part.rows if _some(part.names, row, names) == values]

    def _panels(self) -> list[Names]:
        """Return the names that stand beside each other on one panel."""
        names_of = {
            key: tuple(sorted(name for name in names if name in self.value))
            for key, names in self.known.together.items()
        }
        self._ranks = {names_of[key]: ranks for key, ranks in self.known.ranks.items()}
        return list(dict.fromkeys(names for names in names_of.values() if names))

    def _fits(self) -> dict[Names, set[Values]]:
        """Return of which names a reader knows what goes together, and what does."""
        panels = self._panels()
        fits = {names: {self.of(names, one) for one in self.people} for names in (*self.tables, *panels)}
        on_panels = {name for names in panels for name in names}
        others = [*panels, *((name,) for name in self.value if name not in on_panels)]
        for (side,) in (names for names in panels if len(names) == 1 and names in self.tables):
            for names in others:
                if side not in names and self.is_known(side, names):
                    both = tuple(sorted((side, *names)))
                    fits[both] = {self.of(both, one) for one in self.people}
        return fits

    def _parts(self) -> list[_Part]:
        """Put away name after name, those beside fewest others first, each in a part with these; return all parts."""
        beside = {
            name: {some for names in self.fits if name in names for some in names} - {name} for name in self.value
        }
        left: list[frozenset[str]] = []
        while beside:
            name = min(beside, key=lambda one: (len(beside[one]), one))
            others = beside.pop(name)
            for one in others:
                beside[one] = (beside[one] | others) - {one, name}
            if not any({name, *others} <= part for part in left):
                left.append(frozenset({name, *others}))
        placed = [left.pop()]
        parts = [_Part(tuple(sorted(placed[0])), (), self._rows(tuple(sorted(placed[0]))))]
        while left:  # next is what has most names in common with a part that is placed
            one, other = max(product(left, placed), key=lambda pair: len(pair[0] & pair[1]))
            left.remove(one)
            placed.append(one)
            names = tuple(sorted(one))
            parts.append(_Part(names, tuple(sorted(one & other)), self._rows(names)))
        return parts

    def _rows(self, names: Names) -> list[Values]:
        """Return what nobody can exclude of these names."""
        rows: list[Values] = [()]
        for place, name in enumerate(names, start=1):
            values = sorted({self.of((name,), one)[0] for one in self.people})
            rows = [(*row, value) for row in rows for value in values]
            for known, fits in self.fits.items():
                some = tuple(one for one in known if one in names[:place])
                if name in some:
                    allowed = {_some(known, one, some) for one in fits}
                    rows = [row for row in rows if _some(names, row, some) in allowed]
        return rows

    def _balanced(self, number: int) -> Iterator[dict[int, float]]:
        """Yield that as many people are in a part as in one before it, by each of what they have in common."""
        part = self.parts[number]
        before, other = next((n, one) for n, one in enumerate(self.parts) if {*part.shared} <= {*one.names})
        rows: dict[Values, dict[int, float]] = {}
        for at, one, sign in ((number, part, 1.0), (before, other, -1.0)):
            for values in one.rows:
                rows.setdefault(_some(one.names, values, part.shared), {})[self.place[at, values]] = sign
        yield from rows.values()


@dataclass(frozen=True)
class _Part:
    """Names of which each combination has a number; `shared` are those that a part before it has all of."""

    names: Names
    shared: Names
    rows: list[Values]


def _some(names: Names, values: Values, wanted: Sequence[str]) -> Values:
    return tuple(values[names.index(name)] for name in wanted)


NOBODY = 1e-9
"""So few people are none: what rounding left."""
NOTHING = "\0"
"""Stands for no value: a customer whom no cell of a table holds."""


def _with_loose_sums(known: Known, people: Sequence[str]) -> dict[Names, dict[Values, frozenset[str]]]:
    """Return the tables; a sum that is no cell of one is a table of its own: it, and the rest."""
    tables, everybody = dict(known.tables), frozenset(people)
    cells = {ids for table in tables.values() for ids in table.values()}
    for words, ids in known.shown.items():
        if ids not in cells and ids != everybody:
            tables[(words,)] = {("in",): ids, ("out",): everybody - ids}
            cells |= {ids, everybody - ids}
    return tables


def counted_wrong(
    known: Known, tables: Mapping[Names, Mapping[Values, frozenset[str]]], world: pd.DataFrame
) -> list[str]:
    """Say what a reader sees that is not so in a world: sums that differ, somebody in an empty cell.

    Nothing is assumed of how the world was found: its customers are counted by the names of each table.
    """
    wrong, shown = [], {*known.shown.values()}
    for names, cells in tables.items():
        counted = world.groupby([*names])["people"].sum().to_dict()
        counted = {key if isinstance(key, tuple) else (key,): people for key, people in counted.items()}
        for values, ids in cells.items():
            if ids in shown and abs(counted.get(values, 0) - len(ids)) > COUNTED:
                wrong.append(f"{names} {values}: {counted.get(values, 0)}, not {len(ids)}")
        nobody = [one for one in counted if NOTHING not in one and one not in cells and counted[one] > COUNTED]
        wrong += [f"{names} {values}: nobody is there" for values in nobody]
    return wrong


COUNTED = 1e-3
"""By how much the people of a world may be off whom the program moves in fractions."""


def excluded(fits: Mapping[Names, set[Values]], world: pd.DataFrame) -> list[str]:
    """Say who is, in a world, what a reader knows that nobody is."""
    there = world[world["people"] > COUNTED]
    return [
        f"{names} {values}: nobody is there"
        for names, allowed in fits.items()
        for values in there[[*names]].drop_duplicates().itertuples(index=False, name=None)
        if values not in allowed
    ]
