"""The models of value: parameters that come back, formulas as printed, numbers that stand, data that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1
from scipy.stats import beta as beta_distribution

from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.lifetime_value.bg_nbd import BgNbd, bg_nbd_surface, fit_bg_nbd
from workbench.topics.lifetime_value.fit import maximum_likelihood
from workbench.topics.lifetime_value.gamma_gamma import GammaGamma, fit_gamma_gamma
from workbench.topics.lifetime_value.histories import Histories
from workbench.topics.lifetime_value.pareto_nbd import ParetoNbd, fit_pareto_nbd, pareto_nbd_surface
from workbench.topics.lifetime_value.shifted_beta_geometric import ShiftedBetaGeometric, fit_shifted_beta_geometric

CDNOW_BG = BgNbd(0.2426, 4.4136, 0.7929, 2.4259)
CDNOW_PARETO = ParetoNbd(0.5533, 10.5776, 0.6062, 11.6687)
FEW = Histories.of([2, 0, 5, 1], [30.43, 0, 10, 3], [38.86, 20, 40, 3.5], [1, 40, 2, 8])


def observed(customers: int, *, weeks: int = 104, seed: int = 5) -> tuple[np.ndarray, np.random.Generator]:
    random = np.random.default_rng(seed)
    return random.integers(weeks // 2, weeks, customers).astype(float), random


@pytest.mark.parametrize("surface_of", [bg_nbd_surface, pareto_nbd_surface])
@pytest.mark.parametrize("start", [(0.5, 5.0, 0.9, 3.0), (2.0, 1.0, 0.3, 0.4), (0.1, 40.0, 5.0, 90.0)])
def test_the_gradient_is_the_slope_of_the_log_likelihood(surface_of, start):
    surface, logs = surface_of(FEW), np.log(start)
    slope = approx_fprime(logs, lambda at: surface(at)[0], 1e-6)
    assert surface(logs)[1] == pytest.approx(slope, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize(
    ("truth", "fit"),
    [(BgNbd(0.8, 6.0, 0.7, 2.5), fit_bg_nbd), (ParetoNbd(0.8, 6.0, 0.7, 20.0), fit_pareto_nbd)],
)
def test_parameters_come_back_from_drawn_customers(truth, fit):
    """Within three and a half standard errors each: seed 5, 4,000 customers."""
    times, random = observed(4_000)
    fitted = fit(truth.drawn_histories(np.floor(times), random))
    for name, value in fitted.parameters.items():
        assert abs(value - getattr(truth, name)) < 3.5 * fitted.standard_errors[name], name


def test_spend_and_contracts_come_back_from_drawn_customers():
    random = np.random.default_rng(8)
    truth, x = GammaGamma(3.0, 4.0, 60.0), random.integers(1, 9, 4_000).astype(float)
    spent = random.gamma(truth.p * x) / (random.gamma(truth.q, size=len(x)) / truth.v) / x
    fitted = fit_gamma_gamma(x, spent)
    assert all(
        abs(value - getattr(truth, name)) < 3.5 * fitted.standard_errors[name]
        for name, value in fitted.parameters.items()
    )
    assert fitted.model.mean_spend == pytest.approx(60.0, rel=0.05)
    lives = random.geometric(random.beta(0.7, 1.5, 20_000))
    ages = np.arange(1, 7)
    left = [(lives == age).sum() for age in ages]
    contracts = fit_shifted_beta_geometric(ages, left, [0] * 5 + [(lives > 6).sum()])
    assert contracts.parameters == pytest.approx({"alpha": 0.7, "beta": 1.5}, rel=0.1)


def test_cohorts_of_any_age_are_fitted_together():
    """Two cohorts of one kind, one three renewals old and one two: sums by renewal are all there is to know."""
    share = ShiftedBetaGeometric(0.7, 1.2).survival(np.arange(4)) * 10_000
    left = -np.diff(share)
    fitted = fit_shifted_beta_geometric([1, 2, 3], [2 * left[0], 2 * left[1], left[2]], [0, share[2], share[3]])
    assert fitted.parameters == pytest.approx({"alpha": 0.7, "beta": 1.2}, rel=1e-3)
    model = fitted.model
    assert model.retention([1, 2])[0] < model.retention([1, 2])[1], "who stays is ever more who is likely to"
    assert model.residual_life(0, discount=0.1) < model.residual_life(3, discount=0.1)


def test_what_is_expected_is_what_the_papers_hypergeometric_function_gives():
    r, alpha, a, b = 0.2426, 4.4136, 0.7929, 2.4259
    for x, last, end in ((2, 30.43, 38.86), (0, 0.0, 38.86), (26, 30.86, 31.0)):
        time = 39.0
        ratio = ((alpha + end) / (alpha + end + time)) ** (r + x)
        within = 1 - ratio * hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + end + time))
        left = a / (b + x - 1) * ((alpha + end) / (alpha + last)) ** (r + x) if x else 0.0
        printed = (a + b + x - 1) / (a - 1) * within / (1 + left)
        asked = CDNOW_BG.expected_purchases(Histories.of([x], [last], [end]), np.array([time]))
        assert asked[0, 0] == pytest.approx(printed, rel=1e-9)
    assert CDNOW_BG.expected_purchases(Histories.of([2], [30.43], [38.86]), np.array([39.0]))[0, 0] == pytest.approx(
        1.226, abs=5e-4
    ), "Fader, Hardie and Lee print 1.226 for this customer"


@settings(max_examples=15, deadline=None)
@given(
    st.floats(0.05, 5), st.floats(0.05, 50), st.floats(0.05, 5), st.floats(0.2, 50),
    st.integers(0, 400), st.floats(0.5, 400), st.floats(0.01, 500),
)  # fmt: skip
def test_what_is_expected_is_the_average_over_chances_to_leave(r, alpha, a, b, x, end, time):
    model, history = BgNbd(r, alpha, a, b), Histories.of([x], [end if x else 0.0], [end])

    shares = (np.arange(4_000) + 0.5) / 4_000
    chances = np.maximum(beta_distribution(a, b + x).ppf(shares), 1e-300)
    whole = (-np.expm1(-(r + x) * np.log1p(chances * time / (alpha + end))) / chances).mean()
    asked = model.expected_purchases(history, np.array([time]))[0, 0] / model.probability_alive(history)[0]
    assert asked == pytest.approx(whole, rel=5e-3)


@pytest.mark.parametrize("model", [BgNbd(0.2, 0.1, 1.0, 0.5), BgNbd(9, 800, 0.999999, 40), ParetoNbd(0.5, 3, 1.0, 9)])
def test_numbers_stand_where_printed_formulas_break(model):
    """a or s of 1 is a division by zero in the papers; 2,000 purchases overflow their powers."""
    many = Histories.of([2_000, 0, 1], [300.0, 0.0, 0.01], [300.5, 300.0, 300.0])
    expected = model.expected_purchases(many, np.array([1.0, 52.0]))
    assert np.isfinite(expected).all()
    assert (np.diff(expected, axis=1) >= 0).all()
    alive = model.probability_alive(many)
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (np.diff(model.new_customer_purchases(np.linspace(0, 500, 50))) >= 0).all()


@pytest.mark.parametrize("model", [CDNOW_BG, CDNOW_PARETO])
def test_what_is_drawn_is_on_average_what_is_expected(model):
    history = Histories.of([6], [28.0], [38.86])
    many = Histories(*(np.repeat(values, 40_000) for values in (history.x, history.t_x, history.observed)), np.ones(1))
    drawn = model.drawn_purchases(many, 39.0, np.random.default_rng(2))
    expected = model.expected_purchases(history, np.array([39.0]))[0, 0]
    assert drawn.mean() == pytest.approx(expected, abs=4 * drawn.std() / 200)


@pytest.mark.parametrize(
    ("fit", "truth"),
    [(fit_bg_nbd, BgNbd(0.8, 6.0, 0.7, 2.5)), (fit_pareto_nbd, ParetoNbd(0.8, 6.0, 0.7, 20.0))],
)
def test_counts_weigh_like_customers_and_a_rough_climb_ends_at_the_same_summit(fit, truth, monkeypatch):
    times, random = observed(500)
    single = truth.drawn_histories(times, random)
    doubled = Histories(single.x, single.t_x, single.observed, single.count * 2)
    monkeypatch.setattr(f"{fit.__module__}.MANY_HISTORIES", 1_000_000)
    exact = fit(single).parameters
    assert fit(doubled).parameters == pytest.approx(exact, rel=1e-3)
    monkeypatch.setattr(f"{fit.__module__}.MANY_HISTORIES", 10)
    assert fit(single).parameters == pytest.approx(exact, rel=1e-3)


def test_a_profile_interval_holds_the_estimate_and_falls_by_as_much_on_both_sides():
    times, random = observed(1_500)
    fitted = fit_bg_nbd(BgNbd(0.8, 6.0, 0.7, 2.5).drawn_histories(times, random))
    low, high = fitted.profile_interval("r")
    assert low < fitted.parameters["r"] < high
    width = 2 * 1.96 * fitted.standard_errors["r"]
    assert high - low == pytest.approx(width, rel=0.1), "with many customers it is nearly that of the standard error"


def test_histories_that_cannot_be_are_refused_with_their_number():
    with pytest.raises(ChoiceError, match=r"^2 "):
        Histories.of([1, 0, 2], [3.0, 0.0, 9.0], [2.0, 2.0, 2.0])
    with pytest.raises(ChoiceError, match=r"^1 "):
        Histories.of([1], [0.0], [2.0])
    with pytest.raises(ChoiceError, match=r"^1 "):
        fit_gamma_gamma([1, 1], [5.0, -3.0])
    with pytest.raises(ChoiceError, match=r"^1 "):
        fit_shifted_beta_geometric([1, 0], [5, 5], [0, 50])


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_pareto_nbd])
def test_who_tells_nothing_of_how_customers_buy_is_refused_in_words(fit):
    with pytest.raises(NothingToShow, match="1 customer"):
        fit(Histories.of([3], [2.0], [5.0]))
    with pytest.raises(NothingToShow, match="0 of 500"):
        fit(Histories.of([0], [0.0], [52.0], [500]))


def test_an_estimate_that_does_not_stand_is_never_given():
    """Everybody buys alike and nobody leaves: parameters run away, or the summit is flat."""
    random = np.random.default_rng(3)
    alike = np.sort(random.uniform(0, 52, (400, 26)), axis=1)
    with pytest.raises(NothingToShow, match="BG/NBD"):
        fit_bg_nbd(Histories.of(np.full(400, 26), alike[:, -1], np.full(400, 52.0)))
    with pytest.raises(NothingToShow, match="the same"):
        fit_gamma_gamma([1] * 40, [100.0] * 40)
    bought = random.integers(1, 9, 4_000)
    with pytest.raises(NothingToShow, match="no mean"):
        fit_gamma_gamma(bought, random.gamma(3.0 * bought) / random.gamma(0.7, size=4_000) / bought)
    with pytest.raises(NothingToShow, match="one renewal"):
        fit_shifted_beta_geometric([1], [40], [60])
    with pytest.raises(NothingToShow, match="do not agree"):
        maximum_likelihood(
            lambda logs: (float(-((logs**2 - 1) ** 2).sum() + logs.sum()), -4 * logs * (logs**2 - 1) + 1),
            called="two hills", make=float, names=("one",), starts=[(np.e,), (1 / np.e,)],
        )  # fmt: skip
