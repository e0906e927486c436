"""What the store and this load hold already of a source: last month under the same name, the same orders elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store import Source
from workbench.store.sql_quoting import quoted_name, quoted_text

THINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "transactions": (("order_id", "customer_id", "day"), ("customer_id", "day", "amount", "product_id")),
    "surveys": (("response_id", "customer_id", "day"),),
}
"""By what a row is known again, by table: the first whose columns a source fills, apart from those it lacks."""

NEEDED = ("order_id", "response_id", "amount")
"""One of these must be among them: who came on which day is not yet the same thing."""

ELSEWHERE = "counted_elsewhere"
"""The kind of a row that another source has too, and is counted there."""

MOST_GONE = 0.1
"""A newer file of the same name may lack this share of what the older one had, as corrections do; more is asked."""

ALIKE_SHARE = 0.5
"""Rows without a number of their own are the same ones only where so many of a file's rows stand elsewhere too."""


@dataclass(frozen=True)
class Superseded:
    """Things that one source has newer than all others: a staged table of them, and the table they are rows of."""

    things: str
    columns: tuple[str, ...]
    table: str
    source_id: int

    def match_sql(self, prefix: str = "") -> str:
        """Return the SQL that is true for the rows of these things, whose columns are called by the prefix."""
        return " AND ".join(f"{prefix}{name} IS NOT DISTINCT FROM newer.{name}" for name in self.columns)


@dataclass(frozen=True)
class EarlierRows:
    """What was found of a source: what to ask, what to say, and whether its rows stand beside those of its name."""

    questions: Sequence[Question] = ()
    problems: Sequence[Problem] = ()
    is_added: bool = False
    superseded: Superseded | None = None


def attach_held(con: duckdb.DuckDBPyConnection, file: Path | None) -> None:
    """Make the rows of the store readable as `held`; a store without rows has none."""
    if file is not None:
        con.execute(f"ATTACH IF NOT EXISTS {quoted_text(file)} AS held (READ_ONLY)")


def compare_with_earlier(
    con: duckdb.DuckDBPyConnection,
    staged: StagedSource,
    *,
    before: Source | None,
    others: Sequence[StagedSource],
    held: bool,
    leaving: Sequence[int],
) -> EarlierRows:
    """Compare a staged source with what is there, and settle it as the mapping says; ask where it does not.

    Parameters
    ----------
    before : the source of the same name, which this one would replace.
    others : what this load has staged before it.
    held : whether the store has rows (`attach_held`).
    leaving : the sources of the store whose files come anew in this load, `before` among them.
    """
    things = _things(staged)
    if things is None:
        return EarlierRows()
    replaced, gone = EarlierRows(), leaving
    if before is not None:
        anywhere = _elsewhere(staged, things, others, held=held, gone=leaving)
        replaced = _compare_with_namesake(con, staged, things, before, anywhere)
        if replaced.questions:
            return replaced
        if replaced.is_added:  # it stays, and what both have counts once
            gone = [source_id for source_id in leaving if source_id != before.source_id]
    near = [other for other in others if not _lie_apart(staged, other, things)]
    elsewhere = _elsewhere(staged, things, near, held=held, gone=gone)
    overlap = _compare_with_others(con, staged, things, elsewhere, near) if elsewhere else EarlierRows()
    return replace(overlap, problems=(*replaced.problems, *overlap.problems), is_added=replaced.is_added)


def most_alike(con: duckdb.DuckDBPyConnection, staged: StagedSource, namesakes: Sequence[Source]) -> Source:
    """Return which of the sources that came under one name this one is a newer state of: it has most of its rows.

    Where it has none of any it is the first.
    """
    things = _things(staged)
    if things is None or len(namesakes) == 1:
        return namesakes[0]
    same = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in things)
    new = f"SELECT DISTINCT {_listed(things, 'x_')} FROM {quoted_name(staged.table)} WHERE {GOOD}"
    held = f"SELECT * FROM held.{quoted_name(staged.plan.table.name)}"
    shared = con.execute(
        f"SELECT source_id, count(*) FROM ({held}) AS old SEMI JOIN ({new}) AS new ON {same} GROUP BY source_id"
    ).fetchall()
    kept = {int(source_id): int(count) for source_id, count in shared}
    return max(namesakes, key=lambda source: kept.get(source.source_id, 0))


