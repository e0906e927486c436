"""What value segments need of the data: a survey with enough rated items, and enough people who rated them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.session import Session
from workbench.topics.value_segments.query import (
    FEWEST_ITEMS,
    FEWEST_RESPONDENTS,
    MIN_ANSWERED,
    MOST_ITEMS,
    answers_needed,
    batteries,
    respondent_rows,
)


def offered_batteries(session: Session) -> dict[str, list[str]]:
    """Return the rated items of every kind of survey, in the order of their names, asked of all data."""

    def ask() -> dict[str, list[str]]:
        listed = session.store.collect(batteries(session.store.surveys))
        return {str(kind): [str(item) for item in rows["item"]] for kind, rows in listed.groupby("kind", sort=True)}

    known: dict[str, list[str]] = session.remember(("batteries",), ask)
    return known


def _items(session: Session, _: Need) -> Measured:
    return Measured(max((len(items) for items in offered_batteries(session).values()), default=0))


def _counted(session: Session) -> list[tuple[int, int]]:
    """Count, of every battery with enough items, who rated any of them, and who rated as many as the panel asks for."""

    def ask() -> list[tuple[int, int]]:
        counts = []
        for items in offered_batteries(session).values():
            if len(items) >= FEWEST_ITEMS:
                first = items[:MOST_ITEMS]
                rows = respondent_rows(session.surveys, items=first)
                enough = (rows.answered_items >= answers_needed(len(first), MIN_ANSWERED)).sum()
                counted = session.store.collect(rows.aggregate(any=rows.count(), enough=enough)).fillna(0).iloc[0]
                counts.append((int(counted["any"]), int(counted["enough"])))
        return counts

    counted: list[tuple[int, int]] = session.remember(("battery_counts",), ask)
    return counted


def _respondents(session: Session, _: Need) -> Measured:
    return _of(max((rated for rated, _enough in _counted(session)), default=0))


def _respondents_at_first(session: Session, _: Need) -> Measured:
    return _of(next((enough for _rated, enough in _counted(session)), 0))


def _of(count: int) -> Measured:
    return Measured(count, {"respondents": count, "fewest": FEWEST_RESPONDENTS})


MEASURES: Mapping[str, Measure] = {
    "battery_items": _items,
    "battery_respondents": _respondents,
    "battery_respondents_at_first": _respondents_at_first,
}
