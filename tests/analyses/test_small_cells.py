"""Hidden cells: no cell of too few is shown, and none is the only unknown of a row or column."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyses.small_cells import hidden_cells

LAWS = settings(max_examples=30)
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 3, 4, 5, 8, 60]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@LAWS
@given(TABLES)
def test_no_line_gives_a_small_cell_away(rows):
    counts = np.asarray(rows, dtype=np.int64)
    hidden = hidden_cells(counts, smallest=5)
    whole = np.vstack(
        [np.hstack([counts, counts.sum(axis=1, keepdims=True)]), np.append(counts.sum(axis=0), counts.sum())]
    )
    assert not ((whole > 0) & (whole < 5) & ~hidden).any()
    for numbers, line in (*zip(whole, hidden, strict=True), *zip(whole.T, hidden.T, strict=True)):
        shown = ~line & (numbers > 0)
        if line.any() and shown.any():
            assert line.sum() > 1
            assert line[-1] or numbers[:-1][line[:-1]].sum() >= 5


def test_a_table_of_large_cells_is_shown_whole():
    assert not hidden_cells(np.array([[5, 30], [40, 0]]), smallest=5).any()
