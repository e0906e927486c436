"""What customers will bring: purchases, spend, discounted value within a horizon, and the sum of all with interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.analyses.arrays import Floats
from workbench.analyses.intervals import z_value
from workbench.errors import ChoiceError
from workbench.topics.lifetime_value.fit import Fit
from workbench.topics.lifetime_value.gamma_gamma import GammaGamma
from workbench.topics.lifetime_value.histories import Histories
from workbench.topics.lifetime_value.hold_out import PurchasesExpected, group_spend, weekly

WEEKS_OF_YEAR = 365.25 / 7
MONTHS_A_STEP = 3
LONGEST_HORIZON = 60
_MOST_DRAWN = 100_000
"""Customers whose purchases are drawn to see how far chance alone carries the sum."""


def customer_values(
    histories: Histories,
    purchases: PurchasesExpected,
    spend: Floats,
    *,
    horizon_months: int = 12,
    discount: float = 0.1,
) -> pd.DataFrame:
    """Return what customers of each history are expected to do and to bring within the horizon.

    Value is the spend expected of each purchase (`spend`) times the purchases expected, quarter by quarter, each
    discounted from its middle at `discount` a year. It counts revenue, no cost, and nothing after the horizon.

    Returns
    -------
    probability_alive, expected_purchases (within the horizon), expected_spend (on a purchase), expected_value.

    Raises
    ------
    ChoiceError
        Where the horizon is not 1 to LONGEST_HORIZON months, or the discount below zero.
    """
    if not 1 <= horizon_months <= LONGEST_HORIZON:
        raise ChoiceError("value_horizon", months=horizon_months, most=LONGEST_HORIZON)
    if not discount >= 0:
        raise ChoiceError("value_discount", discount=discount)
    ends = np.append(np.arange(MONTHS_A_STEP, horizon_months, MONTHS_A_STEP), horizon_months) / 12
    so_far = purchases.expected_purchases(histories, ends * WEEKS_OF_YEAR)
    middles = (ends + np.append(0.0, ends[:-1])) / 2
    discounted = np.diff(so_far, axis=1, prepend=0.0) @ (1 + discount) ** -middles
    return pd.DataFrame(
        {
            "probability_alive": purchases.probability_alive(histories),
            "expected_purchases": so_far[:, -1],
            "expected_spend": spend,
            "expected_value": discounted * spend,
        }
    )


@dataclass(frozen=True)
class RevenueAhead:
    """The revenue expected of all customers known, and the interval in which chance and what was fitted leave it."""

    revenue: float
    low: float
    high: float


def revenue_ahead(
    rows: pd.DataFrame,
    purchases: Fit[PurchasesExpected],
    spend: Fit[GammaGamma],
    *,
    weeks: float = WEEKS_OF_YEAR,
    confidence: float = 0.95,
    seed: int = 1,
) -> RevenueAhead:
    """Return the revenue that all customers of the rows of `distinct_histories` are expected to bring.

    The interval holds what is uncertain where the models are right: their parameters (delta method) and the chance of
    each customer (one drawn future of each, 100,000 at most). How wrong the models are, the hold-out tells. Customers
    who are yet to come are not in it.
    """
    histories = weekly(rows)
    count, times = histories.count, np.array([weeks])
    expected = purchases.model.expected_purchases(histories, times)[:, 0]
    each = group_spend(spend.model, rows)
    total = float((count * expected) @ each)

    def by_purchases(model: PurchasesExpected) -> float:
        return float((count * each) @ model.expected_purchases(histories, times)[:, 0])

    def by_spend(model: GammaGamma) -> float:
        return float((count * expected) @ group_spend(model, rows))

    random = np.random.default_rng(seed)
    every = np.repeat(np.arange(len(count)), count.astype(int))
    drawn = random.choice(every, _MOST_DRAWN, replace=False) if len(every) > _MOST_DRAWN else every
    one_each = Histories(histories.x[drawn], histories.t_x[drawn], histories.observed[drawn], np.ones(len(drawn)))
    made = purchases.model.drawn_purchases(one_each, weeks, random)
    means = rows["repeat_monetary"].to_numpy(dtype=float) / (count * np.maximum(histories.x, 1))
    spent = spend.model.drawn_spend(one_each.x, means[drawn], made, random)
    chance = ((spent - (expected * each)[drawn]) ** 2).sum() * len(every) / max(len(drawn), 1)
    variance = purchases.variance_of(by_purchases) + spend.variance_of(by_spend) + float(chance)
    factor = float(np.exp(z_value(confidence) * np.sqrt(variance) / total))
    return RevenueAhead(total, total / factor, total * factor)
