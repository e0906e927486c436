"""Clusters asked on Spark: equal customers counted, everybody put to the nearest of frozen centres, rules in words."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.segmentation import OTHERS, Segment
from workbench.topics.clusters.panel_words import worded_rules
from workbench.topics.clusters.points import Feature, cluster_rows
from workbench.topics.clusters.segmentation import ClusterSegmentation
from workbench.topics.clusters.tree import Branch, FeatureRange

FEATURES = (
    Feature("recency_days", 180.0, 150.0),
    Feature("monetary", 7.5, 1.8, logged=True),
    Feature("margin", 6.25, 2.1, logged=True, fill=500.0),
)
RULES = (
    Branch("cluster_1", (FeatureRange("recency_days", up_to=90), FeatureRange("monetary", above=5000.0)), 10, 9),
    Branch("cluster_2", (FeatureRange("margin", above=100.0, up_to=2000.0),), 10, 9),
)
SEGMENTS = tuple(
    Segment(name, {"en": name, "zh": name}, {"en": "", "zh": ""}) for name in ("cluster_1", "cluster_2", OTHERS)
)
CLUSTERS = ClusterSegmentation(FEATURES, ((-0.8, 0.9, 0.75), (0.7, -0.6, -0.55)), SEGMENTS, {}, RULES)
UNFILLED = ClusterSegmentation(
    (FEATURES[0], Feature("margin", 500.0, 1000.0)), ((-0.5, 0.5), (0.5, -0.5)), SEGMENTS, {}
)


def equal_customers_counted(tables: Tables) -> ir.Table:
    return cluster_rows(tables.facts, features=("frequency", "margin", "monetary"))


def nearest_centres(tables: Tables) -> ir.Table:
    return CLUSTERS.assign(tables.ground)


def nearest_centres_where_a_feature_is_unknown(tables: Tables) -> ir.Table:
    return UNFILLED.assign(tables.ground)


def rules_in_the_readers_words(tables: Tables) -> ir.Table:
    return worded_rules(CLUSTERS.assign(tables.ground), RULES, "zh")
