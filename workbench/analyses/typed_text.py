"""Numbers and days that stand in a column of text: read by patterns of our own, so that every engine reads the same."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

NUMBER = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
DAY_PATTERN = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T]([01]?[0-9]|2[0-4]):[0-5]?[0-9](:[0-5]?[0-9])?([+-][0-9:]+|Z)?)?$"
"""Year, month and day; a time may follow. Engines know more words for numbers and days, and each knows others."""

LARGEST_FLOAT = 1.7e308
"""Beyond this a float is infinite, and no number that anybody typed."""


def typed_number(text: ir.StringValue) -> ir.FloatingValue:
    """Read text as a number; null where it is none.

    >>> typed_number(ibis.literal(" -1.5e3 ")).to_pandas(), typed_number(ibis.literal("12d")).isnull().to_pandas()
    (-1500.0, True)
    """
    number = _fitting(text.strip(), NUMBER).try_cast("float64")
    return ibis.ifelse(number.abs() <= LARGEST_FLOAT, number, ibis.null("float64"))


def typed_day(text: ir.StringValue) -> ir.DateValue:
    """Read text as a day, such as 2024-2-29, 2024/02/29, 2024.2.29 or 2024年2月29日; null where it is none.

    >>> typed_day(ibis.literal("2024年2月29日")).to_pandas(), typed_day(ibis.literal("2023-2-29")).isnull().to_pandas()
    (Timestamp('2024-02-29 00:00:00'), True)
    """
    words = text.strip()
    for mark in ("年", "月", "/", "."):
        words = words.replace(mark, "-")
    return _fitting(words.replace("日", ""), DAY_PATTERN).try_cast("date")


def _fitting(text: ir.StringValue, pattern: str) -> ir.StringValue:
    return ibis.ifelse(text.re_search(pattern), text, ibis.null("string"))
