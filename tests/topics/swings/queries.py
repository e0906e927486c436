"""Swings asked on Spark: periods of each customer, their scores, how often each occurs, and the list."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.swings.beyond_own_past import SwingCuts
from workbench.topics.swings.query import (
    judged_scores,
    own_scores,
    period_values,
    score_counts,
    swing_list,
    swing_sizes,
)

CUTS = SwingCuts({1: 3000, 2: 3000, 3: 2500, 4: 2500}, {3: -2000, 4: -2000})


def scores_of(tables: Tables) -> ir.Table:
    return own_scores(period_values(tables.transactions, as_of=tables.as_of, history=6))


def months_of_customers(tables: Tables) -> ir.Table:
    return period_values(tables.transactions, as_of=tables.as_of, history=6)


def quarters_of_customers(tables: Tables) -> ir.Table:
    return period_values(tables.transactions, as_of=tables.as_of, every="quarter", history=6, measure="purchase_days")


def scores_of_months(tables: Tables) -> ir.Table:
    return scores_of(tables)


def scores_counted(tables: Tables) -> ir.Table:
    return score_counts(scores_of(tables))


def lasting_changes(tables: Tables) -> ir.Table:
    return judged_scores(scores_of(tables), change="lasting", periods=7)


def who_swung(tables: Tables) -> ir.Table:
    return swing_list(scores_of(tables), CUTS, as_of=tables.as_of)


def swings_counted(tables: Tables) -> ir.Table:
    return swing_sizes(who_swung(tables))
