"""Relative and Shapley weights: published figures, sums, equal parts of equal items, no order, many at once."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.topics.drivers.importance import WEIGHTS
from workbench.topics.drivers.relative_weights import johnson_weights
from workbench.topics.drivers.shapley_weights import explained_by_subsets, lmg_weights

CARS = {
    "mpg": "21 21 22.8 21.4 18.7 18.1 14.3 24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 32.4 30.4 33.9 21.5 15.5 "
    "15.2 13.3 19.2 27.3 26 30.4 15.8 19.7 15 21.4",
    "cyl": "6 6 4 6 8 6 8 4 4 6 6 8 8 8 8 8 8 4 4 4 4 8 8 8 8 4 4 4 8 6 8 4",
    "disp": "160 160 108 258 360 225 360 146.7 140.8 167.6 167.6 275.8 275.8 275.8 472 460 440 78.7 75.7 71.1 120.1 "
    "318 304 350 400 79 120.3 95.1 351 145 301 121",
    "hp": "110 110 93 110 175 105 245 62 95 123 123 180 180 180 205 215 230 66 52 65 97 150 150 245 175 66 91 113 264 "
    "175 335 109",
    "gear": "4 4 4 3 3 3 3 4 4 4 4 3 3 3 3 3 3 4 4 4 3 3 3 3 3 4 5 5 5 5 5 4",
    "am": "1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 0 0 0 0 0 1 1 1 1 1 1 1",
    "vs": "0 0 1 1 0 1 0 1 1 1 1 0 0 0 0 0 0 1 1 1 1 0 0 0 0 1 0 1 0 0 0 1",
}
"""32 cars of Motor Trend 1974 (Henderson & Velleman 1981), R's `mtcars`."""


def of_cars(*items: str) -> tuple[np.ndarray, np.ndarray]:
    correlations = np.corrcoef([[float(value) for value in CARS[name].split()] for name in ("mpg", *items)])
    return correlations[1:, 1:], correlations[0, 1:]


def r_squared(correlations: np.ndarray, outcome: np.ndarray) -> float:
    return float(outcome @ np.linalg.lstsq(correlations, outcome, rcond=None)[0]) if len(outcome) else 0.0


def by_orders(correlations: np.ndarray, outcome: np.ndarray) -> list[float]:
    """Average what each item adds over all orders, one by one."""
    added = np.zeros(len(outcome))
    orders = list(permutations(range(len(outcome))))
    for order in orders:
        for place, item in enumerate(order):
            before, after = list(order[:place]), list(order[: place + 1])
            added[item] += r_squared(correlations[np.ix_(after, after)], outcome[after])
            added[item] -= r_squared(correlations[np.ix_(before, before)], outcome[before])
    return list(added / len(orders))


def test_johnsons_weights_of_cars_are_those_published():
    weights = johnson_weights(*of_cars("cyl", "disp", "hp", "gear"))
    assert weights == pytest.approx([0.2284797, 0.2221469, 0.2321744, 0.0963886], abs=5e-8)
    assert weights.sum() == pytest.approx(0.7791896, abs=5e-8)


def test_shapley_weights_of_cars_are_those_published():
    weights = lmg_weights(*of_cars("am", "vs", "cyl"))
    assert weights == pytest.approx([0.1774892, 0.2027032, 0.3817849], abs=5e-8)
    assert weights.sum() == pytest.approx(0.7619773, abs=5e-8)


def test_shapley_weights_are_what_items_add_in_all_orders():
    cars = of_cars("hp", "gear", "am", "vs", "cyl")
    assert lmg_weights(*cars) == pytest.approx(by_orders(*cars), abs=1e-12)


def test_every_set_of_items_explains_what_its_own_regression_does():
    correlations, outcome = of_cars("hp", "gear", "am", "vs")
    explained = explained_by_subsets(correlations, outcome)
    for place, value in enumerate(explained):
        chosen = [item for item in range(4) if place >> item & 1]
        assert value == pytest.approx(r_squared(correlations[np.ix_(chosen, chosen)], outcome[chosen]), abs=1e-12)


@pytest.mark.parametrize("method", WEIGHTS)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 7))
def test_the_parts_add_up_to_what_all_explain_and_hang_on_no_order(method: str, seed: int, count: int):
    random = np.random.default_rng(seed)
    correlations = np.corrcoef(random.normal(size=(count + 1, count + 20)) + random.normal(size=count + 20))
    items, outcome = correlations[:-1, :-1], correlations[:-1, -1]
    weights = WEIGHTS[method](items, outcome)
    assert weights.sum() == pytest.approx(r_squared(items, outcome), abs=1e-9)
    assert (weights > -1e-12).all()
    order = random.permutation(count)
    assert WEIGHTS[method](items[np.ix_(order, order)], outcome[order]) == pytest.approx(weights[order], abs=1e-9)
    assert WEIGHTS[method](items, -outcome) == pytest.approx(weights, abs=1e-9)


@pytest.mark.parametrize("method", WEIGHTS)
def test_items_that_nothing_tells_apart_get_equal_parts(method: str):
    correlations = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    weights = WEIGHTS[method](correlations, [0.6, 0.6, 0.6, 0.2])
    assert weights[0] == pytest.approx(weights[1]) == pytest.approx(weights[2])
    assert weights[3] < weights[0]


@pytest.mark.parametrize("method", WEIGHTS)
def test_one_question_asked_twice_shares_its_part_and_the_sum_stays(method: str):
    once = WEIGHTS[method]([[1, 0.3], [0.3, 1]], [0.5, 0.4])
    twice = WEIGHTS[method]([[1, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]], [0.5, 0.5, 0.4])
    assert twice.sum() == pytest.approx(once.sum())
    assert twice[0] == pytest.approx(twice[1])


@pytest.mark.parametrize("method", WEIGHTS)
def test_many_matrices_at_once_give_what_each_gives_alone(method: str):
    one, other = of_cars("cyl", "disp", "hp"), of_cars("am", "vs", "gear")
    both = WEIGHTS[method](np.stack([one[0], other[0]]), np.stack([one[1], other[1]]))
    assert both == pytest.approx(np.stack([WEIGHTS[method](*one), WEIGHTS[method](*other)]))
