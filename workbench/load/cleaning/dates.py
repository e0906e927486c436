"""Dates as files write them: 2024-01-05, 20240105, 2024/1/1 8:41, 2024年3月5日 8时41分, 45296, 5-Mar-2024.

What is read, and what is refused:

- years 1900 to 2199, the year in four digits; the clock time as written (a time zone is not converted);
- 03/05/2024 is ambiguous until a `date_format` is chosen; 12/31/2024 has one reading and is read; 9/24/19 is not;
- a whole number of five digits (10000 to 79999) is an Excel serial of the 1900 system; `date_format="excel1904"`
  chooses the other system, `"excel"` declares the column to be serials of any length;
- with a chosen `date_format` (as in strptime) texts that begin with a four-digit year are still read, serials are not;
- 20250229 is impossible; 12/31/1899 09:30 is a time that lost its date.
"""

from __future__ import annotations

import re

from workbench.errors import LoadError
from workbench.load.cleaning.sql_expressions import CastSql, case_when, half_width, matches, quoted_list

YEAR = "(?:19|20|21)[0-9]{2}"
HOUR = "(?:[01]?[0-9]|2[0-3])"
CLOCK = rf"{HOUR}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
PLAIN_DAY = f"{YEAR}-[0-9]{{2}}-[0-9]{{2}}"
PLAIN_MOMENT = rf"{YEAR}(?:-[0-9]{{1,2}}-|/[0-9]{{1,2}}/)[0-9]{{1,2}}(?:[ T]{CLOCK})?"
ZONE = "(?:Z|UTC|[-+][0-9]{2}:?[0-9]{2})"
ZONED = rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)? ?{ZONE}"
COMPACT = {f"{YEAR}[0-9]{{4}}": "%Y%m%d", f"{YEAR}[0-9]{{8}}": "%Y%m%d%H%M", f"{YEAR}[0-9]{{10}}": "%Y%m%d%H%M%S"}
CHINESE = f"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}日"
SERIAL = r"[1-7][0-9]{4}(?:\.[0-9]+)?"
ANY_SERIAL = r"(?:6[1-9]|[7-9][0-9]|[1-9][0-9]{2,4})(?:\.[0-9]+)?"
"""From 61 on: Excel's 1900 system counts a 29 February 1900 that never was as day 60."""

EPOCHS = {"excel": "1899-12-30", "excel1904": "1904-01-01"}

DIVIDED = rf"{YEAR}(?:\.[0-9]{{1,2}}\.|/[0-9]{{1,2}}/|-[0-9]{{1,2}}-)[0-9]{{1,2}}(?:[ T]+{CLOCK})?"
SPELLED = f"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}日? *(?:{CLOCK}|{HOUR}[时点][0-5]?[0-9]分?(?:[0-5]?[0-9]秒)?)?"

TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
HALVES_OF_DAY = (" %I:%M %p", " %I:%M:%S %p", " %p %I:%M", " %p %I:%M:%S")
YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
NAMED_MONTH = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%B-%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y")

REST = "(?:(?:[ T]|日[0-9]).*)?"
SMALL, LARGE = "(?:0?[1-9]|1[0-2])", "(?:1[3-9]|2[0-9]|3[01])"
PROVES_DAY_FIRST = f"{LARGE}[-/.]{SMALL}[-/.]{YEAR}(?: .*)?"
PROVES_MONTH_FIRST = f"{SMALL}[-/.]{LARGE}[-/.]{YEAR}(?: .*)?"
HAS_NAMED_MONTH = f"(?:[0-9]{{1,2}}[- ][A-Za-z]{{3,9}}[- ]{YEAR}|[A-Za-z]{{3,9}} [0-9]{{1,2}},? {YEAR})(?: .*)?"
TIME_ONLY = (
    r"12[-/]3[01][-/]1899(?: .*)?|1899[-/]12[-/]3[01](?:[ T].*)?|0?1/0/1900(?: .*)?|1900[-/]0?1[-/]0?0(?:[ T].*)?"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AP]M)?|0\.[0-9]+"
)
CHINESE_DIGITS = ("〇零一二三四五六七八九号", "00123456789日")
TIDY = "[!-~年月日](?:[ -~年月日时点分秒]*[!-~年月日分秒])?"
DIRECTIVES = re.compile(r"%([A-Za-z%-])")


