"""Natural breaks: values of one measure grouped so that each lies near the mean of its group, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats, Integers

FEW_ROWS = 512
"""Up to so many rows of a layer are searched one by one, along the whole stretch; more are searched together."""


def natural_breaks(values: Integers, bins: int) -> list[int]:
    """Cut values into `bins` groups whose squared distances to the groups' means are least in sum.

    This is k-means in one dimension, which geographers call Jenks' natural breaks. It is exact, not a search that
    depends on its start: a dynamic programme over the different values, each weighing as often as it occurs. Least
    squares within groups are most squares between them, sum(s * s / n) over the groups about the mean; that sum is
    rounded in double precision, so that partitions are told apart down to 1e-13 of all squares. The best break of a
    longer row never lies left of a shorter row's, so that a layer takes n log n comparisons instead of n * n.

    A break is the smallest value of its group, hence one of the values. Equal values are never parted. Where two
    partitions are equally good the lower break is taken. Where there are fewer different values than groups, each
    is a group of its own and the last break is repeated: some groups stay empty, and the largest value is in the last.

    Parameters
    ----------
    values
        Whole numbers (days, purchases, cents), at least one.

    Returns
    -------
    bins - 1 breaks in rising order.

    Examples
    --------
    >>> natural_breaks(np.array([1, 2, 2, 10, 11, 50]), 3)
    [10, 50]
    >>> natural_breaks(np.array([1, 1, 5]), 4)
    [5, 5, 5]

    References
    ----------
    W. D. Fisher, "On grouping for maximum homogeneity", Journal of the American Statistical Association 53 (1958);
    G. F. Jenks (1967) for maps; H. Wang, M. Song, "Ckmeans.1d.dp", The R Journal 3 (2011); the halving of the search
    after X. Wu, "Optimal quantization by matrix searching", Journal of Algorithms 12 (1991).
    """
    different, counts = np.unique(values, return_counts=True)
    if len(different) <= bins:
        firsts = different[1:].tolist() or different[:1].tolist()
        return [int(value) for value in firsts + firsts[-1:] * (bins - 1 - len(firsts))]

    centred = different - round(float(np.average(different, weights=counts)))
    heads = np.concatenate([[0], np.cumsum(counts)])
    sums = np.concatenate([[0], np.cumsum(centred * counts)]).astype(np.float64)
    best = np.zeros(len(heads))
    best[1:] = sums[1:] ** 2 / heads[1:]
    starts = []
    for groups in range(2, bins):
        best, start = _layer(best, sums, heads, groups)
        starts.append(start)
    last = len(different)
    breaks = [_best_start(best, sums, heads, last, bins - 1, last - 1)[0]]
    for start in reversed(starts):
        breaks.append(int(start[breaks[-1]]))
    return [int(different[place]) for place in reversed(breaks)]


def _best_start(best: Floats, sums: Floats, heads: Integers, row: int, low: int, high: int) -> tuple[int, float]:
    """Return where the last group of the first `row` values begins best, between `low` and `high`, and its worth."""
    stretch = slice(low, high + 1)
    worth = best[stretch] + (sums[row] - sums[stretch]) ** 2 / (heads[row] - heads[stretch])
    place = int(np.argmax(worth))
    return low + place, float(worth[place])


def _layer(best: Floats, sums: Floats, heads: Integers, groups: int) -> tuple[Floats, NDArray[np.int32]]:
    """Return, for every row from `groups` values on, the best worth in so many groups and where the last begins."""
    rows = len(heads) - 1
    worth, start = np.full(rows + 1, -np.inf), np.zeros(rows + 1, dtype=np.int32)
    known = np.array([groups - 1, rows + 1])  # a fence at each end
    start[groups - 1] = groups - 1
    ceiling = rows - 1
    while True:
        todo = (known[:-1] + known[1:]) // 2
        todo = todo[todo > known[:-1]]
        if not len(todo):
            return worth, start
        place = np.searchsorted(known, todo)
        low = start[known[place - 1]].astype(np.int64)
        above = known[place]
        high = np.minimum(np.where(above > rows, ceiling, start[np.minimum(above, rows)]), todo - 1)
        if len(todo) <= FEW_ROWS:
            for row, left, right in zip(todo.tolist(), low.tolist(), high.tolist(), strict=True):
                start[row], worth[row] = _best_start(best, sums, heads, row, left, right)
        else:
            _together(best, sums, heads, todo, low, high, worth, start)
        known = np.sort(np.concatenate([known, todo]))


def _together(
    best: Floats,
    sums: Floats,
    heads: Integers,
    todo: Integers,
    low: Integers,
    high: Integers,
    worth: Floats,
    start: NDArray[np.int32],
) -> None:
    """Search many short stretches at once."""
    lengths = high - low + 1
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    candidates = np.arange(lengths.sum()) + np.repeat(low - begins, lengths)
    row = np.repeat(todo, lengths)
    totals = best[candidates] + (sums[row] - sums[candidates]) ** 2 / (heads[row] - heads[candidates])
    most = np.maximum.reduceat(totals, begins)
    hits = np.flatnonzero(totals == np.repeat(most, lengths))
    first = hits[np.searchsorted(hits, begins)]
    worth[todo], start[todo] = most, candidates[first]
