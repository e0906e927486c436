"""Totals by product, region and other dimensions, in the shape of customer facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.analyses.rows import bought, records, transactions
from workbench.analyses import customer_facts, totals_by
from workbench.errors import ChoiceError
from workbench.topics.pareto import abc_classes

YEAR_END = date(2024, 12, 31)
LINES = (
    bought("王", "2024-05-01", 60, order_id="o1", product_id="轮胎", cost="40"),
    bought("王", "2024-05-01", 40, order_id="o1", product_id="机油"),
    bought("李", "2024-06-01", 100, order_id="o2", product_id="轮胎", cost="70"),
    bought("李", "2024-06-02", -20, order_id="o3", product_id="轮胎", cost="-10"),
    bought("李", "2024-06-03", 7, order_id="o4"),
    bought(None, "2024-06-03", 999, order_id="o5", product_id="轮胎"),
)


def test_a_product_adds_up_the_lines_that_name_it():
    tyres = records(totals_by(transactions(*LINES), as_of=YEAR_END), "product_id")["轮胎"]
    assert (tyres["monetary"], tyres["margin"]) == (Decimal("1139.00"), Decimal("40.00"))
    assert (tyres["order_count"], tyres["visit_count"], tyres["customer_count"], tyres["line_count"]) == (3, 2, 2, 3)


def test_lines_without_a_product_are_shown_and_not_dropped():
    found = records(totals_by(transactions(*LINES), as_of=YEAR_END), "product_id")
    assert found[None]["monetary"] == 7


@pytest.mark.parametrize("refunds", ["net", "excluded"])
def test_every_dimension_adds_up_to_all_sales_and_customers_to_those_of_known_ones(refunds: str):
    lines = transactions(*LINES, bought("赵", "2024-07-01", -15, order_id="o6", product_id="机油", region="东"))
    whole = {"net": Decimal(1171), "excluded": Decimal(1206)}[refunds]
    for dimension in ("product_id", "region"):
        totals = records(totals_by(lines, as_of=YEAR_END, refunds=refunds, dimension=dimension))
        assert sum(row["monetary"] for row in totals) == whole, dimension
    known = records(totals_by(lines, as_of=YEAR_END, refunds=refunds, dimension="customer_id"), "customer_id")
    assert sum(row["monetary"] for row in known.values()) == whole - 999
    buyers = records(customer_facts(lines, as_of=YEAR_END, refunds=refunds))
    only_returned = -15 if refunds == "net" else 0
    assert sum(row["monetary"] for row in buyers) == whole - 999 - only_returned


def test_two_customers_under_one_order_number_are_two_orders():
    lines = transactions(
        bought("王", "2024-05-01", 60, order_id="1", product_id="轮胎"),
        bought("王", "2024-05-01", 20, order_id="1", product_id="轮胎"),
        bought("李", "2024-06-01", 100, order_id="1", product_id="轮胎"),
        bought(None, "2024-06-01", 100, order_id="1", product_id="轮胎"),
        bought(None, "2024-06-01", 100, product_id="轮胎"),
        bought(None, "2024-06-01", 100, order_id="2", product_id="轮胎", is_cancelled=True),
    )
    (tyres,) = records(totals_by(lines, as_of=YEAR_END))
    assert tyres["order_count"] == 4


def test_products_are_ranked_as_customers_are():
    totals = totals_by(transactions(*LINES), as_of=YEAR_END)
    classed = records(abc_classes(totals), "product_id")
    assert {product: row["abc_class"] for product, row in classed.items()} == {"轮胎": "A", "机油": "C", None: "C"}


def test_an_unknown_dimension_names_the_allowed_ones():
    with pytest.raises(ChoiceError, match="dimension cannot be colour"):
        totals_by(transactions(), as_of=YEAR_END, dimension="colour")
