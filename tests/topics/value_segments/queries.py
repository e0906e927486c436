"""Value segments asked on Spark: batteries of survey items, a row per respondent, the nearest of frozen centres."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.segmentation import OTHERS, Segment
from workbench.topics.clusters.points import Feature
from workbench.topics.value_segments.query import batteries, battery_rows, respondent_rows
from workbench.topics.value_segments.segmentation import ValueSegmentation

ITEMS = ("P01", "P02", "P03", "P04")
SEGMENTS = tuple(
    Segment(name, {"en": name, "zh": name}, {"en": "", "zh": ""}) for name in ("value_1", "value_2", OTHERS)
)
FEATURES = tuple(Feature(item, 0.1 * place, 1.1, fill=0.1 * place) for place, item in enumerate(ITEMS))
CENTRES = ((0.6, -0.4, 0.2, -0.1), (-0.5, 0.5, -0.2, 0.3))


def batteries_of_all_surveys(tables: Tables) -> ir.Table:
    return batteries(tables.surveys)


def batteries_of_one_kind(tables: Tables) -> ir.Table:
    return batteries(tables.surveys, battery="servqual_perception")


def respondents_by_item(tables: Tables) -> ir.Table:
    return respondent_rows(tables.surveys, items=ITEMS)


def equal_respondents_counted(tables: Tables) -> ir.Table:
    return battery_rows(tables.surveys, items=ITEMS)


def nearest_centres(tables: Tables) -> ir.Table:
    return ValueSegmentation(FEATURES, CENTRES, SEGMENTS, {}).assign(tables.ground)


def nearest_centres_of_scores_as_given(tables: Tables) -> ir.Table:
    return ValueSegmentation(FEATURES, CENTRES, SEGMENTS, {}, centred=False, min_answered=0.5).assign(tables.ground)
