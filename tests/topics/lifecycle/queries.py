"""Lifecycle stages asked on Spark: days of purchase with their windows, the state of a day, stages, sums by day."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.lifecycle.query import lifecycle_steps, stage_counts
from workbench.topics.lifecycle.segmentation import LifecycleSegmentation, lifecycle_state, purchase_steps

RULES = LifecycleSegmentation()
SHORT = LifecycleSegmentation(
    new_days=30, at_risk_days=60, lapsed_days=120, return_days=45, compare_days=90, growth_by="purchase_days"
)


def days_of_purchase(tables: Tables) -> ir.Table:
    return purchase_steps(tables.ground, RULES)


def state_of_an_earlier_day(tables: Tables) -> ir.Table:
    return lifecycle_state(purchase_steps(tables.ground, SHORT), SHORT, as_of=date(2024, 2, 29))


def stages_by_money(tables: Tables) -> ir.Table:
    return RULES.assign(tables.ground)


def stages_by_short_windows(tables: Tables) -> ir.Table:
    return SHORT.assign(tables.ground)


def sums_by_day(tables: Tables) -> ir.Table:
    return lifecycle_steps(tables.ground, RULES)


def counts_of_an_earlier_day(tables: Tables) -> ir.Table:
    return lifecycle_steps(tables.ground, RULES, as_of=date(2024, 12, 31))


def counts_of_the_stages_on_three_days(tables: Tables) -> ir.Table:
    days = (date(2019, 1, 31), date(2024, 12, 31), tables.as_of)  # the first before anybody had bought
    steps = purchase_steps(tables.ground, SHORT)
    return stage_counts({day: lifecycle_state(steps, SHORT, as_of=day) for day in days}, SHORT)
