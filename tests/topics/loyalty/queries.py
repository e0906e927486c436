"""Loyalty asked on Spark: days of visits, the rhythm of each customer and of all, and the three groups."""

from __future__ import annotations

from datetime import timedelta

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.visit_rhythm import pooled_interval, return_limit, visit_days, visit_rhythm
from workbench.topics.loyalty.query import came_back, earlier, loyalty_counts, loyalty_measures
from workbench.topics.loyalty.segmentation import LoyaltySegmentation, rhythm_evidence, rhythm_of

BY_PLACE = LoyaltySegmentation(count_by="purchase", share_of="place", prior_weight=0, patience=2.5)


def days_with_a_visit(tables: Tables) -> ir.Table:
    return visit_days(tables.transactions, as_of=tables.as_of, interactions=tables.interactions)


def rhythm_of_purchases(tables: Tables) -> ir.Table:
    return visit_rhythm(visit_days(tables.transactions, as_of=tables.as_of), as_of=tables.as_of, recent_days=90)


def interval_of_all(tables: Tables) -> ir.Table:
    return pooled_interval(rhythm_of(tables.ground))


def longest_wait_for_a_second_visit(tables: Tables) -> ir.Table:
    return return_limit(rhythm_of(tables.ground), share=0.9)


def evidence_by_rhythm(tables: Tables) -> ir.Table:
    return rhythm_evidence(tables.ground, LoyaltySegmentation())


def segments_by_rhythm(tables: Tables) -> ir.Table:
    return LoyaltySegmentation().assign(tables.ground)


def segments_by_place(tables: Tables) -> ir.Table:
    return BY_PLACE.assign(tables.ground)


def what_everybody_is_judged_by(tables: Tables) -> ir.Table:
    return loyalty_measures(tables.ground, LoyaltySegmentation())


def groups_by_silence(tables: Tables) -> ir.Table:
    return loyalty_counts(loyalty_measures(tables.ground, BY_PLACE), BY_PLACE, return_limit=30)


def who_came_after_an_earlier_judgement(tables: Tables) -> ir.Table:
    before = earlier(tables.ground, tables.as_of - timedelta(days=90))
    return came_back(loyalty_measures(before, LoyaltySegmentation()), LoyaltySegmentation(), return_limit=None)


def segments_where_no_place_is_known(tables: Tables) -> ir.Table:
    return BY_PLACE.assign(tables.bare.ground)
