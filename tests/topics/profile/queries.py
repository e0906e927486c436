"""Profiles asked on Spark: all that is known of a customer, different values, counts by segment and value."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.pareto.segmentation import AbcSegmentation
from workbench.topics.profile.figures import profile_figures
from workbench.topics.profile.query import profile_counts, profile_table, value_counts

COLUMNS = ("recency_days", "monetary", "margin", "complaint_count", "region", "usage", "birthday")


def all_that_is_known(tables: Tables) -> ir.Table:
    return profile_table(tables.ground)


def different_values(tables: Tables) -> ir.Table:
    return value_counts(profile_table(tables.ground, has_complaints=False))


def counts_by_segment_and_value(tables: Tables) -> ir.Table:
    assigned = AbcSegmentation(a_from=5000, b_from=1000).assign(tables.ground)
    return profile_counts(assigned, profile_table(tables.ground), columns=COLUMNS)


def figures_side_by_side(tables: Tables) -> ir.Table:
    return profile_figures(counts_by_segment_and_value(tables), this="A")


def figures_of_two_segments(tables: Tables) -> ir.Table:
    return profile_figures(counts_by_segment_and_value(tables), this="A", against="B")
