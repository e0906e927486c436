"""Order lines for the benchmarks, any size: as a store, and as the Parquet file that pandas and Polars read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from workbench.schema import SQL_TYPES, TRANSACTIONS
from workbench.store import build

AS_OF = date(2025, 12, 31)
PERIODS = {
    "this": (date(2025, 1, 1), date(2025, 12, 31)),
    "before": (date(2024, 1, 1), date(2024, 12, 31)),
}
"""The two years that sales are compared over."""
LINES_PER_ORDER = 2.5
ORDERS_PER_CUSTOMER = 4

LINES = """
select
    'C' || lpad(
        floor({customers} * pow(hash(order_number, 1)::double / 18446744073709551615.0, 2.2))::bigint::varchar, 8, '0'
    ) as customer_id,
    'O' || lpad(order_number::varchar, 9, '0') as order_id,
    date '2022-01-01' + (hash(order_number, 2) % 1460)::int as day,
    'P' || (hash(line, 3) % 2000)::varchar as product_id,
    (1 + hash(line, 4) % 5)::decimal(18, 3) as quantity,
    (exp(2 + 4.0 * hash(line, 5)::double / 18446744073709551615.0))::decimal(18, 2) as amount,
    hash(line, 6) % 50 = 0 as is_cancelled
from (select range as line, (range / {lines_per_order})::bigint as order_number from range({rows}))
"""


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """Return the store and the Parquet file of `rows` order lines, made once.

    Customers differ as real ones do: the busiest fifth has most of the orders. Two in a hundred lines are cancelled.
    """
    store, parquet = folder / f"{rows}.store", folder / f"{rows}.parquet"
    customers = int(rows / LINES_PER_ORDER / ORDERS_PER_CUSTOMER)
    lines = LINES.format(customers=customers, rows=rows, lines_per_order=LINES_PER_ORDER)
    if not parquet.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        cost = "(amount * 0.7)::decimal(18, 2) as cost, not is_cancelled as is_purchase"
        with duckdb.connect() as connection:
            connection.execute(f"copy (select *, {cost} from ({lines})) to '{parquet}' (format parquet)")
    if not (store / "CURRENT").is_file():
        build(store, lambda connection: write(connection, parquet), company="Benchmark", as_of=AS_OF)
    return store, parquet


def write(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """Fill the canonical table from the Parquet file, with nulls for the columns that it lacks."""
    present = {row[0] for row in connection.execute(f"describe select * from '{parquet}'").fetchall()}
    columns = ", ".join(
        f"{column.name if column.name in present else 'null'}::{SQL_TYPES[column.type]} as {column.name}"
        for column in TRANSACTIONS.columns
    )
    connection.execute(f"insert into transactions by name select {columns} from '{parquet}'")
