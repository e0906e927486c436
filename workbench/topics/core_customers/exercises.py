"""Exercises on core customers: the core beside the profit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.core_customers.query import CoreWeights, core_measures, core_points, core_scores, core_tenths


def _core_tenth(session: Session) -> pd.Series:
    """The customers of the best tenth by core score, by their tenth of profit."""
    scores = core_scores(core_points(core_measures(session.ground)), weights=CoreWeights())
    tenths = session.store.collect(core_tenths(scores))
    return tenths[tenths["core_tenth"] == 1].set_index("profit_tenth")["customer_count"]


EXERCISES: Mapping[str, Exercise] = {
    "core-1": Exercise(
        lambda session: _core_tenth(session).drop(1, errors="ignore").sum(),
        {
            "all_of_them": lambda session: _core_tenth(session).sum(),
            "both": lambda session: _core_tenth(session).get(1, 0),
        },
    ),
}
