"""Which tests share a worker, and which rooms come first: a file whose fixtures are made once, a browser, a cluster."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

TOGETHER = ("tests/browser", "tests/spark")
"""Two browsers at once would starve each other, and a second cluster takes as long to start as its tests."""

LONGEST = (
    "tests/browser",
    "tests/test_small_groups_law.py",
    "tests/pages/test_report.py",
    "tests/spark",
    "tests/test_twins.py",
    "tests/test_taken_along.py",
    "tests/pages/test_watch.py",
    "tests/test_notebooks.py",
    "tests/test_wheel.py",
    "tests/companies/test_everything_opens.py",
    "tests/panels/test_keeping.py",
)
"""Rooms of more than half a minute, in the order in which they begin: few long tests at the end leave a worker idle.

The cluster does not begin with the browser: on two cores each would wait for the other.
"""


class Rooms(LoadScopeScheduling):
    """Hands a worker one file at a time, the tests of some folders as one: the longest, then those of most tests."""

    def _split_scope(self, nodeid: str) -> str:
        return room(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = next((one for one in LONGEST if one in self.workqueue), None)
        if first is not None:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def room(nodeid: str) -> str:
    """Return the file of a test, or the folder whose tests stay together."""
    file = nodeid.split("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)
