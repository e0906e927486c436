"""What drivers need of the data: rated questions, and enough people who rated an overall one and others beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from workbench.analyses.answer_matrix import item_column, item_scales
from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.session import Session
from workbench.topics.drivers.importance import FEWEST_COMPLETE
from workbench.topics.drivers.query import FEWEST_DRIVERS, driver_answers, rated_together

MOST_AT_FIRST = 5
"""So many questions need no more respondents than the fewest there may be."""
OVERALL_KINDS = ("nps", "csat")
"""At first a question of the first of these kinds that is there is explained: would you recommend us, how content."""
OFTEN_ENOUGH = 0.5
"""At first come the questions that half as many rated as rated the one that most did."""


@dataclass(frozen=True)
class FirstChoice:
    """The overall question and the questions beside it that the panel opens with."""

    outcome: str
    items: tuple[str, ...]


def question_scales(session: Session) -> pd.DataFrame:
    """Return the rated questions of all data with their kinds and scales, as `item_scales` gives them."""
    rows: pd.DataFrame = session.remember(
        ("item_scales",), lambda: session.store.collect(item_scales(session.store.surveys))
    )
    return rows


def first_choice(session: Session) -> FirstChoice | None:
    """Choose what to open with, by all data; None where fewer than three questions are rated."""

    def choose() -> FirstChoice | None:
        known = question_scales(session)
        if len(known) <= FEWEST_DRIVERS:
            return None
        most_rated = known[known["scale_count"] == 1].sort_values(["answer_count", "item"], ascending=[False, True])
        most_rated = most_rated if len(most_rated) else known
        overall = [
            item for kind in OVERALL_KINDS for item in most_rated.loc[most_rated["kind"] == kind, "item"]
        ] or most_rated["item"].tolist()
        outcome = str(overall[0])
        counted = session.store.collect(rated_together(session.store.surveys, outcome=outcome))
        others = counted[(counted["item"] != outcome) & counted["item"].isin(most_rated["item"])]
        often = others[others["respondents"] >= OFTEN_ENOUGH * others["respondents"].max()]
        chosen = often if len(often) >= FEWEST_DRIVERS else others.head(FEWEST_DRIVERS)
        items = [str(item) for item in chosen["item"].head(MOST_AT_FIRST)]
        rest = [str(item) for item in known["item"] if item not in (outcome, *items)]
        return FirstChoice(outcome, tuple(items + rest[: max(0, FEWEST_DRIVERS - len(items))]))

    choice: FirstChoice | None = session.remember(("drivers_at_first",), choose)
    return choice


def _questions(session: Session, _: Need) -> Measured:
    return Measured(len(question_scales(session)))


def _complete(session: Session, _: Need) -> Measured:
    """Count, inside the filters, who rated all questions that the panel opens with."""
    choice = first_choice(session)
    if choice is None:
        return Measured(0)
    answers = driver_answers(session.surveys, outcome=choice.outcome, items=choice.items)
    names = [item_column(place) for place in range(len(choice.items))]
    whole = answers.filter(*(answers[name].notnull() for name in names))
    counted = session.store.collect(answers.aggregate(rated=answers.count()))["rated"].iloc[0]
    complete = int(session.store.collect(whole.aggregate(complete=whole.count()))["complete"].iloc[0])
    facts = {"complete": complete, "rated": int(counted), "fewest": FEWEST_COMPLETE, "count": len(choice.items)}
    return Measured(complete, facts)


MEASURES: Mapping[str, Measure] = {"rated_questions": _questions, "complete_at_first": _complete}
