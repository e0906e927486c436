"""The files of a folder and its subfolders, looked for no further than a load takes them on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import LoadError
from workbench.limits import allowed, load_limits


def files_below(folder: Path) -> list[Path]:
    """Return all files of a folder, in order of their paths; subfolders that are links are not entered.

    LoadError where there is more in it, or deeper down, than allowed, counted on the way before any file is opened; and
    where a folder cannot be looked into.
    """
    limits = load_limits()
    entries, files = 0, []
    waiting = [(folder, 0)]
    while waiting:
        place, depth = waiting.pop()
        if depth > limits.folder_depth:
            raise LoadError("folder_too_deep", folder=folder.name or str(folder), **allowed("folder_depth"))
        for entry in _entries(place):
            entries += 1
            if entries > limits.folder_entries:
                raise LoadError("folder_too_large", folder=folder.name or str(folder), **allowed("folder_entries"))
            path = place / entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append((path, depth + 1))
            elif path.is_file():
                files.append(path)
    return sorted(files)


def _entries(place: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(place) as inside:
            yield from inside
    except PermissionError as denied:
        raise LoadError("unreadable_file", file=place.name or str(place)) from denied
