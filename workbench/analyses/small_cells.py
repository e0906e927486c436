"""Which cells of a table must not be shown, when the sums of its rows and columns can be seen as well."""

from __future__ import annotations

import numpy as np
import pandas as pd
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


def hidden_sums(
    cells: pd.DataFrame, *, rows: str, columns: str, size: str = "customer_count", smallest: int
) -> set[str]:
    """Name the rows of cells in long form whose sum must be hidden as well."""
    if smallest <= 1 or cells.empty:
        return set()
    counts = _table(cells, rows, columns, size)
    hidden = hidden_cells(counts.to_numpy(dtype=np.int64), smallest=smallest)[:-1, -1]
    return {str(name) for name, is_hidden in zip(counts.index, hidden, strict=True) if is_hidden}


def _table(cells: pd.DataFrame, rows: str, columns: str, size: str) -> pd.DataFrame:
    return cells.pivot_table(index=rows, columns=columns, values=size, aggfunc="sum", fill_value=0)


def mask_cells(
    cells: pd.DataFrame, *, rows: str, columns: str, size: str = "customer_count", smallest: int
) -> pd.DataFrame:
    """Return cells in long form with every figure of the hidden ones unknown.

    `rows` and `columns` name the two sides; text columns beside them stay.
    """
    if smallest <= 1 or cells.empty:
        return cells
    counts = _table(cells, rows, columns, size)
    hidden = hidden_cells(counts.to_numpy(dtype=np.int64), smallest=smallest)
    place = {
        side: {name: at for at, name in enumerate(found)} for side, found in ((rows, counts.index), (columns, counts))
    }
    pairs = zip(cells[rows].map(place[rows]), cells[columns].map(place[columns]), strict=True)
    mask = pd.Series([bool(hidden[pair]) for pair in pairs], index=cells.index)
    figures = [name for name in cells.columns if pd.api.types.is_numeric_dtype(cells[name])]
    return cells.assign(**{name: cells[name].astype(float).mask(mask) for name in figures})
