"""Ids as systems export them: 17850.0 is 17850, ="00123" and '00123 are 00123, zeros in front stay.

Full-width digits and letters become ASCII, blanks at both ends go, the case stays. An id in scientific notation
(`6.22E+17`, `6,22e17`), or a float text with more digits than a float can hold, has lost digits in a spreadsheet and is
refused. A Chinese mobile number is its eleven digits (+86 138 0013-8000 is 13800138000), a mail address in lower case:
both name one person however they are typed.
"""

from __future__ import annotations

from workbench.load.cleaning.sql_expressions import CastSql, case_when, half_width, is_one_of, matches
from workbench.store.sql_quoting import quoted_text

PLAIN_ID = "[A-Za-z_一-鿿]*[0-9][A-Za-z0-9_一-鿿]*"
"""The usual id: one word with a digit in it, so that it cannot be a word for missing."""

DASHED_ID = "[A-Za-z_一-鿿-]*[0-9][A-Za-z0-9_一-鿿-]*"
"""The same with dashes, which stand in telephone numbers too."""

MOBILE = r"(?:[(（]?(?:\+|00)[- ]?86[)）]?[- ]?)?(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})"
"""A mobile number of mainland China, as people type it."""

MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"

TIDY_WORDS = "[A-Za-z0-9_一-鿿](?:[A-Za-z0-9_ 一-鿿-]*[A-Za-z0-9_一-鿿])?"
"""A name or a number that needs no tidying, but may be a word for missing."""

SCIENTIFIC_ID = r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}|[0-9][.,][0-9]+[eE][0-9]{1,3}"
LOST_DIGITS = rf"{SCIENTIFIC_ID}|-?[1-9][0-9]{{15,}}\.0"
WHOLE_FLOAT = r"(-?(?:0|[1-9][0-9]{0,14}))\.0"
WRAPPED_LITERAL = """(?:="(.*)"|''(.+))"""
"""What makes spreadsheets leave an id alone: ="00123" or a leading apostrophe."""


def id_sql(column_sql: str, *, absent: tuple[str, ...] = ()) -> CastSql:
    """Cast a column of written ids to VARCHAR; `absent` words count as missing. Cause: `id_lost_digits`."""
    tidy = half_width(column_sql)
    # The quoted form holds at most one of the two groups; the other replaces to nothing.
    unwrapped = f"trim(regexp_replace({tidy}, '^{WRAPPED_LITERAL}$', '\\1\\2'))"
    mobile = f"regexp_replace({unwrapped}, {quoted_text(f'^{MOBILE}$')}, '\\1\\2\\3')"
    value = case_when(
        (matches(column_sql, PLAIN_ID), column_sql),
        (matches(unwrapped, MOBILE), mobile),
        (matches(column_sql, DASHED_ID), column_sql),
        (is_one_of(tidy, absent), "NULL"),
        (matches(column_sql, TIDY_WORDS), column_sql),
        (matches(unwrapped, LOST_DIGITS), "NULL"),
        (matches(unwrapped, MAIL), f"lower({unwrapped})"),
        otherwise=f"nullif(regexp_replace({unwrapped}, '^{WHOLE_FLOAT}$', '\\1'), '')",
    )
    return CastSql(value, "NULL", "'id_lost_digits'")
