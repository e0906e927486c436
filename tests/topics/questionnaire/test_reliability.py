"""Reliability against its definitions, on drawn answers and the European mobile study; what is told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.topics.questionnaire.constructs import constructs_by_stem
from workbench.topics.questionnaire.distinctness import construct_pairs, heterotrait_ratio
from workbench.topics.questionnaire.reliability import construct_reliability, cronbach_alpha, single_factor

SEED = 20261130


def scores(count: int, questions: int, *, alike: float, seed: int = 1, trait=None) -> np.ndarray:
    """Draw answers whose correlations are all `alike`, of a trait that each respondent has."""
    random = np.random.default_rng(seed)
    trait = random.normal(size=count) if trait is None else trait
    return trait[:, None] * alike**0.5 + random.normal(size=(count, questions)) * (1 - alike) ** 0.5


def alpha_by_definition(answers: np.ndarray) -> float:
    """k c̄ / (v̄ + (k - 1) c̄): the mean covariance of all pairs by the mean variance."""
    columns = list(answers.T)
    covariances = [np.mean((one - one.mean()) * (other - other.mean())) for one in columns for other in columns
                   if one is not other]  # fmt: skip
    variance, count = np.mean([np.mean((one - one.mean()) ** 2) for one in columns]), len(columns)
    return count * np.mean(covariances) / (variance + (count - 1) * np.mean(covariances))


def standardised_by_definition(answers: np.ndarray) -> float:
    return alpha_by_definition((answers - answers.mean(axis=0)) / answers.std(axis=0))


def first_component(correlations: np.ndarray) -> tuple[float, np.ndarray]:
    """Find the first principal component by taking its power, again and again."""
    vector = np.ones(len(correlations))
    for _ in range(5000):
        vector = correlations @ vector
        vector /= np.linalg.norm(vector)
    return float(vector @ correlations @ vector), vector


def test_two_questions_of_correlation_one_half_have_an_alpha_of_two_thirds():
    assert cronbach_alpha([[1, 0.5], [0.5, 1]]) == pytest.approx(2 / 3)
    assert np.isnan(cronbach_alpha([[1.0]]))


@given(seed=st.integers(0, 9999), questions=st.integers(2, 8), alike=st.floats(0.05, 0.9))
def test_alpha_is_that_of_its_definition_raw_and_standardised(seed: int, questions: int, alike: float):
    answers = scores(60, questions, alike=alike, seed=seed) * np.arange(1, questions + 1)
    rows = construct_reliability({"信任": answers}, draws=20).rows
    assert rows["alpha"].iloc[0] == pytest.approx(alpha_by_definition(answers), abs=1e-9)
    assert rows["alpha_standardised"].iloc[0] == pytest.approx(standardised_by_definition(answers), abs=1e-9)


def test_of_equally_alike_questions_all_is_known_in_closed_form():
    """Loadings √((1 + (k-1) r) / k), and ρA equal to standardised alpha."""
    correlations = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    factor = single_factor(correlations)
    square = (1 + 3 * 0.4) / 4
    assert factor.loadings == pytest.approx([square**0.5] * 4)
    assert factor.ave == pytest.approx(square)
    assert factor.composite_reliability == pytest.approx(16 * square / (16 * square + 4 * (1 - square)))
    assert factor.rho_a == pytest.approx(float(cronbach_alpha(correlations)))


def test_a_question_without_the_others_and_with_their_sum():
    answers = scores(200, 4, alike=0.5)
    answers[:, 3] = -answers[:, 3]
    items = construct_reliability({"信任": answers}, draws=20).items
    for place, row in items.iterrows():
        rest = np.delete(answers, place, axis=1)
        assert row["alpha_if_dropped"] == pytest.approx(alpha_by_definition(rest))
        assert row["item_total"] == pytest.approx(np.corrcoef(answers[:, place], rest.sum(axis=1))[0, 1])
    assert (items["item_total"] < 0).tolist() == [False, False, False, True]


def test_the_light_hangs_on_the_interval_and_not_on_alpha_alone():
    groups = {
        "可靠": scores(400, 5, alike=0.6),
        "不可靠": scores(400, 3, alike=0.2, seed=2),
        "难说": scores(40, 3, alike=0.45, seed=3),
        "太少": scores(29, 3, alike=0.9, seed=4),
    }
    rows = construct_reliability(groups).rows.set_index("construct")
    assert rows["light"].to_dict() == {"可靠": "good", "不可靠": "bad", "难说": "unclear", "太少": "few"}
    assert np.isnan(rows.loc["太少", "alpha"])
    assert rows.loc["难说", "alpha_low"] < 0.7 <= rows.loc["难说", "alpha_high"]


def test_who_left_a_question_out_is_counted_and_does_not_count():
    answers = scores(100, 3, alike=0.5)
    answers[:7, 1] = np.nan
    answers[7:9] = np.nan
    row = construct_reliability({"信任": answers}, draws=20).rows.iloc[0]
    assert (row["respondents"], row["left_out"]) == (91, 7)
    assert row["alpha"] == pytest.approx(alpha_by_definition(answers[9:]))


def test_a_question_that_all_answered_alike_has_no_figures():
    answers = scores(100, 3, alike=0.5)
    answers[:, 0] = 5
    row = construct_reliability({"信任": answers}).rows.iloc[0]
    assert row["light"] == "flat"
    assert np.isnan(row["alpha"])


def test_one_group_alone_has_no_pairs_and_few_answers_no_verdict():
    assert construct_pairs({"信任": scores(50, 3, alike=0.5)}).empty
    few = construct_pairs({"信任": scores(20, 3, alike=0.5), "忠诚": scores(20, 2, alike=0.5)})
    assert few["stands"].tolist() == ["unknown"]


def test_two_things_are_told_apart_and_one_thing_asked_twice_is_not():
    trait = np.random.default_rng(9).normal(size=300)
    groups = {"甲": scores(300, 3, alike=0.6, trait=trait), "乙": scores(300, 3, alike=0.6, seed=2, trait=trait)}
    apart = groups | {"丙": scores(300, 3, alike=0.6, seed=5)}
    pairs = construct_pairs(apart).set_index(["first", "second"])
    assert pairs["stands"].to_dict() == {("甲", "乙"): "unclear", ("甲", "丙"): "distinct", ("乙", "丙"): "distinct"}
    assert pairs.loc[("甲", "乙"), "ratio"] == pytest.approx(1, abs=0.1)


def test_the_ratio_is_unknown_where_a_group_does_not_go_together():
    against = np.array([[1, -0.2, 0.1, 0.1], [-0.2, 1, 0.1, 0.1], [0.1, 0.1, 1, 0.5], [0.1, 0.1, 0.5, 1]])
    assert np.isnan(heterotrait_ratio(against, first=2))
    assert np.isnan(heterotrait_ratio(against[::-1, ::-1], first=2))
    assert np.isnan(heterotrait_ratio(against[:3, :3], first=2))


def mobile_study(shared_data) -> dict[str, np.ndarray]:
    table = pd.read_csv(shared_data / "ecsi_mobi" / "mobi.csv")
    stems = constructs_by_stem(table.columns)
    return {stem: table[list(own)].to_numpy(dtype=float) for stem, own in stems.items()}


def test_the_mobile_study_has_the_reliability_of_the_definitions(shared_data):
    groups = mobile_study(shared_data)
    assert {stem: own.shape for stem, own in groups.items()} == {
        "CUEX": (250, 3), "CUSA": (250, 3), "CUSL": (250, 3), "IMAG": (250, 5), "PERQ": (250, 7), "PERV": (250, 2),
    }  # fmt: skip
    rows = construct_reliability(groups, draws=200).rows.set_index("construct")
    for stem, own in groups.items():
        correlations = np.corrcoef(own.T)
        value, vector = first_component(correlations)
        loadings = np.array([np.corrcoef(column, (own - own.mean(0)) / own.std(0) @ vector)[0, 1] for column in own.T])
        assert rows.loc[stem, "alpha"] == pytest.approx(alpha_by_definition(own))
        assert rows.loc[stem, "alpha_standardised"] == pytest.approx(standardised_by_definition(own))
        assert rows.loc[stem, "ave"] == pytest.approx((loadings**2).mean())
        assert rows.loc[stem, "ave"] == pytest.approx(value / own.shape[1])
        error = (1 - loadings**2).sum()
        composite = loadings.sum() ** 2 / (loadings.sum() ** 2 + error)
        assert rows.loc[stem, "composite_reliability"] == pytest.approx(composite)
        weights, pairs = vector / value**0.5, [(i, j) for i in range(len(vector)) for j in range(len(vector)) if i != j]
        above = sum(weights[i] * correlations[i, j] * weights[j] for i, j in pairs)
        below = sum(weights[i] ** 2 * weights[j] ** 2 for i, j in pairs)
        assert rows.loc[stem, "rho_a"] == pytest.approx((weights @ weights) ** 2 * above / below)


def test_pairs_of_the_mobile_study_have_the_ratio_of_its_definition(shared_data):
    groups = mobile_study(shared_data)
    pairs = construct_pairs(groups, draws=200).set_index(["first", "second"])
    first, second = groups["CUEX"], groups["PERQ"]

    def mean(one: np.ndarray, other: np.ndarray) -> float:
        same = one is other
        return float(np.mean([np.corrcoef(a, b)[0, 1] for i, a in enumerate(one.T) for j, b in enumerate(other.T)
                              if not same or i < j]))  # fmt: skip

    wanted = mean(first, second) / (mean(first, first) * mean(second, second)) ** 0.5
    assert pairs.loc[("CUEX", "PERQ"), "ratio"] == pytest.approx(wanted)
    assert (pairs["respondents"] == 250).all()


def test_intervals_of_alpha_hold_it_and_a_group_on_the_line_is_seldom_called_good_or_bad(trials):
    """Told as 95 % of all groups of a panel; alpha of the drawn world is 0.7 exactly: k r / (1 + (k-1) r)."""
    samples, questions = trials(600), 4
    alike, random = 0.7 / (questions - 0.7 * (questions - 1)), np.random.default_rng(SEED)
    held = judged = 0
    for _ in range(samples):
        groups = {
            name: scores(120, questions, alike=alike, seed=int(random.integers(1 << 30))) for name in ("甲", "乙", "丙")
        }
        rows = construct_reliability(groups, draws=1000).rows
        held += bool(((rows["alpha_low"] <= 0.7) & (rows["alpha_high"] >= 0.7)).all())
        judged += bool(rows["light"].isin(["good", "bad"]).any())
    assert held / samples >= 0.93 - 2 * (0.93 * 0.07 / samples) ** 0.5
    assert judged / samples <= 0.07 + 2 * (0.07 * 0.93 / samples) ** 0.5
