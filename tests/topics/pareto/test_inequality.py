"""Concentration: what the best customers bring, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.pareto import computed_shares, concentration

MONEY = st.lists(st.integers(-500, 100_000), min_size=1, max_size=40).filter(lambda cents: max(cents) > 0)


def test_the_best_of_five_brings_85_of_100():
    measured = concentration([85, 5, 4, 3, 3])
    assert (measured.n, measured.total, measured.top_count) == (5, 100, 1)
    assert measured.top_value_share.value == 0.85
    assert measured.needed_count == 1
    assert measured.hhi.value == pytest.approx(0.85**2 + 0.05**2 + 0.04**2 + 2 * 0.03**2)


def test_gini_is_zero_for_equals_and_high_where_one_has_all():
    assert concentration([7, 7, 7, 7]).gini.value == pytest.approx(0)
    assert concentration([100, 0, 0, 0]).gini.value == pytest.approx(0.75)


def test_the_top_share_is_rounded_up_to_whole_customers():
    assert concentration([1] * 11, top_share=0.2).top_count == 3
    assert concentration([1] * 10, top_share=0.2).top_count == 2


def test_exactly_80_per_cent_is_enough():
    """0.8 of 10 customers who bring 10 cents each is reached by the eighth, whatever floats say."""
    assert concentration([0.1] * 10).needed_count == 8


def test_who_is_worth_nothing_counts_as_a_customer_but_takes_nothing_away():
    measured = concentration([80, 20, 0, -50, float("nan")], top_share=0.25)
    assert (measured.n, measured.total, measured.top_value_share.value) == (4, 100, 0.8)
    assert (measured.nonpositive_count, measured.nonpositive_value, measured.unknown_count) == (2, -50, 1)


def test_the_interval_holds_the_figure_and_is_the_same_next_year():
    values = np.random.default_rng(4).exponential(100, 2000).round(2)
    first, again = concentration(values), concentration(values)
    assert repr(first) == repr(again)
    for figure in (first.top_value_share, first.gini):
        assert figure.low < figure.value < figure.high


@pytest.mark.parametrize("values", [[5.0] * 40, [9.0], [1e9, *[1.0] * 500], [1.0, 2.0, 3.0]])
def test_where_too_much_rests_on_too_few_there_is_no_interval(values: list[float]):
    measured = concentration(values)
    assert np.isnan([measured.gini.low, measured.gini.high, measured.top_value_share.low]).all()
    assert np.isfinite([measured.gini.value, measured.top_value_share.value]).all()


def test_the_spread_of_the_interval_is_that_of_a_jackknife():
    """Leaving out each customer once gives the same standard error, reckoned without any formula of influence."""
    values = np.random.default_rng(5).exponential(100, 600).round(2)
    measured = concentration(values)
    left = [concentration(np.delete(values, place)) for place in range(len(values))]
    for name in ("gini", "top_value_share"):
        figures = np.array([getattr(one, name).value for one in left])
        error = np.sqrt((len(values) - 1) * figures.var())
        found = getattr(measured, name)
        assert (found.high - found.low) / (2 * 1.964) == pytest.approx(error, rel=0.05)


def _even(draw: np.random.Generator, n: int) -> np.ndarray:
    return draw.random(n)


def _pareto(draw: np.random.Generator, n: int) -> np.ndarray:
    return 1 + draw.pareto(1.5, n)


TOP = norm.isf(0.2)
COMPANIES = {
    "even": (_even, 400, 1 / 3, 0.36),
    "exponential": (lambda draw, n: draw.exponential(1, n), 2000, 0.5, 0.2 * (1 - np.log(0.2))),
    "lognormal": (lambda draw, n: draw.lognormal(0, 0.5, n), 3000, 2 * norm.cdf(0.5**1.5) - 1, norm.cdf(0.5 - TOP)),
    "giants": (_pareto, 1000, 0.5, 0.2 ** (1 / 3)),
}  # fmt: skip
"""How values are drawn, how many, and what Gini and the share of the best fifth are of all that could be drawn."""


@pytest.mark.parametrize("company", COMPANIES)
def test_an_interval_that_is_given_covers_what_it_says_and_giants_give_none(company: str, trials):
    """Seed 15, 1,000 draws with --full."""
    values_of, n, gini, top = COMPANIES[company]
    draw, whole, stated, held = np.random.default_rng(15), trials(1000), 0, 0
    for _ in range(whole):
        measured = concentration(values_of(draw, n) * 1000)
        for figure, truth in ((measured.gini, gini), (measured.top_value_share, top)):
            stated += not np.isnan(figure.low)
            held += figure.low <= truth <= figure.high
    if company == "giants":
        assert stated <= 0.02 * whole
    else:
        assert stated >= 0.5 * whole
        assert held >= (0.90 if whole > 500 else 0.87) * stated


def test_nothing_of_value_is_said_in_words():
    with pytest.raises(NothingToShow, match="Nothing here has a value above zero"):
        concentration([0, -3])


@pytest.mark.parametrize("share", [0, -0.1, 1.1, 20])
def test_a_share_is_between_0_and_1(share: float):
    with pytest.raises(ChoiceError, match="a share must be above 0"):
        concentration([1], top_share=share)


@given(MONEY, st.sampled_from([0.1, 0.2, 0.5]), st.sampled_from([0.5, 0.8, 1.0]))
@settings(max_examples=50)
def test_figures_agree_with_a_count_by_hand(cents: list[int], top_share: float, target: float):
    gains = sorted((max(cent, 0) for cent in cents), reverse=True)
    measured = concentration([cent / 100 for cent in cents], top_share=top_share, target=target)
    assert measured.top_value_share.value == pytest.approx(sum(gains[: measured.top_count]) / sum(gains))
    assert round(measured.needed_share.value * len(gains)) == measured.needed_count
    reached = [sum(gains[: count + 1]) * 10 >= round(target * 10) * sum(gains) for count in range(len(gains))]
    assert measured.needed_count == reached.index(True) + 1
    differences = sum(abs(one - other) for one in gains for other in gains)
    assert measured.gini.value == pytest.approx(differences / (2 * len(gains) * sum(gains)))


@given(MONEY)
@settings(max_examples=50)
def test_another_currency_is_as_concentrated(cents: list[int]):
    here, there = (concentration([cent * rate / 100 for cent in cents]) for rate in (1, 7))
    assert there.gini.value == pytest.approx(here.gini.value)
    assert there.needed_count == here.needed_count


def test_computed_cut_offs_end_a_nearest_to_the_ideal_and_b_nearest_to_its_roof():
    """x .1 .2 .3 .4, y .60 .80 .88 .93: (.2, .80) is nearest to (0, 1), and (.3, .88) nearest to (.2, 1)."""
    assert computed_shares([60, 20, 8, 5, 3, 2, 1, 1, 0, 0]) == (0.8, 0.88)


@given(MONEY, st.sampled_from(["inclusive", "crossing"]))
@settings(max_examples=50)
def test_computed_cut_offs_lie_on_the_curve_on_the_side_their_rule_reads(cents: list[int], boundary: str):
    gains = np.sort(np.clip(cents, 0, None))[::-1]
    curve = gains.cumsum() / gains.sum()
    a_share, b_share = computed_shares([cent / 100 for cent in cents], boundary=boundary)
    assert 0 < a_share <= b_share <= 1
    for share in (a_share, b_share):
        assert np.abs(curve - share).min() < 1e-9
