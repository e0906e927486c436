"""Shares of a whole counted exactly, against decimals."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from hypothesis import given
from hypothesis import strategies as st

from workbench.analyses.exact_shares import share_count


@given(st.integers(0, 1000), st.integers(0, 10_000_000))
def test_a_share_in_thousandths_is_counted_as_decimals_count_it(thousandths, whole):
    exact = (Decimal(thousandths) / 1000 * whole).to_integral_value(ROUND_CEILING)
    assert share_count(thousandths / 1000, whole) == exact


def test_what_floats_put_a_hair_above_a_whole_number_is_that_number():
    wrong = [share / 100 * whole for share, whole in ((7, 100), (14, 50), (55, 100))]
    assert any(value != round(value) for value in wrong), "or floats would do"
    assert [share_count(share / 100, whole) for share, whole in ((7, 100), (14, 50), (55, 100))] == [7, 7, 55]
