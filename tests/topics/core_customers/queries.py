"""Core customers asked on Spark: six measures, points by rank, scores, tenths, and who may become of high value."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.core_customers.potential import PotentialSegmentation, high_value_from
from workbench.topics.core_customers.query import (
    CoreWeights,
    core_measures,
    core_points,
    core_scores,
    core_tenths,
    with_tenths,
)
from workbench.topics.core_customers.segmentation import CoreSegmentation

WEIGHTS = CoreWeights(influence=0, growth=33, bad_times=7)


def measures_of_the_market(tables: Tables) -> ir.Table:
    return core_measures(tables.ground)


def measures_by_a_column_of_text(tables: Tables) -> ir.Table:
    return core_measures(tables.ground, influence_by="car_count", days=180)


def points_by_rank(tables: Tables) -> ir.Table:
    return core_points(core_measures(tables.ground))


def tenths_of_every_customer(tables: Tables) -> ir.Table:
    return with_tenths(core_scores(core_points(core_measures(tables.ground)), weights=WEIGHTS))


def tenths_of_both_ranks(tables: Tables) -> ir.Table:
    return core_tenths(core_scores(core_points(core_measures(tables.ground)), weights=WEIGHTS))


def core_segments(tables: Tables) -> ir.Table:
    return CoreSegmentation(weights=WEIGHTS, core_share=0.15).assign(tables.ground)


def potential_segments(tables: Tables) -> ir.Table:
    return PotentialSegmentation(high_from=5000.005).assign(tables.ground)


def spend_of_the_first_fifth(tables: Tables) -> float:
    return high_value_from(tables.facts)


def core_segments_where_little_is_known(tables: Tables) -> ir.Table:
    return CoreSegmentation().assign(tables.bare.ground)


def potential_segments_where_little_is_known(tables: Tables) -> ir.Table:
    return PotentialSegmentation(high_from=5000).assign(tables.bare.ground)
