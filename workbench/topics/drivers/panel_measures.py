"""What drivers need of the data: rated questions, and enough people who rated an overall one and others beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ibis.expr import types as ir

from workbench.analyses.answer_matrix import item_column
from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.rated_items import rated_items
from workbench.panels.session import Session
from workbench.topics.drivers.importance import LEAST_EFFECTIVE_SHARE, fewest_respondents
from workbench.topics.drivers.query import FEWEST_DRIVERS, driver_answers, rated_together

MOST_AT_FIRST = 5
OVERALL_KINDS = ("nps", "csat")
"""At first a question of the first of these kinds that is there is explained: would you recommend us, how content."""
OFTEN_ENOUGH = 0.5
"""At first come the questions that half as many rated as rated the one that most did."""


@dataclass(frozen=True)
class FirstChoice:
    """The overall question and the questions beside it that the panel opens with."""

    outcome: str
    items: tuple[str, ...]


def first_choice(session: Session) -> FirstChoice | None:
    """Choose what to open with, by all data; None where fewer than three questions are rated."""

    def choose() -> FirstChoice | None:
        known = rated_items(session)
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
        ranked = [str(item) for item in chosen["item"]]
        rest = [str(item) for item in known["item"] if item not in (outcome, *ranked)]
        ranked += rest[: max(0, FEWEST_DRIVERS - len(ranked))]
        return FirstChoice(outcome, _most_that_enough_rated(session, outcome, ranked[:MOST_AT_FIRST]))

    choice: FirstChoice | None = session.remember(("drivers_at_first",), choose)
    return choice


def _questions(session: Session, _: Need) -> Measured:
    return Measured(len(rated_items(session)))


def _most_that_enough_rated(session: Session, outcome: str, ranked: Sequence[str]) -> tuple[str, ...]:
    """Return as many of the questions, the first first, as enough people rated together; else two of them."""
    complete = _counted(session, session.store.surveys, outcome, ranked).complete
    enough = [count for count, people in complete.items() if people >= fewest_respondents(count)]
    return tuple(ranked[: max(enough, default=FEWEST_DRIVERS)])


@dataclass(frozen=True)
class _Raters:
    """Who rated the outcome; of them, who rated the first two questions, the first three …; what these are worth."""

    rated: int
    complete: Mapping[int, int]
    effective: float


def _counted(session: Session, surveys: ir.Table, outcome: str, items: Sequence[str]) -> _Raters:
    """Count who rated how many of the questions; `effective` is of those who rated all, in people of equal weight."""
    answers = driver_answers(surveys, outcome=outcome, items=items)
    rated_all = answers[item_column(0)].notnull()
    complete = {}
    for place in range(1, len(items)):
        rated_all = rated_all & answers[item_column(place)].notnull()
        complete[f"complete_{place + 1}"] = rated_all.sum().fill_null(0)
    weight = rated_all.ifelse(answers.weight, 0.0)
    sums = {"weight": weight.sum(), "squares": (weight * weight).sum()}
    row = session.store.collect(answers.aggregate(rated=answers.count(), **complete, **sums)).fillna(0.0).iloc[0]
    return _Raters(
        int(row["rated"]),
        {place + 1: int(row[f"complete_{place + 1}"]) for place in range(1, len(items))},
        float(row["weight"] ** 2 / row["squares"]) if row["squares"] else 0.0,
    )


def _complete(session: Session, need: Need) -> Measured:
    """Count, inside the filters, who rated all questions that the panel opens with, where they are enough for these."""
    choice = first_choice(session)
    if choice is None:
        return Measured(0)
    count = len(choice.items)
    raters = _counted(session, session.surveys, choice.outcome, choice.items)
    complete, fewest = raters.complete[count], fewest_respondents(count)
    if complete < fewest:
        facts = {"complete": complete, "rated": raters.rated, "fewest": fewest, "count": count}
        return Measured(min(complete, need.least - 1), facts)
    if raters.effective < LEAST_EFFECTIVE_SHARE * fewest:
        facts = {"complete": complete, "effective": int(raters.effective), "fewest": int(fewest / 2)}
        return Measured(need.least - 1, facts, lacks="drivers_unequal_weights")
    return Measured(complete)


MEASURES: Mapping[str, Measure] = {"rated_questions": _questions, "complete_at_first": _complete}
