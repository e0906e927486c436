"""Lifetime value asked on Spark: histories, the hold-out, purchases by day, their rhythm, sums of spreadsheets."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.lifetime_value.naive import period_spend, revenue_by_age
from workbench.topics.lifetime_value.query import (
    distinct_histories,
    held_out,
    held_out_by_frequency,
    interval_split,
    purchase_histories,
    repeat_purchases_by_day,
    spend_histories,
)

SPLIT = date(2024, 12, 31)


def histories_since_a_day(tables: Tables) -> ir.Table:
    return purchase_histories(tables.transactions, as_of=tables.as_of, since=date(2023, 1, 1))


def different_histories(tables: Tables) -> ir.Table:
    return distinct_histories(purchase_histories(tables.transactions, as_of=tables.as_of))


def spend_of_those_who_came_again(tables: Tables) -> ir.Table:
    return spend_histories(purchase_histories(tables.transactions, as_of=tables.as_of))


def what_came_after_the_cut(tables: Tables) -> ir.Table:
    return held_out(tables.transactions, split_on=SPLIT, as_of=tables.as_of)


def what_came_by_frequency(tables: Tables) -> ir.Table:
    return held_out_by_frequency(held_out(tables.transactions, split_on=SPLIT, as_of=tables.as_of), most=3)


def purchases_of_each_day(tables: Tables) -> ir.Table:
    return repeat_purchases_by_day(tables.transactions, split_on=SPLIT, as_of=tables.as_of)


def how_regular_they_are(tables: Tables) -> ir.Table:
    return interval_split(tables.transactions, as_of=tables.as_of)


def last_year_and_the_one_before(tables: Tables) -> ir.Table:
    return period_spend(tables.transactions, as_of=tables.as_of, days=365)


def revenue_of_each_month_of_age(tables: Tables) -> ir.Table:
    return revenue_by_age(tables.transactions, as_of=tables.as_of)
