"""What the analyst should know besides the counts: refunds, cancelled lines, gaps, unknown customers, rejects."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from workbench.load.problems import Problem
from workbench.load.reporting.file_report import FileReport
from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store.sql_quoting import quoted_name

MOST_EXAMPLES = 5
"""How many lines or ids a notice names."""

TABLES_BY_CUSTOMER = ("transactions", "surveys", "complaints", "interactions")

NOT_PURCHASES = {
    "negative_lines": "amount < 0",
    "cancelled_lines": "is_cancelled",
    "zero_lines": "amount = 0",
    "lines_without_customer": "customer_id IS NULL",
}
"""Transactions that are kept but are not purchases, each by its condition."""


def notices_of(con: duckdb.DuckDBPyConnection, staged: StagedSource, report: FileReport) -> list[Problem]:
    """List what is to be said about one source that has just been stored."""
    problems = [*_reject_reasons(con, staged, report), *_missing_values(con, staged, report)]
    if staged.plan.as_of:
        problems.append(Problem("info", "ready_as_of", {**_place_facts(report), "day": str(staged.plan.as_of)}))
    if staged.plan.mapping.money:
        problems.append(Problem("info", "money_unknown", {**_place_facts(report), "count": report.rows_loaded}))
    if report.table == "transactions":
        problems += _rounded(con, staged, report)
        problems += _not_purchases(con, staged, report)
    if report.ignored.get("duplicate"):
        problems.append(
            Problem("info", "duplicates_ignored", {**_place_facts(report), "count": report.ignored["duplicate"]})
        )
    named = {*staged.plan.named_attributes}
    if unknown := [attribute for attribute in staged.attributes if attribute not in named]:
        problems.append(Problem("info", "columns_kept", {**_place_facts(report), "columns": unknown}))
    return problems


def unused_facts(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Say that ready figures of customers are kept and not used, where the store has the sales themselves."""
    has_sales, ready = con.execute(
        "SELECT EXISTS (FROM transactions), (SELECT count(*) FROM customer_facts)"
    ).fetchall()[0]
    return [Problem("warning", "ready_facts_unused", {"count": ready})] if has_sales and ready else []


def unknown_customers(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """List the tables whose customers are not all among the customers, where there is a list of customers."""
    if not con.execute("SELECT count(*) FROM customers").fetchall()[0][0]:
        return []
    problems = []
    for table in TABLES_BY_CUSTOMER:
        count, examples = con.execute(f"""
            SELECT count(*), list(customer_id ORDER BY customer_id)[:{MOST_EXAMPLES}]
            FROM (SELECT DISTINCT customer_id FROM {table} WHERE customer_id IS NOT NULL)
            ANTI JOIN customers USING (customer_id)
        """).fetchall()[0]
        if count:
            facts = {"table": table, "count": count, "examples": examples}
            problems.append(Problem("warning", "unknown_customers", facts))
    return problems


def _reject_reasons(con: duckdb.DuckDBPyConnection, staged: StagedSource, report: FileReport) -> Iterator[Problem]:
    """The reasons rows were rejected for, the commonest first, with the first lines."""
    rows = con.execute(
        f"SELECT reason, coalesce(column_name, ''), count(*), list(line ORDER BY line)[:{MOST_EXAMPLES}] FROM rejects"
        " WHERE source_id = ? GROUP BY ALL ORDER BY count(*) DESC, reason",
        [staged.source_id],
    ).fetchall()
    for reason, column, count, lines in rows:
        facts = {**_place_facts(report), "reason": reason, "column": column, "count": count, "lines": lines}
        yield Problem("warning", "rows_rejected", facts)


def _missing_values(con: duckdb.DuckDBPyConnection, staged: StagedSource, report: FileReport) -> Iterator[Problem]:
    """How often a column with declared words for missing has no value, and why answers to a survey have no score."""
    if report.table == "surveys":
        rows = con.execute(
            "SELECT missing, count(*), count(DISTINCT item) FROM surveys WHERE source_id = ? AND missing IS NOT NULL"
            " GROUP BY missing ORDER BY missing",
            [staged.source_id],
        ).fetchall()
        for why, count, items in rows:
            yield Problem(
                "info", "answers_missing", {**_place_facts(report), "why": why, "count": count, "items": items}
            )
    declared = [planned for planned in staged.plan.columns.values() if staged.plan.missing_words(planned.header)]
    for planned in declared if report.table != "surveys" else []:
        count = con.execute(
            f"SELECT count(*) FROM {quoted_name(report.table)}"
            f" WHERE source_id = ? AND {quoted_name(planned.column.name)} IS NULL",
            [staged.source_id],
        ).fetchall()[0][0]
        if count:
            yield Problem("info", "values_missing", {**_place_facts(report), "column": planned.header, "count": count})


def _not_purchases(con: duckdb.DuckDBPyConnection, staged: StagedSource, report: FileReport) -> Iterator[Problem]:
    """How many lines are kept but do not count as purchases, by reason."""
    listed = ", ".join(f"count(*) FILTER ({condition})" for condition in NOT_PURCHASES.values())
    counts = con.execute(f"SELECT {listed} FROM transactions WHERE source_id = ?", [staged.source_id]).fetchall()[0]
    for key, count in zip(NOT_PURCHASES, counts, strict=True):
        if count:
            yield Problem("info", key, {**_place_facts(report), "count": count})


def _rounded(con: duckdb.DuckDBPyConnection, staged: StagedSource, report: FileReport) -> Iterator[Problem]:
    """Say what rounding the lines to cents adds or takes, where quantity times price makes their amounts."""
    planned, mapping = staged.plan.columns, staged.plan.mapping
    if "amount" in planned and not (mapping.units or mapping.unit_column or mapping.rates):
        rounded = f"{GOOD} AND NOT x_is_cancelled AND o_rounded <> 0"
        count, moved = con.execute(
            f"SELECT count(*), sum(o_rounded) FROM {staged.table_sql} WHERE {rounded}"
        ).fetchall()[0]
        if count:
            yield Problem(
                "info", "amounts_rounded", {**_place_facts(report), "count": count, "money": f"{moved:+,.4f}"}
            )
    if "amount" in planned or not {"quantity", "unit_price"} <= {*planned} or mapping.money:
        return
    exact = "CAST(x_quantity AS DECIMAL(19,3)) * CAST(x_unit_price AS DECIMAL(19,6))"
    count, moved = con.execute(f"""
        SELECT count(*), sum(written - exact) FROM (
            SELECT {exact} AS exact, CAST(round({exact}, 2) AS DECIMAL(38,9)) AS written
            FROM {staged.table_sql} WHERE {GOOD} AND NOT x_is_cancelled
        ) WHERE written <> exact
    """).fetchall()[0]
    if count:
        yield Problem("info", "lines_rounded", {**_place_facts(report), "count": count, "money": f"{moved:+,.4f}"})


def _place_facts(report: FileReport) -> dict[str, object]:
    return {"file": report.file if report.sheet is None else f"{report.file} [{report.sheet}]"}
