"""Texts as people write them, and the words for yes and no."""

from __future__ import annotations

from workbench.load.cleaning.sql_expressions import CastSql, case_when, half_width, is_one_of, trimmed


def text_sql(column_sql: str, *, absent: tuple[str, ...] = ()) -> CastSql:
    """Take the blanks off both ends of a text; `absent` words count as missing. Nothing else can be wrong."""
    text = trimmed(column_sql)
    return CastSql(case_when((is_one_of(text, absent), "NULL"), otherwise=f"nullif({text}, '')"), "NULL", "NULL")


def boolean_sql(column_sql: str) -> CastSql:
    """Cast 是/否, Y/N, yes/no, true/false, 1/0 to BOOLEAN. Cause: `not_boolean`."""
    tidy = f"lower({half_width(column_sql)})"
    value = case_when(
        (f"{tidy} IN ('1', 'true', 't', 'yes', 'y', '是', '真', '1.0')", "true"),
        (f"{tidy} IN ('0', 'false', 'f', 'no', 'n', '否', '假', '0.0')", "false"),
    )
    return CastSql(value, "NULL", "'not_boolean'")