def _things(staged: StagedSource) -> tuple[str, ...] | None:
    """The columns by which the source's rows are known again; None for tables with a key, or nothing to go by.

    Answers of a year or a wave that only the file's name says are its own: two waves number their people alike.
    """
    fixed = staged.plan.mapping.fixed
    is_own_wave = any(one.file_name and name not in staged.plan.table.names for name, one in fixed.items())
    if staged.plan.key or (staged.plan.table.name == "surveys" and is_own_wave):
        return None
    for columns in THINGS.get(staged.plan.table.name, ()):
        filled = tuple(column for column in columns if column in staged.columns)
        if filled and filled[0] == columns[0] and set(filled) & set(NEEDED):
            return filled
    return None


def _compare_with_namesake(
    con: duckdb.DuckDBPyConnection, staged: StagedSource, things: tuple[str, ...], before: Source, elsewhere: str
) -> EarlierRows:
    """Say what a newer file of the same name changes; ask where it would take away what is nowhere else."""
    table, file = quoted_name(staged.plan.table.name), staged.plan.source.file
    old = f"SELECT DISTINCT {_listed(things)} FROM held.{table} WHERE source_id = {before.source_id}"
    new = f"SELECT DISTINCT {_listed(things, 'x_')} FROM {quoted_name(staged.table)} WHERE {GOOD}"
    same = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in things)
    still = f"({old}) AS old SEMI JOIN ({new}) AS new ON {same}"
    moved = f"(FROM ({old}) AS old ANTI JOIN ({new}) AS new ON {same}) AS old SEMI JOIN ({elsewhere}) AS new ON {same}"
    had, has, kept, left = con.execute(f"""
        SELECT (SELECT count(*) FROM ({old})), (SELECT count(*) FROM ({new})), (SELECT count(*) FROM {still}),
            {f"(SELECT count(*) FROM {moved})" if elsewhere else "0"}
    """).fetchall()[0]
    gone, choice = had - kept - left, staged.plan.mapping.same_name
    facts: dict[str, object] = {"file": file, "had": had, "has": has, "kept": kept, "gone": gone, "new": has - kept}
    if choice is None and gone > MOST_GONE * had:
        suggested = "add" if kept == 0 and "day" in staged.columns else ""
        choices = {"add": _days(con, staged), "replace": _held_days(con, table, before.source_id)}
        facts |= {"sheet": staged.plan.mapping.sheet, "suggested": suggested}
        return EarlierRows([Question("same_name", file, facts, choices)])
    if choice == "add" and gone > MOST_GONE * had:  # less is a correction, which replaces what it corrects
        return EarlierRows(problems=[Problem("info", "source_added", facts)], is_added=True)
    return EarlierRows(problems=[Problem("info", "source_replaced", facts)])


def _compare_with_others(
    con: duckdb.DuckDBPyConnection,
    staged: StagedSource,
    things: tuple[str, ...],
    elsewhere: str,
    others: Sequence[StagedSource],
) -> EarlierRows:
    """Find what other sources have too; count it once, by the rows there or by these, or twice."""
    name, mapping = quoted_name(staged.table), staged.plan.mapping
    if mapping.overlap == "both":
        return EarlierRows()
    equal = " AND ".join(f"x_{column} IS NOT DISTINCT FROM there.{column}" for column in things)
    named = f"x_{things[0]} IS NOT NULL"
    shared = (
        f"SELECT staged.rowid AS place FROM {name} AS staged SEMI JOIN ({elsewhere}) AS there ON {equal}"
        f" WHERE {GOOD} AND {named}"
    )
    count = f"SELECT (SELECT count(*) FROM ({shared})), count(*) FROM {name} WHERE {GOOD}"
    rows, whole = con.execute(count).fetchall()[0]
    has_numbers = things[0] in ("order_id", "response_id")
    if not rows or (not has_numbers and rows <= ALIKE_SHARE * whole):
        return EarlierRows()
    facts: dict[str, object] = {"file": staged.plan.source.file, "count": rows, **_money(con, staged, shared)}
    if mapping.overlap is None:
        choices = {"once": _shown(con, staged, things, shared), "newer": (), "both": ()}
        # Numbers alone, without a day or a customer, may begin again in every file.
        facts |= {"sheet": mapping.sheet, "suggested": "" if things == ("response_id",) else "once"}
        return EarlierRows([Question("overlap", staged.plan.source.file, facts, choices)])
    if mapping.overlap == "once":
        con.execute(f"UPDATE {name} SET kind = '{ELSEWHERE}' WHERE rowid IN ({shared})")
        return EarlierRows(problems=[Problem("info", "overlap_once", facts)])
    newer = Superseded(f"{staged.table}_newer", things, staged.plan.table.name, staged.source_id)
    con.execute(
        f"CREATE TABLE {quoted_name(newer.things)} AS SELECT DISTINCT {_listed(things, 'x_')} FROM {name}"
        f" WHERE rowid IN ({shared})"
    )
    for other in others:
        if other.plan.table.name == newer.table and set(things) <= set(other.columns):
            older = f"EXISTS (FROM {quoted_name(newer.things)} AS newer WHERE {newer.match_sql('x_')})"
            con.execute(f"UPDATE {quoted_name(other.table)} SET kind = '{ELSEWHERE}' WHERE {GOOD} AND {older}")
    return EarlierRows(problems=[Problem("info", "overlap_newer", facts)], superseded=newer)


