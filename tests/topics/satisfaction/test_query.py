"""NPS, CSAT and CES: sums done in the head first, then laws, then the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from tests.analyses.rows import records
from tests.analyses.surveys import scores, surveys
from workbench.errors import ChoiceError
from workbench.topics.satisfaction.query import ces, csat, nps

MEASURES = {"nps": nps, "csat": csat, "ces": ces}


def only(expression):
    """Return the one row of an analysis of all answers."""
    (row,) = records(expression)
    return row


def test_three_promoters_two_passives_and_one_detractor_make_a_third():
    row = only(nps(surveys(scores(9, 10, 9, 7, 8, 6))))
    assert (row["promoters"], row["passives"], row["detractors"]) == (3, 2, 1)
    assert row["nps"] == pytest.approx(100 / 3)
    assert (row["standard_error"] / 100) ** 2 * (row["base"] - 1) == pytest.approx(5 / 9)


def test_the_interval_of_nps_is_walds_with_a_respondent_more_at_either_end():
    row = only(nps(surveys(scores(*[9] * 50, *[7] * 30, *[0] * 20))))
    added = 1.959964**2 / 4
    many = 100 + 2 * added
    promoters, detractors = (50 + added) / many, (20 + added) / many
    half = student.ppf(0.975, 99) * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / many)
    centre = promoters - detractors
    assert row["nps"] == pytest.approx(30)
    assert row["standard_error"] == pytest.approx(100 * math.sqrt((0.5 + 0.2 - 0.3**2) / 99))
    assert (row["low"], row["high"]) == pytest.approx((100 * (centre - half), 100 * (centre + half)), rel=1e-4)


def test_the_interval_of_csat_is_agresti_and_coulls_with_students_quantile():
    row = only(csat(surveys(scores(*[5] * 30, *[1] * 10), kind="csat")))
    many = 40 + 1.959964**2
    centre = (30 + 1.959964**2 / 2) / many
    half = student.ppf(0.975, 39) * math.sqrt(centre * (1 - centre) / many)
    assert (row["low"], row["high"]) == pytest.approx((centre - half, centre + half), rel=1e-4)


def test_a_wider_confidence_gives_a_wider_interval():
    answers = surveys(scores(*[9] * 50, *[7] * 30, *[0] * 20))
    narrow, wide = (only(nps(answers, confidence=confidence)) for confidence in (0.8, 0.99))
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]


def test_the_share_of_fours_and_fives_is_csat():
    row = only(csat(surveys(scores(5, 4, 4, 3, 1), kind="csat")))
    assert (row["satisfied"], row["csat"], row["mean"]) == (3, pytest.approx(0.6), pytest.approx(3.4))


def test_the_top_two_follow_the_items_own_scale():
    row = only(csat(surveys(scores(10, 9, 8, 5, 5, scale_low=1, scale_high=10), kind="csat")))
    assert row["satisfied"] == 2


def test_effort_is_the_mean_with_an_interval_as_if_about_one_more_had_answered_at_either_end():
    values, added = np.array([2, 3, 3, 5, 6, 6, 7]), norm.ppf(0.975) ** 2 / 4
    row = only(ces(surveys(scores(*values.tolist(), scale_low=1, scale_high=7), kind="ces")))
    centre = (values.sum() + added * (1 + 7)) / (7 + 2 * added)
    squares = np.square(values - centre).sum() + added * ((1 - centre) ** 2 + (7 - centre) ** 2)
    half = student.ppf(0.975, 6) * math.sqrt(squares) / (7 + 2 * added)
    assert row["ces"] == pytest.approx(values.mean())
    assert (row["low"], row["high"]) == pytest.approx((centre - half, min(centre + half, 7)), rel=1e-3)


def test_blanks_sentinels_and_numbers_off_the_scale_are_counted_as_missing_and_never_as_answers():
    answers = [
        *scores(9, 9, 9, 0, 0),
        *scores(None, missing="sentinel"),
        *scores(None, None, missing="blank"),
        *scores(None),
        *scores(11, -99),
    ]
    row = only(nps(surveys(answers)))
    assert row["base"] == 5
    assert (row["missing_blank"], row["missing_sentinel"], row["missing_out_of_range"]) == (3, 1, 2)
    assert row["nps"] == pytest.approx(20)


def test_a_weight_counts_an_answer_as_often_as_it_says():
    answers = surveys([*scores(9, 9, 9, weight=2), *scores(0, 0, weight=1)])
    row = only(nps(answers))
    assert row["promoter_share"] == pytest.approx(6 / 8)
    assert row["nps"] == pytest.approx(50)
    assert (row["base"], row["promoters"]) == (5, 3)
    assert row["effective_base"] == pytest.approx(8**2 / (3 * 4 + 2))
    assert only(nps(answers, weighted=False))["nps"] == pytest.approx(20)


def test_equal_weights_change_nothing_whatever_their_size():
    values = (9, 10, 7, 8, 3, 0, 9)
    plain = only(nps(surveys(scores(*values))))
    heavy = only(nps(surveys(scores(*values, weight=2.5))))
    for figure in ("nps", "low", "high", "effective_base"):
        assert heavy[figure] == pytest.approx(plain[figure])


def test_an_answer_without_a_weight_counts_once():
    row = only(nps(surveys([*scores(9, 9, 9, weight=1), *scores(0, 0)])))
    assert row["nps"] == pytest.approx(20)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 9)), min_size=5, max_size=40))
def test_the_three_shares_add_to_one_and_the_interval_holds_the_score(answers):
    rows = [{"score": score, "weight": round(weight, 3)} for score, weight in answers]
    row = only(nps(surveys(rows)))
    assert row["promoter_share"] + row["passive_share"] + row["detractor_share"] == pytest.approx(1)
    assert row["promoters"] + row["passives"] + row["detractors"] == row["base"] == len(answers)
    assert -100 - 1e-9 <= row["nps"] <= 100 + 1e-9
    assert row["effective_base"] <= row["base"] + 1e-9
    if row["low"] is not None:
        assert -100 <= row["low"] <= row["nps"] <= row["high"] <= 100


@settings(max_examples=25)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=40))
def test_csat_and_mean_are_numpys(values):
    row = only(csat(surveys(scores(*values), kind="csat")))
    assert row["csat"] == pytest.approx(np.mean(np.array(values) >= 4))
    assert row["mean"] == pytest.approx(np.mean(values))
    if len(set(values)) > 1:
        assert row["standard_error"] == pytest.approx(np.std(values, ddof=1) / math.sqrt(len(values)))
    else:
        assert row["standard_error"] is None
    assert 1 <= row["mean_low"] <= row["mean"] + 1e-9 <= row["mean_high"] + 2e-9 <= 5 + 3e-9
    assert 0 <= row["low"] <= row["csat"] <= row["high"] <= 1


def test_groups_add_up_to_the_total():
    answers = surveys([*scores(*[9] * 6, touchpoint="售后"), *scores(*[0] * 8, touchpoint="结算"), *scores(*[7] * 5)])
    groups = records(nps(answers, by="touchpoint"), "touchpoint")
    assert {name: row["base"] for name, row in groups.items()} == {"售后": 6, "结算": 8, None: 5}
    assert groups["结算"]["nps"] == -100


@pytest.mark.parametrize("by", ["touchpoint", "region", "segment", "item", "month", "quarter"])
@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_comes_by_every_dimension(measure, by):
    answers = surveys(
        scores(5, 5, 5, 5, 4, touchpoint="结算", region="华东", segment="A", day="2025-03-05"), kind=measure
    )
    (row,) = records(MEASURES[measure](answers, by=by))
    assert row["base"] == 5
    assert str(row[by]) in {"结算", "华东", "A", measure, "2025-03-01", "2025-01-01"}


def test_one_item_can_be_asked_for_whatever_its_kind():
    answers = surveys([*scores(5, 5, 5, 5, 5, item="Q1", kind="other"), *scores(1, 1, 1, 1, 1, item="Q2")], kind="csat")
    assert only(csat(answers, item="Q1"))["csat"] == 1
    assert only(csat(answers))["csat"] == 0


def test_fewer_than_thirty_answers_are_marked_as_few():
    assert [only(nps(surveys(scores(*[9] * many, 0))))["is_small"] for many in (28, 29)] == [True, False]


def test_uneven_weights_make_a_base_small():
    answers = [*scores(*[9] * 30, weight=1), *scores(0, 0, weight=30)]
    assert only(nps(surveys(answers)))["is_small"]
    assert not only(nps(surveys(answers), weighted=False))["is_small"]


def test_fewer_than_five_people_have_no_figure_even_alone():
    row = only(nps(surveys(scores(9, 9, 9, 0))))
    assert row["is_hidden"]
    assert {row[name] for name in ("base", "nps", "promoters", "low", "high", "missing_blank")} == {None}


def test_five_answers_of_one_person_are_one_person():
    assert only(nps(surveys(scores(9, 9, 9, 0, 0, response_id="王"))))["is_hidden"]


def test_nobody_asked_has_a_base_of_nought_and_no_score():
    row = only(nps(surveys([])))
    assert (row["base"], row["nps"], row["is_hidden"]) == (0, None, False)


def test_a_group_of_which_nobody_answered_has_no_score_and_hides_nobody():
    answers = [*scores(None, None, touchpoint="礼品"), *scores(*[9] * 8, touchpoint="结算")]
    groups = records(nps(surveys(answers), by="touchpoint"), "touchpoint")
    assert (groups["礼品"]["base"], groups["礼品"]["nps"], groups["礼品"]["missing_blank"]) == (0, None, 2)
    assert groups["结算"]["nps"] == 100


def test_answers_all_alike_have_an_interval_with_a_width():
    row = only(nps(surveys(scores(*[10] * 10))))
    assert (row["nps"], row["high"], row["standard_error"]) == (100, 100, None)
    assert 40 < row["low"] < 60
    row = only(csat(surveys(scores(*[5] * 10), kind="csat")))
    assert (row["csat"], row["high"], row["mean_high"]) == (1, 1, 5)
    assert 0.5 < row["low"] < 0.7
    assert 3.5 < row["mean_low"] < 4.5


def test_ten_answers_of_each_of_six_people_are_worth_six_people():
    answers = [
        {"score": 10 if person % 2 else 0, "response_id": f"p{person}"} for person in range(6) for _ in range(10)
    ]
    row = only(nps(surveys(answers)))
    once = only(nps(surveys([{"score": 10 if person % 2 else 0} for person in range(6)])))
    assert (row["base"], row["respondents"], row["effective_base"], row["is_small"]) == (60, 6, 6, True)
    assert (row["low"], row["high"]) == pytest.approx((once["low"], once["high"]))
    assert row["standard_error"] == pytest.approx(once["standard_error"])


def test_the_same_numbers_in_two_files_are_two_people_and_a_customer_is_one_in_both():
    unnamed = [{"score": 9, "response_id": f"r{place}", "source_id": source} for source in (1, 2) for place in range(5)]
    assert only(nps(surveys(unnamed)))["respondents"] == 10
    named = [answer | {"customer_id": answer["response_id"]} for answer in unnamed]
    assert only(nps(surveys(named)))["respondents"] == 5


def test_a_customer_called_as_a_response_is_somebody_else():
    answers = [*scores(*[9] * 5, customer_id="r0"), *scores(*[9] * 5, response_id="r0")]
    assert only(nps(surveys(answers), smallest=1))["respondents"] == 2


def test_the_error_over_respondents_is_the_textbooks_with_weights_and_answers_as_they_come():
    random = np.random.default_rng(3)
    people = random.integers(0, 12, 80)
    values, weights = random.integers(1, 6, 80), random.integers(1, 9, 80) / 4
    answers = [
        {"score": int(value), "weight": float(weight), "response_id": f"p{person}"}
        for value, weight, person in zip(values, weights, people, strict=True)
    ]
    row = only(ces(surveys(answers, kind="ces")))
    mean = np.average(values, weights=weights)
    apart = [(weights * (values - mean))[people == person].sum() for person in np.unique(people)]
    many = len(apart)
    assert row["ces"] == pytest.approx(mean)
    assert row["standard_error"] == pytest.approx(math.sqrt(many / (many - 1) * np.square(apart).sum()) / weights.sum())


@pytest.mark.parametrize("weight", [0, -2])
def test_an_answer_whose_weight_is_none_never_counts_where_weights_do(weight):
    answers = surveys([*scores(9, 9, 9, 9, 0), *scores(0, 0, weight=weight)])
    row = only(nps(answers))
    assert (row["base"], row["nps"], row["missing_out_of_range"]) == (5, 60, 2)
    assert only(nps(answers, weighted=False))["base"] == 7


def test_where_every_weight_is_nought_there_is_neither_score_nor_interval():
    row = only(csat(surveys(scores(*[5] * 6, weight=0), kind="csat")))
    assert (row["base"], row["csat"], row["low"], row["high"], row["mean_low"]) == (0, None, None, None, None)


def test_answers_of_an_item_on_another_scale_are_no_recommendation():
    row = only(nps(surveys([*scores(9, 9, 9, 9, 0), *scores(5, 5, 4, scale_low=1, scale_high=5)])))
    assert (row["base"], row["nps"], row["missing_out_of_range"]) == (5, 60, 3)


def test_answers_on_different_scales_have_no_common_mean():
    answers = [*scores(5, 4, 4, 3, 5), *scores(7, 6, 7, 5, 4, scale_low=1, scale_high=7, item="Q2")]
    row = only(csat(surveys(answers, kind="csat")))
    assert (row["base"], row["csat"], row["mean"], row["standard_error"]) == (10, 0.7, None, None)
    assert {row["item"]: row["mean"] for row in records(csat(surveys(answers, kind="csat"), by="item"))} == {
        "Q2": 5.8,
        "csat": 4.2,
    }


@pytest.mark.parametrize(
    ("low", "high", "answers", "satisfied"),
    [
        (1, 5, (5, 4, 3, 1), {4, 5}),
        (1, 5, (5, 4.5, 3.5, 3), {4.5, 5}),
        (1, 7, (7, 6, 5, 1), {6, 7}),
        (1, 10, (10, 9, 8, 5), {9, 10}),
        (0, 10, (10, 9, 8, 5), {9, 10}),
        (0, 1, (1, 0, 0, 1), {1}),
        (1, 2, (1, 2), {2}),
        (1, 4, (4, 3, 2), {4}),
        (0, 3, (3, 2, 0), {3}),
        (0, 4, (4, 3, 2), {3, 4}),
        (0, 100, (0, 20, 40, 60, 80, 100), {80, 100}),
        (0, 100, (0, 20, 40, 60, 100), {100}),
        (0, 100, (0, 50, 100), {100}),
        (0, 100, (0, 25, 50, 75, 100), {75, 100}),
        (0, 100, (0, 1, 98, 99, 100), {99, 100}),
        (0, 100, (80, 80), set()),
        (0, 1, (0, 0.1, 0.2, 0.9, 1), {0.9, 1}),
    ],
)
def test_satisfied_are_the_top_two_levels_and_on_few_levels_the_top_one(low, high, answers, satisfied):
    answered = scores(*[value for value in answers for _ in range(3)], scale_low=low, scale_high=high)
    row = only(csat(surveys(answered, kind="csat")))
    assert row["satisfied"] == 3 * sum(value in satisfied for value in answers)


def test_the_levels_of_a_long_scale_are_known_from_the_whole_survey_and_not_group_by_group():
    whole = scores(0, 20, 40, 60, 80, 100, touchpoint="售后", scale_low=0, scale_high=100)
    one = scores(*[80] * 6, touchpoint="结算", scale_low=0, scale_high=100)
    groups = records(csat(surveys([*whole, *one], kind="csat"), by="touchpoint"), "touchpoint")
    assert (groups["结算"]["csat"], groups["售后"]["satisfied"]) == (1, 2)


def test_a_dimension_that_does_not_exist_is_refused_in_words():
    with pytest.raises(ChoiceError, match="touchpoint"):
        nps(surveys([]), by="weather")


def test_a_smallest_group_of_nobody_is_refused_in_words():
    with pytest.raises(ChoiceError, match="5 is usual"):
        csat(surveys([], kind="csat"), smallest=0)
