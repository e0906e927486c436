"""What the tests of loading share: order files as a shop writes them, their mapping, and a store to load into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from workbench.load import Mapping, SourceMapping, TextTable
from workbench.store import open_store

HEADER = "客户编号,订单号,下单日期,金额"

ORDERS = SourceMapping(
    files=("*",),
    table="transactions",
    columns={"客户编号": "customer_id", "订单号": "order_id", "下单日期": "day", "金额": "amount"},
)

CUSTOMERS = SourceMapping(
    files=("客户*",),
    table="customers",
    columns={"客户编号": "customer_id", "姓名": "name", "地区": "region"},
)


@pytest.fixture
def orders() -> Mapping:
    """The mapping of every file in these tests that holds orders."""
    return Mapping((ORDERS,))


@pytest.fixture
def orders_with() -> Callable[..., Mapping]:
    """The same with some of its entries changed."""
    return lambda **changes: Mapping((replace(ORDERS, **changes),))


@pytest.fixture
def customers_and_orders() -> Mapping:
    """Customers from `客户*`, orders from every other file."""
    return Mapping((CUSTOMERS, replace(ORDERS, files=("订单*",))))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The address of a store that does not exist yet."""
    return tmp_path / "crm.store"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines as a file of orders, the header first."""

    def write_file(
        *lines: str, name: str = "订单.csv", encoding: str = "utf-8", header: str = HEADER, end: str = "\n"
    ) -> Path:
        path = tmp_path / name
        path.write_bytes(end.join([*([header] if header else []), *lines, ""]).encode(encoding))
        return path

    return write_file


@pytest.fixture
def rows_of() -> Callable[[TextTable], Sequence[tuple[object, ...]]]:
    """All rows of a text table: the source line, then the cells."""

    def rows(table: TextTable) -> Sequence[tuple[object, ...]]:
        with duckdb.connect() as con:
            return table.rows(con).fetchall()

    return rows


@pytest.fixture
def column_of(store: Path) -> Callable[..., list[object]]:
    """The values of one column of the store, in the order of the source lines."""

    def values(table: str, column: str) -> list[object]:
        with open_store(store) as opened:
            found = opened.table(table).order_by(["source_id", "source_line"])[[column]]
            return opened.collect(found)[column].tolist()

    return values
