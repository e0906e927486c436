"""Refunds of orders that never were sales: left out with them, or they would be left out and deducted too."""

from __future__ import annotations

import duckdb

from workbench.load.problems import Problem
from workbench.load.questions import Question
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store.sql_quoting import quoted_name

REFUND = f"{GOOD} AND x_amount < 0 AND NOT x_is_cancelled"
MOST_UNSOLD = 3


def settle_unsold_refunds(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> tuple[list[Question], list[Problem]]:
    """Leave out the refunds of orders of which nothing was sold, by their number or the order they name.

    A refund that names no order is asked about where its customer has an order that was not sold, and none that was,
    of the same money; the mapping's `unsold_refunds` is the answer.
    """
    name = quoted_name(staged.table)
    both = "bool_or(x_is_cancelled) AND bool_or(x_amount < 0 AND NOT x_is_cancelled)"
    if not con.execute(f"SELECT {both} FROM {name} WHERE kind IS NULL").fetchall()[0][0]:
        return [], []
    said = []
    if "order_id" in staged.columns:
        said += _leave_out(con, staged, f"{_named_order(con, name)} IN ({_unsold_orders(name)})")
    if "customer_id" not in staged.columns or staged.plan.mapping.unsold_refunds == "deduct":
        return [], said
    alike = f"(x_customer_id, -x_amount) IN ({_unsold_money(name)})"
    if staged.plan.mapping.unsold_refunds == "leave_out":
        return [], said + _leave_out(con, staged, alike)
    return _question_about(con, staged, alike), said


def _named_order(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """The order a refund is about: the one it names where the file has it, else its own."""
    has_parent = "o_parent" in [column for (column, *_) in con.execute(f"DESCRIBE {name}").fetchall()]
    if not has_parent:
        return "x_order_id"
    known = f"o_parent IN (SELECT x_order_id FROM {name} WHERE kind IS NULL AND x_order_id IS NOT NULL)"
    return f"CASE WHEN {known} THEN o_parent ELSE x_order_id END"


def _unsold_orders(name: str) -> str:
    return f"""
        SELECT x_order_id FROM {name} WHERE {GOOD} AND x_order_id IS NOT NULL
        GROUP BY x_order_id
        HAVING bool_or(x_is_cancelled AND x_amount > 0) AND NOT bool_or(NOT x_is_cancelled AND x_amount > 0)
    """


def _unsold_money(name: str) -> str:
    """Whose orders of which money were all not sold."""
    return f"""
        SELECT x_customer_id, x_amount FROM {name}
        WHERE {GOOD} AND x_customer_id IS NOT NULL AND x_amount > 0
        GROUP BY x_customer_id, x_amount HAVING bool_and(x_is_cancelled)
    """


def _leave_out(con: duckdb.DuckDBPyConnection, staged: StagedSource, which: str) -> list[Problem]:
    name = quoted_name(staged.table)
    count, money = con.execute(f"SELECT count(*), sum(x_amount) FROM {name} WHERE {REFUND} AND {which}").fetchall()[0]
    if not count:
        return []
    con.execute(f"UPDATE {name} SET x_is_cancelled = true, x_is_purchase = false WHERE {REFUND} AND {which}")
    facts = {"file": staged.plan.source.file, "count": count, "money": f"{money:,}"}
    return [Problem("info", "refunds_of_no_sales", facts)]


def _question_about(con: duckdb.DuckDBPyConnection, staged: StagedSource, which: str) -> list[Question]:
    rows = con.execute(
        f"SELECT x_customer_id, x_day, x_amount FROM {quoted_name(staged.table)} WHERE {REFUND} AND {which}"
    ).fetchall()
    if not rows:
        return []
    lines = tuple(f"{who}  {day}  {money:,}" for who, day, money in rows[:MOST_UNSOLD])
    facts = {"sheet": staged.plan.mapping.sheet, "count": len(rows), "suggested": ""}
    return [Question("unsold_refunds", staged.plan.source.file, facts, {"leave_out": lines, "deduct": ()})]
