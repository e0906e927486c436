"""What every publication showed, in a few figures of its own: the publication itself goes, its record stays.

A record lies in `records/<snapshot>.json` beside the snapshots: figures of groups that were large enough to be shown,
and nothing of any customer. Publications are removed when a newer one comes; to compare with them needs no more.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.store.faults import in_words
from workbench.store.folder import SNAPSHOT_ID, locate, private_files, write_atomically
from workbench.store.manifest import content_checksum

log = logging.getLogger("workbench.store")


@in_words
def save_record(address: str | Path | None, snapshot_id: str, content: Mapping[str, Any]) -> None:
    """Keep what a publication showed; saving it again replaces it. The file appears whole or not at all."""
    folder = locate(address) / "records"
    with private_files():
        folder.mkdir(exist_ok=True)
        whole = {"snapshot": snapshot_id, **content}
        text = json.dumps({"checksum": content_checksum(whole), **whole}, ensure_ascii=False, indent=1)
        write_atomically(folder / f"{snapshot_id}.json", text + "\n")


@in_words
def publication_records(address: str | Path | None = None) -> list[dict[str, Any]]:
    """Return the records of all publications, newest first; one whose file was changed is left out, and logged."""
    folder = locate(address) / "records"
    ids = sorted((path.stem for path in folder.glob("*.json") if SNAPSHOT_ID.fullmatch(path.stem)), reverse=True)
    read = (_read(folder / f"{one}.json") for one in ids)
    return [record for record in read if record is not None]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("checksum") == content_checksum(content) and content["snapshot"] == path.stem:
            return content
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        log.debug("The record %s cannot be read.", path, exc_info=True)
    log.warning("The record %s of a publication was changed or is damaged; it is not compared with.", path)
    return None
