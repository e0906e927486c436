"""Discounts and tax rates as people write them: 0.8, 80 %, 8折, 八五折, 20% off; each becomes a factor of the price.

8折 leaves 80 %, 85折 leaves 85 %, `20% off` takes 20 % away, whatever else the column holds. What a plain number is
(a share, tenths, percent) and whether it stays, goes or comes on top is said by the mapping.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from workbench.load.cleaning.calculator import answers
from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.money import DecimalMark
from workbench.load.cleaning.sql_expressions import CastSql, case_when, half_width, matches, named

RateEffect = Literal["times", "less", "plus"]

PLAIN_RATE = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
MAYBE_MINUS = "[-−–]?"
FACTOR = "DECIMAL(8,6)"
WRITTEN_TENTHS = "(?:[1-9][0-9]?|[1-9][.][0-9]|[一二两三四五六七八九][一二三四五六七八九]?|十) ?折"
CHINESE_TENTHS = ("零一二两三四五六七八九〇", "012234567890")
FULL_PRICE = "(?i)无折扣|不打折|未打折|原价|全价|正价|no discount|full price"


def rate_sql(
    column_sql: str, effect: RateEffect, scale: str = "1", *, decimal: DecimalMark = ".", missing: Sequence[str] = ()
) -> CastSql:
    """Cast a column of rates to what the price is multiplied by, from 0 to 1, or from 1 to 2 for a tax.

    `scale` is what one of the plain numbers is: 1, 0.1 or 0.01. Causes: `not_number`, `no_rate` for a rate beyond
    0 to 100 %.
    """
    absent = cast_sql(column_sql, "number", missing=missing).missing
    tidy = half_width(column_sql)
    if decimal == ",":
        tidy = f"replace({tidy}, ',', '.')"
    number = "CAST(regexp_extract(w, '[0-9.]+') AS DECIMAL(18,6))"
    tenths = f"translate(w, '{CHINESE_TENTHS[0]}', '{CHINESE_TENTHS[1]}')"
    as_tenths = "CAST('0.' || replace(regexp_extract(d, '[0-9.]+'), '.', '') AS DECIMAL(18,6))"
    folded = named(tenths, "d", case_when((matches("d", "10折|十折"), "1"), (matches("d", r"[0-9.]+ ?折"), as_tenths)))
    apply = {"times": "{}", "less": "1 - {}", "plus": "1 + {}"}[effect]
    factor = case_when(
        (matches("w", FULL_PRICE), "1"),
        (matches("w", WRITTEN_TENTHS), folded),
        (matches("w", f"(?i){MAYBE_MINUS}(?:{PLAIN_RATE}) ?% ?off"), f"1 - {number} / 100"),
        (matches("w", f"{MAYBE_MINUS}(?:{PLAIN_RATE}) ?%"), apply.format(f"{number} / 100")),
        (matches("w", f"{MAYBE_MINUS}(?:{PLAIN_RATE})"), apply.format(f"{number} * {scale}")),
    )
    low, high = (1, 2) if effect == "plus" else (0, 1)
    refused = [matches("w", f"{MAYBE_MINUS[:-1]}.*")] if effect == "times" else []
    refused += (
        [matches("w", rf"{MAYBE_MINUS}0?\.[0-9]*[1-9][0-9]*")] if scale != "1" else []
    )  # 0.8 among percents is 80 %?
    within = named(
        f"CAST({factor} AS DOUBLE)", "f", case_when((f"f BETWEEN {low} AND {high}", f"TRY_CAST(f AS {FACTOR})"))
    )
    value = named(tidy, "w", case_when((" OR ".join(refused) or "false", "NULL"), otherwise=within))
    is_read = named(tidy, "w", f"({factor}) IS NOT NULL")
    value = case_when((f"({absent}) IS NOT NULL", "NULL"), otherwise=value)
    return CastSql(value, absent, case_when((is_read, "'no_rate'"), otherwise="'not_number'"))


def clean_rates(
    values: Sequence[str | None], effect: RateEffect, scale: str = "1", *, decimal: DecimalMark = "."
) -> list[Decimal | None]:
    """Read a few rates.

    >>> clean_rates(["0.8", "80%", "8折", "八五折", "20% off", "80"], "times")
    [Decimal('0.800000'), Decimal('0.800000'), Decimal('0.800000'), Decimal('0.850000'), Decimal('0.800000'), None]
    """
    cast = rate_sql("written", effect, scale, decimal=decimal)
    query = f"""
        SELECT {cast.value} FROM (
            SELECT unnest($texts::VARCHAR[]) AS written, generate_subscripts($texts::VARCHAR[], 1) AS place
        ) ORDER BY place
    """
    return [value for (value,) in answers(query, tuple(values))]
