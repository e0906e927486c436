"""Dates as files write them: 2024-01-05, 20240105, 2024/1/1 8:41, 2024年3月5日 8时41分, 45296, 5-Mar-2024.

What is read, and what is refused:

- years 1900 to 2199, the year in four digits; the clock time as written, or brought to the company's time zone where a
  zone stands behind it (`time_zones`); weekdays and other words beside the date say nothing (`worded_dates`);
- 03/05/2024 is ambiguous until a `date_format` is chosen; 12/31/2024 has one reading and is read; 9/24/19 is not;
- a whole number of five digits (10000 to 79999) is an Excel serial of the 1900 system, or of 1904 where the workbook
  says so; `date_format="excel1904"` chooses the other system, `"excel"` declares serials of any length;
- with a chosen `date_format` (as in strptime) texts that begin with a four-digit year are still read, serials are not;
- 2024-01 is no day until `date_format="month_end"` says that its last one is meant; so with 2024Q1 (`"quarter_end"`),
  2024-W05 (`"week_end"`), 2024H1 (`"half_end"`) and 2024 (`"year_end"`);
- 20250229 is impossible; 12/31/1899 09:30 is a time that lost its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from workbench.errors import LoadError
from workbench.load.cleaning.sql_expressions import CastSql, case_when, half_width, matches, named, quoted_list
from workbench.load.cleaning.time_zones import (
    HOURS,
    MAY_END_IN_ZONE,
    SEVERAL_MEANINGS,
    TIME_SLOT,
    ZONE_AT_END,
    from_zone_of_header,
    in_company_zone,
    known_hours,
)
from workbench.load.cleaning.worded_dates import WITH_HALF_OF_DAY, WORDED, with_halves_of_day, without_words
from workbench.store.sql_quoting import quoted_text, quoted_texts

DateSystem = Literal["excel", "excel1904"]
"""From which day Excel counts: 30 December 1899, or 1 January 1904."""

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

MONTH_END = "month_end"
"""The format of texts that name a month and no day, 2024-01 or 202401: its last day is meant."""

MONTH_ALONE = f"({YEAR})(?:[-/.]|年)? ?(0?[1-9]|1[0-2])(?:月份?)?"
QUARTER_ALONE = f"(?i)({YEAR})(?:年?度?)?[-/. ]?(?:(?:q|第)([1-4])(?:季度?)?|([1-4])季度?)|q([1-4])[-/. ]?({YEAR})"
HALF_ALONE = f"(?i)({YEAR})年?[-/. ]?(?:h([12])|([上下])半年)|h([12])[-/. ]?({YEAR})"
WEEK_ALONE = (
    f"(?i)({YEAR})年?[-/. ]?(?:(?:w|wk|week|第) ?(0?[1-9]|[1-4][0-9]|5[0-3])(?:周)?|(0?[1-9]|[1-4][0-9]|5[0-3])周)"
)
YEAR_WITHOUT_MONTH = f"({YEAR})(?:年度?)?"

PERIOD_FORMATS: Mapping[str, str] = {
    MONTH_END: MONTH_ALONE, "quarter_end": QUARTER_ALONE, "half_end": HALF_ALONE, "week_end": WEEK_ALONE,
    "year_end": YEAR_WITHOUT_MONTH,
}  # fmt: skip
"""The formats of texts that name a longer period instead of a day, and how these are written: its last day is meant."""

EPOCHS = {"excel": "1899-12-30", "excel1904": "1904-01-01"}

DIVIDED = rf"{YEAR}(?:\.[0-9]{{1,2}}\.|/[0-9]{{1,2}}/|-[0-9]{{1,2}}-)[0-9]{{1,2}}(?:[ T]+{CLOCK})?"
SPELLED = f"{YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}日? *(?:{CLOCK}|{HOUR}[时点][0-5]?[0-9]分?(?:[0-5]?[0-9]秒)?)?"

TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
HALVES_OF_DAY = (" %I:%M %p", " %I:%M:%S %p", " %p %I:%M", " %p %I:%M:%S")
YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
REST = "(?:[ T日]*[0-9:.时点分秒APM ]*)?"
"""What may stand behind a day that does not exist, for that to be the fault."""

SMALL, LARGE = "(?:0?[1-9]|1[0-2])", "(?:1[3-9]|2[0-9]|3[01])"
PROVES_DAY_FIRST = f"{LARGE}[-/.]{SMALL}[-/.]{YEAR}(?: .*)?"
PROVES_MONTH_FIRST = f"{SMALL}[-/.]{LARGE}[-/.]{YEAR}(?: .*)?"
MONTH = "(?i:(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:UARY|RUARY|CH|IL|E|Y|UST|T?TEMBER|OBER|EMBER)?)"
AFTER_DAY = "((?:[ :].*)?)"
NAMED_MONTHS = {
    rf"([0-9]{{1,2}})[-/ ]?{MONTH}[-/ ]?({YEAR}){AFTER_DAY}": r"\1 \2 \3\4",
    rf"{MONTH}[- ]([0-9]{{1,2}})(?:,? |-)({YEAR}){AFTER_DAY}": r"\2 \1 \3\4",
    rf"({YEAR})[-/ ]{MONTH}[-/ ]([0-9]{{1,2}}){AFTER_DAY}": r"\3 \2 \1\4",
}
"""Dates with the name of a month, and how they are written as day, month, year and what stands behind."""

TIME_ONLY = (
    r"12[-/]3[01][-/]1899(?: .*)?|1899[-/]12[-/]3[01](?:[ T].*)?|0?1/0/1900(?: .*)?|1900[-/]0?1[-/]0?0(?:[ T].*)?"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AP]M)?|0\.[0-9]+"
)
CHINESE_DIGITS = ("〇零一二三四五六七八九号", "00123456789日")
TIDY = "[!-~年月日](?:[ -~年月日时点分秒]*[!-~年月日分秒])?"
ZONE_IN_FORMAT = re.compile(r" ?(?<!%)[\[(]?(?:Z|[A-Z]{3,5})[\])]?$")
"""A format that ends in a zone, `… %p PDT`, means the moments before it; their zones are read like all others."""

DIRECTIVES = re.compile(r"%([A-Za-z%-])")


def date_sql(
    column_sql: str,
    *,
    date_format: str | None = None,
    time_zone: str | None = None,
    serials: DateSystem = "excel",
    zone: str | None = None,
) -> CastSql:
    """Cast a column of written dates to DATE; a time of day is left out. Causes as in `timestamp_sql`."""
    moment = timestamp_sql(column_sql, date_format=date_format, time_zone=time_zone, serials=serials, zone=zone)
    if date_format is not None:
        return CastSql(f"CAST({moment.value} AS DATE)", moment.missing, moment.cause)
    plain = (matches(column_sql, PLAIN_DAY), f"TRY_CAST({column_sql} AS DATE)")
    return CastSql(case_when(plain, otherwise=f"CAST({moment.value} AS DATE)"), moment.missing, moment.cause)


def timestamp_sql(
    column_sql: str,
    *,
    date_format: str | None = None,
    time_zone: str | None = None,
    serials: DateSystem = "excel",
    zone: str | None = None,
) -> CastSql:
    """Cast a column of written moments to TIMESTAMP (a date alone becomes its midnight).

    `time_zone` is the one in which the company counts its days, `serials` the system of the workbook, `zone` what the
    header names for the moments that write none. Causes:
    `not_date`, `ambiguous_date`, `impossible_date`, `incomplete_date`, `date_out_of_range`, `time_without_date`,
    `time_zone_open` and `time_zone_unknown`.
    """
    tidy = _tidy(column_sql)
    if date_format is not None and date_format in PERIOD_FORMATS:
        plain = timestamp_sql(column_sql, time_zone=time_zone, serials=serials, zone=zone)
        is_period, last_day = matches(tidy, PERIOD_FORMATS[date_format]), period_end_sql(tidy, date_format)
        return CastSql(case_when((is_period, last_day), otherwise=plain.value), plain.missing, plain.cause)
    if date_format is not None and date_format not in EPOCHS:
        date_format = ZONE_IN_FORMAT.sub("", date_format)
    written = date_format if date_format not in EPOCHS else None
    value = _undeclared(column_sql, tidy, written, time_zone, None if date_format else serials)
    if written is not None:
        value = f"coalesce({_declared(tidy, written)}, {value})"
    elif date_format is not None:
        epoch = EPOCHS["excel1904" if "excel1904" in (serials, date_format) else "excel"]
        value = case_when((matches(column_sql, ANY_SERIAL), _from_serial(column_sql, epoch)), otherwise=value)
    cause = _cause(tidy, date_format, time_zone)
    return CastSql(value, "NULL", cause) if zone is None else _from_zone(value, cause, column_sql, zone, time_zone)


def period_end_sql(tidy: str, date_format: str) -> str:
    """Return the SQL of the last day of the period that a text names, for texts of that form alone."""

    def part(*groups: int) -> str:
        whole = quoted_text(f"^(?:{PERIOD_FORMATS[date_format]})$")
        texts = (f"regexp_extract({tidy}, {whole}, {one})" for one in groups)
        return f"coalesce({', '.join(f'nullif({text}, {NO_GROUP})' for text in texts)})"

    year = f"CAST({part(*PERIOD_YEARS.get(date_format, (1,)))} AS INTEGER)"
    match date_format:
        case "week_end":  # the week that holds 4 January is the first
            monday = f"date_trunc('week', make_date({year}, 1, 4)) + to_days(7 * CAST({part(2, 3)} AS INTEGER))"
            return f"CAST({monday} - INTERVAL 1 DAY AS TIMESTAMP)"
        case "half_end":
            month = f"CASE WHEN {part(2, 3, 4)} IN ('1', '上') THEN 6 ELSE 12 END"
        case "quarter_end":
            month = f"3 * CAST({part(2, 3, 4)} AS INTEGER)"
        case "year_end":
            month = "12"
        case _:
            month = f"CAST({part(2)} AS INTEGER)"
    return f"CAST(last_day(make_date({year}, {month}, 1)) AS TIMESTAMP)"


NO_GROUP = quoted_text("")
PERIOD_YEARS = {"quarter_end": (1, 5), "half_end": (1, 5)}
"""Where the year of a period stands, if not first alone."""

PERIOD_STARTS = {
    MONTH_END: "date_trunc('month', {})", "quarter_end": "date_trunc('quarter', {})",
    "half_end": "date_trunc('month', {} - INTERVAL 5 MONTH)", "week_end": "date_trunc('week', {})",
    "year_end": "date_trunc('year', {})",
}  # fmt: skip
"""The first day of a period, from its last."""


def _from_zone(value: str, cause: str, column_sql: str, zone: str, time_zone: str | None) -> CastSql:
    """Bring moments without a zone of their own from that of the header to the company's; a day alone stays.

    Without the company's zone they have no day, as those that write their zone.
    """
    tidy = _tidy(column_sql)
    has_own = says_zone(column_sql)
    has_clock = named(value, "m", f"m <> CAST(m AS DATE) OR regexp_matches({tidy}, '[0-9] ?[:时点]|T[0-9]')")
    brought = from_zone_of_header("m", zone, time_zone) if time_zone else None
    at_fault = "'time_zone_open'" if time_zone is None else "'time_zone_unknown'"
    is_meant = f"({has_clock}) AND NOT ({has_own})"
    moved = case_when((is_meant, named(value, "m", brought or "NULL")), otherwise=value)
    return CastSql(moved, "NULL", case_when((f"({value}) IS NOT NULL", at_fault), otherwise=cause))


def says_zone(column_sql: str) -> str:
    """Return the SQL that tells whether a written moment has a time zone behind it."""
    return _rewritten(_tidy(column_sql), HAS_ZONE)


def check_date_format(date_format: str) -> None:
    """Raise LoadError unless the format is "excel", "excel1904", "month_end" and the like, or one of strptime's."""
    named = set(DIRECTIVES.findall(date_format))
    complete = named & set("Yy") and named & set("mbB") and "d" in named
    if date_format not in (*EPOCHS, *PERIOD_FORMATS) and not (complete and named <= set("YymbBdHMSIpf")):
        raise LoadError("unknown_date_format", format=date_format, examples=["%d/%m/%Y", "%m/%d/%y", "%Y%m%d", *EPOCHS])


