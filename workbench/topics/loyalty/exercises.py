"""Exercises on loyalty: who is lapsed by their own rhythm."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.analyses.segmentation import Segmentation, segment_sizes
from workbench.panels import Session
from workbench.panels.exercise import Exercise, count_rows
from workbench.topics.loyalty.segmentation import LoyaltySegmentation


def _sizes(session: Session, segmentation: Segmentation) -> pd.Series[int]:
    """Count the customers of each segment."""
    sizes = segment_sizes(segmentation.assign(session.ground), session.facts)
    counts: pd.Series[int] = session.store.collect(sizes).set_index("segment")["customer_count"]
    return counts


EXERCISES: Mapping[str, Exercise] = {
    "loyalty-1": Exercise(
        lambda session: _sizes(session, LoyaltySegmentation())["lapsed"],
        {
            "fixed": lambda session: count_rows(session, session.facts.filter(session.facts.recency_days > 365)),
            "flexible": lambda session: _sizes(session, LoyaltySegmentation())["flexible"],
        },
    ),
}
