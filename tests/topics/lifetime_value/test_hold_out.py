"""The hold-out: a model that fits is graded well, another is not to be used, and the interval holds what comes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from tests.topics.lifetime_value.trade import AS_OF, BEGIN, LENGTH, lines_of, purchases
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.lifetime_value.bg_nbd import BgNbd, fit_bg_nbd
from workbench.topics.lifetime_value.gamma_gamma import GammaGamma, fit_gamma_gamma
from workbench.topics.lifetime_value.histories import Histories
from workbench.topics.lifetime_value.hold_out import (
    fit_purchases,
    held_out_result,
    purchases_by_frequency,
    split_day,
    tracked,
    weekly,
)
from workbench.topics.lifetime_value.panel_answer import fit_spend, spend_correlation
from workbench.topics.lifetime_value.query import (
    held_out,
    interval_split,
    purchase_histories,
    repeat_purchases_by_day,
    spend_histories,
)
from workbench.topics.lifetime_value.regularity import Regularity, regularity
from workbench.topics.lifetime_value.value import customer_values, revenue_ahead

SPLIT = split_day(BEGIN, AS_OF)
DAYS = (AS_OF - SPLIT).days
CHANCE = Regularity(1.0, 0.9, 1.1, 1_000)


def fetched(table) -> pd.DataFrame:
    rows = table.to_pyarrow().to_pandas()
    return rows.assign(**{name: rows[name].astype(float) for name in rows if name.endswith("monetary")})


def judged(drawn: pd.DataFrame):
    lines = lines_of(drawn)
    held = fetched(held_out(lines, split_on=SPLIT, as_of=AS_OF))
    spend = fit_spend(fetched(spend_histories(purchase_histories(lines, as_of=SPLIT))))
    apart = fetched(interval_split(lines, as_of=AS_OF)).iloc[0]
    regular = regularity(apart["share_variance"], int(apart["customer_count"]))
    fit = fit_purchases(held)
    return held_out_result(held, fit.model, spend.model, days=DAYS, regularity=regular), regular, held, fit


def test_where_customers_buy_as_the_model_holds_it_is_graded_well_and_beats_both_guesses():
    result, regular, held, fit = judged(purchases())
    assert result.grade in ("A", "B")
    assert not regular.is_regular
    totals = result.totals.set_index("guess")
    assert totals.loc["model", "mean_square"] < totals.loc[["average", "last"], "mean_square"].min()
    assert totals.loc["model", "purchases"] == pytest.approx(totals.loc["actual", "purchases"], rel=0.1)
    by = result.frequencies
    assert by["customer_count"].sum() == held["customer_count"].sum()
    assert by["customer_count"] @ by["expected"] == pytest.approx(totals.loc["model", "purchases"])
    pd.testing.assert_frame_equal(by, purchases_by_frequency(held, fit.model, days=DAYS))


def test_customers_who_buy_like_clocks_are_called_regular_and_graded_c_at_best():
    result, regular, *_ = judged(purchases(shape=8.0))
    assert regular.is_regular
    assert regular.low < 8.0 < regular.high or regular.shape == pytest.approx(8.0, rel=0.2)
    assert "regular" in result.reasons
    assert result.grade in ("C", "do_not_use")


def test_where_customers_buy_half_as_much_after_the_cut_the_model_is_not_to_be_used():
    result, *_ = judged(purchases(slowing=0.5))
    assert result.grade == "do_not_use"
    assert "total" in result.reasons
    assert result.total_error > 0.35


def test_few_purchases_in_the_hold_out_decide_nothing():
    _, _, held, fit = judged(purchases(customers=300))
    few = held.assign(future_count=0, future_squares=0, future_monetary=0.0)
    result = held_out_result(few, fit.model, GammaGamma(4, 4, 300), days=DAYS, regularity=CHANCE)
    assert (result.grade, result.reasons) == ("do_not_use", ("few",))
    with pytest.raises(NothingToShow):
        held_out_result(held.head(0), fit.model, GammaGamma(4, 4, 300), days=DAYS, regularity=CHANCE)
    with pytest.raises(ChoiceError, match="pareto_nbd"):
        fit_purchases(held, model="poisson")


class Exactly:
    """A model that expects so many purchases of everybody."""

    def __init__(self, purchases: float) -> None:
        self.purchases = purchases

    def expected_purchases(self, histories, times):
        return np.full((len(histories.x), len(times)), self.purchases)


def test_both_guesses_are_made_by_hand():
    """Two customers alike: one purchase in 100 days, of 50 hold-out days; one came once, one twice; half were kept."""
    rows = pd.DataFrame(
        {
            "repeat_count": [1], "t_x_days": [60], "observed_days": [100], "customer_count": [2], "monetary": [400.0],
            "repeat_monetary": [200.0], "future_count": [3], "future_squares": [5], "future_monetary": [300.0],
            "last_count": [2], "last_monetary": [150.0], "last_gap_squares": [1], "earlier_customers": [2],
            "kept_customers": [1],
        }
    )  # fmt: skip
    result = held_out_result(rows, Exactly(1.5), GammaGamma(1, 2, 100), days=50, regularity=CHANCE)
    totals = result.totals.set_index("guess")
    assert totals.loc["average", ["purchases", "monetary"]].tolist() == [2 * 2 * 50 / 100 / 2, 400 * 50 / 100 / 2]
    assert totals.loc["last", ["purchases", "monetary"]].tolist() == [2, 150]
    assert totals["mean_square"].tolist()[1:] == [0.25, (0.25 + 2.25) / 2, 0.5]
    assert totals.loc["model", "monetary"] == pytest.approx(3 * (100 + 100) / 2), "all spend 100"


def test_tracking_adds_up_what_came_and_expects_it_of_new_customers():
    lines = lines_of(purchases(customers=400))
    rows = fetched(repeat_purchases_by_day(lines, split_on=SPLIT, as_of=AS_OF))
    model = BgNbd(2.0, 26.0, 1.0, 9.0)
    weeks = tracked(rows, model, first=BEGIN, as_of=AS_OF)
    assert weeks["day"].iloc[0] == BEGIN + timedelta(days=6)
    assert len(weeks) == (LENGTH + 1) // 7
    in_weeks = rows[pd.to_datetime(rows["day"]) <= pd.Timestamp(weeks["day"].iloc[-1])]
    assert weeks["actual"].iloc[-1] == in_weeks["repeat_count"].sum()
    assert weeks["expected"].is_monotonic_increasing
    ages = [(weeks["day"].iloc[-1] - pd.Timestamp(day).date()).days / 7 for day in in_weeks["day"]]
    by_hand = in_weeks["first_customers"] @ model.new_customer_purchases(np.array(ages))
    assert weeks["expected"].iloc[-1] == pytest.approx(by_hand)


def test_the_interval_of_all_revenue_holds_what_comes(trials):
    """Seeds 0 to 39, 500 customers each; where the models hold, 95 in 100 intervals should."""
    held, companies = 0, trials(40)
    truth, spending = BgNbd(1.0, 8.0, 0.8, 4.0), GammaGamma(4.0, 4.0, 300.0)
    for seed in range(companies):
        random = np.random.default_rng(seed)
        drawn = truth.drawn_histories(random.integers(50, 104, 500).astype(float), random)
        size = len(drawn.x)
        assert drawn.count.max() == 1 or size < 500
        x = np.repeat(drawn.x, drawn.count.astype(int))
        t_x, known = (np.repeat(one, drawn.count.astype(int)) for one in (drawn.t_x, drawn.observed))
        rates = random.gamma(spending.q, size=len(x)) / spending.v
        spent = np.where(x > 0, random.gamma(spending.p * np.maximum(x, 1)) / rates, 0.0)
        rows = pd.DataFrame(
            {
                "repeat_count": x, "t_x_days": np.where(x > 0, np.maximum(np.ceil(t_x * 7), 1), 0),
                "observed_days": known * 7, "customer_count": 1, "repeat_monetary": spent,
            }
        )  # fmt: skip
        again = rows[rows["repeat_count"] > 0]
        purchases_fit = fit_bg_nbd(weekly(rows))
        spend_fit = fit_gamma_gamma(again["repeat_count"], again["repeat_monetary"] / again["repeat_count"])
        ahead = revenue_ahead(rows, purchases_fit, spend_fit, weeks=52.0)
        made = truth.drawn_purchases(Histories(x, t_x, known, np.ones(len(x))), 52.0, random)
        came = np.where(made > 0, random.gamma(spending.p * np.maximum(made, 1)) / rates, 0.0).sum()
        held += ahead.low <= came <= ahead.high
    assert held >= 0.85 * companies


def test_value_is_discounted_by_the_quarter_and_ends_at_the_horizon():
    history = Histories.of([0], [0.0], [52.0])
    model = Exactly(0.0)
    model.expected_purchases = lambda _, times: times[None, :] / 13.044642857142858
    model.probability_alive = lambda _: np.ones(1)
    row = customer_values(history, model, np.array([100.0]), horizon_months=7, discount=0.21).iloc[0]
    assert row["expected_purchases"] == pytest.approx(7 / 3)
    by_hand = 1.21 ** (-1.5 / 12) + 1.21 ** (-4.5 / 12) + 1.21 ** (-6.5 / 12) / 3
    assert row["expected_value"] == pytest.approx(100 * by_hand)
    for wrong, words in (({"horizon_months": 0}, "1 to 60"), ({"discount": -0.1}, "zero or more")):
        with pytest.raises(ChoiceError, match=words):
            customer_values(history, model, np.array([100.0]), **wrong)


def test_regularity_tells_chance_from_clocks_and_keeps_still_about_few():
    random = np.random.default_rng(1)
    for shape in (0.5, 1.0, 4.0):
        gaps = random.gamma(shape, size=(5_000, 2))
        found = regularity(float(np.var(gaps[:, 0] / gaps.sum(axis=1), ddof=1)), 5_000)
        assert found.low < shape < found.high
        assert found.is_regular == (shape == 4.0)
    assert np.isnan(regularity(0.05, 29).shape)
    assert not regularity(float("nan"), 500).is_regular


def test_spend_that_grows_with_purchases_is_seen():
    spent = pd.DataFrame(
        {"repeat_count": [1, 2, 4], "repeat_monetary": [10.0, 40.0, 160.0], "customer_count": [5, 3, 2]}
    )
    assert spend_correlation(spent) == pytest.approx(1.0)
    alike = spent.assign(repeat_monetary=[10.0, 20.0, 40.0])
    assert np.isnan(spend_correlation(alike))
