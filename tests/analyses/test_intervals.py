"""The intervals' arithmetic against scipy's, for numbers as for columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, t

from tests.analyses.rows import table
from workbench.analyses.intervals import t_value, wilson, z_value
from workbench.errors import ChoiceError


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilsons_interval_is_scipys(base, share, confidence):
    satisfied = round(share * base)
    expected = binomtest(satisfied, base).proportion_ci(confidence, method="wilson")
    low, high = wilson(satisfied / base, base, confidence=confidence)
    assert low == pytest.approx(expected.low, abs=1e-12)
    assert high == pytest.approx(expected.high, abs=1e-12)


@given(st.floats(4, 1e5), st.sampled_from([0.8, 0.9, 0.95]))
def test_students_quantile_is_right_to_a_thousandth_from_four_degrees_on(degrees, confidence):
    assert t_value(degrees, confidence=confidence) == pytest.approx(t.ppf(0.5 + confidence / 2, degrees), rel=1e-3)


def test_a_column_gets_the_same_interval_as_a_number():
    rows = table("shares", {"share": "DOUBLE", "base": "DOUBLE"}, [(0.5, 10.0)])
    low, high = wilson(rows.share, rows.base, confidence=0.95)
    answer = rows.select(low=low, high=high, t=t_value(rows.base, confidence=0.95)).to_pyarrow().to_pylist()[0]
    assert (answer["low"], answer["high"]) == pytest.approx(wilson(0.5, 10.0, confidence=0.95))
    assert answer["t"] == pytest.approx(t_value(10.0, confidence=0.95))


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ChoiceError):
        z_value(confidence)