def date_sql(column_sql: str, *, date_format: str | None = None) -> CastSql:
    """Cast a column of written dates to DATE; a time of day is left out. Causes as in `timestamp_sql`."""
    moment = timestamp_sql(column_sql, date_format=date_format)
    if date_format is not None:
        return CastSql(f"CAST({moment.value} AS DATE)", moment.missing, moment.cause)
    plain = (matches(column_sql, PLAIN_DAY), f"TRY_CAST({column_sql} AS DATE)")
    return CastSql(case_when(plain, otherwise=f"CAST({moment.value} AS DATE)"), moment.missing, moment.cause)


def timestamp_sql(column_sql: str, *, date_format: str | None = None) -> CastSql:
    """Cast a column of written moments to TIMESTAMP (a date alone becomes its midnight).

    Causes: `not_date`, `ambiguous_date`, `impossible_date`, `incomplete_date`, `date_out_of_range`,
    `time_without_date`.
    """
    tidy = _tidy(column_sql)
    value = _undeclared(column_sql, tidy, alone=date_format is None)
    if date_format in EPOCHS:
        value = case_when(
            (matches(column_sql, ANY_SERIAL), _from_serial(column_sql, EPOCHS[date_format])), otherwise=value
        )
    elif date_format is not None:
        value = f"coalesce({_declared(tidy, date_format)}, {value})"
    return CastSql(value, "NULL", _cause(tidy, date_format))


def check_date_format(date_format: str) -> None:
    """Raise LoadError unless the format is "excel", "excel1904" or names year, month and day as strptime does."""
    named = set(DIRECTIVES.findall(date_format))
    complete = named & set("Yy") and named & set("mbB") and "d" in named
    if date_format not in EPOCHS and not (complete and named <= set("YymbBdHMSIpf")):
        raise LoadError("unknown_date_format", format=date_format, examples=["%d/%m/%Y", "%m/%d/%y", "%Y%m%d", *EPOCHS])


def _tidy(column_sql: str) -> str:
    """Half-width, Chinese digits as digits, 上午 and 下午 as AM and PM."""
    wide = half_width(column_sql, CHINESE_DIGITS)
    for pattern, digits in (("([1-9])十([1-9])", r"\1\2"), ("([1-9])十", r"\10"), ("十([1-9])", r"1\1"), ("十", "10")):
        wide = f"regexp_replace({wide}, '{pattern}', '{digits}', 'g')"
    wide = f"replace(replace({wide}, '上午', ' AM '), '下午', ' PM ')"
    return case_when((matches(column_sql, TIDY), column_sql), otherwise=wide)


def _undeclared(column_sql: str, tidy: str, *, alone: bool) -> str:
    """The forms that need no choice.

    `alone`, without a chosen format, adds serials and dates whose own digits prove the order.
    """
    certain = [
        (matches(column_sql, PLAIN_MOMENT), f"TRY_CAST({column_sql} AS TIMESTAMP)"),
        *((matches(column_sql, pattern), f"try_strptime({column_sql}, '{form}')") for pattern, form in COMPACT.items()),
        (matches(column_sql, CHINESE), f"try_strptime({column_sql}, '%Y年%m月%d日')"),
        (matches(column_sql, ZONED), f"TRY_CAST({column_sql}[1:19] AS TIMESTAMP)"),
    ]
    proven = [
        (matches(column_sql, SERIAL), _from_serial(column_sql, EPOCHS["excel"])),
        (matches(tidy, PROVES_DAY_FIRST), _parsed(tidy, DAY_FIRST)),
        (matches(tidy, PROVES_MONTH_FIRST), _parsed(tidy, MONTH_FIRST)),
    ]
    slow = [
        (matches(tidy, DIVIDED), _from_parts(tidy)),
        (matches(tidy, SPELLED), _from_parts(tidy)),
        (matches(tidy, f"{YEAR}[-/.年].*[AP]M.*"), _parsed(tidy, YEAR_FIRST, HALVES_OF_DAY)),
        *((matches(tidy, pattern), f"try_strptime({tidy}, '{form}')") for pattern, form in COMPACT.items()),
        (matches(tidy, HAS_NAMED_MONTH), _parsed(tidy, NAMED_MONTH)),
    ]
    return case_when(*certain, *(proven if alone else ()), *slow)


