"""Who is named: nobody where nothing changed, those who changed where some did, and few others among them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.topics.swings.test_query import lasting_by_numpy, scores_by_numpy
from workbench.errors import ChoiceError
from workbench.topics.swings.beyond_own_past import SwingCuts, swing_cuts
from workbench.topics.swings.query import _other_orders

CUSTOMERS, PERIODS, PLANTED = 400, 13, 30


def world(
    chance: np.random.Generator, *, visits: float, change: float | None, since: int = 1
) -> tuple[np.ndarray, ...]:
    """Customers who come at their own rates, in seasons, and spend by their own purse; the first PLANTED change.

    `change` is by what their rate is multiplied in the last periods, `since` so many; None for a world without change.
    """
    rates = chance.gamma(1.2, visits / 1.2, CUSTOMERS)[:, None] * (1 + 0.4 * np.sin(np.arange(PERIODS)))
    if change is not None:
        rates[:PLANTED] = np.maximum(rates[:PLANTED], visits * 1.3)
        rates[:PLANTED, :since] *= change
    days = chance.poisson(rates)
    noise = chance.lognormal(0, 0.6 / np.sqrt(np.maximum(days, 1)))
    values = days * chance.lognormal(4, 1, CUSTOMERS)[:, None] * noise
    is_followed = (values > 0).any(axis=1)
    return values[is_followed], days[is_followed].astype(float), np.flatnonzero(is_followed) < PLANTED


def named(values: np.ndarray, days: np.ndarray, *, lasting: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Who rose and who fell, in the last period or since some period."""
    scores, group = scores_by_numpy(values, days)
    steps = np.round(scores * 1000)
    if lasting:
        moved = [steps]
        for step, begin in _other_orders(PERIODS):
            other = np.empty_like(steps)
            other[:, (step * np.arange(PERIODS) + begin) % PERIODS] = steps
            moved.append(other)
        steps = np.column_stack([lasting_by_numpy(one) for one in moved])
    steps = np.round(steps).astype(int)
    every = pd.DataFrame(
        {
            "activity_group": np.repeat(group, PERIODS),
            "score_step": steps.ravel(),
            "is_last": np.tile(np.arange(PERIODS) == 0, len(group)),
        }
    )
    counts = every.groupby(["activity_group", "score_step"], as_index=False).agg(
        last_count=("is_last", "sum"), every_count=("is_last", "size")
    )
    counts["earlier_count"] = counts["every_count"] - counts["last_count"]
    cuts = swing_cuts(counts, level=0.1)
    far = 10**9
    risen = steps[:, 0] >= np.array([cuts.risen_from.get(one, far) for one in group])
    fallen = steps[:, 0] <= np.array([cuts.fallen_from.get(one, -far) for one in group])
    return risen, fallen


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("visits", [0.6, 3.0, 8.0])
def test_where_nothing_changes_hardly_anybody_is_named(visits: float, lasting: bool):
    chance = np.random.default_rng(20261130)
    worlds = [named(*world(chance, visits=visits, change=None)[:2], lasting=lasting) for _ in range(100)]
    assert sum(bool(risen.any() or fallen.any()) for risen, fallen in worlds) <= 6


@pytest.mark.parametrize(
    ("visits", "since", "change", "least"),
    [(8, 1, 0, 0.9), (8, 1, 3, 0.5), (5, 6, 0, 0.95), (5, 3, 0, 0.8), (2, 6, 0, 0.6), (5, 6, 3, 0.4)],
)
def test_who_stopped_or_came_thrice_as_often_is_named_and_few_others(visits, since, change, least):
    chance, shares, false_shares = np.random.default_rng(7), [], []
    for _ in range(20):
        values, days, is_planted = world(chance, visits=visits, change=change, since=since)
        risen, fallen = named(values, days, lasting=since > 1)
        meant, other = (fallen, risen) if change < 1 else (risen, fallen)
        shares.append((meant & is_planted).sum() / PLANTED)
        false_shares.append(((meant & ~is_planted) | other).sum() / max((meant | other).sum(), 1))
    assert np.mean(shares) >= least
    assert np.mean(false_shares) <= 0.10


def test_a_score_that_earlier_periods_never_had_is_named_only_where_customers_are_many():
    def counts(customers: int) -> pd.DataFrame:
        rows = [(4, 0, customers - 3, customers * 12), (4, 9000, 3, 0)]
        return pd.DataFrame(rows, columns=["activity_group", "score_step", "last_count", "earlier_count"])

    assert swing_cuts(counts(100)) == SwingCuts({4: 9000}, {})
    assert swing_cuts(counts(100), level=0.01) == SwingCuts()


def test_equal_scores_are_named_together_and_groups_of_activity_judged_apart():
    rows = [(1, 0, 90, 1000), (1, 5000, 10, 200), (4, -5000, 10, 0), (4, 0, 90, 1200)]
    counts = pd.DataFrame(rows, columns=["activity_group", "score_step", "last_count", "earlier_count"])
    assert swing_cuts(counts) == SwingCuts({}, {4: -5000})
    assert swing_cuts(counts.sample(frac=1, random_state=1)) == SwingCuts({}, {4: -5000})


def test_nobody_to_judge_has_no_cuts():
    empty = pd.DataFrame({name: [] for name in ("activity_group", "score_step", "last_count", "earlier_count")})
    assert swing_cuts(empty) == SwingCuts()


@pytest.mark.parametrize("level", [0, 1, -0.1])
def test_a_share_that_is_none_is_refused_in_words(level: float):
    with pytest.raises(ChoiceError, match="between 0 and 1"):
        swing_cuts(pd.DataFrame(), level=level)
