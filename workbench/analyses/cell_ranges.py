"""How far the hidden cells of a table may still reach, for whoever knows the shown ones and the sums of all lines.

Not knowing a number is little if it must lie between 1 and 3. Hidden cells may move as long as every line keeps its
sum and no cell falls below zero: what one cell gains, others of its row and column lose. How much a cell can gain at
most is a flow from its column back to its row, through what the other hidden cells can give.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from workbench.analyses.arrays import Bools, Integers
from workbench.analyses.open_sums import Members, Sums


class CellRanges:
    """A table of which cells are shown one after the other, so long as no small cell is pinned down.

    A cell of 1 to `smallest` - 1 people must stay able to hold `smallest` more than it does: then it may be small, or
    not. Where the sums of the lines alone bound it more closely, showing a cell must not bound it closer than that.

    Parameters
    ----------
    counts
        People by row and column. A cell of nobody is known to be empty.
    rows, columns
        Whether the sum of each line is known.

    Examples
    --------
    Beside the 2, the 3 of its column is too few to hide it: the cells of 40 and 50 must cover both.

    >>> ranges = CellRanges(np.array([[2, 40], [3, 50], [9, 9]]), np.ones(3, bool), np.ones(2, bool), smallest=5)
    >>> ranges.shows(2, 0), ranges.shows(2, 1), ranges.shows(0, 1)
    (False, False, False)
    """

    def __init__(self, counts: Integers, rows: Bools, columns: Bools, *, smallest: int) -> None:
        self._smallest = smallest
        self._height, width = counts.shape
        self._counts = np.zeros((self._height + 1, width + 1), dtype=np.int64)
        self._counts[:-1, :-1] = counts
        self._enough = int(counts.sum()) + smallest  # more than any cell can gain
        # What a line of an unknown sum gains or loses goes to a line of its own kind that is never shown.
        self._counts[:-1, -1], self._counts[-1, :-1] = (~rows) * self._enough, (~columns) * self._enough
        self._hidden = self._counts > 0
        small = np.argwhere((counts > 0) & (counts < smallest))
        self._gains = {(int(row), int(column)): self._gain(int(row), int(column)) for row, column in small}

    def shows(self, row: int, column: int, *, where: Callable[[], bool] = lambda: True) -> bool:
        """Show a cell, unless a small one could gain less then, and `where` agrees; say whether it is shown."""
        if (row, column) in self._gains:
            return False
        self._hidden[row, column] = False
        changed = self._changed(row, column)
        if any(changed[cell][0] < self._gains[cell][0] for cell in changed) or not where():
            self._hidden[row, column] = True
            return False
        self._gains |= changed
        return True

    def is_known(self, row: int, column: int) -> None:
        """Note a cell that is known from elsewhere, whatever that does to the others."""
        self._hidden[row, column] = False
        self._gains.pop((row, column), None)
        self._gains |= self._changed(row, column)

    def hides(self, row: int, column: int, members: Members, sums: Sums) -> bool:
        """Show a cell, the sum of these members, unless a small one or a group of too few came out; say if it stays."""
        if sums.follows(members):
            self.is_known(row, column)
            return False
        return not self.shows(row, column, where=partial(sums.admits, members))

    def _changed(self, row: int, column: int) -> dict[tuple[int, int], tuple[int, Bools]]:
        """Return the gains of the small cells that went through a cell, without it."""
        return {cell: self._gain(*cell) for cell, (_gain, used) in self._gains.items() if used[row, column]}

    def _gain(self, row: int, column: int) -> tuple[int, Bools]:
        """Return how much a cell can gain, at most `smallest`, and through which cells."""
        quick = self._around(row, column)
        if quick is not None:
            return quick
        height, width = self._counts.shape
        start, end = height + width, height + column
        arcs = np.zeros((start + 1, start + 1), dtype=np.int32)
        free = np.where(self._hidden, self._enough, 0)
        can_give = np.where(self._hidden, self._counts, 0)
        free[row, column] = can_give[row, column] = 0
        arcs[:height, height:start], arcs[height:start, :height] = free, can_give.T
        arcs[start, end] = self._smallest  # no more is asked
        most = maximum_flow(csr_array(arcs), start, row)
        flow = np.abs(most.flow.toarray()[:height, height:start])
        return int(most.flow_value), flow > 0

    def _around(self, row: int, column: int) -> tuple[int, Bools] | None:
        """Return the same where two other cells of its lines can give all, and a third take it; None where none can.

        It is nearly always so, and takes a tenth of the time of the flow.
        """
        can_give = np.where(self._hidden, self._counts, 0) >= self._smallest
        can_give[row, column] = False
        others = np.argwhere(can_give[:, [column]] & self._hidden & can_give[[row]])
        if not len(others):
            return None
        other_row, other_column = others[0]
        used = np.zeros(self._hidden.shape, dtype=bool)
        used[[other_row, other_row, row], [column, other_column, other_column]] = True
        return self._smallest, used
