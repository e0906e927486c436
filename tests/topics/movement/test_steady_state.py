"""The long run: shares that one more period leaves as they are, and words where there are none."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.topics.movement.query import ABSENT, NOT_YET
from workbench.topics.movement.steady_state import limit_shares, long_run, stationary

LAWS = settings(max_examples=30)
COUNTS = st.integers(2, 5).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 9), min_size=size, max_size=size), min_size=size, max_size=size)
)


def cells(moves: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [(start, end, count) for (start, end), count in moves.items()]
    return pd.DataFrame(rows, columns=["from_segment", "to_segment", "customer_count"])


def shares(found) -> dict[str, float]:
    return found.rows.set_index("segment")["long_run_share"].to_dict()


@LAWS
@given(COUNTS)
def test_one_more_period_leaves_the_long_run_as_it_is(counts):
    matrix = np.asarray(counts, dtype=float)
    matrix[matrix.sum(axis=1) == 0, 0] = 1
    chances = matrix / matrix.sum(axis=1, keepdims=True)
    start = np.full(len(chances), 1 / len(chances))
    found = limit_shares(chances, start)
    assert found.sum() == pytest.approx(1)
    assert found @ chances == pytest.approx(found, abs=1e-8)


@LAWS
@given(COUNTS)
def test_where_customers_go_on_moving_for_long_they_end_there(counts):
    chances = np.asarray(counts, dtype=float) + 0.5
    chances /= chances.sum(axis=1, keepdims=True)
    start = np.eye(len(chances))[0]
    assert start @ np.linalg.matrix_power(chances, 500) == pytest.approx(stationary(chances), abs=1e-6)


def test_two_segments_in_the_head():
    found = long_run(cells({("A", "A"): 90, ("A", "B"): 10, ("B", "A"): 30, ("B", "B"): 70}))
    assert shares(found) == pytest.approx({"A": 0.75, "B": 0.25})
    assert found.rows["now_share"].tolist() == pytest.approx([0.6, 0.4])
    assert found.rows["next_share"].tolist() == pytest.approx([0.6 * 0.9 + 0.4 * 0.3, 0.6 * 0.1 + 0.4 * 0.7])
    assert (found.base, found.ends, found.exists) == (200, (("A", "B"),), True)


def test_a_segment_that_nobody_leaves_takes_everybody_in():
    found = long_run(cells({("A", "A"): 5, ("A", "lost"): 5, ("lost", "lost"): 3}))
    assert shares(found) == pytest.approx({"A": 0, "lost": 1})
    assert found.ends == (("lost",),)


def test_two_ends_depend_on_where_customers_are_now():
    found = long_run(cells({("A", "B"): 3, ("A", "C"): 1, ("B", "B"): 4, ("C", "C"): 2}))
    assert found.ends == (("B",), ("C",))
    assert shares(found) == pytest.approx({"A": 0, "B": 0.7, "C": 0.3})


def test_newcomers_are_left_out_and_the_absent_may_come_back():
    moves = {(NOT_YET, "A"): 99, ("A", "A"): 8, ("A", ABSENT): 2, (ABSENT, "A"): 1, (ABSENT, ABSENT): 9}
    found = long_run(cells(moves))
    assert found.base == 20
    assert shares(found) == pytest.approx({"A": 1 / 3, ABSENT: 2 / 3})


def test_a_segment_nobody_was_in_before_leaves_the_long_run_unknown():
    found = long_run(cells({("A", "A"): 8, ("A", "new"): 2}))
    assert found.unknown == ("new",)
    assert not found.exists
    assert all(math.isnan(share) for share in shares(found).values())


def test_customers_who_change_places_in_step_never_settle():
    found = long_run(cells({("A", "B"): 5, ("B", "A"): 5}))
    assert found.is_periodic
    assert shares(found) == pytest.approx({"A": 0.5, "B": 0.5})


def test_nobody_at_the_first_date_and_all_in_one_segment():
    assert not long_run(cells({(NOT_YET, "A"): 5})).exists
    assert shares(long_run(cells({("A", "A"): 1}))) == {"A": pytest.approx(1)}
