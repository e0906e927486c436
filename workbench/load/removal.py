"""Take a source out of the store again."""

from __future__ import annotations

from pathlib import Path

import duckdb

from workbench.errors import LoadError
from workbench.load.history import read_history, write_fingerprints
from workbench.load.storing.customer_history import forget_file, write_history
from workbench.load.storing.customer_lists import join_lists, part_lists
from workbench.load.storing.product_categories import fill_categories
from workbench.load.storing.store_source import delete_sources
from workbench.store import Snapshot, build
from workbench.store.faults import in_words


@in_words
def remove(file: str, *, store: str | Path | None = None) -> Snapshot:
    """Delete every row that a file brought, of all its sheets and tables, in a new snapshot.

    `file` is its name as reports and `store.snapshot.sources` show it. LoadError where the store has no such source.
    Rows that this file replaced in others are not brought back: restore an older snapshot for that.
    """
    history = read_history(store)
    gone = [source.source_id for source in history.sources.values() if source.file == file]
    if not gone:
        names = sorted({source.file for source in history.sources.values()})
        raise LoadError("no_such_source", file=file, files=names or ["—"])
    left = {identity: print_ for identity, print_ in history.fingerprints.items() if identity[0] != file}

    def delete(con: duckdb.DuckDBPyConnection) -> None:
        part_lists(con)
        delete_sources(con, gone)
        join_lists(con)
        fill_categories(con, [])
        forget_file(con, file)
        write_history(con)
        write_fingerprints(con, left)

    return build(store, delete, start_from_current=True)
