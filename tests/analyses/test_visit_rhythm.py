"""Rhythm: intervals between visits, regularity, and the pool's interval; unknown where there is nothing to measure."""

from __future__ import annotations

from datetime import date

import pytest

from tests.analyses.rows import bought, records, table, transactions
from workbench.analyses.visit_rhythm import pooled_interval, return_limit, visit_days, visit_rhythm
from workbench.errors import ChoiceError

AS_OF = date(2024, 12, 31)
CAME = {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR", "region": "VARCHAR"}


def rhythm(*lines: dict, **how) -> dict[str, dict]:
    days = visit_days(transactions(*lines), as_of=AS_OF)
    return records(visit_rhythm(days, as_of=AS_OF, **how), "customer_id")


def test_intervals_are_the_days_between_visits_that_follow_each_other():
    found = rhythm(*[bought("王", day, 100) for day in ("2024-01-01", "2024-01-11", "2024-01-31", "2024-03-01")])["王"]
    assert (found["visit_count"], found["span_days"], found["silent_days"]) == (4, 60, 305)
    assert (found["mean_interval_days"], found["median_interval_days"], found["first_interval_days"]) == (20, 20, 10)
    assert found["interval_variation"] == 0.5  # intervals 10, 20, 30: deviation 10, mean 20


def test_a_clock_has_no_variation():
    found = rhythm(*[bought("王", day, 100) for day in ("2024-01-01", "2024-01-31", "2024-03-01")])["王"]
    assert found["interval_variation"] == 0


def test_who_came_once_has_no_interval_and_who_came_twice_no_variation():
    found = rhythm(bought("once", "2024-03-01", 5), bought("twice", "2024-03-01", 5), bought("twice", "2024-03-08", 5))
    assert found["once"]["mean_interval_days"] is None
    assert found["once"]["interval_variation"] is None
    assert found["twice"]["mean_interval_days"] == 7
    assert found["twice"]["interval_variation"] is None


def test_all_on_one_day_is_one_visit():
    found = rhythm(*[bought("王", "2024-05-01", 10, order_id=f"O{number}") for number in range(3)])["王"]
    assert (found["visit_count"], found["span_days"]) == (1, 0)


def test_refunds_cancelled_orders_and_days_after_as_of_are_no_visits():
    lines = [
        bought("王", "2024-05-01", 10),
        bought("王", "2024-06-01", -10),
        bought("王", "2024-07-01", 10, is_cancelled=True),
        bought("王", "2025-01-01", 10),
    ]
    assert rhythm(*lines)["王"]["last_visit_on"] == date(2024, 5, 1)


def test_coming_in_person_is_a_visit_and_a_call_is_none():
    came = table("came", CAME, [("王", "2024-06-01", "进店", "城东"), ("王", "2024-07-01", "保养提醒", "城东")])
    days = visit_days(transactions(bought("王", "2024-05-01", 10)), as_of=AS_OF, interactions=came)
    assert [row["day"] for row in records(days.order_by("day"))] == [date(2024, 5, 1), date(2024, 6, 1)]


def test_a_leap_day_counts():
    found = rhythm(bought("王", "2024-02-28", 10), bought("王", "2024-03-01", 10))["王"]
    assert found["mean_interval_days"] == 2


def test_recent_visits_leave_the_first_one_out_and_the_window_is_no_longer_than_the_acquaintance():
    lines = [bought("old", "2023-01-01", 1), bought("old", "2024-10-01", 1), bought("old", "2024-12-31", 1)]
    found = rhythm(*lines, bought("new", "2024-12-01", 1), recent_days=100)
    assert (found["old"]["recent_visit_count"], found["old"]["recent_window_days"]) == (2, 100)
    assert (found["new"]["recent_visit_count"], found["new"]["recent_window_days"]) == (0, 30)


def test_the_main_place_is_where_most_visits_were_and_unknown_places_do_not_count():
    places = ["城东", "城东", "城西", None]
    lines = [bought("王", f"2024-0{month}-01", 1, region=place) for month, place in enumerate(places, start=1)]
    found = rhythm(*lines, bought("李", "2024-01-01", 1))
    assert (found["王"]["main_place"], found["王"]["main_place_share"]) == ("城东", 0.66)
    assert found["李"]["main_place_share"] is None


def test_two_places_on_one_day_are_one_visit_to_each():
    found = rhythm(bought("王", "2024-01-01", 1, region="城西"), bought("王", "2024-01-01", 1, region="城东"))["王"]
    assert found["visit_count"] == 1
    assert (found["main_place"], found["main_place_share"]) == ("城东", 0.5)


def test_the_pooled_interval_counts_each_customer_once():
    lines = [bought("王", f"2024-01-{day:02}", 1) for day in range(1, 11)]
    for name, second in (("李", "2024-01-31"), ("赵", "2024-03-01")):
        lines += [bought(name, "2024-01-01", 1), bought(name, second, 1)]
    days = visit_days(transactions(*lines), as_of=AS_OF)
    assert records(pooled_interval(visit_rhythm(days, as_of=AS_OF))) == [{"pooled_interval_days": 30}]


@pytest.mark.parametrize(("share", "days"), [(0.5, 20), (0.51, 30), (0.75, 30), (1.0, 40), (0.01, 10)])
def test_the_return_limit_is_a_wait_of_somebody_who_came_again(share: float, days: int):
    lines = [bought("once", "2024-01-01", 1)]
    for wait in (10, 20, 30, 40):
        lines += [bought(f"c{wait}", "2024-01-01", 1), bought(f"c{wait}", str(date.fromordinal(738886 + wait)), 1)]
    known = visit_rhythm(visit_days(transactions(*lines), as_of=AS_OF), as_of=AS_OF)
    assert records(return_limit(known, share=share)) == [{"return_limit_days": days}]


def test_without_a_second_visit_the_pool_is_unknown():
    known = visit_rhythm(visit_days(transactions(bought("王", "2024-05-01", 1)), as_of=AS_OF), as_of=AS_OF)
    assert records(pooled_interval(known)) == [{"pooled_interval_days": None}]
    assert records(return_limit(known, share=0.9)) == [{"return_limit_days": None}]


@pytest.mark.parametrize("days", [0, -1, 1.5])
def test_a_window_is_a_whole_number_of_days(days: float):
    with pytest.raises(ChoiceError, match="whole number"):
        rhythm(bought("王", "2024-05-01", 1), recent_days=days)