def _tidy(column_sql: str) -> str:
    """Half-width, Chinese digits as digits, 上午 and 下午 as AM and PM."""
    wide = half_width(column_sql, CHINESE_DIGITS)
    for pattern, digits in (("([1-9])十([1-9])", r"\1\2"), ("([1-9])十", r"\10"), ("十([1-9])", r"1\1"), ("十", "10")):
        wide = f"regexp_replace({wide}, '{pattern}', '{digits}', 'g')"
    return case_when((matches(column_sql, TIDY), column_sql), otherwise=with_halves_of_day(wide))


def _undeclared(
    column_sql: str, tidy: str, date_format: str | None, time_zone: str | None, serials: DateSystem | None
) -> str:
    """The forms that need no choice: the usual ones first, on the text as it is, then the rare ones, tidied.

    `serials` None stands for a chosen format: then neither serials nor dates whose own digits prove the order are read.
    """
    joined = column_sql
    for sign in "+-Z":  # DuckDB wants the zone right behind the time
        joined = f"replace({joined}, ' {sign}', '{sign}')"
    zoned = f"timezone({quoted_text(time_zone)}, TRY_CAST({joined} AS TIMESTAMPTZ))" if time_zone else "NULL"
    usual = [
        (matches(column_sql, PLAIN_MOMENT), f"TRY_CAST({column_sql} AS TIMESTAMP)"),
        *((matches(column_sql, pattern), f"try_strptime({column_sql}, '{form}')") for pattern, form in COMPACT.items()),
        (matches(column_sql, CHINESE), f"try_strptime({column_sql}, '%Y年%m月%d日')"),
        (matches(column_sql, f"{SPELLED}|{DIVIDED}"), _from_parts(column_sql)),
        (matches(column_sql, ZONED), zoned),
    ]
    if serials is not None:
        usual.append((matches(column_sql, SERIAL), _from_serial(column_sql, EPOCHS[serials])))
    alone = serials is not None

    def moment(text: str) -> str:
        certain = _moment(text, alone=alone)
        return f"coalesce({_declared(text, date_format)}, {certain})" if date_format else certain

    in_zone = "NULL"
    if time_zone:
        in_zone = named(moment(WITHOUT_ZONE), "m", in_company_zone("m", ZONE, time_zone))
    return case_when(*usual, otherwise=_rewritten(tidy, case_when((HAS_ZONE, in_zone), otherwise=moment("w"))))


