"""Retention asked on Spark: triangles under each definition, members, the second purchase, losses, the balance."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.retention.query import cohort_members, cohort_retention, customer_ages
from workbench.topics.retention.returning import churn_by_months, customer_balance, repeat_rates, waits_for_return


def triangle_by_quarter(tables: Tables) -> ir.Table:
    return cohort_retention(tables.transactions, as_of=tables.as_of, every="quarter")


def triangle_rolling(tables: Tables) -> ir.Table:
    return cohort_retention(
        tables.transactions, as_of=tables.as_of, definition="rolling", sign="line", since=date(2025, 1, 1)
    )


def triangle_within_days(tables: Tables) -> ir.Table:
    return cohort_retention(tables.transactions, as_of=tables.as_of, every="quarter", definition="within", span_days=90)


def members_of_a_cell(tables: Tables) -> ir.Table:
    ages = customer_ages(tables.transactions, as_of=tables.as_of, every="quarter")
    return cohort_members(ages, cohort=date(2025, 1, 1), age=1, every="quarter")


def second_purchases(tables: Tables) -> ir.Table:
    return repeat_rates(tables.transactions, as_of=tables.as_of)


def lost_after_months(tables: Tables) -> ir.Table:
    return churn_by_months(tables.transactions, as_of=tables.as_of, last=3)


def came_and_left(tables: Tables) -> ir.Table:
    return customer_balance(tables.transactions, as_of=tables.as_of, every="quarter")


def waits_by_region(tables: Tables) -> ir.Table:
    groups = tables.customers.select("customer_id", segment=tables.customers.region)
    return waits_for_return(tables.transactions, as_of=tables.as_of, since=date(2024, 1, 1), groups=groups)
