"""The many ways in which a real export writes one day or one amount, none of them ambiguous."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from workbench.samples.dice import Dice

AnyRow = TypeVar("AnyRow")

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def tidy_day(day: date | None) -> str:
    """Write a day as 2024-03-05; nothing for no day."""
    return day.isoformat() if day else ""


def messy_day(dice: Dice, day: date | None) -> str:
    """Write a day in one of five ways, the ISO form more often than the others."""
    if day is None:
        return ""
    form = dice.weighted((("iso", 60), ("slashes", 16), ("chinese", 10), ("digits", 8), ("time", 6)))
    if form == "slashes":
        return f"{day.year}/{day.month}/{day.day}"
    if form == "chinese":
        return f"{day.year}年{day.month}月{day.day}日"
    if form == "digits":
        return f"{day:%Y%m%d}"
    if form == "time":
        return f"{day.year}/{day.month}/{day.day} {dice.between(8, 18)}:{dice.between(0, 59):02d}"
    return day.isoformat()


def tidy_money(fen: int) -> str:
    """Write an amount of fen as yuan.

    >>> tidy_money(123450), tidy_money(-5)
    ('1234.50', '-0.05')
    """
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def tidy_price(fen: int) -> str:
    """Write a price: whole yuan without decimals.

    >>> tidy_price(39800), tidy_price(39850)
    ('398', '398.50')
    """
    return str(fen // 100) if fen % 100 == 0 else tidy_money(fen)


def messy_money(dice: Dice, fen: int) -> str:
    """Write an amount in one of many ways: plain, ￥, thousands, 万 where that is exact, a refund in brackets."""
    yuan = f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
    if fen < 0:
        return dice.pick((f"-{yuan}", f"（{yuan}）", f"({yuan})", tidy_money(fen)))
    if fen >= 1_000_000 and fen % 10_000 == 0 and dice.chance(0.5):
        return f"{fen // 1_000_000}.{fen % 1_000_000 // 10_000:02d}".rstrip("0").rstrip(".") + "万"
    form = dice.weighted((("plain", 86), ("sign", 5), ("thousands", 5), ("whole", 3), ("wide", 1)))
    if form == "sign":
        return f"￥{yuan}"
    if form == "thousands":
        return yuan
    if form == "whole" and fen % 100 == 0:
        return str(fen // 100)
    if form == "wide":
        return tidy_money(fen).translate(_FULL_WIDTH)
    return tidy_money(fen)


def dashed_phone(number: str) -> str:
    """Write a telephone number in groups.

    >>> dashed_phone("15412345678")
    '154-1234-5678'
    """
    return f"{number[:3]}-{number[3:7]}-{number[7:]}"


def slip_in(rows: Sequence[AnyRow], wrong: Sequence[AnyRow]) -> list[AnyRow]:
    """Return the rows with the wrong ones spread among them, at the same places each time."""
    mixed = list(rows)
    for number, row in enumerate(wrong, start=1):
        mixed.insert(number * len(rows) // (len(wrong) + 1), row)
    return mixed
