"""The exercises of all lessons, by topic and number; every answer is computed from the learner's own store."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from workbench.analyses.rfm import rfm_scores, rfm_segments
from workbench.analyses.rfm_counts import RfmCounts, rfm_condensed
from workbench.analyses.rfm_cuts import rfm_cuts
from workbench.analyses.rfm_moves import RfmMoves
from workbench.analyses.rfm_segmentation import RfmSegmentation
from workbench.analyses.rfm_sensitivity import Sensitivity, moved_cuts
from workbench.analyses.rules.table import segment_table
from workbench.analyses.segmentation import segment_sizes
from workbench.discovery import topic_modules
from workbench.lessons.cluster_exercises import CLUSTER_EXERCISES
from workbench.lessons.movement_exercises import MOVEMENT_EXERCISES
from workbench.panels import Session
from workbench.panels.exercise import Exercise, count_rows


def _segments(session: Session) -> pd.DataFrame:
    scores = rfm_scores(session.facts, cuts=rfm_cuts(session.facts))
    segmented = rfm_segments(scores, table=segment_table("r_rfm_vignette"))
    return session.store.collect(segment_sizes(segmented, session.facts)).set_index("segment")


def _sensitivity(session: Session) -> Sensitivity:
    cuts = rfm_cuts(session.facts)
    counts = RfmCounts.read(session.store.arrays(rfm_condensed(session.facts)))
    return RfmMoves.of(counts, cuts).sensitivity(RfmSegmentation(cuts).codes())


def _second_f_cut(session: Session) -> pd.Series:
    rows = _sensitivity(session).rows
    return rows[(rows["measure"] == "frequency") & (rows["place"] == 2)].iloc[0]


def _scored_lower(session: Session) -> int:
    """Count those whose F score falls when the second cut of F moves up by a tenth, whatever their segment."""
    cuts = rfm_cuts(session.facts)
    higher = moved_cuts(cuts, measure="frequency", place=2)
    old, new = (int(one.steps[1][0, 1]) for one in (cuts, higher))
    return count_rows(session, session.facts.filter(session.facts.frequency >= old, session.facts.frequency < new))


def _bought_once(session: Session) -> int:
    return count_rows(session, session.facts.filter(session.facts.frequency == 1))


def _rejected(session: Session) -> pd.DataFrame:
    return session.store.collect(session.store.sources.select("file", "rows_read", "rows_rejected", "rows_ignored"))


EXERCISES: Mapping[str, Exercise] = {
    "start-1": Exercise(
        lambda session: count_rows(session, session.facts),
        {"archive": lambda session: count_rows(session, session.store.customers)},
    ),
    "load-1": Exercise(
        lambda session: _rejected(session)["rows_rejected"].sum(),
        {"ignored": lambda session: _rejected(session)["rows_ignored"].sum()},
    ),
    "load-2": Exercise(lambda session: len(_rejected(session)["file"].unique())),
    "rfm-1": Exercise(
        lambda session: _segments(session).loc["champions", "customer_count"],
        {"orders": lambda session: _segments(session).loc["champions", "order_count"]},
    ),
    "rfm-2": Exercise(
        lambda session: _segments(session)["monetary"].idxmax(),
        {
            "most_customers": lambda session: _segments(session)["customer_count"].idxmax(),
            "most_each": lambda session: _segments(session)["average_monetary"].idxmax(),
        },
    ),
    "rfm-3": Exercise(_bought_once),
    "rfm-4": Exercise(
        lambda session: _second_f_cut(session)["higher_count"],
        {
            "scores": _scored_lower,
            "lower": lambda session: _second_f_cut(session)["lower_count"],
            "any": lambda session: _sensitivity(session).any_count,
        },
    ),
}


@cache
def exercises() -> Mapping[str, Exercise]:
    """Return every exercise by its name: those of the first lessons, then those of each topic's `exercises.py`."""
    known = {**EXERCISES, **CLUSTER_EXERCISES, **MOVEMENT_EXERCISES}
    for module in topic_modules("exercises").values():
        known |= module.EXERCISES
    return MappingProxyType(known)
