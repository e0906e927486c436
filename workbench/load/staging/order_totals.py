"""Orders, once all their lines are known: their totals are spread over the lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import duckdb

from workbench.load.problems import Problem
from workbench.load.staging.row_checks import PROBLEMS
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store.sql_quoting import quoted_name, quoted_text

SHARING = f"{GOOD} AND NOT o_brings_nothing"
"""True for the lines that an order's total, or its discount, is spread over: a gift, or a part of a set, has none."""


def settle_orders(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> list[Problem]:
    """Finish the amounts of a staged source of transactions, in the staging database; say what that moved."""
    said = []
    if staged.plan.order_discounts:
        header = staged.plan.order_discounts[0].header
        _refuse_two_totals(con, staged, "order_discount", header)
        said.append(_discounts_said(con, staged))
        if not staged.plan.has_order_totals:
            _take_discounts_off(con, staged)
    if staged.plan.has_order_totals:
        _refuse_two_totals(con, staged, "total", staged.plan.columns["amount"].header)
        said.append(_totals_said(con, staged))
        _spread_totals(con, staged)
    return said


def _totals_said(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Problem:
    """Say how many orders were spread over how many lines, and how far the lines' own sum is from the total."""
    orders, total, count, gross = con.execute(f"""
        SELECT count(*), coalesce(sum(total), 0), coalesce(sum(lines), 0), sum(gross) FROM (
            SELECT max(o_total) AS total, count(*) AS lines, sum(o_weight) AS gross
            FROM {quoted_name(staged.table)} WHERE {SHARING} GROUP BY {order_sql(staged)}
        )
    """).fetchall()[0]
    facts = {"file": staged.plan.source.file, "header": staged.plan.columns["amount"].header, "orders": orders}
    facts |= {"total": f"{total:,}", "count": count}
    if gross is None or not {"quantity", "unit_price"} <= {*staged.columns}:
        return Problem("info", "totals_spread_alike", facts)
    lines = round(Decimal(gross), 2)
    return Problem("info", "totals_spread", {**facts, "gross": f"{lines:,}", "difference": f"{total - lines:+,}"})


def _discounts_said(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> Problem:
    """Say how many orders' discounts, and how much money, are taken off once."""
    orders, money = con.execute(f"""
        SELECT count(*), coalesce(sum(discount), 0) FROM (
            SELECT max(o_order_discount) AS discount FROM {quoted_name(staged.table)}
            WHERE {GOOD} AND NOT x_is_cancelled GROUP BY {order_sql(staged)}
        ) WHERE discount <> 0
    """).fetchall()[0]
    headers = [one.header for one in staged.plan.order_discounts]
    facts = {"file": staged.plan.source.file, "header": headers, "orders": orders, "money": f"{money:,}"}
    return Problem("info", "order_discounts", facts)


def _take_discounts_off(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> None:
    """Take the discount of an order off its lines above zero, by their amounts, to the cent."""
    weight = f"CASE WHEN {SHARING} AND x_amount > 0 THEN CAST(x_amount AS DOUBLE) ELSE 0 END"
    part = "round(discount * 100.0 * upto / whole) - round(discount * 100.0 * (upto - weight) / whole)"
    off = f"CASE WHEN weight > 0 THEN CAST({part} AS DECIMAL(18,2)) / 100 ELSE 0 END"
    amount = f"CAST(x_amount - {off} AS DECIMAL(18,2))"
    _rewrite(
        con,
        staged,
        {"x_amount": amount, "x_is_purchase": f"x_is_purchase AND {amount} > 0"},
        f"{weight} AS weight, coalesce(max(o_order_discount) FILTER ({GOOD}) OVER part, 0) AS discount,"
        f" sum({weight}) OVER part AS whole,"
        f" sum({weight}) OVER (part ORDER BY place ROWS UNBOUNDED PRECEDING) AS upto",
    )


def _refuse_two_totals(con: duckdb.DuckDBPyConnection, staged: StagedSource, column: str, named: str) -> None:
    """Reject the lines of an order that has several totals, or none; or several discounts of the whole order."""
    header, value = quoted_text(named), f"o_{column}"
    none = "most IS NULL OR" if column == "total" else ""
    reason = "CASE WHEN most IS NULL THEN 'missing_value' ELSE 'order_total_differs' END"
    problem = f"{{'column': 'amount', 'header': {header}, 'value': CAST({value} AS VARCHAR), 'reason': {reason}}}"
    is_wrong = f"{GOOD} AND ({none} least <> most)"
    _rewrite(
        con,
        staged,
        {"problems": f"CASE WHEN {is_wrong} THEN CAST([{problem}] AS {PROBLEMS}) ELSE problems END"},
        f"min({value}) FILTER ({GOOD}) OVER part AS least, max({value}) FILTER ({GOOD}) OVER part AS most",
    )


def _spread_totals(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> None:
    """Give each line its part of the order's total, by quantity and price where all lines have them, else alike.

    Lines that bring no money of their own have no part, unless the order has no others.

    The parts are cut between cumulative sums rounded to cents, so that they add up to the total exactly.
    """
    has_back = bool(staged.plan.deductions)
    order_back = f"coalesce(max(o_order_back) FILTER ({GOOD}) OVER part, 0)" if has_back else "0"
    quantity = "coalesce(x_quantity > 0, true)" if "quantity" in staged.columns else "true"
    buyer = "x_customer_id IS NOT NULL" if "customer_id" in staged.columns else "false"
    is_weighed = (
        f"count(o_weight) FILTER ({SHARING}) OVER part = count(*) FILTER ({SHARING}) OVER part"
        f" AND sum(o_weight) FILTER ({SHARING}) OVER part > 0"
    )
    is_unsold = f"bool_and(x_is_cancelled) FILTER ({GOOD}) OVER part"
    is_shared = f"coalesce(bool_or(NOT o_brings_nothing) FILTER ({GOOD}) OVER part, false)"
    share = "CASE WHEN o_brings_nothing AND is_shared THEN 0 WHEN weighed THEN o_weight ELSE 1 END"
    discount = f"coalesce(max(o_order_discount) FILTER ({GOOD}) OVER part, 0)" if staged.plan.order_discounts else "0"
    _rewrite(
        con,
        staged,
        {"o_weight": f"CASE WHEN {GOOD} THEN {share} END", "o_total": "total"},
        f"{is_weighed} AS weighed, {is_shared} AS is_shared,"
        f" max(o_total) FILTER ({GOOD}) OVER part - {discount}"
        f" - CASE WHEN {is_unsold} THEN 0 ELSE {order_back} END AS total",
    )
    cents = "round(o_total * 100.0 * upto / whole) - round(o_total * 100.0 * (upto - o_weight) / whole)"
    line_back = "CASE WHEN x_is_cancelled THEN 0 ELSE o_line_back END" if has_back else "0"
    part = f"CAST({cents} AS DECIMAL(18,2)) / 100"
    amount = f"CAST(CASE WHEN o_is_refund THEN -abs({part}) ELSE {part} END - {line_back} AS DECIMAL(18,2))"
    is_purchase = f"{buyer} AND NOT x_is_cancelled AND {amount} > 0 AND {quantity}"
    _rewrite(
        con,
        staged,
        {
            "x_amount": f"CASE WHEN {GOOD} THEN {amount} ELSE x_amount END",
            "x_is_purchase": f"CASE WHEN {GOOD} THEN {is_purchase} ELSE false END",
        },
        "sum(o_weight) OVER part AS whole, sum(o_weight) OVER (part ORDER BY place ROWS UNBOUNDED PRECEDING) AS upto",
    )


def _rewrite(con: duckdb.DuckDBPyConnection, staged: StagedSource, replaced: Mapping[str, str], windows: str) -> None:
    """Write the staged table anew, in its order, with columns made of what its orders show.

    An UPDATE would not do: where lists change DuckDB puts the row at the end, and lines are counted by place.
    """
    name = quoted_name(staged.table)
    changes = ", ".join(f"{sql} AS {column}" for column, sql in replaced.items())
    columns = [column for (column, *_) in con.execute(f"DESCRIBE {name}").fetchall()]
    con.execute(f"ALTER TABLE {name} RENAME TO unsettled")
    con.execute(f"""
        CREATE TABLE {name} AS
        SELECT {", ".join(map(quoted_name, columns))} FROM (
            SELECT place, * REPLACE ({changes}) FROM (
                SELECT *, {windows} FROM (SELECT rowid AS place, * FROM unsettled)
                WINDOW part AS (PARTITION BY {order_sql(staged, place="place")})
            )
        ) ORDER BY place
    """)
    con.execute("DROP TABLE unsettled")


def order_sql(staged: StagedSource, *, place: str = "rowid") -> str:
    """Return the SQL of what makes lines one order: its number and whose it is; without a number, one line."""
    if "order_id" not in staged.columns:
        return place
    buyer = "x_customer_id" if "customer_id" in staged.columns else "NULL"
    alone = f"CASE WHEN x_order_id IS NULL THEN {place} END"
    return f"struct_pack(number := x_order_id, buyer := {buyer}, alone := {alone})"
