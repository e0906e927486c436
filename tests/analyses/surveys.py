"""Small surveys for the tests: one row per answer, what is not said is empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from tests.analyses.rows import CONNECTION, DATABASE, table
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


def many_surveys(columns: dict[str, Any], *, kind: str = "nps", name: str = "many_surveys") -> ir.Table:
    """Make a survey of very many answers from arrays; what is not said is as in `surveys`."""
    frame = pd.DataFrame({"item": kind, "kind": kind} | columns)
    if "response_id" not in frame:
        frame["response_id"] = [f"r{place}" for place in range(len(frame))]
    listed = ", ".join(
        f"{column if column in frame else 'NULL'}::{type_} AS {column}" for column, type_ in COLUMNS.items()
    )
    CONNECTION.register("many_answers", frame)
    CONNECTION.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {listed} FROM many_answers")  # noqa: S608
    CONNECTION.unregister("many_answers")
    return DATABASE.table(name)
