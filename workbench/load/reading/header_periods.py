"""The month, quarter, year, week or day that a header names for the figures below it: 2024年1月, Jan 2024, Q1 2024."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["day", "week", "month", "quarter", "half", "year"]

PERIOD_KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "half", "year")
"""From the finest to the coarsest."""

_YEAR = r"(?P<year>19[89][0-9]|20[0-4][0-9])"
_SHORT_YEAR = r"'?(?P<year>19[89][0-9]|20[0-4][0-9]|[0-9]{2})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_TWO_DIGITS = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CHINESE = dict(zip((*"一二三四五六七八九十", "十一", "十二"), range(1, 13), strict=True))
_CHINESE_MONTH = "(?P<chinese>十[一二]?|[一二三四五六七八九])"
_QUARTER = r"(?:q(?P<quarter>[1-4])|第?(?P<chinese>[一二三四1-4])季度?)"
_HALF = r"(?:h(?P<half>[12])|(?P<which>[上下])半年)"
_OPTIONAL = r"[-_/. ]*"

PERIOD_FORMS: tuple[tuple[PeriodKind, str], ...] = (
    ("day", rf"{_YEAR}[-/.年]{_MONTH}[-/.月]{_DAY}日?(?: 0?0:00(?::00)?)?"),
    ("day", rf"{_YEAR}{_TWO_DIGITS}(?P<day>0[1-9]|[12][0-9]|3[01])"),
    ("day", rf"{_MONTH}月{_DAY}[日号]"),
    ("day", rf"{_DAY}[日号]"),
    ("month", rf"{_YEAR}(?:年度?|[-/._ ]){_OPTIONAL}{_MONTH}(?:月份?)?"),
    ("month", rf"{_YEAR}{_TWO_DIGITS}月?"),
    ("month", rf"(?P<year>[0-9]{{2}})年{_MONTH}月份?"),
    ("month", rf"{_YEAR}年?{_CHINESE_MONTH}月份?"),
    ("month", rf"{_MONTH}(?:月份?)?[-/.]{_YEAR}年?"),
    ("month", rf"{_NAME}[-/_ ,.]*{_SHORT_YEAR}"),
    ("month", rf"{_YEAR}{_OPTIONAL}{_NAME}"),
    (
        "month",
        rf"{_YEAR}{_OPTIONAL}m{_MONTH}|m{_MONTH.replace('month', 'month_behind')}{_OPTIONAL}"
        r"(?P<year_behind>20[0-9]{2})",
    ),
    ("month", rf"{_MONTH}月份?"),
    ("month", rf"{_CHINESE_MONTH}月份?"),
    ("month", _NAME),
    ("quarter", rf"{_YEAR}年?{_OPTIONAL}{_QUARTER}"),
    ("quarter", rf"q(?P<quarter>[1-4]){_OPTIONAL}{_SHORT_YEAR}"),
    ("quarter", _QUARTER),
    ("half", rf"{_YEAR}年?{_OPTIONAL}{_HALF}"),
    ("half", rf"h(?P<half>[12]){_OPTIONAL}{_SHORT_YEAR}"),
    ("half", r"(?P<which>[上下])半年"),
    ("week", rf"{_YEAR}年?{_OPTIONAL}(?:w|wk|week ?|第)(?P<week>[0-5]?[0-9])周?"),
    ("week", r"第(?P<week>[0-5]?[0-9])周|(?:w|wk|week) ?(?P<week_behind>[0-5]?[0-9])"),
    ("year", r"(?:fy|财年) ?'?(?P<fiscal>(?:20)?[0-9]{2})|(?P<fiscal_behind>(?:20)?[0-9]{2}) ?(?:fy|财年|财务年度)"),
    ("year", rf"{_YEAR}(?:年度?)?"),
)
"""How a period is written, in any case; the first that is the whole header counts, else the first within it."""

_LINK = r"[-—_ /:：,，|(（\[【]"
_END = r"[)）\]】 ]*"
FIRST_OF_JANUARY = 101
"""The smallest number of a day that names its month."""

MAY_NAME_ONE = re.compile(r"[0-9]|[月季年日]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
"""A cheaper look that spares most headers the forms above."""

TOTAL_HEADERS = (
    "合计",
    "总计",
    "小计",
    "累计",
    "汇总",
    "总额",
    "全年",
    "平均",
    "均值",
    "total",
    "subtotal",
    "sum",
    "average",
    "avg",
    "mean",
    "ytd",
)
SPOKEN_DAY = re.compile(
    r"(?<![0-9])(?P<year>20[0-4][0-9])(?:[-/._年](?P<month_>1[0-2]|0?[1-9])[-/._月](?P<day_>3[01]|[12][0-9]|0?[1-9])日?"
    r"|(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01]))(?![0-9])"
)
SPOKEN_MONTH = re.compile(
    r"(?<![0-9])(?P<year>20[0-4][0-9])(?:(?:年度?|[-/._ ]) ?(?P<month_>1[0-2]|0?[1-9])|(?P<month>0[1-9]|1[0-2]))"
    r"(?:月份?)?(?! ?[-~至到—]? ?[0-9])"
)
SPOKEN_MONTH_NAME = re.compile(
    rf"(?<![A-Za-z])(?:(?P<year_before>20[0-4][0-9])[-/_ ,.]*)?{_NAME}(?![A-Za-z])[-/_ ,.]*(?P<year>20[0-4][0-9])?",
    re.IGNORECASE,
)
YEAR_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class HeaderPeriod:
    """A span of days that a header names, and what else the header says (`sales` in `Jan 2024 sales`).

    `first` and `last` are None where the header leaves the year open, or counts years of its own (FY2024, 第3周).
    """

    kind: PeriodKind
    measure: str
    first: date | None = None
    last: date | None = None
    in_year: int | None = None
    """The place within a year that is not said, the month, the quarter; or the number of a fiscal year."""


def period_of(header: str, year: int | None = None) -> HeaderPeriod | None:
    """Return the period a header names; `year` stands in for one that it does not say.

    >>> (month := period_of("2024年2月")).kind, str(month.first), str(month.last), period_of("客户编号")
    ('month', '2024-02-01', '2024-02-29', None)
    >>> [period_of(one, 2024).last.isoformat() for one in ("Q1 2024", "3月", "Jan-24", "2024-01-05", "Sales 2023")]
    ['2024-03-31', '2024-03-31', '2024-01-31', '2024-01-05', '2023-12-31']
    >>> period_of("Jan 2024 sales").measure, period_of("销售额（2024年1月）").measure, period_of("FY2024").last
    ('sales', '销售额', None)
    """
    written = " ".join(unicodedata.normalize("NFKC", header).split())
    if not MAY_NAME_ONE.search(written):
        return None
    for within in (False, True):
        for kind, form in PERIOD_FORMS:
            link = f"{_LINK}+" if form == _NAME else f"{_LINK}*"  # a market is no March
            around = (  # PERQ1 is a question
                rf"(?P<before>[^0-9]*?){link}(?<![A-Za-z])(?:{form}){_END}",
                rf"(?:{form})(?![A-Za-z]){link}(?P<after>[^0-9]*)",
            )
            for pattern in around if within else (form,):
                if match := re.fullmatch(pattern, written, re.IGNORECASE):
                    parts = {name: text for name, text in match.groupdict().items() if text}
                    measure = (parts.pop("before", "") or parts.pop("after", "")).strip(" -—_/:：,，|的")
                    return _period(kind, parts, _without_open_bracket(measure), year)
    return None


def _without_open_bracket(measure: str) -> str:
    """What is left of `sales (Jan 2024)` without the bracket that the period stood in."""
    opened = sum(measure.count(one) for one in "(（[【") - sum(measure.count(one) for one in ")）]】")
    return measure.strip("()（）[]【】 ") if opened else measure


def _period(kind: PeriodKind, parts: dict[str, str], measure: str, year: int | None) -> HeaderPeriod | None:
    written = parts.get("year") or parts.get("year_behind")
    if written:
        year = int(written) if len(written) == 4 else 2000 + int(written)
    fiscal, place = parts.get("fiscal") or parts.get("fiscal_behind"), _place(kind, parts)
    if year is None or fiscal or (kind == "day" and place < FIRST_OF_JANUARY):
        return HeaderPeriod(kind, measure, in_year=int(fiscal) if fiscal else place)
    try:
        first, last = _days(kind, year, place)
    except ValueError:  # 30 February, week 54
        return None
    return HeaderPeriod(kind, measure, first, last)


def _place(kind: PeriodKind, parts: dict[str, str]) -> int:
    """Which month, quarter, half or week of its year a period is; for a day its month and day as 102."""
    if "name" in parts:
        return _NAMES.index(parts["name"].lower()[:3]) + 1
    if "which" in parts:
        return 1 if parts["which"] == "上" else 2
    number = next(
        (parts[one] for one in ("quarter", "half", "week", "week_behind", "month", "month_behind") if one in parts),
        None,
    )
    if number is None and "chinese" in parts:
        number = str(_CHINESE.get(parts["chinese"], parts["chinese"]))
    place = int(number or 0)
    return place * 100 + int(parts["day"]) if kind == "day" else place


def _days(kind: PeriodKind, year: int, place: int) -> tuple[date, date]:
    match kind:
        case "day":
            day = date(year, place // 100, place % 100)
            return day, day
        case "week":
            monday = date.fromisocalendar(year, place, 1)
            return monday, monday + timedelta(days=6)
        case "month":
            return date(year, place, 1), _month_end(year, place)
        case "quarter":
            return date(year, 3 * place - 2, 1), _month_end(year, 3 * place)
        case "half":
            return date(year, 6 * place - 5, 1), _month_end(year, 6 * place)
        case _:
            return date(year, 1, 1), date(year, 12, 31)


def year_of(names: Iterable[str]) -> int | None:
    """Return the one year that the names of a file, its sheet and its titles speak of; None for none, or for two.

    >>> year_of(["销售2024.xlsx", "汇总"]), year_of(["2023-2024.xlsx"])
    (2024, None)
    """
    years = {int(year) for name in names for year in YEAR_IN_NAME.findall(name)}
    return years.pop() if len(years) == 1 else None


def month_of(names: Iterable[str]) -> date | None:
    """Return the first day of the one month that the names of a file, its sheet and its titles speak of.

    A single day (of an export) names no month; two days do that are the first and the last of one.

    >>> [str(month_of([name])) for name in ("日报2024年3月.xlsx", "till_202403.csv", "March 2024", "2024.xlsx")]
    ['2024-03-01', '2024-03-01', '2024-03-01', 'None']
    >>> str(month_of(["统计期间：2024-02-01 至 2024-02-29"])), month_of(["export_2024-03-05.csv"])
    ('2024-02-01', None)
    """
    texts = [" ".join(unicodedata.normalize("NFKC", name).split()) for name in names]
    days = [
        (int(one["year"]), int(one["month"] or one["month_"]), int(one["day"] or one["day_"]))
        for text in texts
        for one in SPOKEN_DAY.finditer(text)
    ]
    rest = [SPOKEN_DAY.sub(" ", text) for text in texts]
    months = {
        (int(one["year"]), int(one["month"] or one["month_"])) for text in rest for one in SPOKEN_MONTH.finditer(text)
    }
    for text in rest:
        months |= {
            (int(one["year"] or one["year_before"]), _NAMES.index(one["name"].lower()[:3]) + 1)
            for one in SPOKEN_MONTH_NAME.finditer(text)
            if one["year"] or one["year_before"]
        }
    if len({*days}) == 2 and not months:
        first, last = sorted({*days})
        if first[:2] == last[:2] and first[2] == 1 and last[2] == _month_end(*last[:2]).day:
            return date(*first)
    return date(*months.pop(), 1) if len(months) == 1 else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
