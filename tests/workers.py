"""Which tests share a worker: those of a file, whose fixtures are made once, all with the browser, all with Spark."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser", "tests/spark")
"""Two browsers at once would starve each other, and a second cluster takes as long to start as its tests."""


class Rooms(LoadScopeScheduling):
    """Hands a worker one file at a time, and the tests of some folders as one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)