HAS_ZONE = " AND ".join(
    f"{no}regexp_matches(w, '{pattern}')"
    for no, pattern in (("", MAY_END_IN_ZONE), ("", ZONE_AT_END), ("NOT ", TIME_SLOT))
)
ZONE = f"regexp_extract(w, '{ZONE_AT_END}', 2)"
WITHOUT_ZONE = f"regexp_replace(w, '{ZONE_AT_END}', '\\1')"
"""What a rewritten text `w` says of its time zone."""


def _rewritten(tidy: str, body: str) -> str:
    """An expression over `w`, the tidied text without the words beside the date."""
    words = f"regexp_matches(t, {quoted_text(WORDED)}) AND NOT {matches('t', WITH_HALF_OF_DAY)}"
    worded = case_when((words, without_words("t")), otherwise="t")
    return named(tidy, "t", named(worded, "w", body))


def _moment(text: str, *, alone: bool) -> str:
    """Read a tidied text; `alone`, without a chosen format, also a date whose own digits prove the order."""
    proven = [
        (matches(text, PROVES_DAY_FIRST), _parsed(text, DAY_FIRST)),
        (matches(text, PROVES_MONTH_FIRST), _parsed(text, MONTH_FIRST)),
    ]
    forms = [
        (matches(text, DIVIDED), _from_parts(text)),
        (matches(text, SPELLED), _from_parts(text)),
        (matches(text, f"{YEAR}[-/.年].*[AP]M.*"), _parsed(text, YEAR_FIRST, HALVES_OF_DAY)),
        *((matches(text, pattern), f"try_strptime({text}, '{form}')") for pattern, form in COMPACT.items()),
        (matches(text, f"{YEAR}[0-9]{{4}} {CLOCK}"), _parsed(text, ("%Y%m%d",))),
        *((matches(text, pattern), _named_month(text, pattern, order)) for pattern, order in NAMED_MONTHS.items()),
    ]
    return case_when(*(proven if alone else ()), *forms)


