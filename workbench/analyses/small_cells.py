"""Which cells of a table must not be shown, when the sums of its rows and columns can be seen as well."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.small_groups import SMALLEST_GROUP


def hidden_cells(counts: NDArray[np.int64], *, smallest: int = SMALLEST_GROUP) -> NDArray[np.bool_]:
    """Mark the cells and sums of a table that must be hidden, so that none of too few comes out by subtraction.

    Every row with its sum, and every column with its, is an equation: who knows all but one of its numbers knows that
    one too, and of several hidden cells their sum. So in each the hidden ones are at least two, and where its sum is
    shown they hold at least `smallest` people together; the smallest shown ones are hidden with them, a sum last. A
    cell of nobody hides nothing.

    Parameters
    ----------
    counts
        People by row and column, without sums.

    Returns
    -------
    True where a number is hidden: one row and one column more than `counts`, for the sums.

    Examples
    --------
    >>> hidden_cells(np.array([[2, 30], [40, 50]]), smallest=5).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    """
    whole = np.vstack(
        [np.hstack([counts, counts.sum(axis=1, keepdims=True)]), np.append(counts.sum(axis=0), counts.sum())]
    )
    hidden = (whole > 0) & (whole < smallest)
    settled = False
    while not settled:
        settled = True
        for line in (*zip(whole, hidden, strict=True), *zip(whole.T, hidden.T, strict=True)):
            settled = _complete(*line, smallest) and settled
    return hidden


def _complete(numbers: NDArray[np.int64], hidden: NDArray[np.bool_], smallest: int) -> bool:
    """Hide more of one line where its hidden numbers could be found; say whether nothing was to do."""
    parts, done = hidden[:-1], True
    while parts.any() or hidden[-1]:
        together = int(numbers[:-1][parts].sum())
        enough = int(hidden.sum()) > 1 and (hidden[-1] or together >= smallest)
        free = np.flatnonzero(~hidden & (numbers > 0))
        if enough or not free.size:
            break
        inner = free[free < len(numbers) - 1]
        chosen = inner[np.argmin(numbers[inner])] if inner.size else free[-1]
        hidden[chosen], done = True, False
        parts = hidden[:-1]
    return done
