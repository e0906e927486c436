"""Kinds of tickets that came later than the mapping: asked about, before they count as complaints."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.load.suggesting.answers_to_leave_out import ask_new_kinds
from workbench.store.sql_quoting import quoted_name


def ask_unknown_tickets(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Sequence[Question]:
    """Return a question for each kind of ticket that the mapping neither takes for a complaint nor leaves out."""
    questions = []
    for header, kinds in staged.plan.mapping.complaint_kinds.items():
        column = _staged_column(staged, header)
        rows = con.execute(f"""
            SELECT coalesce(trim({column}), ''), count(*) FROM {quoted_name(staged.table)}
            WHERE {GOOD} GROUP BY 1 ORDER BY 2 DESC, 1
        """).fetchall()
        explained = (*kinds, *staged.plan.mapping.leave_out.get(header, ()))
        counts = {str(value).strip(): int(count) for value, count in rows}
        for value, (count, suggested) in ask_new_kinds(counts, explained).items():
            facts = {"sheet": staged.plan.mapping.sheet, "header": header, "value": value, "count": count}
            choices: dict[str, tuple[str, ...]] = {"complaint": (), "other": ()}
            facts["suggested"] = suggested
            key = "ticket_value" if value else "blank_tickets"
            questions.append(Question(key, staged.plan.source.file, facts, choices))
    return questions


def _staged_column(staged: StagedSource, header: str) -> str:
    """The column of the staged table that holds what stands under a header."""
    text = staged.plan.text_of(clean_header(header))
    canonical = next((name for name, planned in staged.plan.columns.items() if planned.text == text), None)
    if canonical is not None:
        return f"x_{canonical}"
    return next(staged.attributes[name] for name, cell in staged.plan.attributes.items() if cell == text)
