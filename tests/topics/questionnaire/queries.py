"""The quality of a questionnaire asked on Spark: answers side by side, each question's, and how all were filled in."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.questionnaire.query import fill_patterns, question_answers, question_quality

ITEMS = ("P01", "P02", "P03", "E01")


def answers_side_by_side(tables: Tables) -> ir.Table:
    return question_answers(tables.surveys, items=ITEMS)


def quality_of_questions(tables: Tables) -> ir.Table:
    return question_quality(tables.surveys, items=("推荐意愿", "满意度", *ITEMS))


def patterns_of_filling_in(tables: Tables) -> ir.Table:
    return fill_patterns(tables.surveys, items=ITEMS)
