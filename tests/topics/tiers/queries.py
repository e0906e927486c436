"""Member tiers asked on Spark: thresholds on any measure, and the columns that thresholds are looked up in."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.tiers.segmentation import Tier, TierSegmentation, tier_columns

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
