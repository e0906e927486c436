"""Transactions asked on Spark: sums of periods, whole and by a column, and what each customer's spend changed by."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.transactions.query import customer_changes, sales_by_period

PERIODS = {
    "this": (date(2025, 1, 1), date(2025, 12, 31)),
    "before": (date(2024, 1, 1), date(2024, 12, 31)),
}


def sales_of_two_years(tables: Tables) -> ir.Table:
    return sales_by_period(tables.transactions, periods=PERIODS)


def sales_of_two_years_by_category(tables: Tables) -> ir.Table:
    return sales_by_period(tables.transactions, periods=PERIODS, by="category")


def changes_of_customers(tables: Tables) -> ir.Table:
    return customer_changes(tables.transactions, this=PERIODS["this"], before=PERIODS["before"])
