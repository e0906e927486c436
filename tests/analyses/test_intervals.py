"""The intervals' arithmetic against scipy's, for numbers as for columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from tests.analyses.rows import table
from workbench.analyses.intervals import t_value, z_value
from workbench.errors import ChoiceError


@given(st.floats(4, 1e5), st.sampled_from([0.8, 0.9, 0.95]))
def test_students_quantile_is_right_to_a_thousandth_from_four_degrees_on(degrees, confidence):
    assert t_value(degrees, confidence=confidence) == pytest.approx(t.ppf(0.5 + confidence / 2, degrees), rel=1e-3)


def test_a_column_gets_the_same_quantile_as_a_number():
    rows = table("degrees", {"degrees": "DOUBLE"}, [(10.0,)])
    answer = rows.select(t=t_value(rows.degrees, confidence=0.95)).to_pyarrow().to_pylist()[0]
    assert answer["t"] == pytest.approx(t_value(10.0, confidence=0.95))


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ChoiceError):
        z_value(confidence)
