"""Drivers asked on Spark: everybody's answers side by side, and which questions are rated together."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.answer_matrix import item_scales
from workbench.topics.drivers.query import driver_answers, rated_together


def answers_beside_recommendation(tables: Tables) -> ir.Table:
    return driver_answers(tables.surveys, outcome="推荐意愿", items=("费力程度", "满意度"))


def answers_each_once(tables: Tables) -> ir.Table:
    return driver_answers(tables.surveys, outcome="满意度", items=("推荐意愿", "P01", "P02"), weighted=False)


def questions_rated_with_recommendation(tables: Tables) -> ir.Table:
    return rated_together(tables.surveys, outcome="推荐意愿")


def questions_rated(tables: Tables) -> ir.Table:
    return rated_together(tables.surveys)


def scales_of_questions(tables: Tables) -> ir.Table:
    return item_scales(tables.surveys)
