"""Segment tables asked on Spark: rules on scores and on any column of the facts, combinations counted."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.analyses.rules.axes import axes_of
from workbench.analyses.rules.counts import cell_counts
from workbench.analyses.rules.table import SegmentTable, segment_table
from workbench.topics.rfm.cuts import Cuts
from workbench.topics.segment_rules.segmentation import TableSegmentation, with_scores
from workbench.topics.segments.panel import people_by_segment

CUTS = Cuts((30, 90, 180, 365), (2, 4, 8, 16), (100.05, 1000, 5000, 20000))
BY_SCORES = TableSegmentation(segment_table("rf_map"), CUTS)


def _rule(name: str, **conditions: Any) -> dict[str, Any]:
    return {"id": name, "name": {"en": name, "zh": name}, **conditions}


BY_COLUMNS = TableSegmentation(
    SegmentTable.from_dict(
        {
            "id": "ours",
            "name": {"en": "Ours", "zh": "自定"},
            "segment": [
                _rule("leap", when=[{"last_on": {"from": "2024-02-29", "to": "2024-02-29"}}]),
                _rule("loss", when=[{"margin": {"below": 0}}, {"monetary": {"to": 0}}]),
                _rule("unknown", when=[{"margin": {"unknown": True}, "customer_type": ["企业", "个人"]}]),
                _rule("often", when=[{"average_order_value": {"above": 100.05}, "frequency": {"in": [1, 3, 4]}}]),
            ],
        }
    )
)


def segments_by_scores(tables: Tables) -> ir.Table:
    return BY_SCORES.assign(tables.ground)


def segments_by_columns(tables: Tables) -> ir.Table:
    return BY_COLUMNS.assign(tables.ground)


def cells_of_scores(tables: Tables) -> ir.Table:
    return cell_counts(with_scores(tables.facts, CUTS), axes_of(BY_SCORES.table))


def cells_of_columns(tables: Tables) -> ir.Table:
    return cell_counts(tables.facts, axes_of(BY_COLUMNS.table, tables.facts.schema()))


def everybody_by_segment(tables: Tables) -> ir.Table:
    return people_by_segment("rules", BY_SCORES.assign(tables.ground))
