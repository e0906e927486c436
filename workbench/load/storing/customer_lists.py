"""Several lists of customers: each customer is one row, with what every list knows, the newer list's values first.

While lists overlap, `customer_lists` keeps every list's own rows, so that a list can be replaced or taken out again and
nothing of it stays behind; `customers` is made of them anew at every load. With one list there is only `customers`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from workbench.load.problems import Problem
from workbench.schema import CUSTOMERS
from workbench.store.contents import CUSTOMER_LISTS, stored_columns
from workbench.store.sql_quoting import quoted_name

ORIGIN_COLUMNS = ("source_id", "source_line")
MOST_EXAMPLES_OF_CHANGES = 3


def part_lists(con: duckdb.DuckDBPyConnection) -> None:
    """Put every list's own rows back into `customers`, before lists come or go."""
    if stored_columns(con, CUSTOMER_LISTS):
        con.execute("DELETE FROM customers")
        con.execute(f"INSERT INTO customers BY NAME SELECT * FROM {CUSTOMER_LISTS}")
        con.execute(f"DROP TABLE {CUSTOMER_LISTS}")


def join_lists(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Make one row of each customer that several lists name, and say what was joined and which values changed.

    Of two values the newer list's counts: the one whose file name has the larger numbers (customers_2024_02 after
    customers_2024_01), else the one that was loaded later. A blank never replaces a value.
    """
    if not con.execute("SELECT count(*) > count(DISTINCT customer_id) FROM customers").fetchall()[0][0]:
        return []
    columns = stored_columns(con, "customers")
    con.execute(f"CREATE TABLE {CUSTOMER_LISTS} AS FROM customers")
    con.execute(f"""
        CREATE TEMP TABLE list_order AS
        SELECT source_id, row_number() OVER (
            ORDER BY list_transform(regexp_extract_all(file, '[0-9]+'), lambda n: CAST(n AS HUGEINT)), source_id
        ) AS age
        FROM sources WHERE "table" = '{CUSTOMERS.name}'
    """)
    problems = [
        *_joined(con),
        *_changed(con, [name for name in columns if name not in ("customer_id", *ORIGIN_COLUMNS)]),
    ]
    newest = ", ".join(
        f"arg_max({quoted_name(name)}, age) AS {quoted_name(name)}"
        if name not in ORIGIN_COLUMNS
        else f"arg_max({name}, age) AS {name}"
        for name in columns
        if name != "customer_id"
    )
    con.execute("DELETE FROM customers")
    con.execute(
        f"INSERT INTO customers BY NAME SELECT customer_id, {newest}"
        f" FROM {CUSTOMER_LISTS} JOIN list_order USING (source_id) GROUP BY customer_id"
    )
    con.execute("DROP TABLE list_order")
    return problems


def _joined(con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    count, files = con.execute(f"""
        SELECT count(*), (SELECT list(DISTINCT file ORDER BY file) FROM sources WHERE "table" = '{CUSTOMERS.name}')
        FROM (SELECT customer_id FROM {CUSTOMER_LISTS} GROUP BY 1 HAVING count(*) > 1)
    """).fetchall()[0]
    yield Problem("info", "customers_joined", {"count": count, "files": files})


def _changed(con: duckdb.DuckDBPyConnection, columns: list[str]) -> Iterator[Problem]:
    """Say of each column for how many customers the lists differ, with a few of them: older value → newer value."""
    for name in columns:
        column = quoted_name(name)
        count, examples = con.execute(f"""
            SELECT count(*), list(said ORDER BY customer_id)[:{MOST_EXAMPLES_OF_CHANGES}] FROM (
                SELECT *, customer_id || ': ' || older || ' → ' || newer AS said FROM (
                SELECT customer_id, CAST(arg_min({column}, age) AS VARCHAR) AS older,
                    CAST(arg_max({column}, age) AS VARCHAR) AS newer
                FROM {CUSTOMER_LISTS} JOIN list_order USING (source_id) WHERE {column} IS NOT NULL GROUP BY customer_id
                HAVING count(DISTINCT {column}) > 1
            ))
        """).fetchall()[0]
        if count:
            yield Problem("warning", "customers_changed", {"column": name, "count": count, "examples": examples})
