"""Overlap asked on Spark: two segmentations side by side, and their cells."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.lifecycle.segmentation import LifecycleSegmentation
from workbench.topics.overlap.query import segment_overlap, segment_pairs
from workbench.topics.pareto.segmentation import AbcSegmentation


def _pairs(tables: Tables) -> ir.Table:
    first, second = AbcSegmentation(a_from=5000, b_from=1000, by="margin"), LifecycleSegmentation()
    return segment_pairs(first.assign(tables.ground), second.assign(tables.ground), tables.facts)


def customers_in_both(tables: Tables) -> ir.Table:
    return _pairs(tables)


def cells_of_both(tables: Tables) -> ir.Table:
    return segment_overlap(_pairs(tables))
