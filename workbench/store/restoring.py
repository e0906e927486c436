"""Go back: put an older snapshot in force again after a wrong load or a damaged file."""

from __future__ import annotations

import contextlib
from pathlib import Path

from workbench.store.building import exclusive_writer
from workbench.store.faults import in_words
from workbench.store.folder import Shelf, locate
from workbench.store.manifest import Manifest, ManifestError, Snapshot
from workbench.store.verify import verified_manifest


@in_words
def snapshots(address: str | Path | None = None) -> list[Snapshot]:
    """List the snapshots one can go back to, the newest first, whatever is in force; those that cannot be read are not.

    Whether a file is whole is looked at when it is restored. Raises StoreError where there is no store.
    """
    shelf = Shelf(locate(address))
    shelf.current_id()
    readable = []
    for snapshot_id in shelf.ids():
        with contextlib.suppress(ManifestError, FileNotFoundError):
            readable.append(Manifest.of(shelf.path(snapshot_id)).snapshot)
    return readable


@in_words
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
