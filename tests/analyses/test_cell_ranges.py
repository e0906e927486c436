"""Ranges of cells: a linear program finds no small cell bounded more closely than the sums of the lines bound it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from workbench.analyses.cell_ranges import CellRanges

LEAST = 5


def most(counts, hidden, rows, columns, cell) -> float:
    """Return the largest number that a hidden cell can be, for whoever knows the rest."""
    places = np.argwhere(hidden)
    lines = [places[:, 0] == row for row in np.flatnonzero(rows)] + [
        places[:, 1] == one for one in np.flatnonzero(columns)
    ]
    lines = np.array([*lines, np.ones(len(places))], dtype=float)  # and how many there are in all
    aim = -np.all(places == cell, axis=1).astype(float)
    found = linprog(aim, A_eq=lines, b_eq=lines @ counts[hidden], bounds=(0, None), method="highs")
    return float("inf") if found.status == 3 else -found.fun  # unbounded


@pytest.fixture(scope="module")
def trials(request) -> int:
    return 400 if request.config.getoption("--full") else 40


def test_no_small_cell_is_bounded_more_closely_than_by_the_lines_alone(trials):
    dice = random.Random(2)
    refused = bounded = 0
    for _ in range(trials):
        height, width = dice.randint(2, 5), dice.randint(2, 5)
        counts = np.array([[dice.choice([0, 0, 1, 3, 4, 5, 8, 13, 60]) for _ in range(width)] for _ in range(height)])
        rows, columns = (np.array([dice.random() < 0.9 for _ in range(size)]) for size in (height, width))
        ranges = CellRanges(counts, rows, columns, smallest=LEAST)
        cells = [tuple(place) for place in np.argwhere(counts > 0)]
        dice.shuffle(cells)
        shown = {cell for cell in cells if ranges.shows(*cell)}
        every = counts > 0
        hidden = every.copy()
        for cell in shown:
            hidden[cell] = False
        for cell in np.argwhere((counts > 0) & (counts < LEAST)):
            here = counts[tuple(cell)]
            alone = min(most(counts, every, rows, columns, cell), here + LEAST)
            assert most(counts, hidden, rows, columns, cell) >= alone - 1e-6, (counts, shown, cell)
            bounded += alone < here + LEAST
        refused += len(cells) - len(shown)
    assert refused
    assert bounded < trials * 2, "mostly it is the cells that bound each other"


def test_a_table_of_large_cells_is_shown_whole():
    ranges = CellRanges(np.array([[5, 30], [40, 0]]), np.ones(2, bool), np.ones(2, bool), smallest=LEAST)
    assert all(ranges.shows(*cell) for cell in ((0, 0), (0, 1), (1, 0)))


def test_two_small_cells_do_not_cover_each_other():
    """Of 2 and 3 in a line of five, neither could be more than five; a cell of 40 beside them stays hidden."""
    counts = np.array([[2, 3, 40], [30, 30, 30]])
    ranges = CellRanges(counts, np.ones(2, bool), np.ones(3, bool), smallest=LEAST)
    assert not ranges.shows(0, 2)