def _elsewhere(
    staged: StagedSource, things: tuple[str, ...], others: Sequence[StagedSource], *, held: bool, gone: Sequence[int]
) -> str:
    """The SQL of all rows that other sources of the same table have, by the columns that make a thing."""
    table = staged.plan.table.name
    parts = [
        f"SELECT {_listed(things, 'x_', having=other.columns)} FROM {quoted_name(other.table)} WHERE {GOOD}"
        for other in others
        if other.plan.table.name == table and other.table != staged.table
    ]
    if held:
        ids = ", ".join(map(str, gone)) or "-1"
        parts.append(f"SELECT {_listed(things)} FROM held.{quoted_name(table)} WHERE source_id NOT IN ({ids})")
    return " UNION ALL ".join(parts)


def _lie_apart(staged: StagedSource, other: StagedSource, things: tuple[str, ...]) -> bool:
    """True where no day is in both: of a hundred monthly files each is compared with its neighbours alone."""
    if "day" not in things or staged.days is None or other.days is None:
        return False
    return staged.days[0] > other.days[1] or other.days[0] > staged.days[1]


def _listed(things: Sequence[str], prefix: str = "", *, having: Sequence[str] | None = None) -> str:
    return ", ".join(
        f"{prefix}{column} AS {column}" if having is None or column in having else f"NULL AS {column}"
        for column in things
    )


def _money(con: duckdb.DuckDBPyConnection, staged: StagedSource, shared: str) -> dict[str, object]:
    if "amount" not in staged.columns or staged.plan.mapping.money:
        return {"money": "—"}
    sql = f"SELECT coalesce(sum(x_amount), 0) FROM {quoted_name(staged.table)} WHERE rowid IN ({shared})"
    return {"money": f"{con.execute(sql).fetchall()[0][0]:,}"}


def _shown(
    con: duckdb.DuckDBPyConnection, staged: StagedSource, things: tuple[str, ...], shared: str
) -> tuple[str, ...]:
    rows = con.execute(
        f"SELECT DISTINCT {_listed(things, 'x_')} FROM {quoted_name(staged.table)} WHERE rowid IN ({shared})"
        " ORDER BY ALL LIMIT 3"
    ).fetchall()
    return tuple("  ".join(str(cell) for cell in row if cell is not None) for row in rows)


def _days(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> tuple[str, ...]:
    if "day" not in staged.columns:
        return ()
    sql = f"SELECT min(x_day), max(x_day) FROM {quoted_name(staged.table)} WHERE {GOOD}"
    return tuple(f"{first} … {last}" for first, last in con.execute(sql).fetchall() if first)


def _held_days(con: duckdb.DuckDBPyConnection, table: str, source_id: int) -> tuple[str, ...]:
    sql = f"SELECT min(day), max(day) FROM held.{table} WHERE source_id = {source_id}"
    return tuple(f"{first} … {last}" for first, last in con.execute(sql).fetchall() if first)
