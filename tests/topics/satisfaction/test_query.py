"""NPS, CSAT and CES: sums done in the head first, then laws, then the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
    assert (row["standard_error"] / 100) ** 2 * row["base"] == pytest.approx(5 / 9)


def test_the_interval_of_nps_lies_1_96_standard_errors_either_side():
    row = only(nps(surveys(scores(*[9] * 50, *[7] * 30, *[0] * 20))))
    error = 100 * math.sqrt((0.5 + 0.2 - 0.3**2) / 100)
    assert row["nps"] == pytest.approx(30)
    assert (row["low"], row["high"]) == pytest.approx((30 - 1.959964 * error, 30 + 1.959964 * error))


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


def test_effort_is_the_mean_with_students_interval():
    row = only(ces(surveys(scores(1, 2, 3, 4, 5, 6, 7), kind="ces")))
    half = student.ppf(0.975, 6) * np.std([1, 2, 3, 4, 5, 6, 7], ddof=1) / math.sqrt(7)
    assert row["ces"] == pytest.approx(4)
    assert (row["low"], row["high"]) == pytest.approx((4 - half, 4 + half), rel=1e-3)


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
    assert row["standard_error"] == pytest.approx(np.std(values, ddof=1) / math.sqrt(len(values)), abs=1e-6)
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


def test_answers_all_alike_have_no_interval_of_nps_rather_than_one_of_no_width():
    row = only(nps(surveys(scores(*[10] * 6))))
    assert (row["nps"], row["low"], row["high"]) == (100, None, None)


def test_a_dimension_that_does_not_exist_is_refused_in_words():
    with pytest.raises(ChoiceError, match="touchpoint"):
        nps(surveys([]), by="weather")


def test_a_smallest_group_of_nobody_is_refused_in_words():
    with pytest.raises(ChoiceError, match="5 is usual"):
        csat(surveys([], kind="csat"), smallest=0)
