"""Cut points at plain quantiles or at the mean, exact: whole numbers in, fractions out; and cuts parted at ties."""

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


def parted_at_ties(cuts: list[Fraction], values: NDArray[np.int64]) -> list[Fraction]:
    """Move every cut that parts nobody to the next value above: equals at the bottom get the lowest score.

    Where one value fills several parts, its cuts coincide, and whoever has it would get all their scores at once: of 13
    who bought once and one who bought twice all would have the highest score. So a score begins only once at a value:
    the lowest score at the smallest one, the next at the first cut; another cut at the same value goes to the next
    value that somebody has. Where nobody has more, a repeated cut stays, so that equals at the top keep the highest
    score; a cut at the smallest value goes one unit up, and nobody reaches it.

    >>> [int(cut) for cut in parted_at_ties([Fraction(1), Fraction(1), Fraction(3)], np.array([1, 1, 2, 3]))]
    [2, 2, 3]
    >>> [int(cut) for cut in parted_at_ties([Fraction(2), Fraction(2)], np.array([1, 2, 2, 5]))]
    [2, 5]
    """
    begun, moved = Fraction(int(values.min())), list[Fraction]()
    for place, cut in enumerate(cuts):
        parts = cut
        if cut <= begun or cut in cuts[:place]:
            above = values[values > int(cut)]
            parts = Fraction(int(above.min())) if len(above) else max(cut, begun + 1)
        moved.append(max(parts, *moved[-1:]) if moved else parts)
    return moved
