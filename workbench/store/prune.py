"""Which old files go: drafts of dead writers at once, older snapshots by one stated rule."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from workbench.store.folder import Shelf

KEPT_SNAPSHOTS = 3
"""Older snapshots kept beside the current one, to go back to when a load was wrong or a file is damaged."""

KEPT_PUBLISHED = 0
"""Older publications kept: none, so that erased customers are gone from the dashboards' files at the next publish."""

SNAPSHOT_FILES = (".duckdb", ".json", ".verified")


def prune(shelf: Shelf, *, keep_older: bool = True) -> list[str]:
    """Remove all but the current snapshot and the newest older ones; return the names of files that could not go.

    Readers that have a removed file open keep reading it on POSIX; Windows refuses to remove an open file, which then
    goes at the next prune.
    """
    older = [snapshot_id for snapshot_id in shelf.ids() if snapshot_id != shelf.current_id()]
    kept_count = (KEPT_PUBLISHED if shelf.published else KEPT_SNAPSHOTS) if keep_older else 0
    return [name for snapshot_id in older[kept_count:] for name in remove_snapshot(shelf, snapshot_id)]


def remove_snapshot(shelf: Shelf, snapshot_id: str) -> list[str]:
    """Remove a snapshot and what lies beside it; return the names of files that could not go."""
    files = [shelf.folder / f"{snapshot_id}{suffix}" for suffix in SNAPSHOT_FILES]
    for path in files:
        _remove(path)
    return [path.name for path in files if path.exists()]


def clear_drafts(shelf: Shelf) -> None:
    """Remove what a killed writer left: drafts, their logs and spill folders. Call with the lock held."""
    snapshot_ids = set(shelf.ids())
    for path in [*shelf.folder.iterdir(), *shelf.store.glob("*.part")]:
        if path.suffix not in SNAPSHOT_FILES or path.stem not in snapshot_ids:
            _remove(path)


def _remove(path: Path) -> None:
    """Remove a file or folder; leave it to the next prune where somebody holds it."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
