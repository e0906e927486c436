"""Exercises on lifecycle stages: where newcomers do not stay."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.lifecycle.segmentation import LifecycleSegmentation

NEWCOMER_DAYS = 475


def _newcomers(session: Session) -> pd.DataFrame:
    """Count by region who came first in the last 475 days, and the share of them that stays."""
    stages = LifecycleSegmentation().assign(session.ground).drop("first_on")
    recent = session.facts.filter(session.facts.tenure_days <= NEWCOMER_DAYS).select("customer_id", "region")
    joined = stages.inner_join(recent, "customer_id")
    stays = joined.segment.isin(["growing", "stable", "reactivated"])
    counted = joined.group_by("region").aggregate(share=stays.mean(), customers=joined.count())
    return session.store.collect(counted).dropna(subset=["region"]).set_index("region")


EXERCISES: Mapping[str, Exercise] = {
    "loyalty-2": Exercise(
        lambda session: _newcomers(session)["share"].idxmin(),
        {
            "most": lambda session: _newcomers(session)["share"].idxmax(),
            "most_new": lambda session: _newcomers(session)["customers"].idxmax(),
        },
    ),
}
