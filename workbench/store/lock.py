"""One writer at a time: a lock the operating system frees by itself when its holder dies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import StoreError
from workbench.file_lock import free_lock, take_lock


@contextlib.contextmanager
def writer_lock(store: Path) -> Iterator[None]:
    """Hold the store's writer lock; StoreError says who holds it already.

    The holder's process id stands in `writer.pid` beside the lock, because Windows lets nobody read a locked file.
    Both files stay when the lock is freed: a file left by a killed writer locks nothing.
    """
    holder = store / "writer.pid"
    with (store / "writer.lock").open("a+", encoding="utf-8") as file:
        try:
            take_lock(file)
        except OSError:
            raise StoreError("store_busy", address=store, process=_read(holder)) from None
        try:
            holder.write_text(f"{os.getpid()}\n", encoding="utf-8")
            yield
        finally:
            free_lock(file)


def _read(holder: Path) -> str:
    """The process id of the holder, or a question mark in the moment before it is written."""
    with contextlib.suppress(OSError):
        return holder.read_text(encoding="utf-8").strip() or "?"
    return "?"
