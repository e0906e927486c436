"""Small tables of trade for the tests: written as rows, asked through DuckDB like a store's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

CONNECTION = duckdb.connect()
DATABASE = ibis.duckdb.from_connection(CONNECTION)

TRANSACTIONS = {
    "customer_id": "VARCHAR",
    "order_id": "VARCHAR",
    "product_id": "VARCHAR",
    "region": "VARCHAR",
    "day": "DATE",
    "amount": "DECIMAL(18,2)",
    "cost": "DECIMAL(18,2)",
    "is_cancelled": "BOOLEAN",
    "is_purchase": "BOOLEAN",
}
FACTS = {
    "customer_id": "VARCHAR",
    "recency_days": "BIGINT",
    "frequency": "BIGINT",
    "monetary": "DECIMAL(18,2)",
}


def table(name: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> ir.Table:
    """Make (or replace) a table and return it as an Ibis table."""
    CONNECTION.execute(
        f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{key} {kind}' for key, kind in columns.items())})"
    )
    given = [list(row) for row in rows]
    if given:
        blanks = f"({', '.join('?' * len(columns))})"
        statement = f"INSERT INTO {name} VALUES {', '.join([blanks] * len(given))}"  # noqa: S608  names are our own
        CONNECTION.execute(statement, [value for row in given for value in row])
    return DATABASE.table(name)


def transactions(*lines: dict[str, Any]) -> ir.Table:
    """Make order lines; what a line does not say is empty, and it is a purchase by the rule of the schema."""
    rows = []
    for line in lines:
        amount, cancelled = line.get("amount"), line.get("is_cancelled", False)
        bought = line.get("customer_id") is not None and not cancelled and amount is not None and Decimal(amount) > 0
        rows.append([({"is_cancelled": cancelled, "is_purchase": bought} | line).get(name) for name in TRANSACTIONS])
    return table("transactions", TRANSACTIONS, rows)


def bought(customer_id: str | None, day: str, amount: str | float, **more: Any) -> dict[str, Any]:
    """One line of trade."""
    return {"customer_id": customer_id, "day": day, "amount": str(amount), **more}


def worth(*values: Any, by: str = "monetary") -> ir.Table:
    """Make facts of customers c00, c01 … with these values (of money; None is unknown)."""
    rows = [(f"c{place:02}", value if value is None else Decimal(str(value))) for place, value in enumerate(values)]
    return table("worth", {"customer_id": "VARCHAR", by: "DECIMAL(18,2)"}, rows)


def scored(*customers: tuple[int, int, Any]) -> ir.Table:
    """Make facts of customers c00, c01 … with (recency_days, frequency, monetary)."""
    rows = [(f"c{place:02}", days, times, Decimal(str(money))) for place, (days, times, money) in enumerate(customers)]
    return table("scored", FACTS, rows)


def records(expression: ir.Table, key: str | None = None) -> Any:
    """Fetch the rows as dicts with None for unknown; by their key where one is named."""
    rows = expression.to_pyarrow().to_pylist()
    return rows if key is None else {row[key]: row for row in rows}
