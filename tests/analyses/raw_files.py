"""The public files as canonical transactions, by the rules of the schema, until a loader has read them."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir

from tests.analyses.rows import CONNECTION, DATABASE

RFM_ORDERS = """
CREATE OR REPLACE TABLE rfm_orders AS
SELECT trim(customer_id) AS customer_id, NULL::VARCHAR AS order_id, order_date::DATE AS day,
    revenue::DECIMAL(18, 2) AS amount, NULL::DECIMAL(18, 2) AS cost, false AS is_cancelled, true AS is_purchase
FROM read_csv(?, all_varchar = true)
"""
ONLINE_RETAIL = """
CREATE OR REPLACE TABLE online_retail AS
WITH lines AS (
    SELECT CustomerID::VARCHAR AS customer_id, InvoiceNo::VARCHAR AS order_id, InvoiceDate::DATE AS day,
        Quantity AS quantity, UnitPrice::DECIMAL(18, 6) AS unit_price,
        round(Quantity * UnitPrice::DECIMAL(18, 6), 2)::DECIMAL(18, 2) AS amount,
        NULL::DECIMAL(18, 2) AS cost, starts_with(InvoiceNo::VARCHAR, 'C') AS is_cancelled
    FROM read_parquet(?)
)
SELECT *, customer_id IS NOT NULL AND NOT is_cancelled AND amount > 0 AND quantity > 0 AND unit_price > 0 AS is_purchase
FROM lines
"""


def rfm_orders(folder: Path) -> ir.Table:
    """The example orders of the R package rfm."""
    CONNECTION.execute(RFM_ORDERS, [str(folder / "rfm_orders" / "rfm_data_orders.csv")])
    return DATABASE.table("rfm_orders")


def online_retail(folder: Path) -> ir.Table:
    """The UCI Online Retail invoices: cancelled ones begin with C."""
    CONNECTION.execute(ONLINE_RETAIL, [str(folder / "online_retail" / "onlineretail.parquet")])
    return DATABASE.table("online_retail")
