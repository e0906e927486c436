"""Customers who may be one: the same telephone number or mail address under several ids, ids that differ in case alone.

They are told and never merged: a family shares a number, and which id is right only the analyst knows.
"""

from __future__ import annotations

import duckdb

from workbench.load.problems import Problem
from workbench.load.storing.notices import MOST_EXAMPLES, TABLES_BY_CUSTOMER

CONTACTS = {
    "phone": "regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^(0086|86)(1[0-9]{10})$', '\\2')",
    "email": "lower(trim(email))",
}
"""What two customers may have in common, however it is written: +86 138-0000-0001 is 13800000001."""

SHORTEST_CONTACT = 7
"""Shorter ones are extensions and remarks."""

MOST_OF_ONE = 5
"""A number that more customers have is a shop's own or a stand-in, and says nothing of any of them."""


def near_duplicates(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """List what speaks for it, each with the number of cases and a few ids."""
    return [*_shared_contacts(con), *_ids_in_two_cases(con)]


def _shared_contacts(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    problems = []
    for column, contact in CONTACTS.items():
        count, examples = con.execute(f"""
            SELECT count(*), list(ids ORDER BY ids)[:{MOST_EXAMPLES}]
            FROM (
                SELECT list(DISTINCT customer_id ORDER BY customer_id) AS ids
                FROM (SELECT customer_id, {contact} AS contact FROM customers WHERE {column} IS NOT NULL)
                WHERE length(contact) >= {SHORTEST_CONTACT} GROUP BY contact
            )
            WHERE len(ids) BETWEEN 2 AND {MOST_OF_ONE}
        """).fetchall()[0]
        if count:
            problems.append(_notice(f"shared_{column}", count, examples))
    return problems


def _ids_in_two_cases(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    ids = " UNION ".join(f"SELECT customer_id FROM {table}" for table in ("customers", *TABLES_BY_CUSTOMER))
    count, examples = con.execute(f"""
        SELECT count(*), list(ids ORDER BY ids)[:{MOST_EXAMPLES}]
        FROM (
            SELECT list(customer_id ORDER BY customer_id) AS ids FROM ({ids})
            WHERE customer_id IS NOT NULL GROUP BY lower(customer_id) HAVING count(*) > 1
        )
    """).fetchall()[0]
    return [_notice("ids_in_two_cases", count, examples)] if count else []


def _notice(key: str, count: int, examples: list[list[str]]) -> Problem:
    return Problem("warning", key, {"count": count, "examples": [" = ".join(ids) for ids in examples]})
