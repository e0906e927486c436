"""What a profile needs of the data: a column in which customers differ."""

from __future__ import annotations

from collections.abc import Mapping

from ibis.expr import types as ir

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.session import Session
from workbench.topics.profile.query import chosen_columns, profile_table, value_counts


def told_table(session: Session) -> ir.Table:
    """Return what is known of each customer; complaints may be those of too few, and stay out of managers' pages."""
    table: ir.Table = session.remember(
        ("profile_table",),
        lambda: session.store.keep(profile_table(session.ground, has_complaints=session.minimum_group == 1)),
    )
    return table


def telling_columns(session: Session) -> tuple[str, ...]:
    """Return the columns worth comparing, asked once."""

    def choose() -> tuple[str, ...]:
        table = told_table(session)
        counts = session.store.collect(value_counts(table)).iloc[0]
        return chosen_columns(table, {str(name): value for name, value in counts.items()})

    columns: tuple[str, ...] = session.remember(("profile_columns",), choose)
    return columns


def _telling(session: Session, _: Need) -> Measured:
    return Measured(len(telling_columns(session)))


MEASURES: Mapping[str, Measure] = {"telling_columns": _telling}
