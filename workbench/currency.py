"""The currency of a company's amounts, and a language that knows it: what is said of money needs both."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT_CURRENCY = "CNY"

DECIMALS: Mapping[str, int] = MappingProxyType(
    {
        "CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "HKD": 2, "MOP": 2, "TWD": 2, "KRW": 0, "SGD": 2, "MYR": 2,
        "THB": 2, "VND": 0, "IDR": 2, "PHP": 2, "INR": 2, "AUD": 2, "NZD": 2, "CAD": 2, "CHF": 2, "SEK": 2, "NOK": 2,
        "DKK": 2, "PLN": 2, "CZK": 2, "HUF": 2, "RUB": 2, "TRY": 2, "AED": 2, "SAR": 2, "ILS": 2, "ZAR": 2, "BRL": 2,
        "MXN": 2,
    }
)  # fmt: skip
"""The currencies the workbench can name, by ISO 4217 code, with the decimals of their smallest unit in use."""


class Language(str):
    """A reader's language, "zh" or "en", that also carries the currency in which amounts are said.

    It goes wherever a language goes, so that no chart, list or page can say an amount in another store's currency.

    >>> Language("zh", "USD") == "zh", currency_of(Language("zh", "USD")), currency_of("zh")
    (True, 'USD', 'CNY')
    """

    currency: str

    def __new__(cls, lang: str, currency: str) -> Language:
        """Make a language of a currency."""
        made = super().__new__(cls, lang)
        made.currency = currency
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Travel between processes with the currency."""
        return str(self), self.currency


def currency_of(lang: str) -> str:
    """Return the currency that a language carries; plain "zh" or "en" speaks of yuan."""
    return getattr(lang, "currency", DEFAULT_CURRENCY)
