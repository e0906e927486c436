"""80/20 asked on Spark: every measure, boundary and way with ties; the classes frozen as amounts."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.totals import totals_by
from workbench.topics.pareto.curve import abc_steps
from workbench.topics.pareto.query import abc_classes, abc_cut, abc_ranking, abc_summary, lorenz
from workbench.topics.pareto.segmentation import AbcSegmentation, measured_abc


def classes_by_spend(tables: Tables) -> ir.Table:
    return abc_classes(tables.facts)


def classes_by_margin_up_to_the_line(tables: Tables) -> ir.Table:
    return abc_classes(tables.facts, by="margin", a_share=0.55, b_share=0.85, boundary="inclusive")


def classes_by_orders_one_by_one(tables: Tables) -> ir.Table:
    return abc_classes(tables.facts, by="order_count", ties="row_order")


def classes_of_products(tables: Tables) -> ir.Table:
    return abc_classes(totals_by(tables.transactions, as_of=tables.as_of), by="visit_count")


def classes_cut_from_a_ranking(tables: Tables) -> ir.Table:
    return abc_cut(abc_ranking(tables.facts, by="margin"), a_share=0.7, b_share=0.9)


def summary_of_classes(tables: Tables) -> ir.Table:
    return abc_summary(abc_classes(tables.facts, by="margin"))


def curve_of_cumulative_share(tables: Tables) -> ir.Table:
    return lorenz(abc_classes(tables.facts), points=20)


def steps_of_the_ranking(tables: Tables) -> ir.Table:
    return abc_steps(abc_ranking(tables.facts, by="margin"))


def segments_by_amount(tables: Tables) -> ir.Table:
    return AbcSegmentation(a_from=5000, b_from=1000.005, by="margin").assign(tables.ground)


def amounts_measured_where_the_classes_end(tables: Tables) -> dict[str, Any]:
    return measured_abc(tables.facts).as_dict()
