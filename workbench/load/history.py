"""What the store knows of earlier loads: which bytes it holds, under which mapping, and which headers they had."""

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
from workbench.store.folder import Shelf, locate

FINGERPRINTS_KEY = "loaded_sources"
"""The key in `meta` under which the fingerprint of each source is kept."""

SourceIdentity = tuple[str, str | None, str]
"""What makes a source the same one again: its file name, its sheet, the table it feeds."""


@dataclass(frozen=True)
class SourceFingerprint:
    """What is remembered of a source besides its counts: the digest of its mapping, and the headers it had."""

    mapping_digest: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """The sources of the current snapshot; empty for a new store."""

    snapshot: Snapshot | None = None
    sources: Mapping[SourceIdentity, Source] = field(default_factory=dict)
    fingerprints: Mapping[SourceIdentity, SourceFingerprint] = field(default_factory=dict)
    file: Path | None = None
    """The database of the current snapshot."""

    def unchanged(self, identity: SourceIdentity, sha256: str, mapping: SourceMapping) -> Source | None:
        """Return the source that holds these very bytes under this very mapping, or None."""
        source, fingerprint = self.sources.get(identity), self.fingerprints.get(identity)
        if source is None or fingerprint is None:
            return None
        is_same = source.sha256 == sha256 and fingerprint.mapping_digest == mapping_digest(mapping)
        return source if is_same else None

    def expected_headers(self, mapping: SourceMapping) -> tuple[str, ...] | None:
        """Return the headers of the last file loaded under this very mapping; None for a new or an edited one."""
        digest = mapping_digest(mapping)
        loaded = [identity for identity in self.sources if self.fingerprints[identity].mapping_digest == digest]
        last = max(loaded, key=lambda identity: self.sources[identity].source_id, default=None)
        return self.fingerprints[last].headers if last else None

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
        text = dict(zip(meta["key"], meta["value"], strict=True)).get(FINGERPRINTS_KEY, "[]")
        sources = {(source.file, source.sheet, source.table): source for source in store.snapshot.sources}
        file = Shelf(locate(address)).path(store.snapshot.id)
        return History(store.snapshot, sources, _parsed_fingerprints(text), file)


def write_fingerprints(
    con: duckdb.DuckDBPyConnection, fingerprints: Mapping[SourceIdentity, SourceFingerprint]
) -> None:
    """Keep the fingerprint of every source in `meta`, for the next load."""
    entries = [[*identity, source.mapping_digest, source.headers] for identity, source in fingerprints.items()]
    con.execute("DELETE FROM meta WHERE key = ?", [FINGERPRINTS_KEY])
    con.execute("INSERT INTO meta VALUES (?, ?)", [FINGERPRINTS_KEY, json.dumps(entries, ensure_ascii=False)])


def mapping_digest(mapping: SourceMapping) -> str:
    """The hash of everything the mapping of a source says."""
    return hashlib.sha256(mapping_text([mapping]).encode()).hexdigest()


def _parsed_fingerprints(text: str) -> dict[SourceIdentity, SourceFingerprint]:
    entries: Iterable[tuple[str, str | None, str, str, list[str]]] = json.loads(text)
    return {
        (file, sheet, table): SourceFingerprint(digest, tuple(headers))
        for file, sheet, table, digest, headers in entries
    }
