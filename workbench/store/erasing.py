"""Erase customers: from the current snapshot, the publication, and every older file of the store."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.schema import CUSTOMERS, TABLES
from workbench.store.building import Draft, exclusive, put_in_force
from workbench.store.folder import Shelf, locate
from workbench.store.manifest import Snapshot
from workbench.store.prune import prune
from workbench.store.publishing import publish_current
from workbench.store.sql_quoting import quoted_name
from workbench.store.verify import checked

LONG_ENOUGH = 4
"""Bytes an identifier needs to be looked for inside other texts; shorter ones would match by chance."""


def erase(address: str | Path | None, customer_ids: Iterable[str]) -> Snapshot:
    """Remove customers from every file of a store: a new snapshot without them, a new publication, no older files.

    All their rows go, in every table, and every rejected value that names them. Calling it again with the same ids
    changes nothing more, so it can be repeated after a crash. Erase them in the source files too: the next load would
    bring them back. Raises StoreError where a file stays because somebody has it open (on Windows).
    """
    store = locate(address)
    shelf, dashboards = Shelf(store), Shelf(store, published=True)
    with exclusive(store):
        start = checked(shelf, shelf.current_id()).snapshot
        draft = Draft(shelf, notes={"as_of": str(start.as_of)}, start=shelf.path(start.id))
        snapshot = put_in_force(draft, partial(_delete, customer_ids=sorted(set(customer_ids))), keep_older=False)
        if not dashboards.is_empty():
            group = checked(dashboards, dashboards.current_id()).snapshot.minimum_group
            publish_current(store, group)
        left = [name for one in (shelf, dashboards) if not one.is_empty() for name in prune(one, keep_older=False)]
    if left:
        raise StoreError("erase_incomplete", address=store, files=left)
    return snapshot


def _delete(con: duckdb.DuckDBPyConnection, *, customer_ids: list[str]) -> None:
    """Delete the customers' rows, and the rejected values that hold one of their identifiers."""
    con.execute("CREATE TEMP TABLE erased AS SELECT unnest(?::VARCHAR[]) AS customer_id", [customer_ids])
    named = [column.name for column in CUSTOMERS.columns if column.personal != "no" and column.type in {"id", "text"}]
    con.execute(
        "CREATE TEMP TABLE identifiers AS SELECT DISTINCT trim(value) AS value FROM ("
        f" SELECT unnest([{', '.join(quoted_name(name) for name in named)}]) AS value FROM customers SEMI JOIN erased"
        " USING (customer_id) UNION SELECT customer_id FROM erased) WHERE trim(value) <> ''"
    )
    con.execute(
        "DELETE FROM rejects WHERE EXISTS (SELECT 1 FROM identifiers WHERE rejects.value = identifiers.value OR"
        f" (strlen(identifiers.value) >= {LONG_ENOUGH} AND"
        " (contains(rejects.value, identifiers.value) OR contains(rejects.facts, identifiers.value))))"
    )
    for table in TABLES.values():
        if "customer_id" in table.names:
            con.execute(f"DELETE FROM {quoted_name(table.name)} WHERE customer_id IN (SELECT customer_id FROM erased)")
