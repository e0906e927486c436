"""The formats in which days with two readings may be written: what stands between the numbers, words or signs, says."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONG_ORDERS = ("%d/%m/%Y", "%m/%d/%Y")
SHORT_ORDERS = ("%d/%m/%y", "%m/%d/%y", "%y/%m/%d")
NUMBERED_DAY = re.compile(r"\d{1,2}[-/.]\d")
WITH_MONTH_NAME = (
    (re.compile(r"\d{1,2}(?P<sign>[-/ ]?)[A-Za-z]{3,9}(?P=sign)\d{2}\b"), ("%d{sign}%b{sign}%y", "%y{sign}%b{sign}%d")),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>) \d{1,2}, \d{2}\b"), ("%b %d, %y",)),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>) \d{1,2} \d{2}\b"), ("%b %d %y",)),
    (re.compile(r"[A-Za-z]{3,9}(?P<sign>-)\d{1,2}-\d{2}\b"), ("%b{sign}%d{sign}%y",)),
    (re.compile(r"\d{2}(?P<sign>)年\d{1,2}月\d{1,2}日?"), ("%y年%m月%d日",)),
)


def possible_formats(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the texts that have two readings, and the formats they may be written in; the first text decides.

    >>> possible_formats(["2024-01-05", "03/05/2024"]), possible_formats(["5-Mar-24"])
    ((['03/05/2024'], ['%d/%m/%Y', '%m/%d/%Y']), (['5-Mar-24'], ['%d-%b-%y', '%y-%b-%d']))
    """
    numbers = [text for text in texts if NUMBERED_DAY.match(text)]
    if numbers:
        separator = next((sign for sign in "/-." if sign in numbers[0]), "/")
        long = all(re.search(r"[12]\d{3}", text) for text in numbers)
        return numbers, [order.replace("/", separator) for order in (LONG_ORDERS if long else SHORT_ORDERS)]
    for pattern, formats in WITH_MONTH_NAME:
        worded = [text for text in texts if pattern.match(text)]
        if worded and (match := pattern.match(worded[0])):
            return worded, [form.format(sign=match["sign"]) for form in formats]
    return [], []
