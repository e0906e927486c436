"""The exercises on retention: who came again a quarter later, and who bought again within 90 days."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from workbench.panels.exercise import Exercise
from workbench.panels.session import Session
from workbench.topics.retention.query import Definition, cohort_retention
from workbench.topics.retention.returning import repeat_rates


def _cell(session: Session, *, cohort: int = 1, age: int = 1, definition: Definition = "exact") -> int:
    cells = session.store.collect(
        cohort_retention(session.transactions, as_of=session.as_of, every="quarter", definition=definition)
    )
    begins = sorted(cells["cohort"].unique())
    one = cells[(cells["cohort"] == begins[cohort]) & (cells["age"] == age)]
    return int(one["active_customers"].iloc[0])


def _again(session: Session, *, days: int = 90, name: str = "returned_customers") -> int:
    rows = session.store.collect(repeat_rates(session.transactions, as_of=session.as_of))
    return int(rows.set_index("within_days")[name][days])


EXERCISES: Mapping[str, Exercise] = {
    "retention-1": Exercise(
        _cell,
        {
            "base": partial(_cell, age=0),
            "rolling": partial(_cell, definition="rolling"),
            "opening": partial(_cell, cohort=0),
        },
    ),
    "retention-2": Exercise(_again, {"base": partial(_again, name="base"), "longer": partial(_again, days=180)}),
}
