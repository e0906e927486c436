"""What pages that are gone leave free in this process is given back to the system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def return_freed_memory() -> None:
    """Ask the C library for it, where it is one that keeps freed pieces: after a crowd it held tens of megabytes more.

    It does so by itself only at the end of a heap, and here something small nearly always lies there.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not GNU's, or not Unix
        return None
