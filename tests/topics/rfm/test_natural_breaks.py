"""Natural breaks: the best partition there is, whatever the values, and the same every time."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.topics.rfm import natural_breaks as module
from workbench.topics.rfm.natural_breaks import natural_breaks

VALUES = st.lists(st.one_of(st.integers(-20, 40), st.just(7), st.integers(0, 10**11)), min_size=1, max_size=11)


def squares(values: list[int], breaks: tuple[int, ...] | list[int]) -> Fraction:
    """Add up the squared distances to the mean of each group, exactly."""
    found = Fraction(0)
    for low, high in pairwise([-(10**12), *breaks, 10**12]):
        group = [value for value in values if low <= value < high]
        if group:
            found += sum(value * value for value in group) - Fraction(sum(group) ** 2, len(group))
    return found


@pytest.mark.parametrize("few_rows", [0, 512])
@given(values=VALUES, bins=st.integers(2, 5))
@settings(max_examples=30)
def test_no_other_partition_is_better(values: list[int], bins: int, few_rows: int):
    different = sorted(set(values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW_ROWS", few_rows)  # both ways of searching a layer
        breaks = natural_breaks(np.array(values), bins)
    assert len(breaks) == bins - 1
    assert breaks == sorted(breaks)
    if len(different) > bins:
        best = min(squares(values, chosen) for chosen in combinations(different[1:], bins - 1))
        assert squares(values, breaks) - best <= squares(values, []) * Fraction(1, 10**13)
        assert len(set(breaks)) == bins - 1


@pytest.mark.parametrize("few_rows", [0, 512])
def test_a_long_row_is_cut_as_a_search_of_every_pair_cuts_it(few_rows: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FEW_ROWS", few_rows)
    values = np.random.default_rng(4).lognormal(6, 1.2, 900).astype(np.int64)
    centred = np.sort(values) - round(values.mean())
    sums = np.concatenate([[0], np.cumsum(centred)]).astype(float)
    heads = np.arange(len(sums))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (sums[None, :] - sums[:, None]) ** 2 / (heads[None, :] - heads[:, None])
    between[heads[None, :] <= heads[:, None]] = -np.inf
    best = between[0]
    for _ in range(3):
        best = (best[:, None] + between).max(axis=0)
    cuts = [int(np.searchsorted(np.sort(values), cut)) for cut in natural_breaks(values, 4)]
    found = sum(between[low, high] for low, high in pairwise([0, *cuts, len(values)]))
    assert found == pytest.approx(best[-1], rel=1e-12)


def test_groups_that_part_by_themselves_are_found_and_a_break_is_the_least_of_its_group():
    assert natural_breaks(np.array([30, 1, 2, 100, 31, 3, 32]), 3) == [30, 100]


def test_many_equals_weigh_as_often_as_they_occur():
    few = natural_breaks(np.array([0, 4, 10]), 2)
    many = natural_breaks(np.array([0, *[4] * 50, *[10] * 50]), 2)
    assert (few, many) == ([10], [10])
    assert natural_breaks(np.array([*[0] * 50, *[4] * 50, 10]), 2) == [4]


def test_fewer_values_than_groups_repeat_the_last_break():
    assert natural_breaks(np.array([1, 1, 2, 2]), 5) == [2, 2, 2, 2]
    assert natural_breaks(np.array([6, 6]), 3) == [6, 6]
