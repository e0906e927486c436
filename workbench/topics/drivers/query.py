"""Who rated an overall question and the questions beside it: one row per respondent; and which questions there are."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.answer_matrix import item_column, respondent_scores, valid_scores
from workbench.analyses.survey_answers import RESPONDENT, respondent_columns
from workbench.errors import ChoiceError

FEWEST_DRIVERS, MOST_DRIVERS = 2, 12
"""How many questions are compared: their sets, of which Shapley weights try all, double with each."""
OUTCOME_COLUMN = "outcome"


def driver_answers(surveys: ir.Table, *, outcome: str, items: Sequence[str], weighted: bool = True) -> ir.Table:
    """Return the answers of everybody who rated the overall question `outcome`, one row per respondent.

    A respondent is a customer, with the mean of all the scores they gave a question, whatever the survey; without a
    customer, a response of one file. Scores off their scale do not count.

    Parameters
    ----------
    outcome
        The question whose answers are explained.
    items
        The questions it is explained by, FEWEST_DRIVERS to MOST_DRIVERS of them.
    weighted
        Use the survey's weights; an answer without one counts once.

    Returns
    -------
    outcome, item_0, item_1 … in the order of `items` (null where not rated), weight.

    Raises
    ------
    ChoiceError
        Too few or too many questions, one of them twice, or the overall question among them.
    """
    check_drivers(outcome, items)
    scores = respondent_scores(surveys, items=(outcome, *items), weighted=weighted)
    rated = scores.filter(scores[item_column(0)].notnull())
    own = {item_column(place): rated[item_column(place + 1)] for place in range(len(items))}
    return rated.select(outcome=rated[item_column(0)], **own, weight=rated.weight)


def rated_together(surveys: ir.Table, *, outcome: str | None = None) -> ir.Table:
    """Count for every question who rated it and also rated `outcome` (None: who rated it).

    Returns item, respondents; the most rated first, then by name.
    """
    rated = valid_scores(surveys.filter(surveys.item.notnull()))
    people = rated.select("item", **respondent_columns(rated)).distinct()
    if outcome is not None:
        rates = (people.item == outcome).cast("int64").max()
        people = people.mutate(rates=rates.over(ibis.window(group_by=list(RESPONDENT)))).filter(_.rates == 1)
    counted = people.group_by("item").aggregate(respondents=_.count())
    return counted.order_by(counted.respondents.desc(), "item")


def check_drivers(outcome: str, items: Sequence[str]) -> None:
    """Raise ChoiceError unless there are enough different questions, not too many, and the overall one is not among."""
    if outcome in items:
        raise ChoiceError("drivers_outcome", item=outcome)
    if not FEWEST_DRIVERS <= len(items) <= MOST_DRIVERS or len(set(items)) < len(items):
        raise ChoiceError("drivers_items", count=len(items), fewest=FEWEST_DRIVERS, most=MOST_DRIVERS)
