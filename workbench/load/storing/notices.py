"""What the analyst should know beside the counts: refunds, cancelled lines, gaps, strangers, reasons for rejects."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from workbench.load.problems import Problem
from workbench.load.reporting.file_report import FileReport
from workbench.load.staging.staged_source import Staged
from workbench.store.sql_quoting import quoted_name

EXAMPLES = 5
"""How many lines or ids a notice names."""

BY_CUSTOMER = ("transactions", "surveys", "complaints", "interactions")

MARKED = {
    "negative_lines": "amount < 0",
    "cancelled_lines": "is_cancelled",
    "zero_lines": "amount = 0",
    "lines_without_customer": "customer_id IS NULL",
}
"""Transactions that are kept and are no purchases, each by its condition."""


def notices_of(con: duckdb.DuckDBPyConnection, staged: Staged, report: FileReport) -> list[Problem]:
    """List what is to be said of one source that has just been settled."""
    found = [*_reasons(con, staged, report), *_missing(con, staged, report)]
    if report.table == "transactions":
        found += _marked(con, staged, report)
    if report.ignored.get("duplicate"):
        found.append(Problem("info", "duplicates_ignored", {**_place(report), "count": report.ignored["duplicate"]}))
    if unknown := [attribute for attribute in staged.attributes if attribute not in staged.plan.named_attributes]:
        found.append(Problem("info", "columns_kept", {**_place(report), "columns": unknown}))
    return found


def strangers(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """List the tables whose customers are not all among the customers, where there is a list of customers."""
    if not con.execute("SELECT count(*) FROM customers").fetchall()[0][0]:
        return []
    found = []
    for table in BY_CUSTOMER:
        count, examples = con.execute(f"""
            SELECT count(*), list(customer_id ORDER BY customer_id)[:{EXAMPLES}]
            FROM (SELECT DISTINCT customer_id FROM {table} WHERE customer_id IS NOT NULL)
            ANTI JOIN customers USING (customer_id)
        """).fetchall()[0]
        if count:
            facts = {"table": table, "count": count, "examples": examples}
            found.append(Problem("warning", "unknown_customers", facts))
    return found


def _reasons(con: duckdb.DuckDBPyConnection, staged: Staged, report: FileReport) -> Iterator[Problem]:
    """The reasons rows were rejected for, the commonest first, with the first lines."""
    rows = con.execute(
        f"SELECT reason, coalesce(column_name, ''), count(*), list(line ORDER BY line)[:{EXAMPLES}] FROM rejects"
        " WHERE source_id = ? GROUP BY ALL ORDER BY count(*) DESC, reason",
        [staged.source_id],
    ).fetchall()
    for reason, column, count, lines in rows:
        facts = {**_place(report), "reason": reason, "column": column, "count": count, "lines": lines}
        yield Problem("warning", "rows_rejected", facts)


def _missing(con: duckdb.DuckDBPyConnection, staged: Staged, report: FileReport) -> Iterator[Problem]:
    """How often a column with declared words for missing has no value, and why answers of a survey have no score."""
    if report.table == "surveys":
        rows = con.execute(
            "SELECT missing, count(*), count(DISTINCT item) FROM surveys WHERE source_id = ? AND missing IS NOT NULL"
            " GROUP BY missing ORDER BY missing",
            [staged.source_id],
        ).fetchall()
        for why, count, items in rows:
            yield Problem("info", "answers_missing", {**_place(report), "why": why, "count": count, "items": items})
    declared = [target for target in staged.plan.targets.values() if staged.plan.words(target.header)]
    for target in declared if report.table != "surveys" else []:
        count = con.execute(
            f"SELECT count(*) FROM {quoted_name(report.table)}"
            f" WHERE source_id = ? AND {quoted_name(target.column.name)} IS NULL",
            [staged.source_id],
        ).fetchall()[0][0]
        if count:
            yield Problem("info", "values_missing", {**_place(report), "column": target.header, "count": count})


def _marked(con: duckdb.DuckDBPyConnection, staged: Staged, report: FileReport) -> Iterator[Problem]:
    """How many lines are kept and do not count as purchases, by why."""
    listed = ", ".join(f"count(*) FILTER ({condition})" for condition in MARKED.values())
    counts = con.execute(f"SELECT {listed} FROM transactions WHERE source_id = ?", [staged.source_id]).fetchall()[0]
    for key, count in zip(MARKED, counts, strict=True):
        if count:
            yield Problem("info", key, {**_place(report), "count": count})


def _place(report: FileReport) -> dict[str, object]:
    return {"file": report.file if report.sheet is None else f"{report.file} [{report.sheet}]"}
