"""Faults of the machine and of the file, turned into StoreErrors a reader can act on."""

from __future__ import annotations

import contextlib
import errno
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb
import pyarrow as pa

from workbench.errors import StoreError
from workbench.store.budget import Budget, writer_budget
from workbench.system_paths import short_path

P = ParamSpec("P")
R = TypeVar("R")

FAULTS_FROM_OUTSIDE = (OSError, MemoryError, RecursionError, UnicodeError, duckdb.Error, pa.ArrowException)
"""What a machine, a file or an engine raises; any other exception is a mistake of this program and stays one."""

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = ("no space left", "disk quota", "file too large", "not enough space")
"""DuckDB reports the system's text, not its number (the last one is Windows')."""

DAMAGE_WORDS = ("corrupt", "checksum", "could not read", "read enough bytes", "not a valid duckdb", "deserialize")


@contextlib.contextmanager
def as_store_errors(place: Path, budget: Budget, *, reading: bool = False) -> Iterator[None]:
    """Raise full disks, spent memory and spent time as StoreErrors, and unreadable blocks too while reading a snapshot.

    `place` is the file at work. All other faults pass as they are: `in_words` stands at the door.
    """
    try:
        yield
    except FAULTS_FROM_OUTSIDE as fault:
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
    kinds = (duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException, pa.ArrowException)
    return isinstance(fault, kinds) or any(words in str(fault).lower() for words in DAMAGE_WORDS)


def in_words(door: Callable[P, R]) -> Callable[P, R]:
    """Let nothing out of a public function but a StoreError for what the machine, a file or an engine raises.

    The exception stays as the error's cause, so the log has its traceback; what an engine says may quote a value and
    is not repeated. Mistakes of this program pass as they are.
    """

    @functools.wraps(door)
    def worded(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return door(*arguments, **named)
        except FAULTS_FROM_OUTSIDE as fault:
            raise _outside_error(fault) from fault

    return worded


def _outside_error(fault: Exception) -> StoreError:
    """Return the StoreError for a fault that nothing nearer to it has a better word for."""
    place = Path(str(getattr(fault, "filename", None) or "."))
    error = resource_error(fault, place, writer_budget())
    if error is not None:
        return error
    if isinstance(fault, OSError):
        said = fault.strerror or type(fault).__name__
        return StoreError("system_refuses", place=short_path(place), said=said)
    if isinstance(fault, RecursionError):
        return StoreError("nested_too_deeply")
    return StoreError("engine_stopped", kind=type(fault).__name__)
