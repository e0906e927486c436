"""Typed columns as the texts a file would hold."""

from __future__ import annotations


def as_file_text(column: str, sql_type: str) -> str:
    """A column as the text a file would hold: whole floats without `.0`, so that an id read as a number is itself."""
    if sql_type not in ("DOUBLE", "FLOAT"):
        return f"CAST({column} AS VARCHAR)"
    whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
    digits = f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    return f"CASE WHEN isfinite({column}) THEN {digits} END"
