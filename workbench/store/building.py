"""Build a snapshot aside, check it, and put it in force: a reader sees all of the old data or all of the new."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from workbench.currency import DECIMALS, DEFAULT_CURRENCY
from workbench.errors import ChoiceError, StoreError
from workbench.store import contents
from workbench.store.budget import Budget, writer_budget
from workbench.store.faults import as_store_errors, in_words
from workbench.store.folder import Shelf, id_of, locate, private_files, sync_file, sync_folder, write_atomically
from workbench.store.lock import writer_lock
from workbench.store.manifest import Manifest, Snapshot
from workbench.store.prune import clear_drafts, prune, remove_snapshot
from workbench.store.sql_quoting import quoted_name, quoted_text
from workbench.store.verify import sha256_of, stamp_verified, verified_manifest

WriteTables = Callable[[duckdb.DuckDBPyConnection], object]
"""Fills the tables of the open database; what it returns is not looked at."""


@in_words
def build(
    address: str | Path | None,
    write: WriteTables,
    *,
    company: str | None = None,
    as_of: date | None = None,
    currency: str | None = None,
    publish_attributes: Mapping[str, Sequence[str]] | None = None,
    start_from_current: bool = False,
) -> Snapshot:
    """Build a new snapshot with what `write` fills in, and make it the current one.

    `write` gets a connection to a database that has every canonical table and `sources`, `rejects` and `meta`, empty
    or, with `start_from_current`, as they are now; it inserts rows, adds attribute columns, or replaces tables whole.
    Its file is then closed, written to disk and checked, and only then switched to. Whatever goes wrong before that
    leaves the current snapshot in force and no file behind.

    Parameters
    ----------
    company : the company's name; by default the one of the current snapshot, else the store folder's name.
    as_of : the day the data speak of; by default the last day anything happened.
    currency : the currency of every amount, by its ISO 4217 code; by default as in the current snapshot, else CNY.
    publish_attributes : the attribute columns dashboards may see, by table; by default as in the current snapshot.
    """
    shelf = Shelf(locate(address))
    check_currency(currency)
    notes = {"company": company, "as_of": as_of.isoformat() if as_of else None, "currency": currency}
    if publish_attributes is not None:
        notes["publish_attributes"] = json.dumps(publish_attributes, ensure_ascii=False)
    with exclusive_writer(shelf.store, make=True):
        start = None
        if start_from_current and not shelf.is_empty():
            start = shelf.path(verified_manifest(shelf, shelf.current_id()).snapshot.id)
        draft = SnapshotDraft(shelf, {key: value for key, value in notes.items() if value is not None}, start=start)
        return put_in_force(draft, write)


def check_currency(currency: str | None) -> None:
    """Raise a `ChoiceError` for a currency that nobody could be told amounts in."""
    if currency is not None and currency not in DECIMALS:
        raise ChoiceError("unknown_currency", value=currency, known=tuple(DECIMALS))


@contextlib.contextmanager
def exclusive_writer(store: Path, *, make: bool = False) -> Iterator[None]:
    """Be the store's one writer: files for the owner alone, and a full disk or spent memory in words."""
    if not make and not store.is_dir():
        raise StoreError("no_store", address=store)
    with private_files(), as_store_errors(store / "CURRENT", writer_budget()):
        store.mkdir(parents=True, exist_ok=True)
        with writer_lock(store):
            yield


@dataclass(frozen=True)
class SnapshotDraft:
    """A snapshot in the making: where it goes, its notes, and the file it starts from."""

    shelf: Shelf
    notes: Mapping[str, str]
    start: Path | None = None
    published_from: str | None = None
    minimum_group: int = 5
    made_at: datetime | None = None
    """When its data were put together, where that was before now."""

    @property
    def path(self) -> Path:
        """The file while it has no name yet; readers never look at it."""
        return self.shelf.folder / "draft.part"


