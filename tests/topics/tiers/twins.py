"""Cases of the twins of tiers: every measure, against the tiers in the data and against an earlier design."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from tests.twin_cases import Case
from workbench.panels import Session
from workbench.topics.tiers.field import TierField
from workbench.topics.tiers.query import tier_columns
from workbench.topics.tiers.segmentation import Tier, TierMeasure, TierSegmentation
from workbench.topics.tiers.twins import TierPlan

TIERS = (Tier("Gold", "金卡", 1000.005, 200.1), Tier("Silver", "银卡", 100, 50))
BEFORE = (Tier("Gold", "金卡", 500), Tier("Bronze", "铜卡", -100))

MOVES = (
    {"tiers": TIERS},
    {"tiers": TIERS, "before": TierSegmentation(tiers=BEFORE)},
    {"tiers": TIERS, "before": TierSegmentation(tiers=BEFORE, measure="margin")},
)
"""What a panel is set to besides its lists; the last contradicts itself, which is said in words."""


def cases(session: Session) -> Iterator[Case]:
    ground = session.ground
    for measure in get_args(TierMeasure):
        field = TierField.read(session.store.arrays(tier_columns(ground.facts, measure=measure)))
        design = TierSegmentation(tiers=TIERS, measure=measure)
        yield Case("usual", measure, ground, field)
        yield Case("outcome", TierPlan(design), ground, field)
        yield Case("outcome", TierPlan(design, TierSegmentation(tiers=BEFORE, measure=measure)), ground, field)
