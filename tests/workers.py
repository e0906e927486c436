"""Which tests share a worker: those of a file, whose fixtures are made once, and all that drive the browser."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser"


class Rooms(LoadScopeScheduling):
    """Hands a worker one file at a time, and the browser tests as one: two browsers at once would starve each other."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return BROWSER if file.startswith(f"{BROWSER}/") else file
