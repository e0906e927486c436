"""Purchase histories by hand: what counts as a purchase, money paid back, the cut by a day, sums of spreadsheets."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, transactions
from workbench.errors import ChoiceError
from workbench.topics.lifetime_value.hold_out import split_day, weekly
from workbench.topics.lifetime_value.naive import naive_values, period_spend, revenue_by_age
from workbench.topics.lifetime_value.query import (
    distinct_histories,
    held_out,
    held_out_by_frequency,
    interval_split,
    purchase_histories,
    repeat_purchases_by_day,
    spend_histories,
)

AS_OF, SPLIT = date(2025, 1, 31), date(2025, 1, 11)


def trade():
    """王 buys on three days, twice on one, and gets 30 back; 李 once; 张 gets back all that a second purchase cost."""
    return transactions(
        bought("王", "2024-12-01", -5),
        bought("王", "2025-01-01", 100),
        bought("王", "2025-01-08", 40),
        bought("王", "2025-01-08", 20),
        bought("王", "2025-01-09", -30),
        bought("王", "2025-01-22", 10),
        bought("李", "2025-01-10", 50),
        bought("张", "2025-01-05", 70),
        bought("张", "2025-01-06", 20),
        bought("张", "2025-01-07", -20),
        bought("赵", "2025-01-31", 8),
        bought(None, "2025-01-01", 7),
        bought("钱", "2025-01-02", 999, is_cancelled=True),
    )


def test_histories_are_counted_by_hand():
    rows = records(purchase_histories(trade(), as_of=AS_OF), "customer_id")
    names = ("repeat_count", "t_x_days", "observed_days", "monetary", "repeat_monetary")
    assert {who: tuple(row[name] for name in names) for who, row in rows.items()} == {
        "王": (2, 21, 30, Decimal(140), Decimal(40)),
        "李": (0, 0, 21, Decimal(50), Decimal(0)),
        "张": (1, 1, 26, Decimal(70), Decimal(0)),
        "赵": (0, 0, 0, Decimal(8), Decimal(0)),
    }
    earlier = records(purchase_histories(trade(), as_of=SPLIT, since=date(2025, 1, 6)), "customer_id")
    assert {who: row["repeat_count"] for who, row in earlier.items()} == {"王": 0, "李": 0, "张": 0}


def test_customers_alike_are_one_row_and_who_got_all_back_has_spent_nothing():
    lines = transactions(*(bought(who, "2025-01-10", 50) for who in "李王"), bought("张", "2025-01-05", 9),
                         bought("张", "2025-01-06", 20), bought("张", "2025-01-07", -30))  # fmt: skip
    known = purchase_histories(lines, as_of=AS_OF)
    rows = records(distinct_histories(known))
    assert [tuple(row.values()) for row in rows] == [(0, 0, 21, 2, Decimal(0)), (1, 1, 26, 1, Decimal(0))]
    assert records(spend_histories(known)) == []
    spent = records(spend_histories(purchase_histories(trade(), as_of=AS_OF)))
    assert [tuple(row.values()) for row in spent] == [(2, Decimal(40), 1)]


def test_the_cut_is_by_a_day_and_what_came_after_it_stands_beside_what_was_known():
    rows = records(held_out(trade(), split_on=SPLIT, as_of=AS_OF))
    names = ("repeat_count", "customer_count", "repeat_monetary", "future_count", "future_squares", "future_monetary")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (0, 1, Decimal(0), 0, 0, Decimal(0)),
        (1, 1, Decimal(0), 0, 0, Decimal(0)),
        (1, 1, Decimal(30), 1, 1, Decimal(10)),
    ]
    assert sum(row["last_count"] for row in rows) == 5
    assert sum(row["last_gap_squares"] for row in rows) == 1 + 4 + 1
    assert sum(row["earlier_customers"] for row in rows) == 0
    with pytest.raises(ChoiceError, match="cut at"):
        held_out(trade(), split_on=AS_OF, as_of=AS_OF)


def test_who_came_in_the_period_before_and_was_kept_is_counted():
    lines = transactions(
        *(bought(who, "2024-12-20", 10) for who in "王李"),
        bought("王", "2025-01-05", 10),
        bought("张", "2025-01-05", 10),
    )
    rows = records(held_out(lines, split_on=SPLIT, as_of=AS_OF))
    sums = {name: sum(row[name] for row in rows) for name in ("earlier_customers", "kept_customers")}
    assert sums == {"earlier_customers": 2, "kept_customers": 1}


def test_the_hold_out_by_frequency_ends_with_so_often_or_oftener():
    held = held_out(trade(), split_on=SPLIT, as_of=AS_OF)
    rows = records(held_out_by_frequency(held, most=7))
    assert [tuple(row.values()) for row in rows] == [(0, 1, 0.0), (1, 2, 0.5)]
    (everybody,) = records(held_out_by_frequency(held, most=0))
    assert tuple(everybody.values()) == (0, 3, pytest.approx(1 / 3))


def test_purchases_by_day_are_those_of_customers_known_at_the_cut():
    rows = records(repeat_purchases_by_day(trade(), split_on=SPLIT, as_of=AS_OF), "day")
    assert {day.day: (row["first_customers"], row["repeat_count"]) for day, row in rows.items()} == {
        1: (1, 0),
        5: (1, 0),
        6: (0, 1),
        8: (0, 1),
        10: (1, 0),
        22: (0, 1),
    }


def test_the_last_two_intervals_divide_their_time():
    lines = transactions(
        *(bought("王", day, 1) for day in ("2025-01-01", "2025-01-03", "2025-01-05", "2025-01-13")),
        *(bought("李", day, 1) for day in ("2025-01-01", "2025-01-09", "2025-01-11")),
        bought("张", "2025-01-01", 1),
    )
    (row,) = records(interval_split(lines, as_of=AS_OF))
    assert row["customer_count"] == 2
    assert row["share_variance"] == pytest.approx(((0.2 - 0.5) ** 2 + (0.8 - 0.5) ** 2) / 1)
    (none,) = records(interval_split(transactions(), as_of=AS_OF))
    assert (none["customer_count"], none["share_variance"]) == (0, None)


def test_the_values_of_spreadsheets_are_divided_by_hand():
    lines = transactions(
        *(bought(f"c{place}", "2024-11-20", 30) for place in range(40)),
        *(bought(f"c{place}", "2024-12-10", 60) for place in range(40)),
        *(bought(f"c{place}", "2025-01-20", 90) for place in range(30)),
    )
    figures = pd.DataFrame(records(period_spend(lines, as_of=AS_OF, days=30)))
    assert figures.iloc[0].to_dict() == {
        "active_customers": 30,
        "monetary": Decimal(2700),
        "earlier_customers": 40,
        "kept_customers": 30,
        "customer_count": 40,
        "mean_life_days": (30 * 61 + 10 * 20) / 40,
    }
    ages = pd.DataFrame(records(revenue_by_age(lines, as_of=AS_OF)))
    assert ages.to_numpy().tolist() == [[0, 40, Decimal(3600)], [1, 40, Decimal(0)]], "two months have passed for all"
    values = naive_values(figures.astype(float), ages.astype(float), days=30).set_index("method")
    assert values["value"].to_dict() == pytest.approx(
        {"arpu_lifetime": 90 * 50.75 / 30, "arpu_churn": 90 / 0.25, "revenue_survival": 90}
    )
    assert values["months"].to_dict() == pytest.approx(
        {"arpu_lifetime": 50.75 / 30, "arpu_churn": 4, "revenue_survival": 2}
    )


def test_where_nobody_is_left_to_divide_by_the_values_of_spreadsheets_are_unknown():
    figures = pd.DataFrame(records(period_spend(transactions(), as_of=AS_OF, days=30))).astype(float)
    ages = pd.DataFrame(records(revenue_by_age(transactions(), as_of=AS_OF)), columns=["age", "base", "monetary"])
    assert naive_values(figures.fillna({"mean_life_days": 0}), ages, days=30)["value"].isna().all()
    kept = transactions(*(bought("王", day, 5) for day in ("2024-12-20", "2025-01-20")))
    figures = pd.DataFrame(records(period_spend(kept, as_of=AS_OF, days=30))).astype(float)
    values = naive_values(figures, ages, days=30).set_index("method")["value"]
    assert math.isnan(values["arpu_churn"]), "nobody left: no life has an end"
    with pytest.raises(ChoiceError, match="1 or more"):
        period_spend(kept, as_of=AS_OF, days=0)


def test_two_thirds_are_fitted_and_a_year_at_most_is_held_out():
    assert split_day(date(2025, 1, 1), date(2025, 3, 31)) == date(2025, 3, 2)
    assert split_day(date(2015, 1, 1), date(2025, 12, 31)) == date(2025, 12, 31) - timedelta(days=365)


DAYS = st.dates(date(2024, 6, 1), date(2025, 1, 31))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("王李张赵"), DAYS), min_size=1, max_size=25))
def test_histories_are_what_counting_person_by_person_gives(visits):
    lines = transactions(*(bought(who, day.isoformat(), 10) for who, day in visits))
    known = purchase_histories(lines, as_of=AS_OF)
    of = {who: sorted({day for one, day in visits if one == who}) for who in {who for who, _day in visits}}
    for row in records(known):
        days = of[row["customer_id"]]
        expected = (len(days) - 1, (days[-1] - days[0]).days, (AS_OF - days[0]).days)
        assert (row["repeat_count"], row["t_x_days"], row["observed_days"]) == expected
    counted = weekly(pd.DataFrame(records(distinct_histories(known))))
    assert counted.base == len(of)
    held = records(held_out(lines, split_on=SPLIT, as_of=AS_OF))
    early = {who: days for who, days in of.items() if days[0] <= SPLIT}
    assert sum(row["future_count"] for row in held) == sum(day > SPLIT for days in early.values() for day in days)
