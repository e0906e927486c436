"""Faults of the machine and of the file, turned into StoreErrors a reader can act on."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import duckdb

from workbench.errors import StoreError
from workbench.store.budget import Budget

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = ("no space left", "disk quota", "file too large", "not enough space")
"""DuckDB reports the system's text, not its number (the last one is Windows')."""

DAMAGE_WORDS = ("corrupt", "checksum", "could not read", "read enough bytes", "not a valid duckdb", "deserialize")


@contextlib.contextmanager
def as_store_errors(place: Path, budget: Budget, *, reading: bool = False) -> Iterator[None]:
    """Raise full disks, spent memory and spent time as StoreErrors, and unreadable blocks too while reading a snapshot.

    `place` is the file at work. All other faults pass as they are.
    """
    try:
        yield
    except (duckdb.Error, OSError, MemoryError) as fault:
        error = resource_error(fault, place, budget)
        if error is None and reading and is_damage(fault):
            error = StoreError("block_damaged", snapshot=place.stem)
        if error is None:
            raise
        raise error from fault


def resource_error(fault: Exception, place: Path, budget: Budget) -> StoreError | None:
    """Return the StoreError for a resource that ran out at `place`, or None for any other fault."""
    text = str(fault).lower()
    if isinstance(fault, OSError):
        return StoreError("disk_full", place=place.parent) if fault.errno in DISK_FULL else None
    if isinstance(fault, (MemoryError, duckdb.OutOfMemoryException)):
        return StoreError("out_of_memory", memory=budget.memory, spill=budget.spill)
    if any(words in text for words in FULL_WORDS):
        return StoreError("disk_full", place=place.parent)
    if isinstance(fault, duckdb.InterruptException) and "execution time" in text:
        return StoreError("too_long", seconds=budget.seconds)
    return None


def is_damage(fault: Exception) -> bool:
    """Whether DuckDB says that the file is not as it was written."""
    kinds = (duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException)
    return isinstance(fault, kinds) or any(words in str(fault).lower() for words in DAMAGE_WORDS)
