"""Hidden sums: what stays shown determines no group of too few, and no more is hidden than that takes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyses.small_sums import ALWAYS, BESIDE, ROW, hidden_sums

LAWS = settings(max_examples=40, deadline=None)
LEAST = 5
ATOMS = 6
SUMS = st.lists(st.lists(st.booleans(), min_size=ATOMS, max_size=ATOMS), min_size=1, max_size=7)
SIZES = st.lists(st.sampled_from([0, 1, 2, 4, 5, 7, 40]), min_size=ATOMS, max_size=ATOMS)


def hidden(members, sizes, first=None, ranks=None):
    members = np.asarray(members, dtype=bool)
    counts = members @ np.asarray(sizes)
    small = (counts > 0) & (counts < LEAST) if first is None else np.asarray(first, dtype=bool)
    ranks = np.zeros(len(members), dtype=int) if ranks is None else np.asarray(ranks)
    return hidden_sums(members, np.asarray(sizes), small, ranks=ranks, smallest=LEAST)


@LAWS
@given(SUMS, SIZES)
def test_no_small_group_is_a_combination_of_what_stays(members, sizes):
    sums = np.asarray(members, dtype=float)[:, np.asarray(sizes) > 0]
    people = np.asarray(sizes)[np.asarray(sizes) > 0]
    shown = sums[~hidden(members, sizes)]
    rank = np.linalg.matrix_rank(shown) if shown.size else 0
    for picked in range(1, 2 ** len(people)):  # every group there could be
        group = np.array([picked >> place & 1 for place in range(len(people))], dtype=float)
        counted = [one for one in sums if (one == group).all()]
        if group @ people < LEAST and (counted or group.sum() == 1) and shown.size:
            assert np.linalg.matrix_rank(np.vstack([shown, group])) > rank


def test_sums_of_enough_people_that_lie_apart_stay():
    assert not hidden([[1, 0], [0, 1], [1, 1]], [5, 30]).any()


def test_what_a_segment_leaves_of_a_cell_counts_though_both_are_large():
    """Eight in a cell, seven of them in one segment: the other is one customer."""
    assert hidden([[1, 1, 0], [1, 0, 0], [0, 1, 1]], [7, 1, 40]).tolist() == [False, True, False]


def test_two_hidden_in_every_line_are_not_enough():
    """The table of lines and margins from which the 4 of the second row follows, though each line hides two."""
    cells = np.array([[3, 2, 0, 0], [13, 4, 2, 8], [0, 0, 3, 2], [8, 7, 16, 0]])
    places = np.arange(16).reshape(4, 4)
    margins = [np.isin(np.arange(16), line) for line in (*places, *places.T)]
    members = np.vstack([np.eye(16, dtype=bool), margins])
    first = np.zeros(24, dtype=bool)
    first[:16] = ((cells > 0) & (cells < LEAST)).ravel()
    first[[7, 12, 13]] = True  # what completes each line
    found = hidden(members, cells.ravel(), first, [ROW] * 16 + [BESIDE] * 8)
    assert found[4], "the 13 of the second row must go as well"
    assert not found[16:].any(), "sums beside the table go last"


def test_what_always_stands_somewhere_is_never_hidden():
    assert hidden([[1, 1], [1, 0]], [30, 3], [False, False], [ALWAYS, ROW]).tolist() == [False, True]
