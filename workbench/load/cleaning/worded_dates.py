"""Dates with words in them, rewritten as plain ones: weekdays, halves of the day, ordinals, the order of Java and JS.

`Fri Jan 05 10:00:00 CST 2024` becomes `JAN 05 2024 10:00:00 CST`, `2024年1月5日 星期五 晚上8:05` becomes
`2024年1月5日 PM 8:05`. The words of a weekday say nothing that the date does not, and are left out.
"""

from __future__ import annotations

from workbench.store.sql_quoting import quoted_text

WORDED = "[A-Za-z,]|星期|周|礼拜|[(\\[]"
"""What makes a text pay for the rewriting."""

WITH_HALF_OF_DAY = "[0-9][-0-9./年月日]+ (?:0?[1-9]|1[0-2]):[0-9]{2}(?::[0-9]{2})? [AP]M"
"""A date that needs no rewriting although there are letters in it."""

WEEKDAY = r"\b(?:MON|TUES?|WED(?:NES)?|THU(?:RS?)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?\b[.,]*"
CHINESE_WEEKDAY = r"[(\[]?(?:星期|周|礼拜)[1-6日天][)\]]?|[(\[][1-6日][)\]]"
AFTERNOON_HOUR = "(1[3-9]|2[0-3])"
CLOCK_BEHIND = "(:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?)"

REWRITES = (
    (r"(:[0-9]{2}),([0-9]{3})\b", r"\1.\2"),  # 10:00:00,123
    (r",? *(?:\bAT\b)? ([0-9]{1,2}:)", r" \1"),  # 1/5/2024, 10:00
    (r"([0-9]{4}):([0-9]{2}:)", r"\1 \2"),  # 05/Jan/2024:10:00:00, as web servers write
    (WEEKDAY, " "),
    (CHINESE_WEEKDAY, " "),
    (r"(^|[0-9 ])([AP])\.? ?M\b\.?", r"\1 \2M"),  # 3:05p.m.
    (r"([0-9])(?:ST|ND|RD|TH)\b", r"\1"),
    (r"\bSEPT\b", "SEP"),
    (r"\b([A-Z]{3,9})\. ?", r"\1 "),  # Jan. 5
    (r"([0-9])\. ([A-Z]{3,9})\b", r"\1 \2"),  # 5. March
    (rf"PM *{AFTERNOON_HOUR}:", r"\1:"),  # 下午 15:05
    (rf"\b{AFTERNOON_HOUR}{CLOCK_BEHIND} *PM\b", r"\1\2"),
    (r"AM *(00?:)", r"\1"),  # 上午 0:05
    (rf"\b(00?){CLOCK_BEHIND} *AM\b", r"\1\2"),
    (r"([0-9]) *T *([0-9]{1,2}:)", r"\1 \2"),
    (r" +", " "),
    (r"^ *([A-Z]{3}) ([0-9]{1,2}) ([0-9]{1,2}:[0-9:.]+)((?: .+)?) ([0-9]{4})$", r"\1 \2 \5 \3\4"),  # as Java writes
)
"""In this order, on a text in capitals."""

PARTS_OF_DAY = (
    ("凌晨|清晨|早上|早晨|上午", " AM "),
    ("下午|傍晚|午后", " PM "),
    ("(?:晚上|晚间|夜里) *((?:0?[5-9]|1[01]|1[7-9]|2[0-3])[:时点])", r" PM \1"),
    ("中午 *((?:12|0?[12]|1[34])[:时点])", r" PM \1"),
)
"""Chinese words for a part of the day; 晚上 12:10 could be either midnight and stays a word."""


def with_halves_of_day(text_sql: str) -> str:
    """Write 上午 and its kin as AM, 下午 and its kin as PM."""
    for pattern, marked in PARTS_OF_DAY:
        text_sql = f"regexp_replace({text_sql}, {quoted_text(pattern)}, {quoted_text(marked)}, 'g')"
    return text_sql


def without_words(text_sql: str) -> str:
    """Rewrite a text in which words stand beside the date."""
    plain = f"upper({text_sql})"
    for pattern, wanted in REWRITES:
        plain = f"regexp_replace({plain}, {quoted_text(pattern)}, {quoted_text(wanted)}, 'g')"
    return f"trim({plain}, ' ,')"
