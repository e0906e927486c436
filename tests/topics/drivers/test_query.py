"""Answers side by side: one row per respondent, files told apart, scores off the scale left out, weights."""

from __future__ import annotations

import pytest

from tests.analyses.rows import records
from tests.analyses.surveys import surveys
from workbench.analyses.answer_matrix import item_scales
from workbench.errors import ChoiceError
from workbench.topics.drivers.query import driver_answers, rated_together

ASKED = {"outcome": "总体", "items": ("接待", "结算")}


def answer(item: str, score: float | None, who: str, **more) -> dict:
    return {"item": item, "score": score, "scale_low": 1, "scale_high": 5, "response_id": who, "kind": "other"} | more


def test_a_respondent_is_one_row_and_what_was_not_rated_is_empty():
    survey = surveys([answer("总体", 5, "a"), answer("接待", 4, "a"), answer("结算", 2, "a"), answer("总体", 1, "b")])
    rows = sorted(records(driver_answers(survey, **ASKED)), key=lambda row: row["outcome"])
    assert rows == [
        {"outcome": 1, "item_0": None, "item_1": None, "weight": 1},
        {"outcome": 5, "item_0": 4, "item_1": 2, "weight": 1},
    ]


def test_who_did_not_rate_the_overall_question_has_no_row():
    survey = surveys(
        [answer("接待", 4, "a"), answer("总体", None, "a"), answer("总体", 9, "b"), answer("接待", 1, "b")]
    )
    assert records(driver_answers(survey, **ASKED)) == []


def test_equal_numbers_in_two_files_are_two_people_and_a_customer_is_one_in_both():
    files = [answer("总体", 5, "1", source_id=1), answer("接待", 3, "1", source_id=2)]
    assert [row["item_0"] for row in records(driver_answers(surveys(files), **ASKED))] == [None]
    known = [one | {"customer_id": "王"} for one in files]
    assert [row["item_0"] for row in records(driver_answers(surveys(known), **ASKED))] == [3]


def test_a_customer_who_answered_twice_counts_once_with_the_mean():
    waves = [answer("总体", score, who, customer_id="王") for score, who in ((5, "1"), (2, "2"))]
    assert [row["outcome"] for row in records(driver_answers(surveys(waves), **ASKED))] == [3.5]


def test_weights_are_used_or_not_and_an_answer_of_weight_zero_does_not_count():
    answers = [answer("总体", 5, "a", weight=2), answer("接待", 4, "a", weight=2), answer("总体", 1, "b", weight=0)]
    survey = surveys(answers)
    assert [(row["outcome"], row["weight"]) for row in records(driver_answers(survey, **ASKED))] == [(5, 2)]
    rows = records(driver_answers(survey, **ASKED, weighted=False))
    assert sorted((row["outcome"], row["weight"]) for row in rows) == [(1, 1), (5, 1)]


def test_a_refusal_code_of_a_question_without_a_stated_scale_is_no_recommendation():
    survey = surveys([{"item": "总体", "score": 99, "kind": "nps", "response_id": "a"}])
    assert records(driver_answers(survey, **ASKED)) == []


def test_questions_are_counted_by_who_rated_them_together():
    survey = surveys(
        [answer("总体", 5, "a"), answer("接待", 4, "a"), answer("接待", 1, "b"), answer("结算", 2, "a"),
         answer("接待", 3, "c"), answer("总体", 3, "c")]
    )  # fmt: skip
    assert [tuple(row.values()) for row in records(rated_together(survey))] == [("接待", 3), ("总体", 2), ("结算", 1)]
    together = [tuple(row.values()) for row in records(rated_together(survey, outcome="总体"))]
    assert together == [("总体", 2), ("接待", 2), ("结算", 1)]


def test_scales_come_from_the_survey_else_from_the_kind_and_several_are_counted():
    survey = surveys(
        [answer("接待", 5, "a"), answer("接待", 9, "b", scale_high=10), answer("推荐", 9, "c", scale_low=None,
         scale_high=None, kind="nps"), answer("其他", 7, "d", scale_low=None, scale_high=None)]
    )  # fmt: skip
    rows = {row["item"]: row for row in records(item_scales(survey))}
    assert (rows["推荐"]["scale_low"], rows["推荐"]["scale_high"], rows["推荐"]["kind"]) == (0, 10, "nps")
    assert (rows["其他"]["scale_low"], rows["其他"]["scale_high"]) == (None, None)
    assert {item: row["scale_count"] for item, row in rows.items()} == {"接待": 2, "推荐": 1, "其他": 1}


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"outcome": "总体", "items": ("总体", "接待")}, "is the overall question"),
        ({"outcome": "总体", "items": ("接待",)}, "choose 2 to 12"),
        ({"outcome": "总体", "items": ("接待", "接待")}, "choose 2 to 12"),
        ({"outcome": "总体", "items": tuple(str(number) for number in range(13))}, "choose 2 to 12"),
    ],
)
def test_a_choice_that_cannot_be_compared_is_refused_in_words(chosen: dict, words: str):
    with pytest.raises(ChoiceError, match=words):
        driver_answers(surveys([]), **chosen)
