"""Open a store: find the snapshot in force, make sure that it is whole, and lock it down."""

from __future__ import annotations

from pathlib import Path

import duckdb

from workbench.store.budget import analyst_budget, dashboard_budget
from workbench.store.faults import in_words
from workbench.store.folder import Shelf, locate
from workbench.store.store import Store
from workbench.store.verify import verified_manifest


@in_words
def open_store(address: str | Path | None = None, *, published: bool = False, snapshot: str | None = None) -> Store:
    """Open the current snapshot of a store, or with `published` the one dashboards may show.

    Without an address it opens what WORKBENCH_STORE names, else ./crm.store. `snapshot` opens an older one by its id.
    Raises StoreError: no store, nothing loaded or published yet, another version, a damaged file.
    """
    shelf = Shelf(locate(address), published=published)
    while True:
        snapshot_id = snapshot or shelf.current_id()
        try:
            return _open(shelf, snapshot_id)
        except FileNotFoundError:
            if snapshot is None and shelf.current_id() != snapshot_id:
                continue  # a new one was switched to, and the old one removed, between the two reads
            raise shelf.missing(snapshot_id) from None


@in_words
def current_id(address: str | Path | None = None, *, published: bool = False) -> str:
    """Read the id of the snapshot in force: cheap enough to ask whether a page still shows the newest."""
    return Shelf(locate(address), published=published).current_id()


def _open(shelf: Shelf, snapshot_id: str) -> Store:
    """Check the file against its manifest and open it; FileNotFoundError where it has been removed."""
    path, manifest = shelf.path(snapshot_id), verified_manifest(shelf, snapshot_id)
    try:
        return Store(shelf.store, manifest.snapshot, path, dashboard_budget() if shelf.published else analyst_budget())
    except duckdb.Error as fault:
        if not path.exists():
            raise FileNotFoundError(path) from fault
        raise
