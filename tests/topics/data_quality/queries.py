"""The quality of data asked on Spark: columns filled, signs of life, doubles, contradictions, rejected rows."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.data_quality.query import (
    age_of_customers,
    changed_orders,
    changed_values,
    column_fill,
    column_fill_by,
    duplicate_members,
    duplicate_sets,
    rejected_rows,
    replaced_values,
    value_history,
)


def columns_filled(tables: Tables) -> ir.Table:
    return column_fill(tables.customers, columns=("name", "phone", "region"))


def columns_filled_by_region(tables: Tables) -> ir.Table:
    return column_fill_by(tables.customers, by="region", columns=("name", "phone"))


def ages_of_customers(tables: Tables) -> ir.Table:
    events = [tables.transactions, tables.interactions, tables.complaints, tables.surveys]
    return age_of_customers(tables.customers, events, as_of=tables.as_of)


def _written_twice(tables: Tables) -> ir.Table:
    """Every customer, and once more under an id with another zero: the tenth that is asked about has no doubles."""
    once = tables.customers.select("customer_id", "name", "phone", "email")
    return once.union(once.mutate(customer_id=ibis.literal("0") + once.customer_id))


def doubles(tables: Tables) -> ir.Table:
    return duplicate_members(_written_twice(tables))


def doubles_counted(tables: Tables) -> ir.Table:
    return duplicate_sets(duplicate_members(_written_twice(tables)))


def values_of_lists_that_differ(tables: Tables) -> ir.Table:
    lists = tables.transactions.filter(tables.transactions.customer_id.notnull())
    return changed_values(lists, columns=("region", "channel"))


def history_of_values(tables: Tables) -> ir.Table:
    lists = tables.transactions.filter(tables.transactions.customer_id.notnull())
    return value_history(lists, column="channel")


def values_that_newer_files_changed(tables: Tables) -> ir.Table:
    customers = tables.customers.filter(tables.customers.region.notnull())
    history = customers.select(
        "customer_id", column_name=ibis.literal("region"), value=customers.region, file=customers.name,
        valid_from=ibis.literal(tables.as_of), is_of_lists=customers.customer_id == "",
    )  # fmt: skip
    return replaced_values(history, column="region")


def orders_that_differ(tables: Tables) -> ir.Table:
    return changed_orders(tables.transactions)


def rows_by_reason(tables: Tables) -> ir.Table:
    """Ask of sales as if they had been rejected: the list of rejects is the loader's own, and on no cluster."""
    sales = tables.transactions
    rejects = sales.select(
        source_id=sales.source_id, file=sales.channel, sheet=sales.category, line=sales.source_line,
        table_name=sales.region, column_name=sales.status, reason=sales.channel,
    )  # fmt: skip
    return rejected_rows(rejects)
