"""Satisfaction over time: gaps are unknown, a period that has not ended is marked."""

from __future__ import annotations

from datetime import date

import pytest

from tests.analyses.rows import records
from tests.analyses.surveys import scores, surveys
from workbench.errors import ChoiceError
from workbench.topics.satisfaction.trend import satisfaction_trend


def year():
    """Six answers in January, none in February, eight in March."""
    return surveys([*scores(*[9] * 6, day="2025-01-10"), *scores(*[9] * 4, *[0] * 4, day="2025-03-10")])


def test_a_month_without_answers_has_a_row_and_no_score():
    rows = records(satisfaction_trend(year(), as_of=date(2025, 3, 31)), "period")
    assert list(rows) == [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
    assert [row["value"] for row in rows.values()] == [100, None, 0]
    assert [row["base"] for row in rows.values()] == [6, 0, 8]


@pytest.mark.parametrize(
    ("as_of", "incomplete"), [(date(2025, 3, 30), True), (date(2025, 3, 31), False), (date(2024, 2, 28), True)]
)
def test_the_last_month_is_incomplete_until_its_last_day(as_of, incomplete):
    answers = surveys(scores(*[9] * 6, day=as_of.replace(day=1)))
    (row,) = records(satisfaction_trend(answers, as_of=as_of))
    assert row["is_incomplete"] is incomplete


def test_the_leap_day_ends_february():
    (row,) = records(satisfaction_trend(surveys(scores(*[9] * 6, day="2024-02-01")), as_of=date(2024, 2, 29)))
    assert not row["is_incomplete"]


def test_months_up_to_the_day_asked_have_rows_though_nobody_answered_since():
    rows = records(satisfaction_trend(year(), as_of=date(2025, 5, 2)))
    assert [(row["period"].month, row["is_incomplete"]) for row in rows][-2:] == [(4, False), (5, True)]


def test_answers_after_the_day_asked_do_not_count():
    rows = records(satisfaction_trend(year(), as_of=date(2025, 2, 1)))
    assert [row["base"] for row in rows] == [6, 0]


def test_quarters_hold_their_three_months():
    rows = records(satisfaction_trend(year(), as_of=date(2025, 4, 1), every="quarter"))
    assert [(row["period"], row["base"]) for row in rows] == [(date(2025, 1, 1), 14), (date(2025, 4, 1), 0)]


def test_a_hidden_month_is_hidden_and_not_empty():
    answers = surveys([*scores(9, 9, day="2025-01-10"), *scores(*[9] * 8, day="2025-03-10")])
    rows = records(satisfaction_trend(answers, as_of=date(2025, 3, 31)))
    assert [(row["is_hidden"], row["base"], row["value"]) for row in rows] == [
        (True, None, None),
        (False, 0, None),
        (True, None, None),
    ]


def test_csat_moves_in_shares_and_effort_in_points():
    for kind, value in (("csat", 1.0), ("ces", 5.0)):
        answers = surveys(scores(*[5] * 6, day="2025-01-10"), kind=kind)
        (row,) = records(satisfaction_trend(answers, as_of=date(2025, 1, 31), measure=kind))
        assert row["value"] == value


def test_nobody_asked_gives_no_period():
    assert records(satisfaction_trend(surveys([]), as_of=date(2025, 1, 31))) == []


def test_an_unknown_step_is_refused_in_words():
    with pytest.raises(ChoiceError, match="month, quarter"):
        satisfaction_trend(surveys([]), as_of=date(2025, 1, 31), every="week")