def put_in_force(draft: SnapshotDraft, write: WriteTables, *, keep_older: bool = True) -> Snapshot:
    """Write, check, name and switch to a draft. Call with the lock held."""
    shelf, budget = draft.shelf, writer_budget()
    shelf.folder.mkdir(exist_ok=True)
    clear_drafts(shelf)
    try:
        _fill(draft, write, budget)
        manifest = _examine(draft, budget)
        _switch(draft, manifest)
    finally:
        clear_drafts(shelf)
    prune(shelf, keep_older=keep_older)
    return manifest.snapshot


def _fill(draft: SnapshotDraft, write: WriteTables, budget: Budget) -> None:
    """Run the writer on the draft and close it, so that one file holds everything."""
    target = draft.path
    if draft.start is not None:
        target = draft.path.with_name("start.part")
        shutil.copyfile(draft.start, target)
    with _connect(target, budget) as con:
        contents.create_tables(con)
        contents.add_missing_columns(con, published=False)
        write(con)
        contents.add_missing_columns(con, published=draft.shelf.published)
        _take_notes(con, draft)
        con.execute("CHECKPOINT")
    if draft.start is not None:
        _copy_fresh(target, draft.path, budget)
    if draft.path.with_name(draft.path.name + ".wal").exists():
        raise StoreError("not_closed", address=draft.shelf.store)
    sync_file(draft.path)


def _copy_fresh(source: Path, target: Path, budget: Budget) -> None:
    """Copy the tables into a new file: deleted rows stay readable in the bytes of the file they were deleted from."""
    with _connect(target, budget) as con:
        con.execute(f"ATTACH {quoted_text(source)} AS start (READ_ONLY)")
        con.execute(f"COPY FROM DATABASE start TO {quoted_name(target.stem)}")
        con.execute("DETACH start")
        con.execute("CHECKPOINT")
    source.unlink()


def _take_notes(con: duckdb.DuckDBPyConnection, draft: SnapshotDraft) -> None:
    """Complete the notes in `meta`: the given ones, else those already there; the day, if not given, from the data."""
    notes = {**contents.read_meta(con), **draft.notes}
    day = draft.notes.get("as_of") or contents.last_day(con) or datetime.now(UTC).date()
    contents.write_meta(con, {"company": draft.shelf.store.stem, **notes, "as_of": str(day)})


def _examine(draft: SnapshotDraft, budget: Budget) -> Manifest:
    """Reopen the closed file, hold it to the schema, count and sum what it holds, and hash it."""
    with _connect(draft.path, budget, read_only=True) as con:
        contents.check_tables(con, published=draft.shelf.published)
        counts, sums = contents.count_tables(con)
        meta, sources = contents.read_meta(con), contents.read_sources(con)
    sha256 = sha256_of(draft.path)
    created_at = draft.shelf.next_time(draft.made_at or datetime.now(UTC))
    snapshot = Snapshot(
        id=id_of(created_at, sha256),
        created_at=created_at,
        as_of=date.fromisoformat(meta["as_of"]),
        company=meta["company"],
        published=draft.shelf.published,
        tables=counts,
        sources=sources,
        minimum_group=draft.minimum_group,
        currency=meta.get("currency", DEFAULT_CURRENCY),
    )
    size = draft.path.stat().st_size
    return Manifest(snapshot, sums=sums, size=size, sha256=sha256, published_from=draft.published_from)


def _switch(draft: SnapshotDraft, manifest: Manifest) -> None:
    """Give the draft its immutable name, with its manifest beside it, and put it in force; or leave nothing of it."""
    shelf, snapshot_id = draft.shelf, manifest.snapshot.id
    path = shelf.path(snapshot_id)
    try:
        draft.path.rename(path)
        write_atomically(path.with_suffix(".json"), manifest.text())
        stamp_verified(path, manifest)
        sync_folder(path.parent)
        shelf.switch(snapshot_id)
    except OSError:
        remove_snapshot(shelf, snapshot_id)
        raise


def _connect(path: Path, budget: Budget, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a draft; it spills beside itself, on the store's disk."""
    return budget.connect(path, path.with_name("spill.part"), read_only=read_only)
