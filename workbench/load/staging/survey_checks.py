"""What the answers of a staged survey say against its mapping: no score at all, or a scale that is another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import duckdb

from workbench.errors import LoadError
from workbench.load.mapping.item_scales import NPS_SCALE
from workbench.load.problems import Problem
from workbench.load.staging.staged_source import StagedSource
from workbench.schema import SCALES, SurveyMeasure
from workbench.store.sql_quoting import quoted_name

ENOUGH_ANSWERS = 10
"""So many answers tell another scale: none of them above its middle, or most of them outside the declared one."""

LONG_SCALE = 10
"""On a scale that ends here or later somebody answers in the upper half, or it was a shorter one."""

MOST_OF_ANSWERS = 0.5
MOST_ANSWERS_NAMED = 5


@dataclass(frozen=True)
class ItemAnswers:
    """The answers to one item: how many are scores, how many are `off` its scale, and how many of these are numbers."""

    item: str
    scores: int
    off: int
    off_numbers: int
    lowest: float | None
    highest: float | None
    kind: str | None
    low: float | None
    high: float | None
    examples: list[str]

    @property
    def facts(self) -> dict[str, object]:
        """What is said of the answers that are no scores."""
        return {"item": self.item, "count": self.off, "values": self.examples}

    @property
    def leaves_usual_scale(self) -> bool:
        """Whether no scale is known, and the answers do not fit the usual one of their kind."""
        if self.kind not in SCALES or self.high is not None or self.lowest is None or self.highest is None:
            return False
        low, high = SCALES[self.kind]
        return self.lowest < low or self.highest > high

    @property
    def stays_low(self) -> bool:
        """Whether nobody answered in the upper half of a long scale."""
        is_long = self.high is not None and self.high >= LONG_SCALE
        return is_long and self.scores >= ENOUGH_ANSWERS and 2 * (self.highest or 0) <= (self.high or 0)


def check_answers(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Iterator[Problem]:
    """Yield what the analyst should know of each item; LoadError where its answers would be lost or wrong in silence.

    Raises `answers_unreadable` where none of a declared item's answers is a score, `answers_off_scale` where most lie
    outside the scale, `item_nps_scale` where a file says that an NPS goes from 1 to 5, `nps_scale_unlikely` where an
    NPS without a declared scale has no answer above 5, `scale_undeclared` where no scale is known and the answers do
    not fit the usual one.
    """
    file = staged.plan.source.file
    if "day" not in staged.columns:
        yield Problem("info", "answers_without_days", {"file": file})
    for row in con.execute(_items_sql(staged)).fetchall():
        item, scores, off, off_numbers, lowest, highest, kind, low, high, examples = row
        lowest, highest, low, high = map(_plain, (lowest, highest, low, high))
        answers = ItemAnswers(item, scores, off, off_numbers, lowest, highest, kind, low, high, examples)
        _refuse(answers, staged)
        yield from (Problem("warning", key, {"file": file, **facts}) for key, facts in _warnings(answers))


def _refuse(answers: ItemAnswers, staged: StagedSource) -> None:
    """Raise for what must not be loaded."""
    file, item, scale = staged.plan.source.file, answers.item, {"low": answers.low, "high": answers.high}
    is_declared = staged.plan.wide or item in _names(staged)
    if answers.off and not answers.scores and not answers.off_numbers and is_declared:
        raise LoadError("answers_unreadable", file=file, **answers.facts)
    if answers.off_numbers >= ENOUGH_ANSWERS and answers.off > MOST_OF_ANSWERS * (answers.scores + answers.off):
        raise LoadError("answers_off_scale", file=file, **answers.facts, **scale)
    if answers.kind == "nps" and answers.high is not None and (answers.low, answers.high) != NPS_SCALE:
        raise LoadError("item_nps_scale", file=file, item=item, **scale)
    if answers.kind == "nps" and answers.stays_low and not _has_declared_scale(staged, answers):
        raise LoadError("nps_scale_unlikely", file=file, item=item, count=answers.scores, highest=answers.highest)
    if answers.leaves_usual_scale:
        usual = SCALES[cast("SurveyMeasure", answers.kind)]
        facts = {"kind": answers.kind, "low": usual[0], "high": usual[1]}
        raise LoadError("scale_undeclared", file=file, item=item, **facts, least=answers.lowest, most=answers.highest)


def _warnings(answers: ItemAnswers) -> Iterator[tuple[str, dict[str, object]]]:
    """What is said of answers that are loaded."""
    if answers.off and not answers.scores and not answers.off_numbers:
        yield "answers_without_scores", answers.facts
    elif answers.off:
        yield "answers_off_scale", {**answers.facts, "low": answers.low, "high": answers.high}
    if answers.stays_low:
        key = "nps_scale_unlikely" if answers.kind == "nps" else "scale_unlikely"
        facts = {"item": answers.item, "count": answers.scores, "highest": answers.highest, "high": answers.high}
        yield key, facts


def _plain(bound: Decimal | None) -> float | None:
    """A bound as people write it: 5, not 5.000."""
    return bound if bound is None else int(bound) if bound == int(bound) else float(bound)


def _names(staged: StagedSource) -> set[str]:
    """What the mapping's items are called in the store."""
    return {item.text or name for name, item in staged.plan.mapping.items.items()}


def _has_declared_scale(staged: StagedSource, answers: ItemAnswers) -> bool:
    """Whether the mapping, or the file itself, says on which scale an item is answered."""
    items = staged.plan.mapping.items
    declared = next((one for name, one in items.items() if answers.item in (name, one.text)), None)
    return (answers.high if declared is None else declared.high) is not None


def _items_sql(staged: StagedSource) -> str:
    """Per item: its scores, the answers that are none, and some of these as they are written."""
    table = quoted_name(staged.table)
    if staged.plan.wide:
        rows = (
            "SELECT answer.item, answer.score, answer.missing, answer.kind, answer.scale_low, answer.scale_high,"
            f" answer.written FROM {table}, unnest(answers) AS items(answer) WHERE {table}.kind IS NULL"
        )
    else:
        names = ("score", "missing", "kind", "scale_low", "scale_high")
        columns = {name: f"x_{name}" if name in staged.columns else "NULL" for name in names}
        written = "x_written" if "score" in staged.columns else "NULL"
        listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        rows = f"SELECT x_item AS item, {listed}, {written} AS written FROM {table} WHERE kind IS NULL"
    off = "missing = 'out_of_range'"
    return f"""
        SELECT item, count(score), count(*) FILTER ({off}), count(TRY_CAST(written AS DOUBLE)), min(score), max(score),
            max(kind), min(scale_low), max(scale_high),
            list(DISTINCT written ORDER BY written) FILTER ({off})[:{MOST_ANSWERS_NAMED}]
        FROM ({rows}) GROUP BY item ORDER BY item
    """
