"""A lock on a file that the operating system frees by itself when its holder dies."""

from __future__ import annotations

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def take_lock(file: IO[str]) -> None:
        """Take the lock of an open file; OSError at once where another process, or another handle, has it."""
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def free_lock(file: IO[str]) -> None:
        """Give the lock back before the file is closed."""
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def take_lock(file: IO[str]) -> None:
        """Take the lock of an open file; OSError at once where another process, or another handle, has it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def free_lock(file: IO[str]) -> None:
        """Give the lock back before the file is closed."""
        fcntl.flock(file, fcntl.LOCK_UN)
