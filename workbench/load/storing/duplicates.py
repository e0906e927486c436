"""Rows that share a key: an identical one is ignored, a different one under the same key is rejected.

The rule, for tables with a key of their own (customers, products, complaints, employees) and for sources whose mapping
declares one: the first row stays, in the order of the files and of their lines. A later row with the same key and the
same content is a duplicate and ignored; one with other content is rejected as `conflicting_key`, with the place of the
row that stays, because which of the two is right only the analyst knows. Rows without a complete key are left alone.
Lists of customers are judged each for itself, and then joined.
"""

from __future__ import annotations

import duckdb

from workbench.load.staging.staged_source import GOOD, StagedSource
from workbench.store.sql_quoting import quoted_name

MEET_THEIR_OWN_FILE = ("surveys", "customers")
"""Tables of which two files may name the same: answers of two waves, lists of customers, which are joined
(`customer_lists.py`)."""


def mark_duplicates(con: duckdb.DuckDBPyConnection, staged: StagedSource) -> None:
    """Make the table `marks`: which rows of the staged source are duplicates or conflicts, and which row stays.

    `con` holds the tables loaded so far, and the staged ones in the database `stage`.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE marks (place BIGINT, kind VARCHAR, kept_source BIGINT, kept_line BIGINT)")
    key = staged.plan.key
    if not key or not set(key) <= set(staged.columns):
        return
    con.execute(f"""
        INSERT INTO marks
        WITH fresh AS ({_fresh(staged)}),
        every AS (FROM fresh UNION ALL FROM ({_loaded(staged)}) SEMI JOIN (SELECT DISTINCT key FROM fresh) USING (key)),
        doubled AS (SELECT key FROM every GROUP BY key HAVING count(*) > 1),
        ranked AS (
            SELECT *, row_number() OVER first_first AS position,
                first_value({{'source': source, 'line': line, 'content': content}}) OVER first_first AS kept
            FROM every SEMI JOIN doubled USING (key)
            WINDOW first_first AS (PARTITION BY key ORDER BY is_fresh, source, place)
        )
        SELECT place, CASE WHEN content = kept.content THEN 'duplicate' ELSE 'conflicting_key' END,
            kept.source, kept.line
        FROM ranked WHERE is_fresh AND position > 1
    """)


def _fresh(staged: StagedSource) -> str:
    """The good rows of the staged source that have a complete key. Structs compare nulls as equal."""
    key = [f"x_{column}" for column in staged.plan.key]
    content = [*(f"x_{column}" for column in staged.columns), *staged.attributes.values()]
    content += ["answers"] if staged.plan.wide else []
    complete = " AND ".join(f"{column} IS NOT NULL" for column in key)
    return (
        f"SELECT true AS is_fresh, rowid AS place, {staged.source_id} AS source, {staged.line_sql} AS line,"
        f" row({', '.join(key)}) AS key, row({', '.join(content)}) AS content"
        f" FROM {staged.table_sql} WHERE {GOOD} AND {complete}"
    )


def _loaded(staged: StagedSource) -> str:
    """The rows already in the table, by the columns this source fills."""
    if staged.plan.table.name in MEET_THEIR_OWN_FILE:
        return "FROM fresh WHERE false"
    content = [*map(quoted_name, staged.columns), *map(quoted_name, staged.attributes)]
    return (
        f"SELECT false AS is_fresh, rowid AS place, source_id AS source, source_line AS line,"
        f" row({', '.join(map(quoted_name, staged.plan.key))}) AS key, row({', '.join(content)}) AS content"
        f" FROM {quoted_name(staged.plan.table.name)}"
    )
