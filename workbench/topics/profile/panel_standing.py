"""What profiles tell of the customers in view: segment by value of every column, among all that pages show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import ibis
from ibis.expr import types as ir

from workbench.errors import NothingToShow, WorkbenchError
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
    """Give one segmentation after the other, in the order of the list, each by all columns at once where that does.

    How many have a value is said by every comparison with the rest, so it stands before the first of them.
    """
    try:
        columns = telling_columns(session)
    except WorkbenchError:  # its panel says why
        return
    offer = offered(session)
    sides = [Shown((_label(column),)) for column in columns]
    yield Standing(VALUES, sides, partial(values_of_all, session), is_apart=True)
    for name in offer.in_view(session):
        for column in columns:
            whole = _profile_name(name)
            cells = _cells(name, column)
            yield Standing(f"{whole}.{column}", [cells], with_others=whole, is_apart=True)


def values_of_all(session: Session) -> ir.Table:
    """Return everybody's value of each column that profiles compare; of numbers, whether there is one."""
    table = told_table(session)
    values = {_label(column): _value(table[column]) for column in telling_columns(session)}
    return table.select("customer_id", **values)


def withheld_in_profile(session: Session, name: str) -> Mapping[str, WithheldCells]:
    """Return by column the cells of a segmentation's profile that managers' pages do not tell.

    A column that is not there is not shown: whatever it told would bring small groups too near. NothingToShow where
    that is so of all.
    """
    decided, columns = ledger(session), telling_columns(session)
    sides, cells = decided.hidden(VALUES), dict[str, WithheldCells]()
    refusal: NothingToShow | None = None
    for column in columns:
        label = _label(column)
        try:
            hidden = decided.hidden(f"{_profile_name(name)}.{column}")
        except NothingToShow as error:
            refusal = error
            continue
        own = [dict(key) for key in (*sides, *hidden) if label in dict(key)]
        cells[column] = frozenset((key.get(label_of(name), EVERYBODY), key[label]) for key in own)
    if not cells and refusal is not None:
        raise refusal
    return cells


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
