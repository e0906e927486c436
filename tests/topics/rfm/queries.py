"""RFM asked on Spark: scores by flat and nested cut points, segments, cells, the composite score, what is condensed."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.rules.table import segment_table
from workbench.topics.rfm.changes import rfm_changes
from workbench.topics.rfm.composite import Weights, rfm_composite, rfm_levels, rfm_ranking
from workbench.topics.rfm.counts import rfm_condensed
from workbench.topics.rfm.cuts import AnyCuts, Cuts, rfm_cuts
from workbench.topics.rfm.measures import rfm_measures
from workbench.topics.rfm.nested import NestedCuts
from workbench.topics.rfm.panel import people_by_score
from workbench.topics.rfm.query import rfm_cells, rfm_scores, rfm_segments, rfm_sums, scores_by
from workbench.topics.rfm.segmentation import RfmSegmentation

CUTS = Cuts((30, 90, 180, 365), (2, 4, 8, 16), (100.05, 1000, 5000, 20000))
NESTED = NestedCuts((90.5,), ((2,), (5,)), (((100,), (1000.005,)), ((500,), (5000,))))
WEIGHTS = Weights(0.5, 0.3, 0.2)


def _scores(tables: Tables) -> ir.Table:
    return rfm_scores(tables.facts, cuts=CUTS)


def measures_of_the_average_purchase(tables: Tables) -> ir.Table:
    return rfm_measures(tables.facts, count_by="day", money="average")


def scores_by_flat_cuts(tables: Tables) -> ir.Table:
    return _scores(tables)


def scores_by_nested_cuts(tables: Tables) -> ir.Table:
    return rfm_scores(tables.facts, cuts=NESTED, count_by="day", money="average")


def segments_of_a_table(tables: Tables) -> ir.Table:
    return rfm_segments(_scores(tables), table=segment_table("r_rfm_vignette"))


def cells_of_recency_and_frequency(tables: Tables) -> ir.Table:
    return rfm_cells(_scores(tables))


def composite_score(tables: Tables) -> ir.Table:
    return rfm_composite(_scores(tables), weights=WEIGHTS)


def ranking_by_composite_score(tables: Tables) -> ir.Table:
    return rfm_ranking(_scores(tables))


def levels_of_the_composite_score(tables: Tables) -> ir.Table:
    return rfm_levels(_scores(tables), weights=WEIGHTS)


def equal_customers_condensed(tables: Tables) -> ir.Table:
    return rfm_condensed(tables.facts)


def segmentation_by_average_purchase(tables: Tables) -> ir.Table:
    return RfmSegmentation(CUTS, count_by="day", money="average", weights=WEIGHTS).assign(tables.ground)


def segmentation_by_levels(tables: Tables) -> ir.Table:
    return RfmSegmentation(NESTED, table="levels").assign(tables.ground)


def cuts_measured_from_the_customers(tables: Tables) -> AnyCuts:
    return rfm_cuts(tables.facts, bins=3, method="nested", money="average")


def scores_by_two_cuts_side_by_side(tables: Tables) -> ir.Table:
    return scores_by(rfm_measures(tables.facts), {"": CUTS, "_nested": NESTED})


def sums_of_every_combination_of_scores(tables: Tables) -> ir.Table:
    return rfm_sums(_scores(tables), tables.facts)


def changes_when_a_cut_moves(tables: Tables) -> ir.Table:
    return rfm_changes(tables.facts, rules=RfmSegmentation(CUTS, weights=WEIGHTS))


def changes_when_a_nested_cut_moves(tables: Tables) -> ir.Table:
    return rfm_changes(tables.facts, rules=RfmSegmentation(NESTED, table="levels", count_by="day", money="average"))


def everybody_by_score(tables: Tables) -> ir.Table:
    return people_by_score("r_rfm_vignette", rfm_segments(_scores(tables), table=segment_table("r_rfm_vignette")))
