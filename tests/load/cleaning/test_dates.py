"""Dates: one reading is read, two readings are asked about, none is rejected."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.cleaning.golden import cases, cleaned
from workbench.errors import LoadError
from workbench.load.cleaning.clean import clean_values
from workbench.load.cleaning.dates import check_date_format

DAYS = st.lists(st.dates(date(1900, 1, 1), date(2199, 12, 31)), min_size=1, max_size=60)
STYLES = {
    "iso": lambda day: day.isoformat(),
    "compact": lambda day: f"{day:%Y%m%d}",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "points": lambda day: f"{day.year}.{day.month}.{day.day}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "named month": lambda day: f"{day.day} {day:%B} {day.year}",
    "with a time": lambda day: f"{day.isoformat()} 23:59:59",
}
EPOCH = date(1899, 12, 30)


@pytest.mark.parametrize(("section", "text", "value", "reason"), cases("date", "timestamp"))
def test_a_written_date_is_right_or_rejected(section: str, text: str, value: str | None, reason: str | None):
    assert cleaned(section, text) == (value, reason)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=6)
@given(days=DAYS)
def test_a_day_reads_back_in_every_style(style: str, days: list[date]):
    assert clean_values([STYLES[style](day) for day in days], "date") == [(day, None) for day in days]


@settings(max_examples=6)
@given(days=DAYS)
def test_day_and_month_are_never_swapped(days: list[date]):
    """Written the American way and read without a choice, a day is itself or rejected."""
    for day, (value, reason) in zip(days, clean_values([f"{day:%m/%d/%Y}" for day in days], "date"), strict=True):
        assert (value, reason) == ((day, None) if day.day > 12 else (None, "ambiguous_date"))


@settings(max_examples=6)
@given(days=DAYS, order=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d"]))
def test_a_chosen_format_reads_back(days: list[date], order: str):
    assert clean_values([day.strftime(order) for day in days], "date", date_format=order) == [
        (day, None) for day in days
    ]


@settings(max_examples=6)
@given(serials=st.lists(st.integers(10_000, 79_999), min_size=1, max_size=60))
def test_a_serial_is_days_since_the_end_of_1899(serials: list[int]):
    assert clean_values([str(serial) for serial in serials], "date") == [
        (EPOCH + timedelta(days=serial), None) for serial in serials
    ]


def test_a_serial_keeps_its_time_to_the_second():
    eight_forty_one = 45000 + (8 * 60 + 41) / 1440
    assert clean_values([repr(eight_forty_one)], "timestamp") == [(datetime(2023, 3, 15, 8, 41), None)]  # noqa: DTZ001


@pytest.mark.parametrize("wrong", ["%d/%m", "dd/mm/yyyy", "%H:%M", "%Y-%m-%d %Z", ""])
def test_a_date_format_must_name_year_month_and_day(wrong: str):
    with pytest.raises(LoadError) as caught:
        check_date_format(wrong)
    assert caught.value.key == "unknown_date_format"
    assert wrong in caught.value.words("zh")
