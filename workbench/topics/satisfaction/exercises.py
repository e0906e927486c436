"""Exercises on satisfaction: NPS with weights, the weakest touchpoint, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.satisfaction.query import csat, nps

TENTH = 0.1


def _recommendation(session: Session, **how: Any) -> float:
    return float(session.store.collect(nps(session.surveys, **how))["nps"].iloc[0])


def _touchpoints(session: Session) -> pd.DataFrame:
    return session.store.collect(csat(session.surveys, by="touchpoint")).dropna(subset=["csat", "touchpoint"])


def _missing(session: Session, kind: str) -> int:
    return int(session.store.collect(nps(session.surveys))[f"missing_{kind}"].iloc[0])


EXERCISES: Mapping[str, Exercise] = {
    "satisfaction-1": Exercise(
        lambda session: _recommendation(session),
        {"unweighted": lambda session: _recommendation(session, weighted=False)},
        TENTH,
    ),
    "satisfaction-2": Exercise(
        lambda session: _touchpoints(session).set_index("touchpoint")["csat"].idxmin(),
        {"best": lambda session: _touchpoints(session).set_index("touchpoint")["csat"].idxmax()},
    ),
    "satisfaction-3": Exercise(
        lambda session: _missing(session, "sentinel"),
        {"blank": lambda session: _missing(session, "blank")},
    ),
}
