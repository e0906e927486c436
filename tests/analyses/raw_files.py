"""The public files, loaded into a store of their own through the public functions, as a user would."""

from __future__ import annotations

from pathlib import Path

from workbench.load import load
from workbench.store import Store, open_store

RFM_ORDERS = """
[[source]]
files = ["rfm_data_orders.csv"]
table = "transactions"
[source.columns]
customer_id = "customer_id"
order_date = "day"
revenue = "amount"
"""
ONLINE_RETAIL = """
[[source]]
files = ["onlineretail.parquet"]
table = "transactions"
cancelled = {column = "InvoiceNo", prefix = "C"}
[source.columns]
InvoiceNo = "order_id"
StockCode = "product_id"
Quantity = "quantity"
InvoiceDate = "day"
UnitPrice = "unit_price"
CustomerID = "customer_id"
Country = "region"
"""


def loaded(file: Path, mapping: str, folder: Path) -> Store:
    """Load one raw file with a mapping into a new store and open it."""
    rules = folder / "mapping.toml"
    rules.write_text(mapping, encoding="utf-8")
    load(file, store=folder / "crm.store", mapping=rules)
    return open_store(folder / "crm.store")
