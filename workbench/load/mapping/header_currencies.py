"""The currency that a header names beside its figures: 金额（美元）, Amount (USD), total_eur."""

from __future__ import annotations

import re
import unicodedata

from workbench.currency import DECIMALS

CURRENCY_WORDS = {
    "人民币": "CNY", "人民币元": "CNY", "元": "CNY", "RMB": "CNY", "CN¥": "CNY", "¥": "CNY", "￥": "CNY",
    "美元": "USD", "US$": "USD", "$": "USD", "＄": "USD", "港元": "HKD", "港币": "HKD", "HK$": "HKD", "欧元": "EUR",
    "€": "EUR", "英镑": "GBP", "£": "GBP", "日元": "JPY", "日币": "JPY", "韩元": "KRW", "新台币": "TWD", "台币": "TWD",
    "NT$": "TWD", "澳元": "AUD", "A$": "AUD", "加元": "CAD", "C$": "CAD", "新加坡元": "SGD", "S$": "SGD",
}  # fmt: skip
"""What stands for a currency beside its ISO 4217 code; `$` and `¥` may be those of other countries."""


NAMED_CURRENCIES = {word: code for word, code in CURRENCY_WORDS.items() if len(word) > 1 and not word.isascii()}
CURRENCY_SIGNS = {word: code for word, code in CURRENCY_WORDS.items() if len(word) == 1 and word != "元"}
CURRENCY_CODES = "|".join((*DECIMALS, "RMB"))
WRITTEN_CODE = rf"(?<![A-Za-z])({CURRENCY_CODES})(?![A-Za-z])"
CODE_IN_LOWER_CASE = rf"(?<=[_( ])({CURRENCY_CODES.lower()})(?=[_) ]|$)"


HOME_CURRENCY = re.compile(r"本币|本位币|(?:home|local|base|company|functional)[ _-]?currency", re.IGNORECASE)


def header_currency(header: str) -> str | None:
    """Return the ISO code of the currency a header names; None where it names none, or several.

    >>> [header_currency(one) for one in ("金额（美元）", "Amount (USD)", "total_eur", "金额（元）", "Try count")]
    ['USD', 'USD', 'EUR', None, None]
    """
    written = unicodedata.normalize("NFKC", header)
    codes = {code for word, code in NAMED_CURRENCIES.items() if word in written}
    codes |= {CURRENCY_WORDS.get(code, code) for code in re.findall(WRITTEN_CODE, written)}
    codes |= {CURRENCY_WORDS.get(code.upper(), code.upper()) for code in re.findall(CODE_IN_LOWER_CASE, written)}
    codes |= {code for sign, code in CURRENCY_SIGNS.items() if written.strip(" ()").endswith(sign)}
    return codes.pop() if len(codes) == 1 else None


def is_in_home_currency(header: str) -> bool:
    """Say whether a header says that its figures are in the company's own currency, whatever a row was paid in.

    >>> [is_in_home_currency(one) for one in ("本币价税合计", "Amount in local currency", "金额")]
    [True, True, False]
    """
    return bool(HOME_CURRENCY.search(header))


def without_currency(header: str) -> str:
    """Return a header without the currency it names, to tell what it is.

    >>> without_currency("total_usd"), without_currency("Total USD"), without_currency("Total")
    ('total', 'Total', 'Total')
    """
    if header_currency(header) is None:
        return header
    return re.sub(f"{WRITTEN_CODE}|{CODE_IN_LOWER_CASE}", " ", unicodedata.normalize("NFKC", header)).strip(" _-()")
