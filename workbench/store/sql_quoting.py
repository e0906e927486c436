"""Names and texts written into DuckDB SQL so that whatever they hold stays a name or a text."""

from __future__ import annotations

from collections.abc import Iterable


def quoted_name(name: str) -> str:
    """Write a name as an SQL identifier.

    >>> quoted_name('车型 "A"')
    '"车型 ""A\"""'
    """
    return '"' + name.replace('"', '""') + '"'


def quoted_text(value: object) -> str:
    """Write a value as an SQL text, for the statements that take no parameters.

    >>> quoted_text("O'Hara")
    "'O''Hara'"
    """
    return "'" + str(value).replace("'", "''") + "'"


def quoted_texts(values: Iterable[object]) -> str:
    """Write values as SQL texts with commas between them.

    >>> quoted_texts(["取消", "void"])
    "'取消', 'void'"
    """
    return ", ".join(map(quoted_text, values))


def quoted_text_or_null(value: object | None) -> str:
    """Write a value as an SQL text, None as NULL."""
    return "NULL" if value is None else quoted_text(value)
