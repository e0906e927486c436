"""Exercises on 80/20: the top 20 %, how many customers bring 80 %, and who is worth nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench.panels import Session
from workbench.panels.exercise import Exercise
from workbench.topics.pareto.inequality import Concentration, concentration
from workbench.topics.pareto.query import abc_classes, abc_summary

ONE_PER_MILLE = 0.001


def _concentration(session: Session) -> Concentration:
    return concentration(session.store.arrays(session.facts.select("monetary"))["monetary"])


def _classes(session: Session) -> pd.DataFrame:
    return session.store.collect(abc_summary(abc_classes(session.facts))).set_index("abc_class")


EXERCISES: Mapping[str, Exercise] = {
    "pareto-1": Exercise(
        lambda session: _concentration(session).top_value_share.value,
        {
            "law": lambda _: 0.8,
            "needed": lambda session: _concentration(session).needed_share.value,
            "gini": lambda session: _concentration(session).gini.value,
        },
        ONE_PER_MILLE,
    ),
    "pareto-2": Exercise(
        lambda session: _concentration(session).needed_count,
        {"top_fifth": lambda session: _concentration(session).top_count},
    ),
    "pareto-3": Exercise(
        lambda session: _classes(session)["customer_count"].get("D", 0),
        {"class_c": lambda session: _classes(session)["customer_count"]["C"]},
    ),
}
