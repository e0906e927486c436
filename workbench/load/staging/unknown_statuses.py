"""Statuses that nobody has explained: asked value by value, before anything is loaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

import duckdb

from workbench.load.mapping.row_meanings import (
    ANY_VALUE,
    certain_meaning,
    is_reason_of_end,
    says_nothing,
    supposed_meaning,
    tells_by_being_filled,
    written_forms,
)
from workbench.load.mapping.source_mapping import RowMeaning
from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.staging.row_meanings_sql import marked_headers
from workbench.load.staging.staged_source import StagedSource
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES
from workbench.store.sql_quoting import quoted_name

MOST_STATUSES = 40
"""A column of more different values that nobody knows is a description and no status."""


def ask_unknown_statuses(
    con: duckdb.DuckDBPyConnection, staged: StagedSource
) -> tuple[Sequence[Question], Sequence[Problem]]:
    """Return a question for each value of a status that neither the mapping nor the dictionary explains.

    Each says how many rows have the value. A blank says nothing: its row is a sale. A column
    of very many unknown values is said not to have been read as a status. A reason or moment of an end that was blank
    when the mapping was made is asked about once. What only rows have that are no sales anyway changes nothing.
    """
    questions: list[Question] = []
    problems: list[Problem] = []
    for place, header in enumerate(marked_headers(staged.plan)):
        explained = {value.strip().lower() for value in staged.plan.mapping.meanings.get(header, {})}
        unknown = [row for row in _values(con, staged, place) if not _is_known(row, explained)]
        if tells_by_being_filled(header):
            questions += _filled_question(staged, header, [row for row in unknown if not says_nothing(row.value)])
        elif len(unknown) > MOST_STATUSES:
            facts = {"file": staged.plan.source.file, "header": header, "count": len(unknown)}
            problems.append(Problem("warning", "status_not_read", facts))
        else:
            questions += [_question(staged, header, row) for row in unknown]
    return questions, problems


@dataclass(frozen=True)
class _Status:
    """A value of a status: how many rows have it, and the largest amount among them."""

    value: str
    count: int
    high: Decimal


def _values(con: duckdb.DuckDBPyConnection, staged: StagedSource, place: int) -> list[_Status]:
    rows = con.execute(f"""
        SELECT trim(o_mark_{place}), count(*), coalesce(max(x_amount), 0)
        FROM {quoted_name(staged.table)} WHERE kind IS NULL AND coalesce(trim(o_mark_{place}), '') <> ''
        GROUP BY 1 HAVING NOT bool_and(x_is_cancelled) ORDER BY 2 DESC, 1
    """).fetchall()
    return [_Status(*row) for row in rows]


def _is_known(status: _Status, explained: Collection[str]) -> bool:
    """True where the load knows what to do: what SQL does not find word by word is asked, however near it is."""
    written = status.value.lower()
    meaning = certain_meaning(written, has_sales=status.high > 0)
    return (
        written in explained
        or ANY_VALUE in explained
        or (meaning is not None and (meaning != "no_sale" or written in written_forms(meaning)))
    )


def _filled_question(staged: StagedSource, header: str, unknown: Sequence[_Status]) -> list[Question]:
    """Ask what the rows are that have something under such a header, whatever it is."""
    if not unknown:
        return []
    facts: dict[str, object] = {
        "sheet": staged.plan.mapping.sheet,
        "header": header,
        "value": ANY_VALUE,
        "count": sum(one.count for one in unknown),
        "suggested": "no_sale" if is_reason_of_end(header) else "",
    }
    lines = tuple(one.value for one in unknown[:EXAMPLE_LINES])
    choices = dict.fromkeys(get_args(RowMeaning), lines)
    return [Question("filled_mark", staged.plan.source.file, facts, choices)]


def _question(staged: StagedSource, header: str, status: _Status) -> Question:
    facts: dict[str, object] = {
        "sheet": staged.plan.mapping.sheet,
        "header": header,
        "value": status.value,
        "count": status.count,
        "suggested": "" if supposed_meaning(status.value) == "refund" else supposed_meaning(status.value) or "",
    }
    return Question("status_value", staged.plan.source.file, facts, dict.fromkeys(get_args(RowMeaning), ()))
