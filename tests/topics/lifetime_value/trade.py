"""Invented customers whose way of buying is known: at random, like a clock, or ever less; as order lines and in SQL."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from tests.analyses.rows import CONNECTION, DATABASE

BEGIN, AS_OF, LENGTH = date(2022, 1, 1), date(2024, 12, 31), 1_095
"""Three years: two to fit on, one to hold out."""


def purchases(*, customers: int = 1_500, shape: float = 1.0, slowing: float = 1.0, seed: int = 5) -> pd.DataFrame:
    """Draw customers who come within two years, each with an own rate, chance to leave after a purchase and spend.

    `shape` is that of the intervals (1: at random), `slowing` the share of purchases still made in the last year.
    """
    random = np.random.default_rng(seed)
    rows = []
    for place in range(customers):
        day, chance = random.integers(0, 700), random.beta(0.6, 2.4)
        mean, level = 90.0 / random.gamma(2.0, 0.5), 1 / random.gamma(5.0, 1 / 400.0)
        while day < LENGTH:
            if day < LENGTH - 365 or random.random() < slowing:
                rows.append((f"V{place:04}", int(day), round(level * random.gamma(4.0, 0.25), 2) + 1))
            if random.random() < chance:
                break
            day += max(1, round(random.gamma(shape, mean / shape)))
    drawn = pd.DataFrame(rows, columns=["customer_id", "at", "amount"])
    return drawn.assign(day=pd.Timestamp(BEGIN) + pd.to_timedelta(drawn["at"], unit="D"))


SELECTED = (
    "SELECT customer_id, customer_id || '-' || \"at\" AS order_id, 'P1' AS product_id, NULL AS region, "
    "CAST(day AS DATE) AS day, CAST(amount AS DECIMAL(18,2)) AS amount, CAST(1 AS DECIMAL(18,2)) AS cost, "
    "false AS is_cancelled, true AS is_purchase FROM drawn"
)


def lines_of(drawn: pd.DataFrame) -> ir.Table:
    """Return the purchases as order lines, asked through DuckDB."""
    CONNECTION.register("drawn", drawn)
    CONNECTION.execute(f"CREATE OR REPLACE TABLE drawn_lines AS {SELECTED}")
    return DATABASE.table("drawn_lines")


def as_sql(drawn: pd.DataFrame) -> tuple[str, str]:
    """Return the statements that write the customers, all of 华东, and their purchases into a store."""
    people = ", ".join(f"('{customer}', '王', '华东')" for customer in drawn["customer_id"].unique())
    rows = ", ".join(
        f"('{one.customer_id}', '{one.customer_id}-{one.at}', '{one.day.date()}', {one.amount}, 1, false, true)"
        for one in drawn.itertuples()
    )
    names = "customer_id, order_id, day, amount, cost, is_cancelled, is_purchase"
    return (
        f"INSERT INTO customers (customer_id, name, region) VALUES {people}",  # noqa: S608  our own words
        f"INSERT INTO transactions ({names}) VALUES {rows}",  # noqa: S608  as above
    )
