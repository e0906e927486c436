"""Tiers by query and in memory: where the usual ones begin, and what a design of them means for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analyses.segmentation import Ground
from workbench.analyses.twins import Collect, Twin
from workbench.topics.tiers.field import (
    USUAL_SHARES,
    Change,
    TierField,
    measured_tiers,
    tier_moves,
    tier_sizes,
    tiers_beginning,
)
from workbench.topics.tiers.query import tier_begins, tier_changes, tiers_before
from workbench.topics.tiers.segmentation import Tier, TierMeasure, TierSegmentation


@dataclass(frozen=True)
class TierPlan:
    """A design, and the one before: none where the tiers in the data are the old ones."""

    design: TierSegmentation
    before: TierSegmentation | None = None


Outcome = tuple[pd.DataFrame, pd.DataFrame]
"""Who moves, and the sizes of the tiers."""


def _usual(collect: Collect, ground: Ground, measure: TierMeasure) -> tuple[Tier, ...]:
    row = collect(tier_begins(ground.facts, measure=measure, shares=USUAL_SHARES)).iloc[0]
    return tiers_beginning([None if pd.isna(value) else int(value) for value in row])


def _outcome(collect: Collect, ground: Ground, plan: TierPlan) -> Outcome:
    assigned = plan.design.assign(ground)
    changes = [*_changes(collect(tier_changes(assigned, tiers_before(ground, before=plan.before))))]
    return tier_moves(changes, plan.design, before=plan.before), tier_sizes(changes, plan.design)


def _changes(rows: pd.DataFrame) -> Iterator[Change]:
    for row in rows.to_dict("records"):
        yield str(row["from_tier"]), str(row["segment"]), int(row["customer_count"])


def _outcome_in_memory(field: TierField, plan: TierPlan) -> Outcome:
    return field.moves(plan.design, before=plan.before), field.sizes(plan.design)


USUAL_TIERS: Twin[Ground, TierField, TierMeasure, tuple[Tier, ...]] = Twin(
    TierField, by_query=_usual, in_memory=lambda field, _measure: measured_tiers(field)
)
OUTCOME: Twin[Ground, TierField, TierPlan, Outcome] = Twin(TierField, by_query=_outcome, in_memory=_outcome_in_memory)
TWINS: Mapping[str, Twin[Any, Any, Any, Any]] = {"usual": USUAL_TIERS, "outcome": OUTCOME}
