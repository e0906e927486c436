"""Retention by hand: four customers in a triangle, what each definition counts, who is lost, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, transactions
from workbench.errors import ChoiceError
from workbench.topics.retention.query import cohort_members, cohort_retention, customer_ages
from workbench.topics.retention.returning import churn_by_months, customer_balance, repeat_rates

AS_OF = date(2025, 4, 10)


def trade():
    """王 buys in January, February and April, 李 in January (then a refund), 张 twice in February, 赵 in March."""
    return transactions(
        bought("王", "2025-01-05", 100),
        bought("王", "2025-02-28", 40),
        bought("王", "2025-04-02", 10),
        bought("李", "2025-01-31", 100),
        bought("李", "2025-02-03", -30),
        bought("张", "2025-02-10", 50),
        bought("张", "2025-02-11", 5),
        bought("赵", "2025-03-31", 80),
        bought(None, "2025-01-01", 7),
        bought("钱", "2025-01-02", 999, is_cancelled=True),
    )


def triangle(lines, **how) -> dict[tuple[int, int], tuple]:
    rows = records(cohort_retention(lines, **({"as_of": AS_OF} | how)))
    return {
        (row["cohort"].month, row["age"]): (row["base"], row["active_customers"], row["monetary"], row["is_incomplete"])
        for row in rows
    }


def test_a_triangle_is_counted_by_hand_and_the_future_has_no_cell():
    cells = triangle(trade())
    assert [cells[1, age][:2] for age in range(4)] == [(2, 2), (2, 1), (2, 0), (2, 1)]
    assert [cells[1, age][2] for age in range(4)] == [Decimal(200), Decimal(10), Decimal(0), Decimal(10)]
    assert [cells[2, age][:2] for age in range(3)] == [(1, 1), (1, 0), (1, 0)]
    assert [key for key, cell in cells.items() if cell[3]] == [(1, 3), (2, 2), (3, 1)]
    assert len(cells) == 4 + 3 + 2


def test_a_period_that_ends_on_the_day_asked_is_whole():
    assert not triangle(trade(), as_of=date(2025, 3, 31))[1, 2][3]
    assert triangle(trade(), as_of=date(2025, 3, 30), every="quarter")[1, 0][3]
    assert not triangle(trade(), as_of=date(2025, 3, 31), every="quarter")[1, 0][3]


def test_rolling_counts_who_came_then_or_later():
    assert [triangle(trade(), definition="rolling")[1, age][1] for age in range(4)] == [2, 1, 1, 1]


def test_within_days_counts_each_customers_own_days():
    cells = triangle(trade(), definition="within", span_days=30)
    assert [cells[1, age][1] for age in range(4)] == [2, 0, 1, 1]
    assert cells[1, 2][2] == Decimal(210), "money up to the day, refund included"
    assert [cells[2, age][1] for age in range(3)] == [1, 1, 1]
    assert [cells[1, age][3] for age in range(4)] == [False, False, False, True], "李 has had 69 days"


def test_every_line_counts_where_asked():
    assert triangle(trade(), sign="line")[1, 1][:2] == (3, 2), "钱's cancelled line and 李's refund say that they came"


def test_the_cohort_in_which_the_data_begin_is_marked():
    rows = records(cohort_retention(trade(), as_of=AS_OF))
    assert {row["cohort"].month for row in rows if row["is_opening"]} == {1}
    rows = records(cohort_retention(trade(), as_of=AS_OF, data_from=date(2020, 1, 1), since=date(2025, 1, 2)))
    assert {row["cohort"].month for row in rows} == {2, 3}
    assert not any(row["is_opening"] for row in rows)


def test_nobody_and_refunds_alone_have_no_cohort():
    assert triangle(transactions()) == {}
    assert triangle(transactions(bought("李", "2025-02-03", -30))) == {}


@pytest.mark.parametrize("definition", ["exact", "rolling", "within"])
def test_a_cell_lists_as_many_as_it_counts(definition):
    ages = customer_ages(trade(), as_of=AS_OF, definition=definition)
    for (month, age), cell in triangle(trade(), definition=definition).items():
        members = records(cohort_members(ages, cohort=date(2025, month, 1), age=age, definition=definition))
        assert len(members) == cell[1], (month, age)


DAYS = st.dates(date(2024, 1, 1), date(2025, 3, 31))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("王李张赵"), DAYS), min_size=1, max_size=25))
def test_the_definitions_agree_with_counting_person_by_person(visits):
    lines = transactions(*(bought(who, day.isoformat(), 10) for who, day in visits))
    months = {who: {12 * day.year + day.month for one, day in visits if one == who} for who, _day in visits}
    for definition in ("exact", "rolling"):
        for row in records(cohort_retention(lines, as_of=AS_OF, definition=definition)):
            number = 12 * row["cohort"].year + row["cohort"].month
            cohort = [came for came in months.values() if min(came) == number]
            at = number + row["age"]
            counted = [came for came in cohort if (at in came if definition == "exact" else max(came) >= at)]
            assert (row["base"], row["active_customers"]) == (len(cohort), len(counted))


def test_the_second_purchase_counts_who_has_had_the_time():
    rows = records(repeat_rates(trade(), as_of=AS_OF, within=(1, 30, 54, 90)), "within_days")
    assert {days: (row["base"], row["returned_customers"]) for days, row in rows.items()} == {
        1: (4, 1),
        30: (3, 1),
        54: (3, 2),
        90: (1, 1),
    }
    nobody = records(repeat_rates(transactions(), as_of=AS_OF))
    assert [(row["base"], row["returned_rate"]) for row in nobody] == [(0, None)] * 4


def test_the_rule_of_six_months_loses_twelve_of_a_hundred():
    lines = [bought(f"c{place}", "2024-09-15", 10 if place < 88 else 40) for place in range(100)]
    lines += [bought(f"c{place}", f"2024-{10 + place % 3}-01", 10) for place in range(80)]
    lines += [bought(f"c{place}", "2025-03-31", 10) for place in range(80, 88)]
    lines += [bought(f"c{place}", "2025-04-01", 10) for place in range(88, 100)]
    rows = records(churn_by_months(transactions(*lines), as_of=AS_OF, months=(6,)))
    assert [(row["month"], row["base_month"]) for row in rows] == [(date(2025, 3, 1), date(2024, 9, 1))]
    assert (rows[0]["base"], rows[0]["lost_customers"], rows[0]["churn_rate"]) == (100, 12, pytest.approx(0.12))
    assert rows[0]["monetary_churn_rate"] == pytest.approx(12 * 40 / (88 * 10 + 12 * 40))


def test_the_balance_adds_up_from_period_to_period():
    rows = records(customer_balance(trade(), as_of=AS_OF))
    names = ("new_customers", "kept_customers", "returned_customers", "lost_customers", "quick_ratio")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (2, 0, 0, None, None),
        (1, 1, 0, 1, 1.0),
        (1, 0, 0, 2, 0.5),
        (0, 0, 1, None, None),
    ]
    assert records(customer_balance(transactions(), as_of=AS_OF)) == []


def test_choices_that_name_no_time_are_refused_in_words():
    with pytest.raises(ChoiceError, match="choose 1 or more"):
        cohort_retention(trade(), as_of=AS_OF, span_days=0)
    with pytest.raises(ChoiceError, match="whole numbers from 1 up"):
        repeat_rates(trade(), as_of=AS_OF, within=())
    with pytest.raises(ChoiceError, match="whole numbers from 1 up"):
        churn_by_months(trade(), as_of=AS_OF, months=(0,))
