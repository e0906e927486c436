"""What a questionnaire's quality needs of the data: questions that belong together, answered whole by enough people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.rated_items import rated_items
from workbench.panels.session import Session
from workbench.topics.questionnaire.constructs import FEWEST_QUESTIONS, construct_scores, constructs_by_stem
from workbench.topics.questionnaire.query import MOST_QUESTIONS_AT_ONCE, question_answers
from workbench.topics.questionnaire.reliability import FEWEST_FOR_RELIABILITY

Constructs = Mapping[str, tuple[str, ...]]


def opening_items(session: Session) -> tuple[str, ...]:
    """Choose the questions to open with: those that share a stem, else the most of one kind and one scale."""
    known = rated_items(session)
    known = known[known["scale_count"] == 1]
    stems = constructs_by_stem(known["item"])
    if stems:
        return _whole_groups(stems)
    alike = known.fillna({"kind": "", "scale_low": -np.inf, "scale_high": np.inf})
    groups = [own["item"].tolist() for _, own in alike.groupby(["kind", "scale_low", "scale_high"], sort=True)]
    largest = max(groups, key=len, default=[])
    return tuple(largest[:MOST_QUESTIONS_AT_ONCE]) if len(largest) >= FEWEST_QUESTIONS else ()


def _whole_groups(constructs: Constructs) -> tuple[str, ...]:
    """Return the questions of the groups, one group after the other while they are not too many; none in part."""
    items: tuple[str, ...] = ()
    for own in constructs.values():
        items += own if len(items) + len(own) <= MOST_QUESTIONS_AT_ONCE else ()
    return items


def constructs_of(items: Sequence[str], *, grouping: str, whole: str) -> Constructs:
    """Group questions by the stem of their names, or take them all for one group called `whole`."""
    return constructs_by_stem(items) if grouping == "stem" else {whole: tuple(items)}


def opening_grouping(session: Session) -> str:
    """Return whether the questions to open with share stems, or are one group."""
    return "stem" if constructs_by_stem(opening_items(session)) else "together"


def answers_of(session: Session, constructs: Constructs) -> Mapping[str, NDArray[np.float64]]:
    """Return the answers to every group of questions, the same respondents in the rows of each."""
    items = tuple(item for own in constructs.values() for item in own)

    def ask() -> Mapping[str, NDArray[Any]]:
        return session.store.arrays(question_answers(session.surveys, items=items))

    return construct_scores(session.remember(("question answers", items), ask), constructs=constructs)


def most_complete(answers: Mapping[str, NDArray[np.float64]]) -> int:
    """Return how many answered the group of questions whole that the most did."""
    return max((int((~np.isnan(scores)).all(axis=1).sum()) for scores in answers.values()), default=0)


def _questions(session: Session, _: Need) -> Measured:
    return Measured(len(opening_items(session)))


def _complete(session: Session, _: Need) -> Measured:
    items = opening_items(session)
    if not items:
        return Measured(0)
    constructs = constructs_of(items, grouping=opening_grouping(session), whole="")
    complete = most_complete(answers_of(session, constructs))
    return Measured(complete, {"complete": complete, "fewest": FEWEST_FOR_RELIABILITY})


MEASURES: Mapping[str, Measure] = {"questions_of_one_group": _questions, "complete_in_a_group": _complete}
