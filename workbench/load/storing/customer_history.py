"""The history of customers' values: which value a column had from which day on, and which file said so.

`customers` holds what is true now. Here stand, by customer and column, the values that differ: those of several lists
(anew at every load), and those of a list that a newer file of its name replaced (kept for good).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from workbench.load.cleaning.file_days import day_in_name
from workbench.load.problems import Problem
from workbench.load.reading.source_names import last_part
from workbench.schema import CUSTOMERS
from workbench.store.contents import CUSTOMER_HISTORY, CUSTOMER_LISTS, stored_columns
from workbench.store.sql_quoting import quoted_name, quoted_text

REPLACED = "replaced_customers"
"""The rows of lists that newer files of their names replace, while these are loaded."""

UNDATED = ("customer_id", "updated_on", "source_id", "source_line")
"""Columns that have no history: who, and when and where something was said."""

MOST_EXAMPLES_OF_VALUES = 3


def set_aside(con: duckdb.DuckDBPyConnection, source_ids: list[int]) -> None:
    """Keep the rows of the lists of customers that leave, until it is known what came instead."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {REPLACED} AS SELECT customers.*, sources.file AS {quoted_name('list file')}"
        " FROM customers JOIN sources USING (source_id) WHERE list_contains(?, source_id)",
        [source_ids],
    )


def write_history(con: duckdb.DuckDBPyConnection, *, loaded_on: date | None = None) -> list[Problem]:
    """Bring the history up to date, after lists came or went; say which values newer files of their names changed.

    A value counts from the day that its row was updated, else from the day in its file's name, else from the day it was
    loaded (`loaded_on`); the beginning of a first value may be unknown.
    """
    has_lists, has_left = bool(stored_columns(con, CUSTOMER_LISTS)), _left(con)
    if not (has_lists or has_left or stored_columns(con, CUSTOMER_HISTORY)):
        return []
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {CUSTOMER_HISTORY} (customer_id VARCHAR, column_name VARCHAR, value VARCHAR,"
        " valid_from DATE, file VARCHAR, is_of_lists BOOLEAN)"
    )
    con.execute(f"DELETE FROM {CUSTOMER_HISTORY} WHERE is_of_lists")
    files = con.execute(f"SELECT source_id, file FROM sources WHERE \"table\" = '{CUSTOMERS.name}'").fetchall()
    con.execute("CREATE OR REPLACE TEMP TABLE list_days (source_id BIGINT, file VARCHAR, day DATE)")
    if files:
        con.executemany(
            "INSERT INTO list_days VALUES (?, ?, ?)", [(one, file, day_in_name(last_part(file))) for one, file in files]
        )
    problems = [*_of_replaced(con, loaded_on)] if has_left else []
    if has_lists:
        _of_lists(con)
    con.execute("DROP TABLE list_days")
    con.execute(f"DROP TABLE IF EXISTS {REPLACED}")
    return problems


def forget_file(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Delete what a file said, when it is taken out again."""
    if stored_columns(con, CUSTOMER_HISTORY):
        con.execute(f"DELETE FROM {CUSTOMER_HISTORY} WHERE file = ?", [file])


def _left(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether rows of customers were set aside."""
    is_there = con.execute("SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?", [REPLACED]).fetchall()
    return bool(is_there) and bool(con.execute(f"SELECT 1 FROM {REPLACED} LIMIT 1").fetchall())


def _of_replaced(con: duckdb.DuckDBPyConnection, loaded_on: date | None) -> Iterator[Problem]:
    """Keep the values that a newer file of the same name changed, and say of each column how many."""
    people = CUSTOMER_LISTS if stored_columns(con, CUSTOMER_LISTS) else CUSTOMERS.name
    there = stored_columns(con, people)
    before = [name for name, *_ in con.execute(f"DESCRIBE {REPLACED}").fetchall()]
    day = f"DATE '{loaded_on}'" if loaded_on else "CAST(NULL AS DATE)"
    dated = ["updated_on"] if "updated_on" in before and "updated_on" in there else []
    old_day, new_day = (f"{side}.updated_on" if dated else "CAST(NULL AS DATE)" for side in ("old", "new"))
    for name in (one for one in before if one in there and one not in UNDATED):
        column = quoted_name(name)
        changed = f"""
            FROM {REPLACED} AS old JOIN {people} AS new USING (customer_id)
            JOIN list_days ON list_days.source_id = new.source_id AND list_days.file = old."list file"
            WHERE new.{column} IS NOT NULL AND old.{column} IS DISTINCT FROM new.{column}
        """
        said = f"old.customer_id || ': ' || old.{column} || ' → ' || new.{column}"
        count, file, examples = con.execute(f"""
            SELECT count(*), any_value(list_days.file),
                list({said} ORDER BY old.customer_id)[:{MOST_EXAMPLES_OF_VALUES}]
            {changed} AND old.{column} IS NOT NULL
        """).fetchall()[0]
        if not count:
            continue
        known = f"SELECT 1 FROM {CUSTOMER_HISTORY} AS kept WHERE kept.customer_id = old.customer_id"
        known += f" AND kept.column_name = {quoted_text(name)}"
        con.execute(f"""
            INSERT INTO {CUSTOMER_HISTORY}
            SELECT old.customer_id, {quoted_text(name)}, CAST(old.{column} AS VARCHAR), {old_day}, list_days.file, false
            {changed} AND old.{column} IS NOT NULL AND NOT EXISTS ({known})
        """)
        con.execute(f"""
            INSERT INTO {CUSTOMER_HISTORY}
            SELECT old.customer_id, {quoted_text(name)}, CAST(new.{column} AS VARCHAR),
                coalesce({new_day}, list_days.day, {day}), list_days.file, false
            {changed} AND old.{column} IS NOT NULL
        """)
        facts = {"file": file, "column": name, "count": count, "examples": examples}
        yield Problem("warning", "customers_replaced", facts)


def _of_lists(con: duckdb.DuckDBPyConnection) -> None:
    """List what several lists say of a customer, where they say different things."""
    there = stored_columns(con, CUSTOMER_LISTS)
    updated = "updated_on" if "updated_on" in there else "CAST(NULL AS DATE)"
    for name in (one for one in there if one not in UNDATED):
        column = quoted_name(name)
        con.execute(f"""
            INSERT INTO {CUSTOMER_HISTORY}
            SELECT customer_id, {quoted_text(name)}, CAST({column} AS VARCHAR), coalesce({updated}, day), file, true
            FROM {CUSTOMER_LISTS} JOIN list_days USING (source_id) SEMI JOIN (
                SELECT customer_id FROM {CUSTOMER_LISTS} GROUP BY 1 HAVING count(DISTINCT {column}) > 1
            ) USING (customer_id) WHERE {column} IS NOT NULL
        """)
