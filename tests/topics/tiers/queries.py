"""Member tiers asked on Spark: thresholds on any measure, and the columns that thresholds are looked up in."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.tiers.query import tier_begins, tier_changes, tier_columns, tiers_before
from workbench.topics.tiers.segmentation import Tier, TierSegmentation

TIERS = (Tier("Gold", "金卡", 5000.005, 200), Tier("Silver", "银卡", 1000, 50))


def tiers_by_spend(tables: Tables) -> ir.Table:
    return TierSegmentation(tiers=TIERS).assign(tables.ground)


def tiers_by_margin(tables: Tables) -> ir.Table:
    return TierSegmentation(tiers=TIERS, measure="margin").assign(tables.ground)


def tiers_by_visits(tables: Tables) -> ir.Table:
    return TierSegmentation(tiers=(Tier("Gold", "金卡", 8),), measure="visit_count").assign(tables.ground)


def columns_by_tier(tables: Tables) -> ir.Table:
    return tier_columns(tables.facts, measure="margin")


def columns_where_no_tier_is_known(tables: Tables) -> ir.Table:
    return tier_columns(tables.bare.facts)


def tiers_so_far(tables: Tables) -> ir.Table:
    return tiers_before(tables.ground)


def tiers_so_far_where_none_is_known(tables: Tables) -> ir.Table:
    return tiers_before(tables.bare.ground)


def changes_against_the_data(tables: Tables) -> ir.Table:
    return tier_changes(TierSegmentation(tiers=TIERS).assign(tables.ground), tiers_before(tables.ground))


def changes_against_an_earlier_design(tables: Tables) -> ir.Table:
    before = TierSegmentation(tiers=TIERS[:1], measure="margin")
    now = TierSegmentation(tiers=TIERS, measure="margin").assign(tables.ground)
    return tier_changes(now, tiers_before(tables.ground, before=before))


def values_where_tiers_could_begin(tables: Tables) -> ir.Table:
    return tier_begins(tables.facts, measure="margin", shares=(0.05, 0.20, 0.50))
