"""Concentration: how much the best customers bring, measured with an interval instead of assumed to be 80/20."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from workbench.analyses.arrays import Floats, Integers
from workbench.errors import ChoiceError, NothingToShow

BOOTSTRAP_CELLS = 2000
"""How many groups of similar customers stand for all of them in the bootstrap."""


@dataclass(frozen=True)
class Interval:
    """A figure with the bounds between which it lies in 95 of 100 resamples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Concentration:
    """How concentrated the value is; shares are 0..1, `top_share` and `target` repeat what was asked.

    `n` counts the customers with a known value, those of zero or below included, who bring nothing to `total`;
    `nonpositive_count` and `nonpositive_value` say how many they are and what they cost, `unknown_count` how many
    values are unknown and left out.
    """

    n: int
    total: float
    top_share: float
    top_count: int
    top_value_share: Interval
    target: float
    needed_count: int
    needed_share: Interval
    gini: Interval
    hhi: Interval
    nonpositive_count: int
    nonpositive_value: float
    unknown_count: int


def concentration(
    values: ArrayLike, *, top_share: float = 0.2, target: float = 0.8, resamples: int = 500, seed: int = 20
) -> Concentration:
    """Measure how the value is spread over the customers.

    `top_value_share` is what the best `ceil(top_share * n)` customers bring; `needed_count` how many of the best
    customers bring `target` of the value; Gini is `1 - 2 * (area under the Lorenz curve)`, 0 when all are equal; HHI
    the sum of squared shares. Amounts are added as whole cents, so no float decides who crosses a line.

    The intervals are percentile bootstraps: n customers are drawn with replacement `resamples` times, from a fixed
    seed, which shows how far the figures would move with another draw of customers like these. With more than
    BOOTSTRAP_CELLS different values, neighbours in the ranking are drawn as one (the best customers one by one, the
    small ones in groups of up to n / 200), so that a million customers cost what two thousand do.

    Examples
    --------
    >>> measured = concentration([85, 5, 4, 3, 3], top_share=0.2, target=0.8)
    >>> measured.top_value_share.value, measured.needed_count
    (0.85, 1)

    References
    ----------
    B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), ch. 13; C. Gini, Variabilità e mutabilità (1912).
    """
    for name, share in (("top_share", top_share), ("target", target)):
        if not 0 < share <= 1:
            raise ChoiceError("share_out_of_range", name=name, value=share)
    amounts = np.asarray(values, dtype=float)
    known = amounts[~np.isnan(amounts)]
    cents = np.rint(known * 100).astype(np.int64)
    gains = np.sort(np.clip(cents, 0, None))[::-1]
    total = int(gains.sum())
    if total == 0:
        raise NothingToShow("no_positive_value")

    ones = np.ones((1, len(gains)), dtype=np.int64)
    measured = _measures(gains.astype(float), ones, top_share=top_share, target=target)
    sizes, means = _cells(gains)
    draws = np.random.default_rng(seed).multinomial(len(gains), sizes / len(gains), size=resamples)
    valued = draws[draws @ means > 0].astype(np.int64)  # who draws only customers worth nothing learns no share
    drawn = _measures(means, valued, top_share=top_share, target=target)
    bounds = {name: np.quantile(sample, [0.025, 0.975]) for name, sample in drawn.items()}
    interval = {name: Interval(float(measured[name][0]), *map(float, bounds[name])) for name in measured}
    return Concentration(
        n=len(gains),
        total=total / 100,
        top_share=top_share,
        top_count=_ceil(top_share, len(gains)),
        top_value_share=interval["top"],
        target=target,
        needed_count=int(np.searchsorted(gains.cumsum(), _ceil(target, total))) + 1,
        needed_share=interval["needed"],
        gini=interval["gini"],
        hhi=interval["hhi"],
        nonpositive_count=int((cents <= 0).sum()),
        nonpositive_value=int(cents[cents <= 0].sum()) / 100,
        unknown_count=len(amounts) - len(known),
    )


def _ceil(share: float, whole: int) -> int:
    """Round `share * whole` up, reading the share as it is written: 0.2 of 10 is 2."""
    return math.ceil(Fraction(repr(share)) * whole)


def _cells(gains: Integers) -> tuple[Integers, Floats]:
    """Put customers of like value together, best first: how many each cell holds, and their mean."""
    values, sizes = np.unique(gains, return_counts=True)
    if len(values) <= BOOTSTRAP_CELLS:
        return sizes[::-1], values[::-1].astype(float)
    singles = BOOTSTRAP_CELLS // 2
    edges = np.concatenate(
        [np.arange(singles), np.linspace(singles, len(gains), BOOTSTRAP_CELLS - singles, endpoint=False)]
    )
    starts = edges.astype(np.int64)
    sizes = np.diff(starts, append=len(gains))
    return sizes, np.add.reduceat(gains, starts) / sizes


def _measures(values: Floats, counts: Integers, *, top_share: float, target: float) -> dict[str, Floats]:
    """Measure rows of draws at once: `counts[i, j]` customers of `values[j]` (best first) in draw i."""
    n = int(counts[0].sum())
    heads, gains = counts.cumsum(axis=1), (counts * values).cumsum(axis=1)
    heads_before, gains_before = heads - counts, gains - counts * values
    total = gains[:, -1]
    draw = np.arange(len(counts))

    best = _ceil(top_share, n)
    last = (heads < best).sum(axis=1)
    top = gains_before[draw, last] + (best - heads_before[draw, last]) * values[last]

    wanted = target * total
    crossing = (gains < wanted[:, None] * (1 - 1e-12)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.nan_to_num((wanted - gains_before[draw, crossing]) / values[crossing])
    needed = heads_before[draw, crossing] + np.ceil(within - 1e-9)

    area = (counts * (gains_before + gains)).sum(axis=1) / (2 * n * total)
    return {
        "top": top / total,
        "needed": needed / n,
        "gini": 2 * area - 1,
        "hhi": (counts * values**2).sum(axis=1) / total**2,
    }
