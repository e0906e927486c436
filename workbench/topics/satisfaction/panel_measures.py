"""What satisfaction needs of the data: scored answers to a question whose kind is known; else which has none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.session import Session
from workbench.schema import SCALES, SurveyMeasure

MOST_QUESTIONS = 3
"""Questions without a kind that a sentence names."""


def _questions(session: Session) -> pd.DataFrame:
    """Return the questions of all surveys with their kinds and how many scores each has."""
    surveys = session.store.surveys
    grouped = surveys.group_by("kind", "item").aggregate(answers=surveys.score.count())
    rows: pd.DataFrame = session.remember(("survey_questions",), lambda: session.store.collect(grouped))
    return rows


def _measure(session: Session, _: Need, *, measures: tuple[SurveyMeasure, ...]) -> Measured:
    """Count the scores of these kinds; where there are none, name the questions that might be meant."""
    rows = _questions(session)
    count = int(rows.loc[rows["kind"].isin(measures), "answers"].sum())
    # One question may be of several kinds here and there: it has none where no row of it has.
    has_kind = set(rows.loc[~rows["kind"].isin(["other"]) & rows["kind"].notna(), "item"])
    scored = rows[rows["answers"] > 0].sort_values(["answers", "item"], ascending=[False, True])
    without = [item for item in scored["item"] if item not in has_kind][:MOST_QUESTIONS]
    kind = "csat" if "csat" in measures else measures[0]
    low, high = SCALES[kind]
    facts = {"measure": f"terms.{kind}", "kind": kind, "low": low, "high": high, "items": without}
    return Measured(count, facts | {"first": next(iter(without), "")}, lacks="unnamed_items" if without else "")


MEASURES: Mapping[str, Measure] = {
    "measured_answers": partial(_measure, measures=tuple(SCALES)),
    **{f"{kind}_answers": partial(_measure, measures=(kind,)) for kind in SCALES},
}
