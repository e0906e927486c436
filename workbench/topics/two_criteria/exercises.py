"""Exercises on ABC by two criteria: the open cells, and what a policy makes of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.analyses.segmentation import OPEN
from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.two_criteria.query import two_criteria_cuts
from workbench.topics.two_criteria.segmentation import Policy, TwoCriteriaAbc, two_criteria_cells


def _two_criteria(session: Session, *, policy: Policy = "none") -> pd.Series:
    rule = TwoCriteriaAbc(cuts=two_criteria_cuts(session.facts), policy=policy)
    cells = session.store.collect(two_criteria_cells(rule.assign(session.ground)))
    return cells.groupby("segment")["customer_count"].sum()


EXERCISES: Mapping[str, Exercise] = {
    "two_criteria-1": Exercise(
        lambda session: _two_criteria(session)[OPEN],
        {
            "cells": lambda _: 6,
            "classes": lambda session: _two_criteria(session)[["A", "B", "C"]].sum(),
        },
    ),
    "two_criteria-2": Exercise(
        lambda session: _two_criteria(session, policy="better")["A"],
        {
            "named_only": lambda session: _two_criteria(session)["A"],
            "rank_sum": lambda session: _two_criteria(session, policy="rank_sum")["A"],
        },
    ),
}
