"""How regular purchases are: at random, as the models of value hold, or like a clock, as in a service shop."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.analyses.intervals import z_value

FEWEST_INTERVALS = 30
"""Customers with two intervals, below whom nothing is said."""
REGULAR_FROM = 1.5
"""Shapes that are called regular, where chance does not explain them."""
_RANDOM_KURTOSIS = 1.8
"""Of a share that may be anything between 0 and 1."""


@dataclass(frozen=True)
class Regularity:
    """The shape of customers' intervals: 1 is chance, more is regular, less comes in spells; with its interval.

    Unknown (NaN) where fewer than FEWEST_INTERVALS customers have two intervals.
    """

    shape: float
    low: float
    high: float
    base: int

    @property
    def is_regular(self) -> bool:
        """Whether purchases are more regular than the models hold, beyond chance."""
        return self.shape >= REGULAR_FROM and self.low > 1


def regularity(variance: float, base: int, *, confidence: float = 0.95) -> Regularity:
    """Return the shape of the intervals by what `interval_split` gave: the variance of the share of one of two.

    Two intervals of shape k divide their sum as a beta (k, k) does, whose variance is 1 / (4 (2k + 1)).

    >>> regularity(1 / 12, 400).shape, regularity(1 / 36, 400).is_regular
    (1.0, True)
    """
    unknown = float("nan")
    if base < FEWEST_INTERVALS or not math.isfinite(variance):
        return Regularity(unknown, unknown, unknown, base)
    error = z_value(confidence) * math.sqrt((_RANDOM_KURTOSIS - 1) / base)
    return Regularity(_shape(variance), _shape(variance * (1 + error)), _shape(variance * max(1 - error, 0.0)), base)


def _shape(variance: float) -> float:
    return float("inf") if variance <= 0 else round(max(float(1 / (4 * variance) - 1) / 2, 0.0), 9)
