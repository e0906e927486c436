"""Erase customers: from the current snapshot, the publication, and every older file of the store."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.schema import CUSTOMERS, TABLES
from workbench.store.building import SnapshotDraft, exclusive_writer, put_in_force
from workbench.store.contents import CUSTOMER_HISTORY, CUSTOMER_LISTS, stored_columns
from workbench.store.faults import in_words
from workbench.store.folder import Shelf, locate
from workbench.store.manifest import Snapshot
from workbench.store.prune import prune
from workbench.store.publishing import publish_current
from workbench.store.sql_quoting import quoted_name
from workbench.store.verify import verified_manifest

NAMES_OF_STAFF = ("entered_by", "verified_by")
"""Personal columns of a customer's row that name an employee: they say nothing of the customer who is erased."""

LONG_ENOUGH = 4
"""Bytes an identifier must have to be searched for inside other texts; shorter ones would match by chance."""


@in_words
def erase(address: str | Path | None, customer_ids: Iterable[str]) -> Snapshot:
    """Remove customers from every file of a store: a new snapshot without them, a new publication, no older files.

    All their rows go, in every table, and every rejected value that names them. Calling it again with the same ids
    changes nothing more, so it can be repeated after a crash. Erase them in the source files too: the next load would
    bring them back. Raises StoreError where a file stays because somebody has it open (on Windows).
    """
    store = locate(address)
    shelf, dashboards = Shelf(store), Shelf(store, published=True)
    with exclusive_writer(store):
        start = verified_manifest(shelf, shelf.current_id()).snapshot
        draft = SnapshotDraft(shelf, notes={"as_of": str(start.as_of)}, start=shelf.path(start.id))
        snapshot = put_in_force(draft, partial(_delete, customer_ids=sorted(set(customer_ids))), keep_older=False)
        if not dashboards.is_empty():
            group = verified_manifest(dashboards, dashboards.current_id()).snapshot.minimum_group
            publish_current(store, group)
        shelves = [shelf] if dashboards.is_empty() else [shelf, dashboards]
        remaining = [name for pruned in shelves for name in prune(pruned, keep_older=False)]
    if remaining:
        raise StoreError("erase_incomplete", address=store, files=remaining)
    return snapshot


def _delete(con: duckdb.DuckDBPyConnection, *, customer_ids: list[str]) -> None:
    """Delete the customers' rows, and the rejected values that hold one of their identifiers."""
    con.execute("CREATE TEMP TABLE erased AS SELECT unnest(?::VARCHAR[]) AS customer_id", [customer_ids])
    people = CUSTOMER_LISTS if stored_columns(con, CUSTOMER_LISTS) else "customers"
    there = stored_columns(con, people)  # lists of an older store lack the columns that came later
    personal = [
        column.name
        for column in CUSTOMERS.columns
        if column.personal != "no"
        and column.type in {"id", "text"}
        and column.name in there
        and column.name not in NAMES_OF_STAFF
    ]
    con.execute(
        "CREATE TEMP TABLE identifiers AS SELECT DISTINCT trim(value) AS value FROM ("
        f" SELECT unnest([{', '.join(map(quoted_name, personal))}]) AS value FROM {people} SEMI JOIN erased"
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
    for name in (CUSTOMER_LISTS, CUSTOMER_HISTORY):
        if stored_columns(con, name):
            con.execute(f"DELETE FROM {name} WHERE customer_id IN (SELECT customer_id FROM erased)")
