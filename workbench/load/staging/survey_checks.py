"""What the answers of a staged survey say against its mapping: no score at all, or a scale that is another one."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from workbench.errors import LoadError
from workbench.load.mapping.item_scales import NPS_SCALE
from workbench.load.problems import Problem
from workbench.load.staging.staged_source import StagedSource
from workbench.store.sql_quoting import quoted_name

ENOUGH_ANSWERS = 10
"""So many answers tell another scale: none of them above 5, or most of them outside the declared one."""

HIGHEST_OF_SHORT_SCALE = 5
MOST_OF_ANSWERS = 0.5
MOST_ANSWERS_NAMED = 5


def check_answers(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Iterator[Problem]:
    """Yield what the analyst should know of each item; LoadError where its answers would be lost or wrong in silence.

    Raises `answers_unreadable` where none of a declared item's answers is a score, `nps_scale_unlikely` where an NPS
    without a declared scale has no answer above 5, `answers_off_scale` where most answers lie outside the scale.
    """
    file = staged.plan.source.file
    if "day" not in staged.columns:
        yield Problem("info", "answers_without_days", {"file": file})
    for item, scores, off, numbers, highest, kind, low, high, examples in con.execute(_items_sql(staged)).fetchall():
        facts = {"file": file, "item": item, "count": off, "values": examples}
        scale = {"low": low if low is None else float(low), "high": high if high is None else float(high)}
        if off and not scores and not numbers:
            if staged.plan.wide or item in _names(staged):
                raise LoadError("answers_unreadable", **facts)
            yield Problem("warning", "answers_without_scores", facts)
            continue
        if off >= ENOUGH_ANSWERS and off > MOST_OF_ANSWERS * (scores + off):
            raise LoadError("answers_off_scale", **facts, **scale)
        if kind == "nps" and high is not None and (low, high) != NPS_SCALE:
            raise LoadError("item_nps_scale", file=file, item=item, **scale)
        if kind == "nps" and scores >= ENOUGH_ANSWERS and highest <= HIGHEST_OF_SHORT_SCALE:
            scale_facts = {"file": file, "item": item, "count": scores, "highest": float(highest)}
            if not _has_declared_scale(staged, item, high):
                raise LoadError("nps_scale_unlikely", **scale_facts)
            yield Problem("warning", "nps_scale_unlikely", scale_facts)
        if off:
            yield Problem("warning", "answers_off_scale", {**facts, **scale})


def _names(staged: StagedSource) -> set[str]:
    """What the mapping's items are called in the store."""
    return {item.text or name for name, item in staged.plan.mapping.items.items()}


def _has_declared_scale(staged: StagedSource, item: str, high: object) -> bool:
    """Whether the mapping, or the file itself, says on which scale an item is answered."""
    declared = next((one for name, one in staged.plan.mapping.items.items() if item in (name, one.text)), None)
    return (high if declared is None else declared.high) is not None


def _items_sql(staged: StagedSource) -> str:
    """Per item: its scores, the answers that are none, and some of these as they are written."""
    table = quoted_name(staged.table)
    if staged.plan.wide:
        rows = (
            "SELECT answer.item, answer.score, answer.missing, answer.kind, answer.scale_low, answer.scale_high,"
            f" answer.written FROM {table}, unnest(answers) AS items(answer) WHERE {table}.kind IS NULL"
        )
    else:
        columns = {
            name: f"x_{name}" if name in staged.columns else "NULL" for name in ("kind", "scale_low", "scale_high")
        }
        rows = (
            f"SELECT x_item AS item, x_score AS score, x_missing AS missing, {columns['kind']} AS kind,"
            f" {columns['scale_low']} AS scale_low, {columns['scale_high']} AS scale_high, x_written AS written"
            f" FROM {table} WHERE kind IS NULL"
        )
    off = "missing = 'out_of_range'"
    return f"""
        SELECT item, count(score), count(*) FILTER ({off}),
            count(TRY_CAST(written AS DOUBLE)), max(score), max(kind), min(scale_low), max(scale_high),
            list(DISTINCT written ORDER BY written) FILTER ({off})[:{MOST_ANSWERS_NAMED}]
        FROM ({rows}) GROUP BY item ORDER BY item
    """
