"""Paths as a person gives them: whether the system can have such a path at all, and how to write it in a sentence."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.visible_text import visible

LONGEST_SHOWN = 120
"""Characters of a path that a sentence can bear."""


def check_path(path: Path, error: type[WorkbenchError]) -> Path:
    """Return a path that this system can have, whether something is there or not.

    Raises `error` for one that is too long, holds a NUL, or has a name that is not text in the system's encoding: no
    file is missing then, the path itself cannot be.
    """
    try:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            os.lstat(path)
        str(path).encode("utf-8")
    except (OSError, ValueError) as fault:  # an encoding's error is a ValueError
        raise error("impossible_path", path=short_path(path)) from fault
    return path


def short_path(path: Path | str) -> str:
    """Write a path in a sentence: what cannot be shown escaped, and of a very long one the beginning and the end.

    >>> short_path("a" * 500) == "a" * 60 + "…" + "a" * 60
    True
    """
    text = visible(str(path))
    half = LONGEST_SHOWN // 2
    return text if len(text) <= LONGEST_SHOWN else f"{text[:half]}…{text[-half:]}"