def _parsed(tidy: str, days: tuple[str, ...], times: tuple[str, ...] = TIMES) -> str:
    return f"try_strptime({tidy}, {quoted_list(day + time for day in days for time in times)})"


def _named_month(text: str, pattern: str, order: str) -> str:
    """Parse a date with the name of a month; only forms with the same kind of clock are tried."""
    ordered = f"regexp_replace({text}, {quoted_text(f'^{pattern}$')}, {quoted_text(order)})"
    halves = quoted_list(f"%d %b %Y{clock}" for clock in HALVES_OF_DAY[:2])
    whole = quoted_list(f"%d %b %Y{clock}" for clock in TIMES[:4])
    by_clock = case_when(
        ("regexp_matches(d, '(?i)[AP]M$')", f"try_strptime(d, {halves})"), otherwise=f"try_strptime(d, {whole})"
    )
    return named(ordered, "d", by_clock)


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


def _readable_names(time_zone: str | None) -> Iterable[str]:
    """The abbreviations of zones that are read; without the company's zone those that any such zone would settle."""
    return known_hours(time_zone) if time_zone else (*HOURS, *SEVERAL_MEANINGS)


def _cause(tidy: str, date_format: str | None, time_zone: str | None) -> str:
    """Say why a text is not a date."""
    numbers = "[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
    unclear = "impossible_date" if date_format else "ambiguous_date"
    short = "impossible_date" if date_format and "%y" in date_format else "ambiguous_date"
    named_month = f"[0-9]{{1,2}}[-/ ]?{MONTH}[-/ ]?[0-9]{{2}}|{MONTH}[- ][0-9]{{1,2}}(?:,? |-)[0-9]{{2}}"
    two_digits = f"(?:{numbers}[0-9]{{2}}|{named_month})(?: .*)?|[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日.*"
    causes = [
        (TIME_ONLY, "time_without_date"),
        (f"{PROVES_DAY_FIRST}|{PROVES_MONTH_FIRST}", "impossible_date"),
        (f"{SMALL}[-/.]{SMALL}[-/.]{YEAR}(?: .*)?", unclear),
        (f"{numbers}[0-9]{{4}}(?: .*)?", "impossible_date"),
        (two_digits, short),
        (f"{YEAR}[0-9]{{4}}(?:[0-9]{{4}})?(?:[0-9]{{2}})?", "impossible_date"),
        (f"{YEAR}[-/.年][0-9]{{1,2}}[-/.月][0-9]{{1,2}}日?{REST}", "impossible_date"),
        (f"{YEAR}年?|{YEAR}[-/.年]?[0-9]{{1,2}}月?|[0-9]{{1,2}}月[0-9]{{1,2}}日", "incomplete_date"),
        (f"[0-9]{{4}}[-/.年][0-9]{{1,2}}[-/.月][0-9]{{1,2}}日?{REST}|[0-9]{{8}}", "date_out_of_range"),
    ]
    plain = case_when(*((matches("p", pattern), f"'{cause}'") for pattern, cause in causes), otherwise="'not_date'")
    readable = _moment(WITHOUT_ZONE, alone=date_format is None)
    if date_format and date_format not in EPOCHS:
        readable = f"coalesce({_declared(WITHOUT_ZONE, date_format)}, {readable})"
    known = f"regexp_matches({ZONE}, '[-+−0-9]') OR {ZONE} IN ({quoted_texts(_readable_names(time_zone))})"
    zone = case_when((known, "NULL" if time_zone else "'time_zone_open'"), otherwise="'time_zone_unknown'")
    at_fault = case_when((f"{HAS_ZONE} AND {readable} IS NOT NULL", zone))
    without_zone = case_when((HAS_ZONE, WITHOUT_ZONE), otherwise="w")
    return _rewritten(tidy, f"coalesce({at_fault}, {named(without_zone, 'p', plain)})")
