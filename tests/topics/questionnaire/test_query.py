"""How questions are answered and questionnaires filled in: ends of the scale, what is missing, straight lines."""

from __future__ import annotations

import pytest

from tests.analyses.rows import records
from tests.analyses.surveys import surveys
from workbench.errors import ChoiceError
from workbench.topics.questionnaire.constructs import constructs_by_stem
from workbench.topics.questionnaire.query import fill_patterns, question_answers, question_quality

ITEMS = ("信任 1", "信任 2", "信任 3")


def filled(who: str, *scores: float | None, **more) -> list[dict]:
    usual = {"scale_low": 1, "scale_high": 5, "kind": "other", "response_id": who}
    return [
        usual | {"item": item, "score": score, "missing": None if score is not None else "blank"} | more
        for item, score in zip(ITEMS, scores, strict=True)
    ]


SURVEY = [*filled("a", 1, 5, 5), *filled("b", 4, 4, 4), *filled("c", 1, None, 2), *filled("d", None, None, None)]


def test_every_question_counts_its_ends_and_what_is_missing():
    rows = {row["item"]: row for row in records(question_quality(surveys(SURVEY), items=ITEMS))}
    assert [rows[item]["answer_count"] for item in ITEMS] == [3, 2, 3]
    assert [rows[item]["floor_count"] for item in ITEMS] == [2, 0, 0]
    assert [rows[item]["ceiling_count"] for item in ITEMS] == [0, 1, 1]
    assert [rows[item]["missing_blank"] for item in ITEMS] == [1, 2, 1]


def test_a_score_off_its_scale_is_missing_and_no_end():
    rows = records(question_quality(surveys([*SURVEY, *filled("e", 9, 5, 5)]), items=ITEMS))
    assert [row["missing_out_of_range"] for row in rows] == [1, 0, 0]
    assert rows[0]["ceiling_count"] == 0


def test_a_question_nobody_answered_is_counted_as_missing_alone():
    rows = records(question_quality(surveys(filled("a", None, None, None)), items=ITEMS))
    assert [(row["answer_count"], row["missing_blank"]) for row in rows] == [(0, 1)] * 3


def test_the_ends_of_a_scale_that_nobody_knows_are_unknown():
    unknown = filled("a", 1, 2, 3, scale_low=None, scale_high=None)
    assert [row["floor_count"] for row in records(question_quality(surveys(unknown), items=ITEMS))] == [None] * 3


def test_only_one_score_throughout_a_questionnaire_answered_whole_is_a_straight_line():
    answers = [*SURVEY, *filled("e", 3, 3, None)]
    (row,) = records(fill_patterns(surveys(answers), items=ITEMS))
    assert row == {"responses": 4, "complete_count": 2, "straight_count": 1}


def test_two_equal_answers_are_no_straight_line():
    (row,) = records(fill_patterns(surveys(SURVEY), items=ITEMS[1:]))
    assert (row["complete_count"], row["straight_count"]) == (2, 0)


def test_two_waves_of_one_customer_are_two_questionnaires_and_one_respondent():
    waves = [*filled("a", 3, 4, 5, customer_id="王"), *filled("b", 5, 4, 3, customer_id="王")]
    (row,) = records(fill_patterns(surveys(waves), items=ITEMS))
    assert row == {"responses": 2, "complete_count": 2, "straight_count": 0}
    answers = records(question_answers(surveys(waves), items=ITEMS))
    assert answers == [{"item_0": 4, "item_1": 4, "item_2": 4}]


def test_equal_numbers_in_two_files_are_two_questionnaires():
    files = [*filled("1", 3, 3, 3, source_id=1), *filled("1", 2, 2, 2, source_id=2)]
    (row,) = records(fill_patterns(surveys(files), items=ITEMS))
    assert row == {"responses": 2, "complete_count": 2, "straight_count": 2}


def test_nobody_is_no_questionnaire():
    (row,) = records(fill_patterns(surveys([]), items=ITEMS))
    assert row == {"responses": 0, "complete_count": 0, "straight_count": 0}


def test_questions_are_grouped_by_the_stem_of_their_names():
    items = ["IMAG1", "IMAG10", "P_1", "P_2", "推荐", "服务 1", "服务 2", "2024", "单独 1"]
    assert constructs_by_stem(items) == {
        "IMAG": ("IMAG1", "IMAG10"), "P": ("P_1", "P_2"), "服务": ("服务 1", "服务 2"),
    }  # fmt: skip


@pytest.mark.parametrize("items", [("一",), ("一", "一"), tuple(str(number) for number in range(61))])
def test_one_question_the_same_twice_and_too_many_are_refused_in_words(items: tuple[str, ...]):
    with pytest.raises(ChoiceError, match="choose 2 to 60"):
        fill_patterns(surveys([]), items=items)
