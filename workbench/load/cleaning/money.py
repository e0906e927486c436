"""Money and numbers as people write them: ￥1,234.50, 1.2万, （50.00）, 50-, １２３, 1 234,50.

What is read, and what it means:

- currency signs and words before or after (￥ $ € £ RMB CNY 元 …) are dropped; mixed currencies are not converted;
- separators of thousands only where thousands are (1,234 and 12,345.6; `1,23` and `12,34,567` are ambiguous);
- 千 百万 万 千万 亿 万亿 multiply; brackets and a minus before or after make a negative;
- `decimal=","` swaps the roles of comma and point for the whole column;
- an amount with more than two decimals is rounded half up (away from zero), prices keep six, numbers three;
- `1.2345E+4` is exact and read; `1.2E+05` has lost its digits in a spreadsheet and is refused.
"""

from __future__ import annotations

from typing import Literal

from workbench.load.cleaning.sql_expressions import ANY_BLANKS, CastSql, case_when, matches, trimmed
from workbench.schema import SQL_TYPES
from workbench.store.sql_quoting import quoted_text

DecimalMark = Literal[".", ","]
NumberType = Literal["money", "price", "number"]

DIGIT = "[0-9０-９]"

MINUS_SIGNS = "[-－−–]"
SIGN = "[-－−–+＋]?"
CURRENCIES = "¥￥$€£"
PREFIX = "(?:人民币|CNY|RMB|USD|EUR|GBP|HKD|HK\\$|US\\$|CN¥|CN￥|[¥￥$＄€£])?"
SUFFIX = "(?:元整|元|圆|CNY|RMB|USD|EUR|GBP|HKD|美元|港元|欧元|英镑|[¥￥$＄€£])?"
UNIT = "(?:万亿|千万|百万|亿|億|万|萬|千)?"
POWERS = {"万亿": "e12", "千万": "e7", "百万": "e6", "亿": "e8", "億": "e8", "万": "e4", "萬": "e4", "千": "e3"}
LONGEST_EXPONENT = 15


def money_sql(column_sql: str, *, decimal: DecimalMark = ".", type: NumberType = "money") -> CastSql:  # noqa: A002
    """Cast a column of written amounts to the type's decimal.

    Causes: `not_money` or `not_number`, `ambiguous_number` (separators where no thousands are), `lost_digits`,
    `too_large`.
    """
    kind, money = SQL_TYPES[type], type != "number"
    plain = r"-?[0-9]+(?:\.[0-9]+)?" if decimal == "." else "-?[0-9]+"
    written = _cell_pattern(_number_pattern(decimal), money)
    scientific = trimmed(column_sql) if decimal == "." else f"replace({trimmed(column_sql)}, ',', '.')"
    no_cents = f".*{DIGIT}{ANY_BLANKS}[.,．，]{ANY_BLANKS}{MINUS_SIGNS}{ANY_BLANKS}"  # 100.- is a hundred, not minus
    value = case_when(
        (matches(column_sql, plain), f"TRY_CAST({column_sql} AS {kind})"),
        (
            matches(column_sql, _common_pattern(decimal, money)),
            f"TRY_CAST({_without_signs(column_sql, decimal)} AS {kind})",
        ),
        (matches(column_sql, no_cents), "NULL"),
        (matches(column_sql, written), f"TRY_CAST({_canonical(column_sql, decimal)} AS {kind})"),
        (matches(column_sql, _exact_scientific_pattern(decimal)), f"TRY_CAST({scientific} AS {kind})"),
    )
    cause = case_when(
        (matches(column_sql, no_cents), "'ambiguous_number'"),
        (matches(column_sql, f"{plain}|{written}"), "'too_large'"),
        (matches(column_sql, rf"{ANY_BLANKS}[-+]?[0-9]+(?:[.,][0-9]+)?[eE][-+]?[0-9]+{ANY_BLANKS}"), "'lost_digits'"),
        (matches(column_sql, _cell_pattern(rf"{DIGIT}[0-9０-９ .,，．'’]*{DIGIT}", money)), "'ambiguous_number'"),
        otherwise="'not_money'" if money else "'not_number'",
    )
    return CastSql(value, "NULL", cause)


