"""Customer facts: what counts as a purchase, a visit, a refund, and on which day the question is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table, transactions
from workbench.analyses import customer_facts
from workbench.errors import ChoiceError

YEAR_END = date(2024, 12, 31)


def facts_of(*lines: dict, as_of: date = YEAR_END, **choices: object) -> dict:
    return records(customer_facts(transactions(*lines), as_of=as_of, **choices), "customer_id")


def test_two_orders_add_up_to_one_row_per_customer():
    wang = facts_of(
        bought("王", "2024-12-01", 80, order_id="o1"),
        bought("王", "2024-12-01", 20, order_id="o1"),
        bought("王", "2024-12-21", 50, order_id="o2"),
    )["王"]
    assert (wang["first_on"], wang["last_on"]) == (date(2024, 12, 1), date(2024, 12, 21))
    assert (wang["recency_days"], wang["tenure_days"]) == (10, 30)
    assert (wang["frequency"], wang["order_count"], wang["purchase_days"], wang["line_count"]) == (2, 2, 2, 3)
    assert wang["monetary"] == Decimal("150.00")
    assert wang["average_order_value"] == pytest.approx(75)


def test_nobody_gives_no_rows():
    assert facts_of() == {}


def test_lines_without_a_customer_and_cancelled_lines_never_count():
    lines = [
        bought(None, "2024-05-01", 99),
        bought("王", "2024-05-01", 10),
        bought("王", "2024-05-02", 90, is_cancelled=True),
    ]
    wang = facts_of(*lines)["王"]
    assert (wang["monetary"], wang["line_count"]) == (Decimal("10.00"), 1)


def test_a_refund_lowers_the_net_value_but_is_no_purchase():
    lines = [bought("王", "2024-05-01", 100), bought("王", "2024-06-01", -30)]
    wang = facts_of(*lines)["王"]
    assert (wang["monetary"], wang["frequency"], wang["last_on"]) == (Decimal("70.00"), 1, date(2024, 5, 1))
    assert facts_of(*lines, refunds="excluded")["王"]["monetary"] == Decimal("100.00")


def test_a_refund_larger_than_its_sale_leaves_a_value_below_zero():
    assert facts_of(bought("王", "2024-05-01", 100), bought("王", "2024-06-01", -130))["王"]["monetary"] == -30


def test_who_only_returned_goods_has_no_row():
    assert facts_of(bought("王", "2024-05-01", -10)) == {}


def test_lines_without_an_order_id_count_one_each():
    lines = [bought("王", "2024-05-01", 5), bought("王", "2024-05-01", 5), bought("王", "2024-05-02", 5, order_id="o1")]
    assert facts_of(*lines)["王"]["frequency"] == 3


def test_count_by_day_counts_days_with_any_purchase():
    lines = [bought("王", "2024-05-01", 5, order_id="o1"), bought("王", "2024-05-01", 5, order_id="o2")]
    wang = facts_of(*lines, count_by="day")["王"]
    assert (wang["frequency"], wang["order_count"], wang["average_order_value"]) == (1, 2, 10)


def test_an_order_id_used_by_two_customers_is_one_order_for_each():
    found = facts_of(bought("王", "2024-05-01", 5, order_id="1"), bought("李", "2024-05-01", 5, order_id="1"))
    assert {who: row["order_count"] for who, row in found.items()} == {"王": 1, "李": 1}


def test_the_period_holds_its_first_and_its_last_day():
    lines = [bought("王", day, 1) for day in ("2024-04-30", "2024-05-01", "2024-05-31", "2024-06-01")]
    wang = facts_of(*lines, since=date(2024, 5, 1), as_of=date(2024, 5, 31))["王"]
    assert (wang["frequency"], wang["recency_days"], wang["tenure_days"]) == (2, 0, 30)


def test_a_leap_day_is_a_day():
    wang = facts_of(bought("王", "2024-02-29", 1), as_of=date(2025, 3, 1))["王"]
    assert wang["recency_days"] == 366


def test_margin_leaves_out_lines_without_a_cost_and_says_how_many():
    lines = [bought("王", "2024-05-01", 100, cost="60"), bought("王", "2024-05-02", 50), bought("李", "2024-05-02", 50)]
    found = facts_of(*lines)
    assert (found["王"]["margin"], found["王"]["uncosted_line_count"]) == (Decimal("40.00"), 1)
    assert (found["李"]["margin"], found["李"]["uncosted_line_count"]) == (None, 1)


def test_a_visit_without_a_sale_counts_and_a_call_does_not():
    seen = table(
        "interactions",
        {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR"},
        [
            ("王", "2024-05-01", "进店"),  # the day of the purchase: the same visit
            ("王", "2024-05-03", "进店"),
            ("王", "2024-05-03", "visit"),
            ("王", "2024-05-04", "电话"),
            ("王", "2025-05-04", "进店"),  # after the day of the question
            ("李", "2024-05-04", "进店"),  # never bought
        ],
    )
    found = facts_of(bought("王", "2024-05-01", 5), interactions=seen)
    assert list(found) == ["王"]
    assert found["王"]["visit_count"] == 2


def test_the_profile_comes_from_the_customers_and_stays_unknown_where_there_is_none():
    people = table(
        "customers", {"customer_id": "VARCHAR", "name": "VARCHAR", "region": "VARCHAR"}, [("1", "王明", "华北")]
    )
    found = facts_of(bought("1", "2024-05-01", 5), bought("2", "2024-05-01", 5), customers=people)
    assert [(row["name"], row["region"]) for row in (found["1"], found["2"])] == [("王明", "华北"), (None, None)]
    assert "tier" not in found["1"]


def test_an_unknown_choice_names_the_allowed_ones():
    with pytest.raises(ChoiceError, match=r"count_by cannot be week\. Allowed: order, day\."):
        facts_of(count_by="week")


LINES = st.lists(
    st.builds(
        lambda who, day, cents, order: bought(who, f"2024-0{day}-15", cents / 100, order_id=order),
        st.sampled_from(["王", "李", None]),
        st.integers(1, 9),
        st.integers(-9999, 9999),
        st.sampled_from(["o1", "o2", "o3", None]),
    ),
    max_size=12,
)


@given(LINES, st.randoms())
@settings(max_examples=25)
def test_facts_agree_with_a_count_by_hand_in_any_order_of_the_lines(lines: list[dict], random):
    by_hand = {}
    for who in {line["customer_id"] for line in lines} - {None}:
        own = [line for line in lines if line["customer_id"] == who]
        sales = [line for line in own if Decimal(line["amount"]) > 0]
        orders = {line["order_id"] for line in sales} - {None}
        if sales:
            single = sum(line["order_id"] is None for line in sales)
            money = sum(Decimal(line["amount"]) for line in own)
            by_hand[who] = (len(orders) + single, len({line["day"] for line in sales}), money)
    random.shuffle(lines)
    found = facts_of(*lines)
    assert {who: (row["order_count"], row["purchase_days"], row["monetary"]) for who, row in found.items()} == by_hand