def _parsed(tidy: str, days: tuple[str, ...], times: tuple[str, ...] = TIMES) -> str:
    return f"try_strptime({tidy}, {quoted_list(day + time for day in days for time in times)})"


def _from_parts(tidy: str) -> str:
    """Cast a text of year, month, day and perhaps hour, minute, second, whatever stands between them."""
    plain = f"regexp_replace({tidy}, '^([0-9]+)[./]([0-9]+)[./]', '\\1-\\2-')"
    for written, wanted in {"年": "-", "月": "-", "日": " ", "时": ":", "点": ":", "分": ":", "秒": ""}.items():
        plain = f"replace({plain}, '{written}', '{wanted}')"
    return f"TRY_CAST(rtrim({plain}, ': ') AS TIMESTAMP)"


def _declared(tidy: str, date_format: str) -> str:
    """Read by the chosen format and any time of day after it. `%Y` is four digits; with `%y` four may occur too."""
    check_date_format(date_format)
    read = f"try_strptime({tidy}, {_with_times(date_format)})"
    if "%y" in date_format:
        long_year = f"try_strptime({tidy}, {_with_times(date_format.replace('%y', '%Y'))})"
        return f"coalesce({read}, {case_when((_has_full_year(tidy), long_year))})"
    return case_when((_has_full_year(tidy), read))


def _with_times(date_format: str) -> str:
    timed = any(directive in date_format for directive in ("%H", "%I"))
    return quoted_list([date_format] if timed else [date_format + time for time in TIMES])


def _has_full_year(tidy: str) -> str:
    return f"regexp_matches({tidy}, '{YEAR}')"


def _from_serial(column_sql: str, epoch: str) -> str:
    """Days since the epoch, to the second: Excel's fractions are not exact."""
    return f"TIMESTAMP '{epoch}' + to_seconds(CAST(round(CAST({column_sql} AS DOUBLE) * 86400) AS BIGINT))"


def _cause(tidy: str, date_format: str | None) -> str:
    """Say why a text is not a date."""
    numbers = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
    unclear = "impossible_date" if date_format else "ambiguous_date"
    short = "impossible_date" if date_format and "%y" in date_format else "ambiguous_date"
    named = "[0-9]{1,2}[- ][A-Za-z]{3,9}[- ][0-9]{2}"
    two_digits = f"{numbers}[0-9]{{2}}(?: .*)?|[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日.*|{named}"
    return case_when(
        (matches(tidy, TIME_ONLY), "'time_without_date'"),
        (matches(tidy, f"{PROVES_DAY_FIRST}|{PROVES_MONTH_FIRST}"), "'impossible_date'"),
        (matches(tidy, f"{SMALL}[-/.]{SMALL}[-/.]{YEAR}(?: .*)?"), f"'{unclear}'"),
        (matches(tidy, f"{numbers}[0-9]{{4}}(?: .*)?"), "'impossible_date'"),
        (matches(tidy, two_digits), f"'{short}'"),
        (matches(tidy, f"{YEAR}[0-9]{{4}}(?:[0-9]{{4}})?(?:[0-9]{{2}})?"), "'impossible_date'"),
        (matches(tidy, f"{YEAR}[-/.年][0-9]{{1,2}}[-/.月][0-9]{{1,2}}日?{REST}"), "'impossible_date'"),
        (matches(tidy, f"{YEAR}年?|{YEAR}[-/.年]?[0-9]{{1,2}}月?|[0-9]{{1,2}}月[0-9]{{1,2}}日"), "'incomplete_date'"),
        (matches(tidy, f"[0-9]{{4}}[-/.年][0-9]{{1,2}}[-/.月][0-9]{{1,2}}日?{REST}|[0-9]{{8}}"), "'date_out_of_range'"),
        otherwise="'not_date'",
    )
