"""Cut points at plain quantiles or at the mean, exact: whole numbers in, fractions out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def quantile_breaks(values: NDArray[np.int64], bins: int) -> list[Fraction]:
    """Cut at k/bins of the way through the sorted values (type 7: linear between the two neighbours).

    In whole numbers and fractions, so that no cut misses a value by a hair.

    >>> [float(cut) for cut in quantile_breaks(np.array([10, 20, 30]), 4)]
    [15.0, 20.0, 25.0]

    References
    ----------
    R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
    """
    places = [divmod((len(values) - 1) * k, bins) for k in range(1, bins)]
    wanted = sorted({place for index, rest in places for place in (index, index + (rest > 0))})
    ordered = dict(zip(wanted, np.partition(values, wanted)[wanted].tolist(), strict=True))
    return [
        ordered[index] + Fraction(rest, bins) * (ordered[index + (rest > 0)] - ordered[index]) for index, rest in places
    ]


def mean_break(values: NDArray[np.int64]) -> list[Fraction]:
    """Cut once, at the mean."""
    return [Fraction(int(values.sum()), len(values))]
