"""Exercises on movement between two dates."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.analyses.calendar import months_before
from workbench.analyses.segmentation import OTHERS, Ground
from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.movement.query import directions, ground_at, movement, movement_between, movement_matrix
from workbench.topics.rfm.cuts import rfm_cuts
from workbench.topics.rfm.segmentation import RfmSegmentation

TABLE = "eight_groups"


def _rules(ground: Ground) -> RfmSegmentation:
    """The eight groups, their cut points measured on this ground."""
    return RfmSegmentation(rfm_cuts(ground.facts, bins=2, method="mean"), TABLE)


def _counted(cells: pd.DataFrame, direction: str) -> int:
    counts = directions(cells).set_index("direction")["customer_count"]
    return int(counts.get(direction, 0))


def _moves(session: Session) -> pd.DataFrame:
    """The matrix of the whole history, by the rules of a year ago."""
    before = months_before(session.as_of, 12)
    rules = _rules(ground_at(session.ground, before))
    moved = movement_between(session.ground, rules, before=before, after=session.as_of, order=_order(rules))
    return session.store.collect(movement_matrix(moved))


def _measured_anew(session: Session) -> pd.DataFrame:
    """The same matrix with cut points of its own at each date."""
    days = (months_before(session.as_of, 12), session.as_of)
    sides = [ground_at(session.ground, day) for day in days]
    rules = [_rules(side) for side in sides]
    known = movement_between(session.ground, rules[0], before=days[0], after=days[1])
    moved = movement(
        *(rule.assign(side) for rule, side in zip(rules, sides, strict=True)),
        facts_before=sides[0].facts,
        facts_after=sides[1].facts,
        known=known.select("customer_id", is_new=known.from_segment == "not_yet"),
        order=_order(rules[0]),
    )
    return session.store.collect(movement_matrix(moved))


def _order(rules: RfmSegmentation) -> list[str]:
    return [segment.id for segment in rules.segments if segment.id != OTHERS]


EXERCISES: Mapping[str, Exercise] = {
    "movement-1": Exercise(
        lambda session: _counted(_moves(session), "worse"),
        {
            "anew": lambda session: _counted(_measured_anew(session), "worse"),
            "better": lambda session: _counted(_moves(session), "better"),
            "joined": lambda session: _counted(_moves(session), "joined"),
        },
    ),
}
