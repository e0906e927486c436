"""What a panel declares of its figures, so that its small groups can be hidden in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from ibis.expr import types as ir

ColumnNames = tuple[str, ...]
Key = tuple[tuple[str, Any], ...]
Marks = frozenset[Key]


@dataclass(frozen=True)
class Shown:
    """One table that an answer shows: how many people a row counts, what names its group, which sums are known too.

    Attributes
    ----------
    names
        The columns that name a group. All others are figures about it and go with it, but for those `beside`.
    frame
        The attribute of the answer that holds the table.
    counts
        The column that says how many people a row counts.
    totals
        Whose sums stand beside the table, or can be had elsewhere under the same filters: `()` is everybody, `("day",)`
        everybody of each day, `(("from",), ("to",))` both margins of a table with two sides.
    tells
        Those of the totals that can be read off a row, e.g. as its share of them.
    beside
        Columns that say something of a name and nothing of people, e.g. that a month has not ended.
    called
        Names that the other tables or the people have for a column: `(("level", "segment"),)`.
    in_place
        The rows stand in an order of their names. Otherwise they stand by size, and hidden rows move to the end, by
        name: their place would tell how large they are.
    first
        Values of a name whose groups the analysis is about, best first: they are hidden last. All others are hidden by
        size, the smallest first.
    """

    names: ColumnNames = ("segment",)
    frame: str = "rows"
    counts: str = "customer_count"
    totals: tuple[ColumnNames, ...] = ((),)
    tells: tuple[ColumnNames, ...] = ()
    beside: ColumnNames = ()
    called: tuple[tuple[str, str], ...] = ()
    in_place: bool = False
    first: tuple[Any, ...] = ()

    def rows(self, answer: Any) -> pd.DataFrame:
        """Return the table."""
        frame: pd.DataFrame = getattr(answer, self.frame)
        return frame

    def group_keys(self, rows: pd.DataFrame, names: ColumnNames | None = None) -> list[Key]:
        """Return what identifies the group of each row, or the total that some of its names make."""
        return keys(rows.rename(columns=dict(self.called)), self.common(self.names if names is None else names))

    def common(self, names: ColumnNames) -> ColumnNames:
        """Return names as the other tables have them."""
        known = dict(self.called)
        return tuple(known.get(name, name) for name in names)


@dataclass(frozen=True)
class Privacy:
    """What a panel declares, so that its small groups can be hidden: its tables, and who is in their rows.

    Attributes
    ----------
    tables
        All tables that the answer shows, or a function of the answer that returns them.
    people
        From the answer, one row per customer with `customer_id` and the names of the tables. The sums of a panel with
        several tables are then seen together: a cell that is shown may be a sum of segments that are shown.
    atoms
        The same already counted, names and `customer_count`, where the panel holds it: no query is asked then.
    also
        Further sums that the answer tells, by a sentence: whether a row of `people` is in it.
    standing
        The name of the standing tables (`panels/standing.py`) that the answer's are: what is hidden was decided with
        all that managers can see under the same filters. None where the answer is none of these.
    decided
        From the answer, the groups that are not shown, where other tables than the standing ones decided it.
    instead
        The key of the sentence that stands instead of the answer where a row would have to be hidden.
    refusal
        The key of the sentence that managers' pages show instead of the panel: it is for analysts only.
    """

    tables: Sequence[Shown] | Callable[[Any], Sequence[Shown]] = ()
    people: Callable[[Any], ir.Table] | None = None
    atoms: Callable[[Any], pd.DataFrame] | None = None
    also: Callable[[Any], Mapping[str, ir.BooleanValue]] | None = None
    standing: Callable[[Any], str | None] | None = None
    decided: Callable[[Any], Marks] | None = None
    instead: str = ""
    refusal: str = ""

    def shows(self, answer: Any) -> Sequence[Shown]:
        """Return the tables of an answer."""
        return self.tables(answer) if callable(self.tables) else self.tables


def keys(rows: pd.DataFrame, names: Sequence[str]) -> list[Key]:
    """Return what identifies each row's group, whatever table it stands in: its names with their values.

    >>> keys(pd.DataFrame({"segment": ["vip", None]}), ("segment",))
    [(('segment', 'vip'),), (('segment', None),)]
    """
    ordered = sorted(names)
    columns = [[None if pd.isna(value) else value for value in rows[name]] for name in ordered]
    return [tuple(zip(ordered, values, strict=True)) for values in zip(*columns, strict=True)] or [()] * len(rows)
