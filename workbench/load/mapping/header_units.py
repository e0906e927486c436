"""The unit that a header names beside its figures: 金额（万元）, Amount (thousands), total in cents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from workbench.load.mapping.header_dictionary import UNIT_BEHIND, comparison_key

UNITS = {
    "亿元": 100_000_000, "亿": 100_000_000, "千万元": 10_000_000, "百万元": 1_000_000, "百万": 1_000_000,
    "万元": 10_000, "万": 10_000, "千元": 1_000, "千": 1_000, "角": 0.1, "分": 0.01,
    "thousands": 1_000, "thousand": 1_000, "000s": 1_000, "000": 1_000, "k": 1_000,
    "millions": 1_000_000, "million": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "cents": 0.01, "pence": 0.01,
    "fen": 0.01, "minorunit": 0.01, "minorunits": 0.01,
}  # fmt: skip
"""What one of each unit is in whole ones of the currency."""

WHOLE_ONES = ("元", "块", "yuan")
"""Units, for comparison, that are whole ones of the currency."""

UNIT_HEADERS = ("单位", "金额单位", "货币单位", "计量单位", "unit", "units", "amountunit", "currencyunit")
"""Headers, for comparison, of a column that may say in which unit each row's figures are."""

UNIT_ENDINGS = ("亿元", "千万元", "百万元", "万元", "千元")
"""What also stands at the end of a header without brackets."""

BESIDE_UNIT = re.compile(r"^(?:单位|币种|人民币|in|usd|rmb|cny|eur|gbp|hkd|us)+|(?:人民币|usd|rmb|cny|eur|gbp|hkd)+$")
UNIT_IN_TITLE = re.compile(r"(?:单位|units?|figures)\s*[:：(]?\s*(?:in )?([^\s,，;；)）]+)", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[(\[【<《]([^()\[\]]*)[)\]】>》]\s*$")


def header_unit(header: str) -> float | None:
    """Return what one of a header's figures is in whole ones; None where no other unit is named.

    >>> [header_unit(header) for header in ("合同金额（万元）", "Amount (in thousands)", "回款万元", "金额（元）")]
    [10000, 1000, 10000, None]
    >>> [header_unit(header) for header in ("amount_cents", "支付金额_分", "revenue_k", "amount in minor units")]
    [0.01, 0.01, 1000, 0.01]
    """
    written = unicodedata.normalize("NFKC", header)
    bracket = IN_BRACKETS.search(written)
    if bracket:
        return UNITS.get(BESIDE_UNIT.sub("", comparison_key(bracket[1])))
    if behind := UNIT_BEHIND.search(written):
        return UNITS.get(comparison_key(behind[1]))
    return next((UNITS[ending] for ending in UNIT_ENDINGS if comparison_key(header).endswith(ending)), None)


def title_unit(titles: Iterable[str]) -> float | None:
    """Return the unit that a title above the table names for its figures; None where none does.

    >>> title_unit(["2024 年销售明细", "单位：万元"]), title_unit(["Sales (in thousands)"]), title_unit(["单位：元"])
    (10000, 1000, None)
    """
    for title in titles:
        written = unicodedata.normalize("NFKC", title)
        named = UNIT_IN_TITLE.search(written)
        unit = UNITS.get(BESIDE_UNIT.sub("", comparison_key(named[1]))) if named else header_unit(title)
        if unit is not None:
            return unit
    return None


def row_unit(cell: str) -> float | None:
    """Return what one of a row's figures is in whole ones, by the cell that names their unit; None for other words.

    >>> [row_unit(cell) for cell in ("万元", " 元 ", "人民币万元", "箱")]
    [10000, 1, 10000, None]
    """
    word = comparison_key(cell)
    plain = BESIDE_UNIT.sub("", word) or word
    return 1 if plain in WHOLE_ONES else UNITS.get(plain)
