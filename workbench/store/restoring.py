"""Go back: put an older snapshot in force again after a wrong load or a damaged file."""

from __future__ import annotations

from pathlib import Path

from workbench.store.building import exclusive_writer
from workbench.store.folder import Shelf, locate
from workbench.store.manifest import Snapshot
from workbench.store.verify import verified_manifest


def restore(address: str | Path | None = None, *, snapshot: str) -> Snapshot:
    """Make an older snapshot, given by its id, the current one; dashboards change at the next publish.

    Raises StoreError where the store has no such snapshot or it is damaged itself.
    """
    shelf = Shelf(locate(address))
    with exclusive_writer(shelf.store):
        try:
            manifest = verified_manifest(shelf, snapshot)
        except FileNotFoundError:
            raise shelf.missing(snapshot) from None
        shelf.switch(snapshot)
    return manifest.snapshot
