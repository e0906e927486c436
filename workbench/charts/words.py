"""Numbers, days and bases in words, Chinese and English, and text broken into lines."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import vl_convert

from workbench.currency import DECIMALS, DEFAULT_CURRENCY, currency_of
from workbench.i18n import t

MINUS = "\N{MINUS SIGN}"
UNKNOWN_MARK = "\N{EM DASH}"
SEPARATOR = " · "
"""Between the parts of a subtitle."""
UNIT_STEPS: dict[str, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
}
"""How far a language counts before it takes a bigger unit."""

WHOLE_BELOW = 10_000
"""Smaller amounts are said whole: ¥1,047 is shorter than it would be in thousands."""

Unit = Literal["customers", "orders", "answers", "products", "lines", "categories", "regions", "channels"]

_WIDE = "\u2e80-\U0010ffff"
_PIECE = re.compile(rf"[（「『《〈“]*(?:[{_WIDE}]|[^\s{_WIDE}]{{1,30}})(?:\s*[，。、：；！？）」』》〉”…])*\s*|\s+")
"""A place where a line may break: after a word or a Chinese character with its closing marks, after no opening mark."""


WITH_DECIMALS_BELOW = 100
"""Amounts below this keep the decimals of their currency, where they have any: an average of $3.40 is not $3."""


def money_words(value: float | Decimal | None, lang: str) -> str:
    """Say an amount shortly, to three digits, in the currency that `lang` carries; unknown is a dash.

    Below 10,000 it is whole. 12,345 yuan are ¥1.23万 in Chinese and ¥12.3k in English; of another currency 1.23 万美元
    and $12.3k. Noughts at the end say that they are known: 7,003,000 is ¥7.00M, and 7,000,000 is ¥7M.

    >>> from workbench.currency import Language
    >>> money_words(12_345, "zh"), money_words(12_345, "en"), money_words(-1_203_000, "en"), money_words(3.4, "en")
    ('¥1.23万', '¥12.3k', '−¥1.20M', '¥3.40')
    >>> money_words(123_456, Language("zh", "USD")), money_words(1_234_567, Language("en", "USD"))
    ('12.3 万美元', '$1.23M')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN_MARK
    if _round(abs(float(value)), 0) < WHOLE_BELOW:
        return amount_words(value, lang)
    size, above = abs(float(value)), (math.inf, "")
    for step, unit in UNIT_STEPS[lang]:
        if _round(size, 0) >= step:
            rounded, _ = _three_digits(size / step)
            if rounded * Decimal(step) >= above[0]:  # 99,999,999 is ¥1.00亿, not ¥10,000万
                rounded, (step, unit) = Decimal("1.00"), above
            is_exact = float(rounded * Decimal(step)) == size
            return in_currency(
                _trimmed(rounded) if is_exact else f"{rounded:,}", lang, unit=unit, is_negative=value < 0
            )
        above = (step, unit)
    raise AssertionError("every amount from WHOLE_BELOW on has a unit")


def _three_digits(size: float) -> tuple[Decimal, int]:
    """Round to three digits, to whole numbers from 100 on; return how many of them are decimals, too."""
    steps = ((2, 10), (1, 100), (0, math.inf))
    return next((rounded, digits) for digits, below in steps if (rounded := _round(size, digits)) < below)


def money_column(values: Sequence[Any], lang: str, *, is_part: bool = False) -> list[str]:
    """Say the amounts of a table's column in one unit and with as many decimals, so that they compare at a glance.

    The unit is that of the largest, from a million on, with three digits of it; where the smallest would need more
    than two decimals to be seen, below a million, and in a part of a column (`is_part`), all are said whole.

    >>> money_column([18_401_234, 3_444_000, 51_000, None], "en")
    ['¥18.40M', '¥3.44M', '¥0.05M', '—']
    >>> money_column([18_401_234, 120], "en"), money_column([950_000, -1234.5], "zh")
    (['¥18,401,234', '¥120'], ['¥950,000', '−¥1,235'])
    """
    sizes = [abs(float(value)) for value in values if value and math.isfinite(value)]
    if is_part or not sizes or _round(max(sizes), 0) < UNIT_FROM:
        return [amount_words(value, lang) for value in values]
    step, unit = next((step, unit) for step, unit in UNIT_STEPS[lang] if _round(max(sizes), 0) >= step)
    least = min(sizes) / step
    digits = max(_three_digits(max(sizes) / step)[1], math.ceil(-math.log10(least)))
    if digits > MOST_DECIMALS:
        return [amount_words(value, lang) for value in values]
    return [
        in_currency(f"{_round(abs(float(value)) / step, digits):,}", lang, unit=unit, is_negative=value < 0)
        if value and math.isfinite(value)
        else amount_words(value, lang)
        for value in values
    ]


UNIT_FROM = 1_000_000
"""In tables smaller amounts are said whole, and a column whose largest is smaller."""
MOST_DECIMALS = 2


