"""Effect sizes from counts agree with those from rows, keep their bounds, and do not depend on the groups' size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from workbench.analyses.effect_size import (
    V_STEPS,
    cliffs_delta,
    cramers_v,
    independence_test,
    q_values,
    rank_test,
    size_word,
)

LAWS = settings(max_examples=30)
VALUES = st.lists(st.integers(0, 6), min_size=1, max_size=25)


def counted(values: list[int]) -> list[int]:
    return np.bincount(values, minlength=7).tolist()


def test_who_always_spends_more_has_delta_one_and_equals_have_zero():
    assert cliffs_delta(counted([5, 6]), counted([1, 2, 3])) == 1
    assert cliffs_delta(counted([1, 2, 3]), counted([5, 6])) == -1
    assert cliffs_delta(counted([3, 3]), counted([3])) == 0


def test_three_of_four_pairs_won_give_one_half():
    assert cliffs_delta(counted([2, 6]), counted([1, 4])) == pytest.approx((3 - 1) / 4)


@LAWS
@given(VALUES, VALUES)
def test_counts_give_the_same_rank_test_as_the_rows(this, other):
    if len({*this, *other}) == 1:
        assert rank_test(counted(this), counted(other)) == 1
        return
    found = stats.mannwhitneyu(this, other, method="asymptotic")
    assert rank_test(counted(this), counted(other)) == pytest.approx(found.pvalue, abs=1e-9)
    delta = 2 * found.statistic / (len(this) * len(other)) - 1
    assert cliffs_delta(counted(this), counted(other)) == pytest.approx(delta)


@LAWS
@given(VALUES, VALUES)
def test_groups_changed_about_turn_delta_round_and_leave_v(this, other):
    a, b = counted(this), counted(other)
    assert cliffs_delta(a, b) == pytest.approx(-cliffs_delta(b, a))
    assert cramers_v(a, b) == pytest.approx(cramers_v(b, a))
    assert 0 <= cramers_v(a, b) <= 1


def test_no_value_in_common_is_one_and_the_same_shares_are_zero():
    assert cramers_v([500, 0], [0, 500]) == pytest.approx(1)
    assert cramers_v([30, 70], [300, 700]) == 0


def test_many_values_do_not_look_telling_by_chance():
    chance = np.random.default_rng(7)
    tables = [chance.multinomial(60, np.full(20, 0.05), size=2) for _ in range(40)]
    plain = [stats.contingency.association(table[:, table.sum(axis=0) > 0], method="cramer") for table in tables]
    assert np.mean(plain) > 0.35
    assert np.mean([cramers_v(*table) for table in tables]) < 0.12


def test_the_test_of_shares_is_pearsons():
    table = np.array([[12, 30, 8], [40, 31, 9]])
    assert independence_test(*table) == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


@pytest.mark.parametrize("measure", [cliffs_delta, rank_test, cramers_v, independence_test])
def test_nobody_in_a_group_is_unknown_not_zero(measure):
    assert math.isnan(measure([0, 0], [3, 4]))
    assert math.isnan(measure([], []))


@pytest.mark.parametrize("measure", [cramers_v, independence_test])
def test_one_value_for_all_tells_nothing(measure):
    assert measure([5], [9]) == (1 if measure is independence_test else 0)


def test_one_customer_against_one_gives_a_number():
    assert cliffs_delta([1, 0], [0, 1]) == -1
    assert rank_test([1, 0], [0, 1]) == 1


def test_q_is_the_share_of_false_finds_among_those_called():
    assert q_values([0.005, 0.01, 0.03, 0.04]).tolist() == pytest.approx([0.02, 0.02, 0.04, 0.04])
    assert q_values([]).tolist() == []


def test_sizes_go_by_their_sources():
    assert [size_word(effect) for effect in (0.1, 0.147, -0.33, 0.6)] == ["negligible", "small", "medium", "large"]
    assert size_word(0.3, steps=V_STEPS) == "medium"
