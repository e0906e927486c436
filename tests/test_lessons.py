"""Exercises: answers come from the learner's data, and a wrong one is told what went wrong, not the answer."""

from __future__ import annotations

import re

import pytest

from workbench.errors import ChoiceError
from workbench.i18n import catalog
from workbench.lessons import Lesson
from workbench.lessons.exercises import exercises

EXERCISES = exercises()


@pytest.fixture(scope="module")
def lesson(sample_store) -> Lesson:
    made = Lesson(lang="zh", store=sample_store)
    yield made
    made.session.store.close()


@pytest.mark.parametrize("name", EXERCISES)
def test_the_answer_computed_from_the_data_is_right(lesson, name: str):
    verdict = lesson.check(name, EXERCISES[name].solve(lesson.session))
    assert verdict.is_right
    assert str(lesson.ask(name))


@pytest.mark.parametrize(("name", "mistake"), [(name, key) for name, one in EXERCISES.items() for key in one.mistakes])
def test_a_known_mistake_is_named(lesson, name: str, mistake: str):
    exercise = EXERCISES[name]
    answer = exercise.mistakes[mistake](lesson.session)
    if answer == exercise.solve(lesson.session):
        pytest.skip("in this company the mistake gives the right answer")
    verdict = lesson.check(name, answer)
    assert not verdict.is_right
    assert verdict.words == catalog()[f"lessons.{name}.{mistake}"]["zh"]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_wrong_answer_never_gives_the_right_one_away(lesson, name: str):
    expected = EXERCISES[name].solve(lesson.session)
    for answer in (123_456_789, -5, "不知道", None, ..., [1, 2]):
        verdict = lesson.check(name, answer)
        assert not verdict.is_right
        assert str(expected) not in re.findall(r"[\w.]+", verdict.words)


def test_a_percentage_for_a_share_is_told_apart_from_a_wrong_number(lesson):
    share = EXERCISES["pareto-1"].solve(lesson.session)
    assert "单位" in lesson.check("pareto-1", 100 * share).words
    assert "偏小" in lesson.check("pareto-1", share - 0.1).words


def test_the_planted_facts_are_the_answers(lesson):
    assert EXERCISES["pareto-2"].solve(lesson.session) == 721
    assert EXERCISES["pareto-3"].solve(lesson.session) == 1
    assert EXERCISES["satisfaction-2"].solve(lesson.session) == "结算取车"
    assert EXERCISES["satisfaction-3"].solve(lesson.session) == 86


def test_an_exercise_that_does_not_exist_is_said_with_those_that_do(lesson):
    with pytest.raises(ChoiceError) as refusal:
        lesson.check("rfm-99", 1)
    assert "rfm-1" in refusal.value.words("zh")


def test_words_of_a_verdict_are_text(lesson):
    assert "<script" not in lesson.check("rfm-2", "<script>alert(1)</script>")._repr_html_()


@pytest.mark.store
def test_the_sample_company_stands_beside_the_store_that_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STORE", str(tmp_path / "crm.store"))
    session = Lesson().session
    assert session.store.address.name == "sample.store"
    assert not (tmp_path / "crm.store").exists()
    session.store.close()


@pytest.mark.store
def test_where_there_is_no_store_yet_a_lesson_begins_with_the_sample_company(tmp_path):
    lesson = Lesson(lang="en", store=tmp_path / "crm.store")
    assert lesson.session.store.snapshot.company == "启程汽车服务集团"
    lesson.session.store.close()
