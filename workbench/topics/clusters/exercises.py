"""The exercises on clusters: how many there are, and what a name hides."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.analyses.segmentation import segment_sizes
from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.clusters.choice import Candidates, cluster_candidates
from workbench.topics.clusters.points import Points, cluster_rows, standardised
from workbench.topics.clusters.query import fit_clusters

LESSON_FEATURES = ("recency_days", "tenure_days", "frequency", "monetary")
LOGGED = ("frequency", "monetary")


def _points(session: Session) -> Points:
    rows = session.store.arrays(cluster_rows(session.facts, features=LESSON_FEATURES))
    return standardised(rows, logged=LOGGED)


def _candidates(session: Session) -> Candidates:
    candidates: Candidates = session.remember("lesson_clusters", lambda: cluster_candidates(_points(session)))
    return candidates


def _best(session: Session, figure: str) -> int:
    rows = _candidates(session).rows
    return int(rows["k"].to_numpy()[int(rows[figure].argmax())])


def _least_stable(session: Session) -> int:
    rows = _candidates(session).rows
    return int(rows["k"].to_numpy()[int(rows["stability"].argmin())])


def _sizes(session: Session) -> pd.DataFrame:
    """The sizes of four clusters."""
    segmentation = fit_clusters(_points(session), k=4).segmentation
    return session.store.collect(segment_sizes(segmentation.assign(session.ground), session.facts))


def _largest(session: Session, figure: str, by: str) -> float:
    """A figure of the cluster that has the most of another one."""
    return float(_sizes(session).sort_values(by, ascending=False)[figure].iloc[0])


EXERCISES: Mapping[str, Exercise] = {
    "clusters-1": Exercise(
        lambda session: _candidates(session).best,
        {
            "silhouette_alone": lambda session: _best(session, "silhouette"),
            "stability_alone": lambda session: _best(session, "stability"),
            "worst": _least_stable,
        },
    ),
    "clusters-2": Exercise(
        lambda session: _largest(session, "customer_count", "monetary"),
        {
            "largest": lambda session: _largest(session, "customer_count", "customer_count"),
            "orders": lambda session: _largest(session, "order_count", "monetary"),
        },
    ),
}
