"""Lifecycle stages by query and in memory: what they add up to today, and how many were in each at earlier days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from workbench.analyses.segmentation import segment_sizes
from workbench.analyses.twins import Collect, Twin
from workbench.topics.lifecycle.query import LifecycleCounts, stage_counts, stage_history
from workbench.topics.lifecycle.segmentation import STAGES, LifecycleSegmentation

States = Mapping[date, ir.Table]


def _sizes(collect: Collect, judged: tuple[ir.Table, ir.Table], rules: LifecycleSegmentation) -> pd.DataFrame:
    """Sum up the stages; `judged` are the `lifecycle_evidence` of the customers, and their facts."""
    evidence, facts = judged
    return collect(segment_sizes(rules.judge(evidence), facts))


def _sizes_in_memory(counts: LifecycleCounts, rules: LifecycleSegmentation) -> pd.DataFrame:
    """Do the same by look-up: the stages that have customers, most money first."""
    rows = counts.sizes(rules)
    some = rows[rows["customer_count"] > 0]
    return some.sort_values(["monetary", "segment"], ascending=[False, True], ignore_index=True)


def _history(collect: Collect, states: States, rules: LifecycleSegmentation) -> pd.DataFrame:
    """Count the stages at each day; `states` are the `lifecycle_state` of the days."""
    rows = collect(stage_counts(states, rules)).to_dict("records")
    return stage_history({row["day"].date(): [row[stage.id] for stage in STAGES] for row in rows})


def _history_in_memory(counts: Mapping[date, LifecycleCounts], rules: LifecycleSegmentation) -> pd.DataFrame:
    return stage_history({day: held.sums(rules, ["customers"])["customers"].tolist() for day, held in counts.items()})


STAGE_SIZES: Twin[tuple[ir.Table, ir.Table], LifecycleCounts, LifecycleSegmentation, pd.DataFrame] = Twin(
    LifecycleCounts, by_query=_sizes, in_memory=_sizes_in_memory
)
STAGE_HISTORY: Twin[States, Mapping[date, LifecycleCounts], LifecycleSegmentation, pd.DataFrame] = Twin(
    LifecycleCounts, by_query=_history, in_memory=_history_in_memory
)
TWINS: Mapping[str, Twin[Any, Any, Any, Any]] = {"sizes": STAGE_SIZES, "history": STAGE_HISTORY}
