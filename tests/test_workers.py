"""The rooms of tests: whole, there, and the longest first."""

from __future__ import annotations

from collections import OrderedDict

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.conftest import ROOT
from tests.workers import LONGEST, TOGETHER, Rooms, room


def test_a_file_is_a_room_and_some_folders_are():
    assert room("tests/test_twins.py::test_x[a::b]") == "tests/test_twins.py"
    assert room("tests/browser/test_lab.py::test_x") == "tests/browser"
    assert room("tests/spark/test_queries.py::test_x") == "tests/spark"


@pytest.mark.parametrize("name", sorted({*LONGEST, *TOGETHER}))
def test_a_room_that_is_named_is_there(name: str):
    assert (ROOT / name).exists()


def test_the_longest_rooms_begin_first_and_the_cluster_not_beside_the_browser(monkeypatch):
    begun = []

    def begin(self, _node):
        begun.append(self.workqueue.popitem(last=False)[0])

    monkeypatch.setattr(LoadScopeScheduling, "_assign_work_unit", begin)
    rooms = object.__new__(Rooms)
    rooms.workqueue = OrderedDict.fromkeys(["tests/many.py", "tests/spark", "tests/fewer.py", *reversed(LONGEST)])
    while rooms.workqueue:
        rooms._assign_work_unit(None)
    assert begun == [*LONGEST, "tests/many.py", "tests/fewer.py"]
    assert begun.index("tests/spark") > 1
