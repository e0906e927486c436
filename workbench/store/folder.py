"""The store's folder: what lies where, and how the file in force is switched in one step."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workbench.errors import StoreError
from workbench.system_paths import check_path

SNAPSHOT_ID = re.compile(r"(\d{8}T\d{6}\d{3})Z-[0-9a-f]{12}")
"""A snapshot's id: when it was made (UTC, to the millisecond) and the start of its content's hash."""

_TIME = "%Y%m%dT%H%M%S%f"


def locate(address: str | Path | None) -> Path:
    """Return the store's folder: the address given, else what WORKBENCH_STORE says, else ./crm.store."""
    return check_path(Path(address or os.environ.get("WORKBENCH_STORE") or "crm.store"), StoreError)


@dataclass(frozen=True)
class Shelf:
    """One row of immutable database files: the analysts' snapshots, or what is published for dashboards."""

    store: Path
    published: bool = False

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self.store / ("published" if self.published else "snapshots")

    @property
    def pointer(self) -> Path:
        """The small file that names the file in force."""
        return self.store / ("PUBLISHED" if self.published else "CURRENT")

    def path(self, snapshot_id: str) -> Path:
        """Where the snapshot called `snapshot_id` lies; StoreError for a text that cannot be an id."""
        if not SNAPSHOT_ID.fullmatch(snapshot_id):
            raise self.missing(snapshot_id)
        return self.folder / f"{snapshot_id}.duckdb"

    def ids(self) -> list[str]:
        """The ids of all files on the shelf, newest first."""
        if not self.folder.is_dir():
            return []
        return sorted(
            (path.stem for path in self.folder.glob("*.duckdb") if SNAPSHOT_ID.fullmatch(path.stem)), reverse=True
        )

    def current_id(self) -> str:
        """Read which snapshot is in force; StoreError where there is no store, or nothing in force yet."""
        if not self.store.is_dir():
            raise StoreError("no_store", address=self.store)
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise StoreError("not_published" if self.published else "no_snapshot", address=self.store) from None
        except PermissionError:
            raise
        except (UnicodeDecodeError, OSError) as fault:  # a folder of this name, a link to itself
            raise self._pointer_damaged() from fault
        snapshot_id = name.removesuffix(".duckdb")
        if not SNAPSHOT_ID.fullmatch(snapshot_id):
            raise self._pointer_damaged()
        return snapshot_id

    def is_empty(self) -> bool:
        """Whether nothing has been put in force yet."""
        return not self.pointer.exists()

    def switch(self, snapshot_id: str) -> None:
        """Put a snapshot in force: readers see the old name or the new one, never a part of either."""
        write_atomically(self.pointer, f"{snapshot_id}.duckdb\n")

    def next_time(self, now: datetime) -> datetime:
        """Return `now`, or a millisecond after the newest file where the clock has gone back: names only go forward."""
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        newest = max((time_of(snapshot_id) for snapshot_id in self.ids()), default=now)
        return max(now, newest + timedelta(milliseconds=1))

    def missing(self, snapshot_id: str) -> StoreError:
        """Say that a snapshot is not there, and which are."""
        return StoreError("snapshot_missing", snapshot=snapshot_id, address=self.store, available=self.ids())

    def _pointer_damaged(self) -> StoreError:
        return StoreError("pointer_damaged", file=self.pointer, available=self.ids())


def id_of(created_at: datetime, sha256: str) -> str:
    """Name a snapshot by its time and content.

    >>> id_of(datetime(2024, 3, 5, 8, 41, 7, 250_000, tzinfo=UTC), "0123456789abcdef")
    '20240305T084107250Z-0123456789ab'
    """
    return f"{created_at.strftime(_TIME)[:-3]}Z-{sha256[:12]}"


def time_of(snapshot_id: str) -> datetime:
    """Read the time back from a snapshot's id.

    >>> time_of("20240305T084107250Z-0123456789ab").isoformat()
    '2024-03-05T08:41:07.250000+00:00'
    """
    return datetime.strptime(snapshot_id.partition("Z")[0], _TIME).replace(tzinfo=UTC)


def write_atomically(path: Path, text: str) -> None:
    """Write a small text file so that a reader, or a crash, sees all of the old text or all of the new."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the folder's names are on the disk. Windows has no such call and orders them itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """Create files and folders for the owner alone: they hold customers' data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