def amount_words(value: float | Decimal | None, lang: str) -> str:
    """Say an amount whole, whatever its size; below 100 with the decimals of its currency, where it has any.

    Unknown is a dash.

    >>> amount_words(-1234.5, "en"), amount_words(12.5, "zh"), amount_words(50, "zh")
    ('−¥1,235', '¥12.50', '¥50')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN_MARK
    size, decimals = abs(float(value)), DECIMALS[currency_of(lang)]
    exact = _round(size, decimals)
    shown = exact if exact < WITH_DECIMALS_BELOW and exact != int(exact) else _round(size, 0)
    return in_currency(f"{shown:,}", lang, is_negative=value < 0 and shown > 0)


def in_currency(number: str, lang: str, *, unit: str = "", is_negative: bool = False) -> str:
    """Put a written number and its unit into the currency that `lang` carries.

    >>> from workbench.currency import Language
    >>> in_currency("5", Language("zh", "EUR"), unit="万"), in_currency("5", Language("en", "CHF"), unit="k")
    ('5 万欧元', 'CHF 5k')
    """
    before, after = currency_parts(lang)
    space = " " if after and unit else ""
    end = after.strip() if unit else after
    return f"{MINUS if is_negative else ''}{before}{number}{space}{unit}{end}"


def currency_parts(lang: str) -> tuple[str, str]:
    """Return what stands before an amount and after it.

    >>> from workbench.currency import Language
    >>> currency_parts("zh"), currency_parts(Language("en", "CHF")), currency_parts(Language("zh", "USD"))
    (('¥', ''), ('CHF ', ''), ('', ' 美元'))
    """
    code = currency_of(lang)
    if lang == "zh" and code != DEFAULT_CURRENCY:
        return "", f" {t(f'currencies.{code}', lang)}"
    sign = t(f"currencies.{code}", "en")
    return (f"{sign} " if sign[-1].isalpha() else sign), ""


def count_words(value: float | None, lang: str) -> str:  # noqa: ARG001 (every wording takes the language)
    """Say a count exactly, with thousands marks; unknown is a dash.

    >>> count_words(541909, "zh")
    '541,909'
    """
    return UNKNOWN_MARK if value is None or not math.isfinite(value) else f"{round(value):,}".replace("-", MINUS)


TURNED = {"<": ">", ">": "<"}
"""What is less than a tenth is, with its minus, more than minus a tenth."""


def share_words(value: float | None, lang: str, *, digits: int = 1) -> str:
    """Say a share 0..1 as a percentage; what is not quite nothing or not quite all is never rounded to it.

    >>> share_words(0.746, "zh"), share_words(0.00001, "en"), share_words(1, "en"), share_words(-0.00001, "en")
    ('74.6%', '<0.1%', '100%', '>−0.1%')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN_MARK
    if value < 0:
        size = share_words(-value, lang, digits=digits)
        return f"{TURNED[size[0]]}{MINUS}{size[1:]}" if size[0] in TURNED else MINUS + size
    least = Decimal(1).scaleb(-digits)
    rounded = _round(value * 100, digits)
    if value > 0 and rounded == 0:
        return f"<{least}%"
    if value < 1 and rounded == 100:
        return f">{100 - least}%"
    return f"{_trimmed(rounded) if rounded == 100 else rounded}%"


def points_words(value: float | None, lang: str, *, digits: int = 1, signed: bool = False) -> str:  # noqa: ARG001
    """Say points of a scale (NPS, a mean, a difference); `signed` writes the plus as well.

    >>> points_words(-3.25, "zh"), points_words(3.2, "en", signed=True), points_words(None, "en")
    ('−3.3', '+3.2', '—')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN_MARK
    rounded = _round(abs(value), digits)
    sign = "" if not rounded else MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{rounded:,}"


def growth_words(value: float | None, lang: str) -> str:
    """Say a change against the period before, e.g. +12.3%; unknown is a dash, never 0.

    >>> growth_words(0.123, "en"), growth_words(-0.5, "zh"), growth_words(None, "zh")
    ('+12.3%', '−50.0%', '—')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN_MARK
    return points_words(value * 100, lang, signed=True) + "%"


def date_words(day: date | None, lang: str) -> str:
    """Say a day.

    >>> date_words(date(2025, 12, 31), "zh"), date_words(date(2025, 12, 31), "en")
    ('2025 年 12 月 31 日', '31 December 2025')
    """
    if day is None:
        return UNKNOWN_MARK
    return t("charts.theme.day", lang, year=day.year, month=_month(day, lang), day=day.day)


def month_words(day: date, lang: str) -> str:
    """Say the month of a day.

    >>> month_words(date(2025, 12, 31), "zh"), month_words(date(2025, 12, 31), "en")
    ('2025 年 12 月', 'December 2025')
    """
    return t("charts.theme.month", lang, year=day.year, month=_month(day, lang))


def period_words(begin: date, every: str, lang: str) -> str:
    """Say the "month" or "quarter" of its first day.

    >>> period_words(date(2025, 7, 1), "quarter", "en"), period_words(date(2025, 7, 1), "month", "en")
    ('Q3 2025', 'July 2025')
    """
    if every == "month":
        return month_words(begin, lang)
    return t("charts.theme.quarter", lang, year=begin.year, quarter=(begin.month + 2) // 3)


def base_words(lang: str, *, base: int | None = None, unit: Unit = "customers", as_of: date | None = None) -> str:
    """Say what a chart rests on, for its subtitle: how many, and as of which day.

    >>> base_words("zh", base=4338, as_of=date(2011, 12, 9))
    '客户 4,338 位 · 截至 2011 年 12 月 9 日'
    """
    parts = []
    if base is not None:
        parts.append(t(f"charts.theme.base_{unit}", lang, count=count_words(base, lang)))
    if as_of is not None:
        parts.append(t("charts.theme.as_of", lang, day=date_words(as_of, lang)))
    return SEPARATOR.join(parts)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` columns, a Chinese character counting as two.

    >>> wrapped("结算环节拖累满意度：CSAT 61%，比整体低 18 个百分点", 32)
    ['结算环节拖累满意度：CSAT 61%，比', '整体低 18 个百分点']
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if _columns((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()] or [""]


def _columns(text: str) -> int:
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)


def _round(value: float, digits: int) -> Decimal:
    """Round half away from zero, as people do by hand."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _trimmed(value: Decimal) -> str:
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _month(day: date, lang: str) -> str:
    names = vl_convert.get_time_format_locale("en-US")["months"]
    return str(day.month) if lang == "zh" else str(names[day.month - 1])
