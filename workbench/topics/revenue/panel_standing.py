"""The months, as far as their sums beside those of customers tell of no few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from workbench.analyses.open_sums import Members
from workbench.panels.privacy import Key, keys
from workbench.panels.session import Session
from workbench.panels.showing import shown_alone
from workbench.panels.standing import Standing
from workbench.topics.revenue.month_links import (
    closely_linked,
    crossing_months,
    linked_group,
    linked_months,
    month_moves,
    visited_months,
)
from workbench.topics.revenue.panel import MONTHS_STANDING, SHOWN_MONTHS, month_rows
from workbench.topics.revenue.query import lines_between

PLACE = 5
LINKED = "linked_months"
"""The name of the first group of months in which a customer came."""
MOST_CROSSINGS = 1_000_000
"""Few customers come in months that hardly any others come in both; so many that no calendar has months for more."""


def standing(session: Session) -> Iterator[Standing]:
    """Give the months; where they hang together by too few customers, each group of months as its customers."""
    rows = month_rows(session)
    alone = shown_alone(
        SHOWN_MONTHS, rows.rename(columns={SHOWN_MONTHS.counts: "customer_count"}), smallest=session.minimum_group
    )
    visited = visited_months(lines_between(session.transactions, as_of=session.as_of, since=session.filters.since))
    groups, crossed = _groups(session, visited, [*rows["month"]])
    if len(set(groups.values())) <= 1:
        yield Standing(MONTHS_STANDING, withheld=frozenset(alone))
        return
    least = _least_months(rows, groups)
    withheld = frozenset(alone).union(key for group, key in least.items() if group in crossed)
    people = partial(_people, session, visited, groups)
    sums = partial(_customers, {group: key for group, key in least.items() if group not in crossed})
    yield Standing(MONTHS_STANDING, people=people, sums=sums, withheld=withheld)


def _groups(session: Session, visited: ir.Table, months: Sequence[Any]) -> tuple[dict[Any, int], set[int]]:
    """Return the group of each month, and which groups some customers came in beside others."""
    collect, smallest = session.store.collect, session.minimum_group
    groups = linked_months(months, collect(month_moves(visited)), smallest=smallest) if months else {}
    if len(set(groups.values())) <= 1:
        return groups, set()
    crossing = collect(crossing_months(visited, groups), limit=MOST_CROSSINGS)
    groups = closely_linked(groups, crossing, smallest=smallest)
    crossing = crossing.assign(group=crossing["month"].map(groups))
    groups_of_each = crossing.groupby("who")["group"].unique()
    return groups, {group for some in groups_of_each if len(some) > 1 for group in some.tolist()}


def _least_months(rows: pd.DataFrame, groups: Mapping[Any, int]) -> dict[int, Key]:
    """Return the month of each group in which fewest customers came: without it, their sum is not to be had."""
    ordered = rows[rows[SHOWN_MONTHS.counts] > 0].sort_values(SHOWN_MONTHS.counts, kind="stable")
    first = ordered.assign(group=ordered["month"].map(groups)).drop_duplicates("group")
    return dict(zip(first["group"].tolist(), keys(first, SHOWN_MONTHS.names), strict=True))


def _people(session: Session, visited: ir.Table, groups: Mapping[Any, int]) -> ir.Table:
    """Say of the customers that all pages count in which group they came first; who only returned goods is not one."""
    first = visited.semi_join(session.facts, "customer_id")
    first = first.group_by("customer_id").aggregate(month=_.month.min())
    return first.select("customer_id", **{LINKED: linked_group(first.month, groups)})


def _customers(least: Mapping[int, Key], atoms: pd.DataFrame) -> Iterator[tuple[Key, Members]]:
    """Give everybody, then the customers of each group; where these may not be known, its least month is hidden."""
    yield (), np.ones(len(atoms), dtype=bool)
    for group, key in least.items():
        yield key, (atoms[LINKED] == group).to_numpy()
