"""Faults of the machine and of the file, turned into StoreErrors a reader can act on."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.store.budget import Budget

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = ("no space left", "disk quota", "file too large", "not enough space")
"""DuckDB reports the system's text, not its number (the last one is Windows')."""

DAMAGE_WORDS = ("corrupt", "checksum", "could not read", "read enough bytes", "not a valid duckdb", "deserialize")


@contextlib.contextmanager
def worded(place: Path, budget: Budget) -> Iterator[None]:
    """Raise full disks, spent memory, spent time and unreadable blocks as StoreErrors; let all else pass."""
    try:
        yield
    except (duckdb.Error, OSError, MemoryError) as fault:
        error = explain(fault, place, budget)
        if error is None:
            raise
        raise error from fault


def explain(fault: Exception, place: Path, budget: Budget) -> StoreError | None:
    """Return the StoreError for what happened at `place`, or None where it is none of the known faults."""
    text = str(fault).lower()
    if isinstance(fault, OSError):
        return StoreError("disk_full", place=place.parent) if fault.errno in FULL else None
    if any(words in text for words in FULL_WORDS):
        return StoreError("disk_full", place=place.parent)
    if isinstance(fault, (MemoryError, duckdb.OutOfMemoryException)):
        return StoreError("out_of_memory", memory=budget.memory, spill=budget.spill)
    if isinstance(fault, duckdb.InterruptException) and "execution time" in text:
        return StoreError("too_long", seconds=budget.seconds)
    if is_damage(fault):
        return StoreError("block_damaged", snapshot=place.stem)
    return None


def is_damage(fault: Exception) -> bool:
    """Whether DuckDB says that the file is not as it was written."""
    kinds = (duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException)
    return isinstance(fault, kinds) or any(words in str(fault).lower() for words in DAMAGE_WORDS)
