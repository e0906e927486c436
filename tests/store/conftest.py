"""A small company's store for the tests: three orders of two customers, made the way every writer makes one."""

from __future__ import annotations

import duckdb
import pytest

from workbench.store import build, open_store, written_queries


def write_three_orders(con: duckdb.DuckDBPyConnection) -> None:
    """张三 bought for 120.50 and 30.00, 李四 for 49.50: together 200.00."""
    con.execute(
        "INSERT INTO customers (customer_id, name, phone, region) VALUES"
        " ('C1', '张三', '13800138000', '华东'), ('C2', '李四', '13900139000', '华北')"
    )
    con.execute(
        "INSERT INTO transactions (customer_id, order_id, day, amount, is_purchase) VALUES"
        " ('C1', 'A1', DATE '2024-03-05', 120.50, true),"
        " ('C1', 'A2', DATE '2024-03-08', 30.00, true),"
        " ('C2', 'A3', DATE '2024-02-29', 49.50, true)"
    )
    con.execute("INSERT INTO sources VALUES (1, '订单.csv', NULL, 'ab12', 'transactions', 4, 3, 1, 0)")


@pytest.fixture
def three_orders():
    return write_three_orders


@pytest.fixture
def address(tmp_path):
    """Where a store may be made; the folder is not there yet."""
    return tmp_path / "四海汽车.store"


@pytest.fixture
def orders_store(address, three_orders):
    """The address of a store that holds the three orders."""
    build(address, three_orders)
    return address


@pytest.fixture
def unwritten_store(orders_store):
    """The store of three orders, open, of which no query is written yet."""
    written_queries.forget_forms()
    with open_store(orders_store) as store:
        yield store
    written_queries.forget_forms()
