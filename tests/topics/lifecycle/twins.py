"""Cases of the twins of lifecycle stages: usual and short windows, growth by money and by days of purchase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.twin_cases import Case
from workbench.analyses.calendar import month_ends
from workbench.panels import Session
from workbench.topics.lifecycle.query import LifecycleCounts, lifecycle_steps
from workbench.topics.lifecycle.segmentation import (
    LifecycleSegmentation,
    lifecycle_evidence,
    lifecycle_state,
    purchase_steps,
)

BEFORE_ANYBODY = date(1990, 1, 31)
RULES = (
    LifecycleSegmentation(),
    LifecycleSegmentation(
        new_days=30, at_risk_days=60, lapsed_days=120, return_days=45, compare_days=90, growth_by="purchase_days"
    ),
)


def cases(session: Session) -> Iterator[Case]:
    arrays, ground = session.store.arrays, session.ground
    days = [BEFORE_ANYBODY, *month_ends(session.as_of, months=3)]
    for rules in RULES:
        counts = {day: LifecycleCounts.read(arrays(lifecycle_steps(ground, rules, as_of=day))) for day in days}
        steps = purchase_steps(ground, rules)
        states = {day: lifecycle_state(steps, rules, as_of=day) for day in days}
        yield Case("sizes", rules, (lifecycle_evidence(ground, rules), ground.facts), counts[session.as_of])
        yield Case("history", rules, states, counts)
