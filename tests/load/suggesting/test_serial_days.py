"""Days left as numbers, and days with two-digit years: shown as they would read, and asked."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.load import answered, load, suggest_mapping
from workbench.load.suggesting.day_formats import possible_formats


def test_numbers_for_days_in_a_text_file_are_asked_without_a_suggestion(write, store, column_of):
    path = write("A,D1,45296,5", "B,D2,45297,6")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert (question.key, question.facts["suggested"]) == ("serial_days", "")
    assert question.choices == {
        "excel": ("45296 → 2024-01-05", "45297 → 2024-01-06"),
        "excel1904": ("45296 → 2028-01-06", "45297 → 2028-01-07"),
    }
    load(path, store=store, mapping=answered(mapping, question, "excel"), today=date(2026, 1, 1))
    assert [str(day)[:10] for day in column_of("transactions", "day")] == ["2024-01-05", "2024-01-06"]


@pytest.mark.parametrize(
    ("days", "choice"),
    [
        (["5-Mar-24", "17-Mar-24"], "%d-%b-%y"),
        (["5 Mar 24", "17 Mar 24"], "%d %b %y"),
        (["Mar 5, 24", "Mar 17, 24"], "%b %d, %y"),
        (["24年3月5日", "24年3月17日"], "%y年%m月%d日"),
        (["3/5/24", "3/17/24"], "%m/%d/%y"),
        (["3/5/2024, 10:00:00 AM", "3/17/2024, 10:00:00 AM"], "%m/%d/%Y"),
    ],
)
def test_a_day_with_two_readings_has_its_own_among_the_choices(write, store, column_of, days, choice):
    path = write(*(f'A{place},D{place},"{day}",5' for place, day in enumerate(days)))
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    assert question.key == "date_order"
    assert choice in question.choices
    load(path, store=store, mapping=answered(mapping, question, choice), today=date(2026, 1, 1))
    assert [str(day)[:10] for day in column_of("transactions", "day")] == ["2024-03-05", "2024-03-17"]


def test_words_that_are_no_days_have_no_formats():
    assert possible_formats(["昨天", "later"]) == ([], [])
