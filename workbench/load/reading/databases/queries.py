"""Queries from files: one statement each, and one that only reads."""

from __future__ import annotations

from pathlib import Path

import sqlglot
from sqlglot.errors import SqlglotError

from workbench.errors import LoadError
from workbench.limits import check_settings_size
from workbench.load.reading.databases.address import DatabaseKind

DIALECTS: dict[DatabaseKind, str] = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "sqlite": "sqlite",
    "duckdb": "duckdb",
}
READING = ("SELECT", "WITH", "VALUES", "TABLE", "FROM", "(")
"""What a query may begin with."""


def read_query(path: Path) -> str:
    """The text of a file with a query, in UTF-8; LoadError where it is missing or none."""
    check_settings_size(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LoadError("missing_file", file=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise LoadError("unreadable_query", file=path.name) from None


def one_reading(sql: str, name: str, kind: DatabaseKind) -> str:
    """Return the one statement without what follows it; LoadError for none, several, and one that writes.

    The session reads in a transaction that refuses writing as well; this tells it before the server is asked. In MySQL
    `INTO` would write a file on the server, which no transaction holds back.
    """
    try:
        tokens = sqlglot.tokenize(sql, read=DIALECTS[kind])
    except SqlglotError:
        raise LoadError("unreadable_query", file=name) from None
    ends = [place for place, token in enumerate(tokens) if token.token_type.name == "SEMICOLON"]
    first_end = ends[0] if ends else len(tokens)
    statement = tokens[:first_end]
    if not statement:
        raise LoadError("unreadable_query", file=name)
    if len(tokens) > first_end + len(ends):
        raise LoadError("several_statements", file=name)
    words = [token.text.upper() for token in statement if token.token_type.name != "STRING"]
    if words[:1] == [] or words[0] not in READING or (kind == "mysql" and "INTO" in words):
        raise LoadError("database_query_writes", query=name)
    return sql[: statement[-1].end + 1]