def _number_pattern(decimal: DecimalMark) -> str:
    """The digits of an amount: all together, or in threes with one separator throughout, and a fraction."""
    point, comma = ("[.．]", "[,，]") if decimal == "." else ("[,，]", "[.．]")
    groups = [
        f"[1-9１-９]{DIGIT}{{0,2}}(?:{separator}{DIGIT}{{3}})+"
        for separator in (comma, "[ \u00a0\u202f\u2009]", "['’]")
    ]
    return f"(?:(?:{DIGIT}+|{'|'.join(groups)})(?:{point}{DIGIT}*)?|{point}{DIGIT}+)"


def _cell_pattern(number: str, money: bool) -> str:
    """The whole of a cell: sign, currency, number, unit and currency in the orders that are in use."""
    prefix, suffix = (PREFIX, SUFFIX) if money else ("", "")
    amount = f"{number}{ANY_BLANKS}{UNIT}{ANY_BLANKS}{suffix}"
    signed = f"{SIGN}{ANY_BLANKS}{prefix}{ANY_BLANKS}{amount}|{prefix}{ANY_BLANKS}{SIGN}{ANY_BLANKS}{amount}"
    after = f"{prefix}{ANY_BLANKS}{amount}{ANY_BLANKS}{MINUS_SIGNS}"
    bracketed = (
        f"{prefix}{ANY_BLANKS}[(（]{ANY_BLANKS}{prefix}{ANY_BLANKS}{amount}{ANY_BLANKS}[)）]{ANY_BLANKS}{suffix}"
    )
    return f"(?i){ANY_BLANKS}(?:{signed}|{after}|{bracketed}){ANY_BLANKS}"


def _exact_scientific_pattern(decimal: DecimalMark) -> str:
    """Scientific notation that still writes every digit down to the units: 1.2345E+4, 5E-05."""
    point = "\\." if decimal == "." else ","
    whole = "|".join(f"{point}[0-9]{{{power},}}[eE]\\+?0*{power}" for power in range(1, LONGEST_EXPONENT))
    return f"{ANY_BLANKS}-?[0-9](?:{whole}|[eE]\\+?0+|(?:{point}[0-9]+)?[eE]-[0-9]{{1,2}}){ANY_BLANKS}"


def _common_pattern(decimal: DecimalMark, money: bool) -> str:
    """The usual amounts of a report, for speed: -￥1,234.50."""
    point, comma = (r"\.", ",") if decimal == "." else (",", r"\.")
    sign = f"[{CURRENCIES}]?" if money else ""
    return f"-?{sign}(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{comma}[0-9]{{3}})+)(?:{point}[0-9]+)?"


def _without_signs(column_sql: str, decimal: DecimalMark) -> str:
    """Rewrite a text that `_common_pattern` accepted as plain digits."""
    digits = f"replace({column_sql}, {quoted_text(',' if decimal == '.' else '.')}, '')"
    for sign in CURRENCIES:
        digits = f"replace({digits}, '{sign}', '')"
    return digits if decimal == "." else f"replace({digits}, ',', '.')"


def _canonical(column_sql: str, decimal: DecimalMark) -> str:
    """Rewrite a text that `_cell_pattern` accepted as plain digits, with 万 and 亿 as powers of ten."""
    point, wide = (".", "．") if decimal == "." else (",", "，")
    kept_characters = f"0-9０-９－−–({point}{wide}（百千万萬亿億-"
    digits = f"regexp_replace({column_sql}, '[^{kept_characters}]', '', 'g')"
    written, wanted = f"０１２３４５６７８９{point}{wide}－−–(（", "0123456789..-----"
    digits = f"translate({digits}, '{written}', '{wanted}')"
    for unit, power in POWERS.items():
        digits = f"replace({digits}, '{unit}', '{power}')"
    sign = case_when(
        (f"regexp_matches({column_sql}, {quoted_text(f'{MINUS_SIGNS}{ANY_BLANKS}$')})", "'-'"), otherwise="''"
    )
    return f"{sign} || rtrim({digits}, '-')"
