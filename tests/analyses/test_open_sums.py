"""Open sums: what is shown determines no group of too few, and whatever else was shown would."""

from __future__ import annotations

import random
from copy import copy
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from workbench.analyses import open_sums
from workbench.analyses.open_sums import OpenSums

LEAST = 5


def reduced(rows) -> list[list[Fraction]]:
    """Return the rows in echelon form, exactly."""
    rest, found = [[Fraction(int(one)) for one in row] for row in rows], []
    for place in range(len(rest[0]) if rest else 0):
        head = next((row for row in rest if row[place]), None)
        if head is not None:
            rest.remove(head)
            head = [one / head[place] for one in head]
            rest, found = ([minus(row, head, place) for row in some] for some in (rest, found))
            found.append(head)
    return found


def minus(row, head, place):
    return [one - row[place] * other for one, other in zip(row, head, strict=True)]


def lies_in(group, space) -> bool:
    for head in space:
        group = minus(group, head, next(place for place, one in enumerate(head) if one))
    return not any(group)


def small_groups(people):
    """Every group of too few that there could be, whether anybody names it or not."""
    for size in range(1, LEAST):
        for group in combinations(range(len(people)), size):
            if sum(people[place] for place in group) < LEAST:
                yield [Fraction(place in group) for place in range(len(people))]


def given_away(rows, people) -> bool:
    space = reduced(rows)
    return any(lies_in(group, space) for group in small_groups(people))


@pytest.fixture(scope="module")
def trials(request) -> int:
    return 1500 if request.config.getoption("--full") else 150


def test_no_group_there_could_be_follows_and_no_sum_is_hidden_in_vain(trials):
    dice = random.Random(8)
    refused = 0
    for _ in range(trials):
        atoms = dice.randint(2, 9)
        people = np.array([dice.choice([1, 1, 1, 2, 3, 4, 5, 7, 40]) for _ in range(atoms)])
        rows = np.array([[dice.random() < 0.5 for _ in range(atoms)] for _ in range(dice.randint(1, 8))])
        rows = rows[rows.any(axis=1)]
        sums = OpenSums(people, smallest=LEAST)
        shown = [sums.admits(row) for row in rows]
        kept = rows[np.array(shown, dtype=bool)]
        assert not (len(kept) and given_away(kept, people)), (people, rows, shown)
        for row, is_shown in zip(rows, shown, strict=True):
            assert is_shown or given_away([*kept, row], people), (people, rows, shown)
            refused += not is_shown
    assert refused > trials / 10, "the trials must reach what is refused"


def test_atoms_may_be_parted_afterwards_and_new_people_come():
    dice = random.Random(9)
    for _ in range(60):
        atoms = dice.randint(2, 5)
        people = np.array([dice.choice([5, 7, 9, 40]) for _ in range(atoms)])
        coarse = OpenSums(people, smallest=LEAST)
        first = [np.array([dice.random() < 0.5 for _ in range(atoms)]) for _ in range(3)]
        for row in first:
            coarse.admits(row)
        parents, finer = [-1], [6]
        for place, size in enumerate(people):
            cut = dice.randint(1, size - 1)
            parents, finer = [*parents, place, place], [*finer, cut, size - cut]
        parents, finer = np.array(parents), np.array(finer)
        rows = [np.append(row, False)[parents] for row in first]
        shown = [row for row in rows if row.any()]
        sums = coarse.split(parents, finer)
        for _more in range(4):
            row = np.array([dice.random() < 0.5 for _ in range(len(finer))])
            if not row.any():
                continue
            if sums.admits(row):
                shown.append(row)
                assert sums.follows(row)
            else:
                assert given_away([*shown, row], finer)
        assert not given_away(shown, finer)


def test_sums_expected_together_are_shown_as_one_after_the_other(monkeypatch):
    monkeypatch.setattr(open_sums, "SUMS_AT_ONCE", 4)
    dice = np.random.default_rng(5)
    refused = 0
    for _ in range(40):
        people = dice.choice([1, 1, 2, 3, 5, 9, 40], 14)
        rows = [*(dice.random((12, 14)) < 0.5)]
        together, alone = (OpenSums(people, smallest=LEAST) for _ in range(2))
        together.expect(rows)
        asked = [row for row in rows if dice.random() < 0.8]
        shown = [together.admits(row) for row in asked]
        assert shown == [alone.admits(row) for row in asked]
        assert [together.follows(row) for row in asked] == shown
        refused += shown.count(False)
    assert refused


def test_what_a_copy_shows_is_not_shown_by_the_first():
    sums = OpenSums(np.array([9, 7, 6]), smallest=LEAST)
    row = np.array([True, True, False])
    assert not sums.follows(row)
    other = copy(sums)
    assert other.admits(row)
    assert not sums.follows(row)


def test_many_small_atoms_are_weighed_in_little_time():
    dice = np.random.default_rng(3)
    people = dice.integers(1, 4, 3000)
    sums = OpenSums(people, smallest=LEAST)
    parts = [dice.integers(0, 12, 3000) for _ in range(6)]
    shown = [sums.admits(part == place) for part in parts for place in range(12)]
    assert all(shown), "groups of hundreds that lie across each other give nobody away"
    assert not sums.admits((parts[0] == 0) & (np.cumsum(parts[0] == 0) > 1)), "but not all of a group but one"
