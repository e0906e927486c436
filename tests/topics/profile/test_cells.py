"""What is told of one column by every choice of segments gives no small cell away."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.topics.profile import compare_segments
from workbench.topics.profile.cells import EVERYBODY, NO_VALUE, withheld_cells

LEAST = 3
CELLS = st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=3), min_size=2, max_size=4)


def column(cells) -> pd.DataFrame:
    """Make the counts of a column from how many of each segment have each value; the last value is a missing one."""
    values = ["north", "south", None]
    return pd.DataFrame(
        [
            {
                "column": "region",
                "segment": f"s{row}",
                "number": np.nan,
                "label": values[place],
                "customer_count": number,
            }
            for row, numbers in enumerate(cells)
            for place, number in enumerate(numbers)
            if number
        ],
        columns=["column", "segment", "number", "label", "customer_count"],
    ).assign(total=np.nan)


def follows(told: list[np.ndarray], group: np.ndarray) -> bool:
    if not told:
        return False
    matrix = np.array(told, dtype=float)
    solved = np.linalg.lstsq(matrix.T, group.astype(float), rcond=None)[0]
    return bool(np.allclose(matrix.T @ solved, group, atol=1e-6))


@given(CELLS)
def test_no_group_of_too_few_follows_from_all_that_is_told(cells):
    counts = column(cells)
    if counts.empty:
        return
    people = np.array(cells)
    withheld = withheld_cells(counts, smallest=LEAST)
    one = np.eye(people.size, dtype=int).reshape(-1, *people.shape)
    places = list(product(range(people.shape[0]), range(people.shape[1])))
    values = ["north", "south", NO_VALUE]
    told = [one[n].ravel() for n, (row, place) in enumerate(places)
            if people[row, place] and (f"s{row}", values[place]) not in withheld]  # fmt: skip
    told += [
        sum(one[n] for n, (_, at) in enumerate(places) if at == place).ravel()
        for place in range(people.shape[1])
        if (EVERYBODY, values[place]) not in withheld
    ]
    there = (people > 0).ravel()
    told = [sum_ * there for sum_ in told]
    few = [n for n in range(people.size) if 0 < people.ravel()[n] < LEAST]
    for group in chain.from_iterable(combinations(few, size) for size in (1, 2)):
        if people.ravel()[list(group)].sum() < LEAST:
            members = np.zeros(people.size, dtype=int)
            members[list(group)] = 1
            assert not follows(told, members), (cells, group)


def test_what_is_hidden_of_one_segment_does_not_come_out_of_the_comparisons_of_the_others():
    counts = column([[2, 20, 0], [30, 40, 0], [25, 35, 0]])
    shown = {}
    for this in ("s0", "s1", "s2"):
        row = compare_segments(counts, this=this, smallest=5).iloc[0]
        shown[this] = {side: row[f"{side}_share"] * row[f"{side}_base"] for side in ("this", "other")}
    assert np.isnan(shown["s0"]["this"])
    rest_of_two = shown["s1"]["other"] - shown["s2"]["this"]
    assert np.isnan(rest_of_two), "it would be the two of s0"
    assert compare_segments(counts, this="s1").iloc[0]["this_share"] == pytest.approx(30 / 70)


def test_cells_that_other_pages_would_give_away_are_hidden_as_well():
    counts = column([[12, 20, 0], [30, 40, 0]])
    alone = compare_segments(counts, this="s0", smallest=5).iloc[0]
    both = {("s0", "north"), ("s0", "south")}
    together = compare_segments(counts, this="s0", smallest=5, withheld={"region": frozenset(both)}).iloc[0]
    assert alone["this_share"] > 0
    assert np.isnan(together["this_share"]), together
    assert together["this_base"] == 32
