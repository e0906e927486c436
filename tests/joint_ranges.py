"""How large hidden small groups may be for whoever lays all pages side by side: a linear program over all they tell.

It checks `analyses/joint_ranges.py`, of which it shares nothing but the question, from what panels show after all.
Nor is the program itself believed: each *world* that it gives, a way in which customers may be, is written down by all
names of each customer, and counted again (`counted_wrong`). So it does not matter how the numbers were chosen.

The reader knows every number that is shown, which cells of a table are empty, and what goes with what on one panel (the
score with its segment, the ends of a move); not who is in what. So a customer may be anything that no table excludes.
*Hubs* are the names that stand in tables with many others, the segmentations; all other names hang on these alone, in
*blocks*. So the program needs a number for each combination of hubs, and for each value of a block by the hubs that it
hangs on: whatever fits together there fits together as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.small_groups import Known, Names, Values

Row = list[tuple[int, int]]
"""An equation: which numbers, how often each."""
Pairs = set[tuple[str, Values]]
"""Which value of a hub goes with which values of a block."""


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
        self.people = sorted(frozenset().union(*known.groups.values(), *known.shown.values()))
        self.tables = _with_loose_sums(known, self.people)
        self.value: dict[str, dict[str, str]] = {}
        for names, cells in self.tables.items():
            for place, name in enumerate(names):
                for values, ids in cells.items():
                    self.value.setdefault(name, {}).update(dict.fromkeys(ids, values[place]))
        self.hubs = _hubs(self.tables)
        self.beside = [*map(frozenset, self.tables), *known.together.values()]
        self.combinations = self._combinations()
        self.size = len(self.combinations)
        self.blocks = [_Block(self, names) for names in self._blocks([*known.together.values()])]
        shown = {*known.shown.values()}
        equations = [([(place, 1) for place in range(len(self.combinations))], len(self.people))]
        equations += [(row, 0) for block in self.blocks for row in block.parts_of_hubs()]
        for names, cells in self.tables.items():
            for values, ids in cells.items():
                if ids in shown:
                    equations.append(([(place, 1) for place in self.places(names, values)], len(ids)))
        entries = [(number, place, sign) for number, (row, _) in enumerate(equations) for place, sign in row]
        rows, places, signs = zip(*entries, strict=True)
        self._equations = csr_array((signs, (rows, places)), shape=(len(equations), self.size))
        self._counts = np.array([count for _row, count in equations], dtype=float)

    def groups(self) -> Iterator[tuple[str, frozenset[str], list[int]]]:
        """Yield all cells of tables, and what the names of a block tell apart together."""
        for names, cells in self.tables.items():
            for values, ids in cells.items():
                yield f"{names} {values}", ids, self.places(names, values)
        for block in self.blocks:
            for values in block.values if block.names not in self.tables else ():
                ids = frozenset(one for one in self.people if self.of(block.names, one) == values)
                yield f"{block.names} {values}", ids, self.places(block.names, values)

    def ends(self, places: Sequence[int]) -> tuple[float, float]:
        """Return how many a group of these numbers holds at least and at most, in worlds that were counted."""
        aim = np.zeros(self.size)
        aim[places] = 1
        how = {"A_eq": self._equations, "b_eq": self._counts, "bounds": (0, None), "method": "highs"}
        least, most = linprog(aim, **how), linprog(-aim, **how)
        assert least.status == most.status == 0, (least.message, most.message)
        for world in (least.x, most.x):
            assert counted_wrong(self.known, self.tables, self.written_down(world)) == []
            self.worlds.append(world)
        return float(least.fun), float(-most.fun)

    def written_down(self, world: np.ndarray) -> pd.DataFrame:
        """Return the customers of a world, parts of them in `people`: what each is by every name."""
        parts: list[tuple[dict[str, str], float]] = []
        for combination, people in zip(self.combinations, world, strict=False):
            if people > ROUNDING:
                own = [block.parted(world, combination, people) for block in self.blocks]
                cuts = sorted({0.0, people, *(end for some in own for end, _values in some if end < people)})
                hub_values = dict(zip(self.hubs, combination, strict=True))
                for start, end in pairwise(cuts):
                    values = (next(values for to, values in some if to > start or to == some[-1][0]) for some in own)
                    names = [
                        dict(zip(block.names, one, strict=True)) for block, one in zip(self.blocks, values, strict=True)
                    ]
                    parts.append(
                        (hub_values | {key: value for one in names for key, value in one.items()}, end - start)
                    )
        return pd.DataFrame([names | {"people": people} for names, people in parts])

    def of(self, names: Names, one: str) -> Values:
        """Return what a customer is by these names."""
        return tuple(self.value[name].get(one, NOTHING) for name in names)

    def pairs(self, one: Names, other: Names) -> set[tuple[Values, Values]]:
        """Return which values of names occur together."""
        return {(self.of(one, who), self.of(other, who)) for who in self.people}

    def is_known(self, one: Names, other: Names) -> bool:
        """Say whether a reader knows which values go together: all or nearly all follow from the other."""
        pairs = self.pairs(one, other)
        sizes = [len({pair[side] for pair in pairs}) for side in (0, 1)]
        return min(sizes) > 1 and len(pairs) < sum(sizes)

    def places(self, names: Names, values: Values) -> list[int]:
        """Return the numbers that a group is the sum of."""
        wanted = dict(zip(names, values, strict=True))
        hubs = {self.hubs.index(name): value for name, value in wanted.items() if name in self.hubs}
        others = {name: value for name, value in wanted.items() if name not in self.hubs}
        if others:
            block = next(block for block in self.blocks if others.keys() <= {*block.names})
            return block.places(hubs, others)
        return [
            place
            for place, one in enumerate(self.combinations)
            if all(one[hub] == value for hub, value in hubs.items())
        ]

    def _combinations(self) -> list[Values]:
        values = [sorted({self.of((hub,), one)[0] for one in self.people}) for hub in self.hubs]
        fits = {
            (one, other): self.pairs((self.hubs[one],), (self.hubs[other],))
            for one, other in combinations(range(len(self.hubs)), 2)
            if any({self.hubs[one], self.hubs[other]} <= names for names in self.beside)
        }
        return [
            some
            for some in product(*values)
            if all(((some[one],), (some[other],)) in pairs for (one, other), pairs in fits.items())
        ]

    def _blocks(self, together: Sequence[frozenset[str]]) -> list[Names]:
        """Put names together that stand beside each other on one panel."""
        blocks = [{name} for name in self.value if name not in self.hubs]
        for some in ({*names} - {*self.hubs} for names in (*together, *self.tables)):
            own = [block for block in blocks if block & some]
            blocks = [block for block in blocks if not block & some]
            if own:
                blocks.append(set().union(*own))
        return [tuple(sorted(block)) for block in blocks]


class _Block:
    """Names that hang on hubs alone: a number for each of their values, by the hubs that anything is known with."""

    def __init__(self, whole: _Everything, names: Names) -> None:
        self._whole, self.names = whole, names
        self.values = sorted({whole.of(names, one) for one in whole.people})
        fits: dict[int, Pairs] = {}
        for hub, name in enumerate(whole.hubs):
            tables = [one for one in names if tuple(sorted((name, one))) in whole.tables]
            if whole.is_known((name,), names):
                fits[hub] = {(value[0], values) for value, values in whole.pairs((name,), names)}
            elif tables:
                fits[hub] = self._fitting(name, tables)
        self._hubs = [*fits]
        self._places: dict[tuple[Values, Values], int] = {}
        for own in sorted({self._own(one) for one in whole.combinations}):
            for values in self.values:
                if all((value, values) in fits[hub] for hub, value in zip(self._hubs, own, strict=True)):
                    self._places[own, values] = whole.size
                    whole.size += 1

    def _fitting(self, hub: str, tables: Sequence[str]) -> Pairs:
        """Return which values go together where a table shows which of its cells are empty."""
        pairs = [(self.names.index(name), self._whole.pairs((hub,), (name,))) for name in tables]
        all_of_hub = {self._whole.of((hub,), one)[0] for one in self._whole.people}
        return {
            (value, values)
            for value, values in product(all_of_hub, self.values)
            if all(((value,), (values[place],)) in some for place, some in pairs)
        }

    def _own(self, combination: Values) -> Values:
        return tuple(combination[hub] for hub in self._hubs)

    def parts_of_hubs(self) -> Iterator[Row]:
        """Yield that everybody of a combination of hubs is in one part of the block."""
        rows: dict[Values, Row] = {}
        for place, combination in enumerate(self._whole.combinations):
            rows.setdefault(self._own(combination), []).append((place, -1))
        for (own, _values), place in self._places.items():
            rows[own].append((place, 1))
        yield from rows.values()

    def parted(self, world: np.ndarray, combination: Values, people: float) -> list[tuple[float, Values]]:
        """Part the people of a combination of hubs among the values of the block: up to where each goes."""
        own = self._own(combination)
        parts = {values: world[place] for (at, values), place in self._places.items() if at == own}
        scale = people / sum(parts.values())
        ends = np.cumsum([part * scale for part in parts.values()])
        return [(float(end), values) for end, values, part in zip(ends, parts, parts.values(), strict=True) if part > 0]

    def places(self, hubs: Mapping[int, str], others: Mapping[str, str]) -> list[int]:
        """Return the numbers of the parts with these values."""
        own = {self._hubs.index(hub): value for hub, value in hubs.items()}
        mine = {self.names.index(name): value for name, value in others.items()}
        return [
            number
            for (at, values), number in self._places.items()
            if all(at[place] == value for place, value in own.items())
            and all(values[place] == value for place, value in mine.items())
        ]


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


def _hubs(tables: Mapping[Names, object]) -> list[str]:
    """Return names without which no other one stands in tables with several: all but those that can be spared.

    Those that stand in the fewest tables are spared first, as long as they leave no other name between two.
    """
    beside: dict[str, set[str]] = {}
    for names in tables:
        for one in names:
            beside.setdefault(one, set()).update({*names} - {one})
    spared: set[str] = set()
    for one in sorted(beside, key=lambda name: (len(beside[name]), name)):
        some = spared | {one}
        if all(len(beside[name] & some) <= 1 for name in some):
            spared = some
    return [name for name in beside if name not in spared]
