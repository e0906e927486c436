"""What profiles tell of the customers in view: segment by value of every column, among all that pages show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import ibis
from ibis.expr import types as ir

from workbench.errors import WorkbenchError
from workbench.panels.privacy import Shown
from workbench.panels.segmentation_choice import label_of, offered
from workbench.panels.session import Session
from workbench.panels.standing import Standing, ledger
from workbench.topics.profile.cells import EVERYBODY, KNOWN, NO_VALUE, WithheldCells
from workbench.topics.profile.panel_measures import telling_columns, told_table

PLACE = 60
VALUES = "profile"
"""By which name it stands how many customers have each value."""


def standing(session: Session) -> Iterator[Standing]:
    """Give one segmentation after the other, in the order of the list, each by all columns.

    How many have a value is said by every comparison with the rest, so it stands before the first of them.
    """
    try:
        columns = telling_columns(session)
    except WorkbenchError:  # its panel says why
        return
    offer = offered(session)
    sides = [Shown((_label(column),)) for column in columns]
    yield Standing(VALUES, sides, partial(values_of_all, session))
    for name in offer.in_view(session):
        yield Standing(_profile_name(name), [_cells(name, column) for column in columns])


def values_of_all(session: Session) -> ir.Table:
    """Return everybody's value of each column that profiles compare; of numbers, whether there is one."""
    table = told_table(session)
    values = {_label(column): _value(table[column]) for column in telling_columns(session)}
    return table.select("customer_id", **values)


def withheld_in_profile(session: Session, name: str) -> Mapping[str, WithheldCells]:
    """Return by column the cells of a segmentation's profile that managers' pages do not tell."""
    decided = ledger(session)
    hidden = decided.hidden(VALUES) | decided.hidden(_profile_name(name))
    columns = {_label(column): column for column in telling_columns(session)}
    cells: dict[str, set[tuple[str, str]]] = {column: set() for column in columns.values()}
    for key in hidden:
        named = dict(key)
        segment = named.pop(label_of(name), EVERYBODY)
        for label, value in named.items():
            cells[columns[label]].add((segment, value))
    return {column: frozenset(some) for column, some in cells.items()}


def _value(column: ir.Column) -> ir.StringValue:
    if column.type().is_numeric():
        return ibis.ifelse(column.isnull(), NO_VALUE, KNOWN)
    return column.cast("string").fill_null(NO_VALUE)


def _cells(name: str, column: str) -> Shown:
    side, label = label_of(name), _label(column)
    return Shown((side, label), totals=((), (side,), (label,)))


def _label(column: str) -> str:
    """Return what this column of the customers is called among the names of all panels."""
    return f"value_of_{column}"


def _profile_name(name: str) -> str:
    return f"{VALUES}.{name}"
