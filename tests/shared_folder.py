"""Folders that take long to make: made once for all workers of a run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that `make` fills; whichever worker comes first makes it, the others wait for it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has its own folder below that of the run
    folder, being_made = base / f"shared-{name}", base / f"shared-{name}-being-made"
    while not folder.is_dir():
        try:
            being_made.mkdir()
        except FileExistsError:
            time.sleep(0.2)
            continue
        try:
            make(being_made)
        except BaseException:
            shutil.rmtree(being_made)  # for the others to try, and to fail with the same reason
            raise
        being_made.rename(folder)
    return folder
