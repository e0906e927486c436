"""Small surveys for the tests: one row per answer, what is not said is empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis.expr.types as ir

from tests.analyses.rows import table
from workbench.schema import SQL_TYPES, SURVEYS

COLUMNS = {column.name: SQL_TYPES[column.type] for column in SURVEYS.columns}


def surveys(answers: Iterable[dict[str, Any]], *, kind: str = "nps", name: str = "surveys") -> ir.Table:
    """Make a survey; each answer is of another respondent unless it names one."""
    rows = [
        [({"response_id": f"r{place}", "item": kind, "kind": kind} | answer).get(column) for column in COLUMNS]
        for place, answer in enumerate(answers)
    ]
    return table(name, COLUMNS, rows)


def scores(*values: float | None, **same: Any) -> list[dict[str, Any]]:
    """Write answers with these scores that have all else in common."""
    return [{"score": value, **same} for value in values]
