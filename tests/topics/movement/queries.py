"""Movement asked on Spark: one segmentation at two dates, the matrix, the cut points that were crossed."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.movement.panel import people_by_move
from workbench.topics.movement.query import crossings, known_customers, movement_between, movement_matrix
from workbench.topics.pareto.segmentation import AbcSegmentation

RULES = AbcSegmentation(a_from=5000, b_from=1000)
BEFORE, AFTER = date(2024, 12, 31), date(2025, 12, 18)


def _moved(tables: Tables) -> ir.Table:
    since = (date(2024, 1, 1), date(2025, 1, 1))
    return movement_between(tables.ground, RULES, before=BEFORE, after=AFTER, since=since, order=("A", "B", "C", "D"))


def everybody_by_a_day(tables: Tables) -> ir.Table:
    return known_customers(tables.transactions, before=BEFORE, after=AFTER)


def segments_at_two_dates(tables: Tables) -> ir.Table:
    return movement_between(tables.ground, RULES, before=BEFORE, after=AFTER, has_visits=False)


def matrix_of_two_years(tables: Tables) -> ir.Table:
    return movement_matrix(_moved(tables))


def cut_points_crossed(tables: Tables) -> ir.Table:
    return crossings(_moved(tables), RULES.thresholds)


def everybody_by_move(tables: Tables) -> ir.Table:
    return people_by_move("abc", _moved(tables))
