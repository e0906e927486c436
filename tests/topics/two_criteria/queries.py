"""Two-criteria ABC asked on Spark: levels, cells, painted cells, and the steps that cuts are measured from."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.two_criteria.query import two_criteria_cuts, two_criteria_steps
from workbench.topics.two_criteria.segmentation import GridCuts, TwoCriteriaAbc, two_criteria_cells

CUTS = GridCuts(visits=(3, 8), spend=(1000.005, 5000))
RULE = TwoCriteriaAbc(cuts=CUTS, policy="rank_sum", painted={"low_high": "B"})


def segments_by_visits_and_spend(tables: Tables) -> ir.Table:
    return RULE.assign(tables.ground)


def segments_by_orders_and_margin_with_open_cells(tables: Tables) -> ir.Table:
    return TwoCriteriaAbc(cuts=CUTS, visits="order_count", spend="margin").assign(tables.ground)


def cells_of_the_grid(tables: Tables) -> ir.Table:
    return two_criteria_cells(TwoCriteriaAbc(cuts=CUTS, spend="margin").assign(tables.ground))


def steps_of_both_measures(tables: Tables) -> ir.Table:
    return two_criteria_steps(tables.facts, spend="margin")


def cuts_measured_from_the_customers(tables: Tables) -> GridCuts:
    return two_criteria_cuts(tables.facts)
