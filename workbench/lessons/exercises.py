"""The exercises of all lessons, by topic and number; every answer is computed from the learner's own store."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from workbench.discovery import topic_modules
from workbench.panels import Session
from workbench.panels.exercise import Exercise, count_rows


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
}


@cache
def exercises() -> Mapping[str, Exercise]:
    """Return every exercise by its name: those of the first lessons, then those of each topic's `exercises.py`."""
    known = dict(EXERCISES)
    for module in topic_modules("exercises").values():
        known |= module.EXERCISES
    return MappingProxyType(known)
