"""What the needs of topics are measured by: counts of what the data hold inside the filters, each asked once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import pandas as pd

from workbench.analyses.calendar import months_before
from workbench.data_needs import Need
from workbench.discovery import topic_module
from workbench.panels.session import Session

MOST_MONTHS = 1200


@dataclass(frozen=True)
class Measured:
    """How many there are, what the sentence about too few says beside, and the key of another that knows more."""

    count: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    lacks: str = ""


Measure = Callable[[Session, Need], Measured]


def measured(session: Session, topic: str, need: Need) -> Measured:
    """Count what a need of a topic asks for, by the topic's own measure or the kit's."""
    own: Mapping[str, Measure] = getattr(topic_module(topic, "panel_measures"), "MEASURES", {})
    measure = own.get(need.measure) or MEASURES[need.measure]
    result: Measured = session.remember(
        ("need", topic, need.measure, need.columns, need.least), lambda: measure(session, need)
    )
    return result


def rows_of(table: str) -> Measure:
    """Count the rows of a table: what is not loaded cannot be filtered back, so filters change nothing."""
    return lambda session, _: Measured(session.store.snapshot.tables.get(table, 0))


def _sales(session: Session, _: Need) -> Measured:
    """Count the sales; where only ready figures of customers are loaded, it is said what they are good for."""
    count = session.store.snapshot.tables.get("transactions", 0)
    return Measured(count, lacks="needs_purchases" if session.has_ready_facts else "")


def _sales_or_facts(session: Session, _: Need) -> Measured:
    tables = session.store.snapshot.tables
    return Measured(tables.get("transactions", 0) or tables.get("customer_facts", 0))


def _scored_customers(session: Session, _: Need) -> Measured:
    """Count customers of whom it is known when they bought last and how often; sales always tell."""
    facts = session.facts
    known = facts.recency_days.notnull() & facts.frequency.notnull()
    return Measured(count_of(session, known.sum()) if session.has_ready_facts else 1)


def _amounts(session: Session, _: Need) -> Measured:
    return Measured(int(session.store.has_amounts))


def _buyers(session: Session, _: Need) -> Measured:
    return Measured(session.remember("buyer_count", lambda: count_of(session, session.facts.count())))


def _returning(session: Session, _: Need) -> Measured:
    facts = session.facts
    came = ibis.greatest(facts.visit_count.fill_null(0), facts.purchase_days)
    return Measured(count_of(session, (came >= 2).sum()))


def _months(session: Session, need: Need) -> Measured:
    """Count the whole months that the sales reach back; the sentence names the day that they would have to reach."""
    first, last = session.first_day, session.as_of
    months = 0
    while months < MOST_MONTHS and months_before(last, months + 1) >= first:
        months += 1
    facts = {"first": first.isoformat(), "day": months_before(last, need.least).isoformat(), "months": months}
    return Measured(months, facts)


def _known(session: Session, need: Need) -> Measured:
    """Count the rows, of all data, that fill the column; a column that an older store has not is filled nowhere."""
    table, column = need.columns[0].split(".")
    rows = session.store.table(table)
    return Measured(count_of(session, rows[column].count()) if column in rows.columns else 0)


def count_of(session: Session, value: ibis.expr.types.Scalar) -> int:
    """Fetch one number; unknown is none."""
    count = session.store.arrays(value.name("count").as_table())["count"][0]
    return 0 if pd.isna(count) else int(count)


MEASURES: Mapping[str, Measure] = {
    "sales": _sales,
    "sales_or_facts": _sales_or_facts,
    "scored_customers": _scored_customers,
    "answers": rows_of("surveys"),
    "amounts": _amounts,
    "buyers": _buyers,
    "returning_customers": _returning,
    "months_of_sales": _months,
    "known": _known,
}
