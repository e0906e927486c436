"""One writer at a time: a lock the operating system frees by itself when its holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from workbench.errors import StoreError

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _free(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def writer_lock(store: Path) -> Iterator[None]:
    """Hold the store's writer lock; StoreError says who holds it already.

    The holder's process id stands in `writer.pid` beside the lock, because Windows lets nobody read a locked file.
    Both files stay when the lock is freed: a file left by a killed writer locks nothing.
    """
    holder = store / "writer.pid"
    with (store / "writer.lock").open("a+", encoding="utf-8") as file:
        try:
            file.seek(0)
            _take(file)
        except OSError:
            raise StoreError("store_busy", address=store, process=_read(holder)) from None
        try:
            holder.write_text(f"{os.getpid()}\n", encoding="utf-8")
            yield
        finally:
            _free(file)


def _read(holder: Path) -> str:
    """The process id of the holder, or a question mark in the moment before it is written."""
    with contextlib.suppress(OSError):
        return holder.read_text(encoding="utf-8").strip() or "?"
    return "?"
