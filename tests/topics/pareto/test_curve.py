"""The curve in memory says what the query says, whatever the values and wherever the cut-offs are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import worth
from tests.topics.pareto.test_query import RULES
from workbench.store.rows import arrays, frame
from workbench.topics.pareto import abc_cut, abc_ranking, abc_summary, lorenz
from workbench.topics.pareto.curve import AbcCurve, abc_steps

VALUES = st.lists(st.one_of(st.none(), st.integers(-300, 2000), st.just(7)), min_size=1, max_size=14)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True).astype(expected.dtypes.to_dict()), expected.reset_index(drop=True)
    )


@given(cents=VALUES, rules=RULES, ties=st.sampled_from(["together", "row_order"]))
@settings(max_examples=30)
def test_the_curve_in_memory_is_the_query(cents: list[int | None], rules: dict, ties: str):
    ranking = abc_ranking(worth(*(None if cent is None else cent / 100 for cent in cents)), ties=ties)
    classes = abc_cut(ranking, **rules)
    curve = AbcCurve.read(arrays(abc_steps(ranking).to_pyarrow()))
    ends = curve.ends(**rules)
    same(curve.summary(ends), frame(abc_summary(classes).to_pyarrow()))
    keys = ["rank_share", "abc_class"]
    same(
        curve.lorenz(ends, points=5).sort_values(keys), frame(lorenz(classes, points=5).to_pyarrow()).sort_values(keys)
    )


def test_nobody_at_all_leaves_three_empty_classes_and_no_curve():
    nothing = np.array([], dtype=np.int64)
    curve = AbcCurve.read({"heads": nothing, "cents": nothing, "size": nothing})
    ends = curve.ends()
    assert curve.summary(ends)["customer_count"].to_list() == [0, 0, 0]
    assert curve.lorenz(ends).empty
