"""The composite score: a weighted mean, its ranking with shared places, its levels, and weights that are checked."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyses.rows import records, scored
from workbench.errors import ChoiceError
from workbench.topics.rfm import Cuts, rfm_scores
from workbench.topics.rfm.composite import Weights, level, rfm_levels, rfm_ranking

CUTS = Cuts((10, 20), (2, 3), (100, 200))
HALF = Weights(0.5, 0.3, 0.2)


def rows(*customers: tuple, of=rfm_ranking, weights=HALF) -> list[dict]:
    return records(of(rfm_scores(scored(*customers), cuts=CUTS), weights=weights).order_by("customer_id"))


def test_the_composite_score_is_the_weighted_mean():
    """Scores 3 1 2: 0.5 x 3 + 0.3 x 1 + 0.2 x 2 = 2.2."""
    assert rows((1, 1, 150))[0]["composite_score"] == 2.2


def test_equals_share_the_best_place_of_the_ranking():
    found = rows((1, 3, 300), (15, 2, 150), (15, 2, Decimal("150.01")), (99, 1, 1))
    assert [row["composite_rank"] for row in found] == [1, 2, 2, 4]


def test_a_third_each_is_the_plain_mean_exactly():
    assert rows((1, 1, 150), weights=Weights())[0]["composite_score"] == 2
    assert rows((1, 1, 150), weights=Weights(0.333, 0.333, 0.333))[0]["composite_score"] == 2


def test_a_level_is_the_composite_score_rounded_half_up():
    found = rows((1, 1, 150), (15, 1, 1), of=rfm_levels, weights=Weights(0.5, 0.25, 0.25))
    assert [row["segment"] for row in found] == ["level_2", "level_2"]  # 2.25, and 1.5 rounds up


@given(scores=st.tuples(*[st.integers(1, 9)] * 3), parts=st.tuples(*[st.integers(0, 100)] * 2))
def test_levels_never_round_by_a_float(scores: tuple[int, int, int], parts: tuple[int, int]):
    first, second = parts[0], min(parts[1], 100 - parts[0])
    shares = (first, second, 100 - first - second)
    exact = sum(Fraction(share, 100) * score for share, score in zip(shares, scores, strict=True))
    assert level(*scores, Weights(*(share / 100 for share in shares))) == (exact + Fraction(1, 2)) // 1


@pytest.mark.parametrize("given", [(0.5, 0.3, 0.3), (0.2, 0.2, 0.2), (50, 30, 20)])
def test_weights_that_do_not_add_up_are_refused_with_their_sum(given):
    with pytest.raises(ChoiceError) as refusal:
        Weights(*given)
    assert f"{round(100 * sum(given), 2)}" in refusal.value.words("zh")


@pytest.mark.parametrize("given", [(-0.5, 1, 0.5), (float("nan"), 0.5, 0.5), (1, 0), "abc", ("a", "b", "c")])
def test_what_is_no_weights_is_refused_in_words(given):
    with pytest.raises(ChoiceError, match="three numbers"):
        Weights.of(given)
