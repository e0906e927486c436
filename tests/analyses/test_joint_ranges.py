"""Joint ranges: what the program says of worlds, against a search of all worlds of whole customers."""

from __future__ import annotations

import random
from itertools import product

import pandas as pd
import pytest

from workbench.analyses import joint_ranges
from workbench.analyses.joint_ranges import JointTables, PeopleByName, Told, TooManyUnknownsError

SMALLEST = 3
PAIRS = [("age", "city"), ("age", "tier"), ("city", "tier")]


def company(dice: random.Random) -> pd.DataFrame:
    cells = [*product("ab", "xy", "pq")]
    counts = [dice.choice([0, 0, 1, 1, 2]) for _ in cells]
    atoms = pd.DataFrame(cells, columns=["age", "city", "tier"]).assign(customer_count=counts)
    return atoms[atoms["customer_count"] > 0].reset_index(drop=True)


def cells_of(atoms: pd.DataFrame, names: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    return atoms.groupby(list(names))["customer_count"].sum().to_dict()


def worlds_of(atoms: pd.DataFrame, sums: list[Told]) -> list[dict[tuple[str, ...], int]]:
    """Every way in which so many customers could be, cell by cell, that has the same sums and empty cells."""
    cells = list(product("ab", "xy", "pq"))
    there = {names: cells_of(atoms, names) for names in PAIRS}
    place = {"age": 0, "city": 1, "tier": 2}
    cells = [one for one in cells if all(tuple(one[place[n]] for n in names) in there[names] for names in PAIRS)]
    if len(atoms) < len({*atoms["age"]}) + len(there["city", "tier"]):  # the rest nearly follows: a reader knows it
        cells = [one for one in cells if one in cells_of(atoms, ("age", "city", "tier"))]
    everybody, worlds = int(atoms["customer_count"].sum()), []

    def counted(world, condition) -> int:
        return sum(
            people
            for cell, people in zip(cells, world, strict=False)
            if all(cell[place[name]] in values for name, values in condition.items())
        )

    def fill(world: tuple[int, ...], left: int) -> None:
        if any(counted(world, one.condition) > one.people for one in sums):
            return
        if len(world) == len(cells):
            if left == 0 and all(counted(world, one.condition) == one.people for one in sums):
                worlds.append(dict(zip(cells, world, strict=True)))
            return
        for people in range(left + 1):
            fill((*world, people), left - people)

    fill((), everybody)
    return worlds


def test_what_is_called_open_is_open_and_nothing_else_is(request, monkeypatch):
    """A group that some world of whole customers leaves open is never called known; few are open in parts alone."""
    monkeypatch.setattr(joint_ranges, "CLOSE_AT_ONCE", 99)
    dice = random.Random(8)
    known = left_open = in_parts = 0
    for _ in range(60 if request.config.getoption("--full") else 8):
        atoms = company(dice)
        sums = [
            Told(dict(zip(names, [(value,) for value in cell], strict=True)), people)
            for names in [*PAIRS, ("age",), ("city",)]
            for cell, people in cells_of(atoms, names).items()
            if people >= SMALLEST and dice.random() < 0.8
            for cell in [cell if isinstance(cell, tuple) else (cell,)]
        ]
        joint = JointTables(PeopleByName(atoms), PAIRS, [], smallest=SMALLEST)
        near = {one.names for one in joint.not_open(sums)}
        worlds = worlds_of(atoms, sums)
        assert worlds, "the customers as they are"
        for names in PAIRS:
            small = [cell for cell, people in cells_of(atoms, names).items() if people < SMALLEST]
            may = {
                cell: [sum(n for one, n in world.items() if _is(one, names, cell)) for world in worlds]
                for cell in small
            }
            least = min(SMALLEST, int(atoms["customer_count"].sum()))
            is_open = all(max(some) >= least and max(some) - min(some) >= SMALLEST - 1 for some in may.values())
            known += names in near
            left_open += is_open
            assert not (is_open and names in near), (names, sums)
            in_parts += not is_open and names not in near
    assert known
    assert left_open
    assert in_parts <= (known + left_open) / 10


def _is(cell: tuple[str, ...], names: tuple[str, ...], values: tuple[str, ...]) -> bool:
    own = dict(zip(("age", "city", "tier"), cell, strict=True))
    return tuple(own[name] for name in names) == values


def test_the_sums_that_bound_a_group_are_named():
    atoms = pd.DataFrame({"age": list("aabb"), "city": list("xyxy"), "customer_count": [2, 1, 8, 9]})
    sums = [
        Told({"age": ["a"]}, 3),
        Told({"age": ["b"]}, 17),
        Told({"city": ["x"]}, 10),
        Told({"age": ["b"], "city": ["x"]}, 8),
    ]
    near = JointTables(PeopleByName(atoms), [("age", "city")], [], smallest=SMALLEST).not_open(sums)
    assert near
    assert any(3 in one.because for one in near)
    assert JointTables(PeopleByName(atoms), [("age", "city")], [], smallest=SMALLEST).not_open(sums[:3]) == []


def test_what_would_take_too_long_is_refused(monkeypatch):
    atoms = pd.DataFrame({"age": list("abc"), "city": list("xyz"), "customer_count": [1, 2, 9]})
    monkeypatch.setattr(joint_ranges, "MOST_UNKNOWNS", 2)
    with pytest.raises(TooManyUnknownsError):
        JointTables(PeopleByName(atoms), [("age", "city")], [], smallest=SMALLEST)


def test_customers_without_a_name_belong_to_no_group():
    atoms = pd.DataFrame({"age": ["a", None], "customer_count": [4, 1]})
    assert JointTables(PeopleByName(atoms), [("age",)], [], smallest=SMALLEST).not_open([]) == []
    values, people = PeopleByName(atoms).groups(("age",))
    assert (values.tolist(), people.tolist()) == ([[0], [1]], [4, 1])


def ranking() -> pd.DataFrame:
    """Classes that end at places of a ranking, and regions: of the 9 in class A 2 live in the south."""
    rows = [("A", 1, "north", 6), ("A", 1, "south", 2), ("A", 2, "north", 1), ("B", 2, "south", 1)]
    rows += [("B", 3, "north", 11), ("B", 3, "south", 9)]
    return pd.DataFrame(rows, columns=["class", "place", "region", "customer_count"])


REGIONS = [Told({"region": ["north"]}, 18), Told({"region": ["south"]}, 12)]
CLASSES = [Told({"class": [one], "region": ["north"]}, people) for one, people in (("A", 7), ("B", 11))]
PLACES = [Told({"place": [1]}, 8), Told({"place": [3]}, 20)]


def test_what_follows_between_tables_that_share_no_name_is_known():
    """All from the third place on are in B, so that at most 3 of the south are left for A, as long as all is told."""
    tables, together = [("class", "region"), ("class",), ("region",)], [("place",), ("class",), ("region",)]
    smallest = 5
    joint = JointTables(PeopleByName(ranking()), tables, together, smallest=smallest)
    near = joint.not_open([*REGIONS, *CLASSES, *PLACES])
    assert ("class", "region") in {one.names for one in near}
    assert any(len(REGIONS + CLASSES) + 1 in one.because for one in near), "the third place bounds it"
    assert not any(one.names == ("class", "region") for one in joint.not_open([*REGIONS, *CLASSES]))


def ranked(*segments: str) -> PeopleByName:
    """Two customers at each place of a ranking, and the segments that these are in; the last have no place."""
    rows = [(place, segment) for place, beside in enumerate(segments) for segment in beside]
    atoms = pd.DataFrame(rows, columns=["place", "segment"]).assign(customer_count=1)
    atoms["place"] = atoms["place"].where(atoms["place"] < len(segments) - 1)
    return PeopleByName(atoms)


@pytest.mark.parametrize("segments", [("aa", "ab", "bb", "cc"), ("bb", "ba", "aa", "cc"), ("aa", "bc", "cc")])
def test_a_cut_of_a_ranking_is_known_however_few_its_places_are(segments):
    assert ranked(*segments).follow(("place",), "segment")


@pytest.mark.parametrize("segments", [("aa", "ab", "ac", "cc"), ("ab", "cc", "bb", "dd"), ("ab", "ab", "cc")])
def test_segments_that_lie_across_a_ranking_by_chance_are_not_known(segments):
    assert not ranked(*segments).follow(("place",), "segment")
