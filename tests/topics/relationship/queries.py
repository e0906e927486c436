"""Relationship levels asked on Spark: contacts, the ground of the levels, levels and service, proposed thresholds."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.relationship.query import relationship_counts, relationship_measures
from workbench.topics.relationship.segmentation import (
    RelationshipSegmentation,
    contacts,
    relationship_ground,
    worth_cuts,
)

RULES = RelationshipSegmentation(few_below=10, many_from=100)
BY_SPEND = RelationshipSegmentation(worth="monetary", market="region", few_below=5, many_from=50, contact_days=90)


def contacts_of_a_year(tables: Tables) -> ir.Table:
    return contacts(tables.interactions, as_of=tables.as_of, days=365)


def ground_of_the_levels(tables: Tables) -> ir.Table:
    return relationship_ground(tables.ground, RULES)


def levels_by_margin_and_type(tables: Tables) -> ir.Table:
    return RULES.assign(tables.ground)


def levels_by_spend_and_region(tables: Tables) -> ir.Table:
    return BY_SPEND.assign(tables.ground)


def what_the_levels_look_at(tables: Tables) -> ir.Table:
    return relationship_measures(tables.ground, RULES)


def customers_by_level(tables: Tables) -> ir.Table:
    return relationship_counts(relationship_measures(tables.ground, BY_SPEND), BY_SPEND)


def proposed_thresholds(tables: Tables) -> ir.Table:
    return worth_cuts(tables.facts)


def levels_where_little_is_known(tables: Tables) -> ir.Table:
    return RULES.assign(tables.bare.ground)
