"""What is known of a snapshot without opening it: who, when, how many, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workbench.currency import DEFAULT_CURRENCY

SCHEMA_VERSION = 1
"""Raised when the canonical tables change so that older code cannot read them."""


class ManifestError(Exception):
    """The text is not a manifest, or not the one that was written."""


@dataclass(frozen=True)
class Source:
    """One file (and sheet) that was loaded, and what became of its rows."""

    source_id: int
    file: str
    sheet: str | None
    sha256: str
    table: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_ignored: int


@dataclass(frozen=True)
class Snapshot:
    """One immutable state of a company's data."""

    id: str
    created_at: datetime
    as_of: date
    company: str
    published: bool
    tables: Mapping[str, int]
    sources: tuple[Source, ...]
    minimum_group: int = 5
    """The smallest group whose figures may be shown; chosen when publishing."""
    currency: str = DEFAULT_CURRENCY
    """The currency of every amount, by its ISO 4217 code."""


@dataclass(frozen=True)
class Manifest:
    """The snapshot's card and what its file must look like.

    `sums` holds the exact sum of every numeric column as text, by table: what a restored or copied file is held to.
    """

    snapshot: Snapshot
    sums: Mapping[str, Mapping[str, str | None]]
    size: int
    sha256: str
    schema_version: int = SCHEMA_VERSION
    published_from: str | None = None

    def text(self) -> str:
        """Write the manifest as JSON, with a checksum of itself: a changed day or count is noticed too."""
        content = json.loads(json.dumps(asdict(self), default=_plain))
        return json.dumps({"checksum": content_checksum(content), **content}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def of(cls, path: Path) -> Manifest:
        """Read the manifest beside the database file `path`; ManifestError where its text was changed."""
        try:
            content = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            checksum = content.pop("checksum")
            if checksum != content_checksum(content):
                raise ManifestError(path.stem)
            card = content.pop("snapshot")
            sources = tuple(Source(**source) for source in card.pop("sources"))
            created_at = datetime.fromisoformat(card.pop("created_at"))
            as_of = date.fromisoformat(card.pop("as_of"))
            snapshot = Snapshot(created_at=created_at, as_of=as_of, sources=sources, **card)
            return cls(snapshot=snapshot, **content)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IsADirectoryError) as fault:
            raise ManifestError(path.stem) from fault


def _plain(value: object) -> str:
    """Write dates and times as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


def content_checksum(content: Mapping[str, Any]) -> str:
    """The hash of the content, whatever its order and spacing."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
