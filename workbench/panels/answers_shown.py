"""Which groups of survey answers managers may see: decided over all tables of a measure, in one order.

The satisfaction page shows the same answers by touchpoint, by region, by month, of all items together and of each. What
one table hides comes out where another shows its whole and all other parts: the answers of three customers to one item
are those to all items without the other items. So all these tables stand in one order, as those of customers do in
`panels/standing.py`, and a group is shown unless answers of too few follow from it and all that is shown before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.answer_cells import CELL, PERIODS_OF_ANSWERS, PLACES_OF_ANSWERS, answer_cells, placed_answers
from workbench.analyses.arrays import Bools
from workbench.analyses.open_sums import Members, OpenSums
from workbench.analyses.survey_answers import without_weightless
from workbench.panels.privacy import Key, Shown
from workbench.panels.session import Session
from workbench.panels.showing import hidden_rows, weighed_groups
from workbench.schema import SurveyMeasure
from workbench.store import asking

WITHOUT_NAME = "\0"
"""Stands for no name, because answers without a touchpoint are a group of their own."""

AnswerGroup = tuple[str | None, str, Any]
"""Answers to an item (None: to all) of one name of a place: `(None, "region", "华东")`."""
AnswerTrend = tuple[str | None, str, Any, str]
"""A group by month or by quarter."""


class AnswersShown:
    """The decisions of one measure under one setting, made as far as somebody asked.

    All items together come first, by item, place and period, then the trends of their groups; then the tables of each
    item, the one most people answered first, and then the trends of theirs.
    """

    def __init__(self, session: Session, measure: SurveyMeasure) -> None:
        question = asking(placed_answers, survey_answers(session), measure=measure, as_of=session.as_of)
        placed = session.store.keep(question)
        cells, several, all_cells, all_several = (
            _named(weighed_groups(session, asking(_cells, placed, part=part, smallest=session.minimum_group)))
            for part in ("cells", "several", "all_cells", "all_several")
        )
        self.smallest = session.minimum_group
        self.cells = cells.rename(columns={"people": "customer_count"})
        self._answers = OpenSums(self.cells["customer_count"].to_numpy(dtype=np.int64), smallest=self.smallest)
        together = _People(all_cells, all_several, _positions(cells, all_cells, CELL), self.smallest)
        self._people: dict[str | None, _People] = {None: together}
        for item in cells["item"].unique():
            own, own_several = (rows[rows["item"] == item].reset_index(drop=True) for rows in (cells, several))
            positions = _positions(cells, own, ("item", *CELL))
            self._people[item] = _People(own, own_several, positions, self.smallest)
        counts = cells.groupby("item")["people"].sum()
        self._items = sorted(counts.index, key=lambda item: (-counts[item], item))

    def hides(self, item: str | None, place: str, name: Any) -> bool:
        """Say whether a group of the answers to an item (None: to all) may not be seen."""
        groups = self._hidden_of_items if item else self._hidden
        return (item, place, WITHOUT_NAME if pd.isna(name) else name) in groups

    def hides_trend(self, item: str | None, place: str, name: Any, every: str) -> bool:
        """Say whether a group's trend may not be seen: it is shown whole or not at all."""
        if place == "item":
            return self.hides(None, "item", name) or any(
                self.hides(name, every, period) for period in self._names(every, self.members(name))
            )
        trends = self._trends_of_items if item else self._trends
        return (item, place, WITHOUT_NAME if pd.isna(name) else name, every) not in trends

    def members(self, item: str | None, **names: Any) -> Members:
        """Return which cells hold the answers to an item, in groups of these names."""
        here = np.ones(len(self.cells), dtype=bool) if item is None else self._is_of("item", item)
        for place, name in names.items():
            here = here & self._is_of(place, name)
        return here

    def admit(self, item: str | None, groups: Sequence[Members]) -> bool:
        """Show all of these sums or none: as answers and by the people who gave them."""
        answers, people = copy(self._answers), copy(self._people[item])
        # People first: they are counted in no time.
        if not (all(map(people.admits, groups)) and all(map(answers.admits, groups))):
            return False
        self._answers, self._people[item] = answers, people
        return True

    def follows(self, item: str | None, members: Members) -> bool:
        """Say whether a sum is known already; then it is shown, unless few people gave it."""
        return self._answers.follows(members) and self._people[item].admits(members)

    def is_few(self, item: str | None, members: Members) -> bool:
        """Say whether some people gave these answers, and too few."""
        return self._people[item].are_few(members)

    def item_of(self, members: Members) -> str:
        """Return the item that all these cells are of."""
        return str(self.cells.loc[members, "item"].iloc[0])

    def _is_of(self, place: str, name: Any) -> Bools:
        known: Bools = (self.cells[place] == name).to_numpy(dtype=bool)
        return known

    def _names(self, place: str, members: Members | None = None) -> list[Any]:
        """Return the names of a place, those of most people first."""
        cells = self.cells if members is None else self.cells[members]
        counts = cells.groupby(place, sort=True)["customer_count"].sum()
        return [*counts.sort_values(ascending=False, kind="stable").index]

    @cached_property
    def _hidden(self) -> set[AnswerGroup]:
        tables: list[tuple[str, _Table]] = [("item", _Items(self, None))]
        tables += [(place, _Table(self, None)) for place in (*PLACES_OF_ANSWERS, *PERIODS_OF_ANSWERS)]
        return {(None, place, name) for place, table in tables for name in table.hidden(place, set())}

    @cached_property
    def _trends(self) -> set[AnswerTrend]:
        return {trend for trend in self._every_trend(None, self._hidden) if self._admits_trend(trend, rest=())}

    @cached_property
    def _hidden_of_items(self) -> set[AnswerGroup]:
        """Show the tables of one item after the other.

        What all items but some add up to is known of a group that is shown of all, so the rest must be enough people.
        """
        _ = self._trends
        hidden: set[AnswerGroup] = set()
        for item, later in self._with_later_items():
            table = _Table(self, item)
            for place in (*PLACES_OF_ANSWERS, *PERIODS_OF_ANSWERS):
                names = self._names(place, self.members(item))
                known = [name for name in names if (None, place, name) not in self._hidden]
                untold = {name: [one for one in self._items if (one, place, name) in hidden] for name in known}
                left = {name for name in known if self._too_few([*later, *untold[name]], **{place: name})}
                hidden |= {(item, place, name) for name in table.hidden(place, left)}
        return hidden

    @cached_property
    def _trends_of_items(self) -> set[AnswerTrend]:
        shown: set[AnswerTrend] = set()
        for item, later in self._with_later_items():
            for trend in self._every_trend(item, self._hidden_of_items):
                _item, *group = trend
                untold = [one for one in self._items if one != item and one not in later and (one, *group) not in shown]
                rest = (*later, *untold) if (None, *group) in self._trends else ()
                if self._admits_trend(trend, rest=rest):
                    shown.add(trend)
        return shown

    def _with_later_items(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each item that may be seen, and which are still to come or are not seen at all."""
        hidden = [item for item in self._items if (None, "item", item) in self._hidden]
        shown = [item for item in self._items if item not in hidden]
        return ((item, (*shown[place + 1 :], *hidden)) for place, item in enumerate(shown))

    def _every_trend(self, item: str | None, hidden: set[AnswerGroup]) -> Iterator[AnswerTrend]:
        for place in PLACES_OF_ANSWERS:
            for name in self._names(place, self.members(item)):
                if (item, place, name) not in hidden:
                    yield from ((item, place, name, every) for every in PERIODS_OF_ANSWERS)

    def _admits_trend(self, trend: AnswerTrend, *, rest: Sequence[str]) -> bool:
        item, place, name, every = trend
        own = {place: name}
        group = self.members(item, **own)
        periods = self._names(every, group)
        undated = group & self.cells[every].isna().to_numpy(dtype=bool)
        if self.is_few(item, undated) or any(self._too_few(rest, **own, **{every: period}) for period in periods):
            return False
        return self.admit(item, [self.members(item, **own, **{every: period}) for period in periods])

    def _too_few(self, items: Sequence[str], **names: Any) -> bool:
        """Say whether some answered these items in a group, and perhaps too few: as many at least as one of them."""
        groups = [(item, members) for item in items if (members := self.members(item, **names)).any()]
        return bool(groups) and all(self.is_few(item, members) for item, members in groups)


class _Table:
    """The tables of an item, or of all items together, for `hidden_rows`: a sum is shown as answers and as people."""

    def __init__(self, shown: AnswersShown, item: str | None) -> None:
        self.smallest = shown.smallest
        self._shown, self._item, self._own = shown, item, shown.members(item)
        self._left = self._own
        shown.admit(item, [self._own])

    def hidden(self, place: str, besides: set[Any]) -> list[Any]:
        """Return the groups of a place that are not shown; those `besides` are not for another reason."""
        self._left = self._own
        keys: set[Key] = {((place, name),) for name in besides}
        table = Shown((place,), tells=((place,),))
        cells = self._shown.cells[self._own].reset_index(drop=True)
        return [key[0][1] for key in hidden_rows(self, table, cells, keys)]

    def admits(self, members: Members) -> bool:
        """Show a sum over the table's cells, unless the rows that are left would be of too few people."""
        return self._shows(members, lambda whose, spread: self._shown.admit(whose, [spread]))

    def follows(self, members: Members) -> bool:
        """Say whether a sum over the table's cells is known already."""
        return self._shows(members, self._shown.follows)

    def _shows(self, members: Members, shown: Callable[[str | None, Members], bool]) -> bool:
        """Take a row off those that are left where it is shown, and only there."""
        spread = self._spread(members)
        left = self._left & ~spread
        if self._shown.is_few(self._item, left) or not shown(self._whose(spread), spread):
            return False
        self._left = left
        return True

    def _whose(self, _members: Members) -> str | None:
        return self._item

    def _spread(self, members: Members) -> Members:
        spread: Bools = np.zeros(len(self._own), dtype=bool)
        spread[self._own] = members
        return spread


class _Items(_Table):
    """The table of items: who answered an item is known of its own cells."""

    def _whose(self, members: Members) -> str | None:
        return self._shown.item_of(members)


class _People:
    """Those who answered an item, or any: whoever answered in several cells is one in their sum.

    The answers of few people can be many, where the same are asked again and again.

    Parameters
    ----------
    cells
        CELL, `people` and `once`: how many answered in this cell, and how many of them in no other.
    several
        CELL and `who`, of those who answered in more, for the cells of too few.
    positions
        Of each cell that `members` speak of, which of `cells` it is part of.
    """

    def __init__(self, cells: pd.DataFrame, several: pd.DataFrame, positions: np.ndarray, smallest: int) -> None:
        self._positions, self._smallest = positions, smallest
        names = [name for name in ("item", *CELL) if name in cells.columns]
        self._counts, self._once = (cells[name].to_numpy(dtype=np.int64) for name in ("people", "once"))
        self._places, self._who = _positions(several, cells, names), several["who"].to_numpy(dtype=np.int64)
        self._shown: Bools = np.zeros((0, len(positions)), dtype=bool)

    def admits(self, members: Members) -> bool:
        """Show the answers of some cells, unless too few people gave them, or what they leave of answers shown."""
        inside, around = (self._shown & members).sum(axis=1), self._shown.sum(axis=1)
        wholes, parts = self._shown[inside == members.sum()], self._shown[inside == around]
        left = [members, *(whole & ~members for whole in wholes), *(members & ~part for part in parts)]
        if any(map(self.are_few, left)):
            return False
        self._shown = np.vstack([self._shown, members])
        return True

    def are_few(self, members: Members) -> bool:
        """Say whether some people answered in these cells, and too few."""
        here = np.unique(self._positions[members])
        here = here[here >= 0]
        if not len(here) or self._counts[here].max() >= self._smallest:
            return False
        return int(self._once[here].sum()) + len(np.unique(self._who[np.isin(self._places, here)])) < self._smallest


def _positions(rows: pd.DataFrame, cells: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Return which of the cells each row lies in; -1 in none."""
    numbered = cells[[*names]].assign(position=np.arange(len(cells)))
    placed = rows[[*names]].merge(numbered, how="left", on=[*names])["position"]
    return placed.fillna(-1).to_numpy(dtype=np.int64)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Give answers without a name one, but for those without a period: these stand in no row."""
    named = rows.copy()
    for name in ("item", *PLACES_OF_ANSWERS):
        if name in rows.columns:
            named[name] = rows[name].astype(object).where(rows[name].notna(), WITHOUT_NAME)
    return named


def _cells(placed: ir.Table, *, part: str, smallest: int) -> ir.Table:
    table: ir.Table = getattr(answer_cells(placed, smallest=smallest), part)
    return table


def survey_answers(session: Session) -> ir.Table:
    """Return the answers that a page counts: on managers' pages the same ones with weights and without."""
    if not session.store.snapshot.published:
        return session.surveys
    answers: ir.Table = session.remember(
        "answers counted", lambda: session.store.named(without_weightless(session.surveys), name="answers_counted")
    )
    return answers


def answers_shown(session: Session, measure: SurveyMeasure) -> AnswersShown:
    """Return the decisions on a measure's tables under the session's setting."""
    shown: AnswersShown = session.remember(("answers shown", measure), lambda: AnswersShown(session, measure))
    return shown
