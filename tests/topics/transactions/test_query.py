"""Sums of periods by hand: what is a sale, an order, a customer, what refunds and unknown customers are; figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.analyses.rows import bought, records, transactions
from workbench.errors import ChoiceError
from workbench.store import collect
from workbench.topics.transactions.figures import period_figures
from workbench.topics.transactions.query import customer_changes, sales_by_period

PERIODS = {
    "this": (date(2025, 1, 1), date(2025, 12, 31)),
    "before": (date(2024, 1, 1), date(2024, 12, 31)),
}


def trade():
    """王 and 李 buy under one order number, somebody unknown once; a refund, and a cancelled line."""
    return transactions(
        bought("王", "2024-12-31", 100, order_id="A", region="华东", cost="60"),
        bought("王", "2025-01-01", 40, order_id="A", region="华东", cost="10"),
        bought("王", "2025-01-01", 60, order_id="A", region="华南"),
        bought("李", "2025-06-30", 30, order_id="A", region="华南"),
        bought("李", "2025-07-01", -10, order_id="A", region="华南"),
        bought(None, "2025-12-31", 7, region=None),
        bought("钱", "2025-02-01", 999, is_cancelled=True),
        bought("钱", "2026-01-01", 5),
    )


def test_one_order_number_of_two_customers_is_two_orders_and_a_refund_is_none():
    this, nameless = records(sales_by_period(trade(), periods={"this": PERIODS["this"]}))[::-1]
    assert (this["revenue"], this["gross_sales"]) == (Decimal(120), Decimal(130))
    assert (this["order_count"], this["active_customers"]) == (2, 2)
    assert (this["margin"], this["costed_revenue"]) == (Decimal(30), Decimal(40)), "of the one line whose cost is known"
    assert (nameless["is_known"], nameless["revenue"], nameless["order_count"]) == (False, Decimal(7), 1)
    assert (nameless["active_customers"], nameless["margin"]) == (0, None)
    assert this["unitemized_line_count"] == 3


def test_an_order_counts_in_every_segment_that_it_has_lines_of_and_money_once():
    rows = records(sales_by_period(trade(), periods=PERIODS, by="region"))
    found = {(row["period"], row["sales_segment"]): (row["revenue"], row["order_count"]) for row in rows}
    assert found == {
        ("before", "华东"): (Decimal(100), 1),
        ("this", "华东"): (Decimal(40), 1),
        ("this", "华南"): (Decimal(80), 2),
        ("this", None): (Decimal(7), 1),
    }


def test_periods_may_overlap_and_must_not_end_before_they_begin():
    overlapping = {"this": PERIODS["this"], "year": (date(2024, 7, 1), date(2025, 6, 30))}
    rows = records(sales_by_period(trade(), periods=overlapping))
    assert sum(row["revenue"] for row in rows if row["period"] == "year") == Decimal(100 + 40 + 60 + 30)
    assert sum(row["revenue"] for row in rows if row["period"] == "this") == Decimal(127)
    with pytest.raises(ChoiceError):
        sales_by_period(trade(), periods={"this": (date(2025, 1, 2), date(2025, 1, 1))})


def test_changes_of_customers_are_net_of_refunds_and_leave_nobody_known_out():
    rows = records(customer_changes(trade(), this=PERIODS["this"], before=PERIODS["before"]))
    assert [(row["customer_id"], row["revenue"], row["revenue_before"], row["change"]) for row in rows] == [
        ("李", Decimal(20), Decimal(0), Decimal(20)),
        ("王", Decimal(100), Decimal(100), Decimal(0)),
    ]


def test_figures_are_divided_as_they_are_defined():
    totals = collect(sales_by_period(trade(), periods=PERIODS))
    this = period_figures(totals).loc["this"]
    assert (this["revenue"], this["order_count"], this["active_customers"]) == (127, 3, 2)
    assert this["average_order_value"] == pytest.approx(127 / 3), "refunds deducted, over all orders"
    assert this["orders_per_customer"] == 1, "two orders of known customers, over two customers"
    assert this["margin_rate"] == 0.75
    assert this[["item_count", "price_per_item"]].isna().all(), "no line says a quantity"
