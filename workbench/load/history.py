"""What the store knows of earlier loads: which bytes under which mapping are in it, and which headers they had."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.load.mapping.mapping_file import mapping_text
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.store import Snapshot, Source, open_store

NOTES = "loaded_sources"
"""The key in `meta` that keeps, for each source, the digest of its mapping and its headers."""

Identity = tuple[str, str | None, str]
"""What makes a source the same one again: its file name, its sheet, the table it feeds."""


@dataclass(frozen=True)
class Note:
    """What is remembered of a source beside its counts: the digest of its mapping, and the headers it had."""

    digest: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """The sources of the current snapshot; empty for a new store."""

    snapshot: Snapshot | None = None
    sources: Mapping[Identity, Source] = field(default_factory=dict)
    notes: Mapping[Identity, Note] = field(default_factory=dict)

    def unchanged(self, identity: Identity, sha256: str, mapping: SourceMapping) -> Source | None:
        """Return the source that holds these very bytes under this very mapping, or None."""
        source, note = self.sources.get(identity), self.notes.get(identity)
        same = source and note and source.sha256 == sha256 and note.digest == digest_of(mapping)
        return source if same else None

    def expected_headers(self, mapping: SourceMapping) -> tuple[str, ...] | None:
        """Return the headers of the last file loaded under this very mapping; None for a new or an edited one."""
        digest = digest_of(mapping)
        known = [identity for identity in self.sources if self.notes[identity].digest == digest]
        last = max(known, key=lambda identity: self.sources[identity].source_id, default=None)
        return self.notes[last].headers if last else None

    @property
    def next_id(self) -> int:
        """A source id that was never used in this snapshot."""
        return max((source.source_id for source in self.sources.values()), default=0) + 1


def read_history(address: str | Path | None) -> History:
    """Read what the current snapshot of the store knows; nothing for a store that does not exist or is empty."""
    try:
        store = open_store(address)
    except StoreError as error:
        if error.key in ("no_store", "no_snapshot"):
            return History()
        raise
    with store:
        meta = store.arrays(store.table("meta"))
        notes = dict(zip(meta["key"], meta["value"], strict=True)).get(NOTES, "[]")
        sources = {(source.file, source.sheet, source.table): source for source in store.snapshot.sources}
        return History(store.snapshot, sources, _parsed(notes))


def write_notes(con: duckdb.DuckDBPyConnection, notes: Mapping[Identity, Note]) -> None:
    """Keep the notes of every source in `meta`, for the next load."""
    listed = [[*identity, note.digest, note.headers] for identity, note in notes.items()]
    con.execute("DELETE FROM meta WHERE key = ?", [NOTES])
    con.execute("INSERT INTO meta VALUES (?, ?)", [NOTES, json.dumps(listed, ensure_ascii=False)])


def digest_of(mapping: SourceMapping) -> str:
    """The hash of everything a mapping entry says."""
    return hashlib.sha256(mapping_text([mapping]).encode()).hexdigest()


def _parsed(text: str) -> dict[Identity, Note]:
    listed: Iterable[tuple[str, str | None, str, str, list[str]]] = json.loads(text)
    return {(file, sheet, table): Note(digest, tuple(headers)) for file, sheet, table, digest, headers in listed}
