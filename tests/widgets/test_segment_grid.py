"""The painted grid on Python's side: a gesture is passed on only in its shape, and what is wrong with it is said."""

from __future__ import annotations

import pytest

from workbench.errors import ChoiceError
from workbench.widgets import SegmentGrid


@pytest.fixture
def heard() -> list:
    return []


@pytest.fixture
def grid(heard: list) -> SegmentGrid:
    return SegmentGrid(on_gesture=heard.append)


@pytest.mark.parametrize(
    "gesture",
    [
        {"is": "paint", "segment": "vip", "cells": [[1, 2, 3], [5, 5, 5]]},
        {"is": "move", "segment": "vip", "by": -1},
        {"is": "rename", "segment": "vip", "names": {"zh": "贵宾"}, "meanings": {"en": "the best"}},
        {"is": "remove", "segment": "vip"},
        {"is": "add"},
        {"is": "undo"},
    ],
)
def test_a_gesture_is_passed_on_with_nothing_beside_it(grid: SegmentGrid, heard: list, gesture: dict):
    grid._take_message(grid, {**gesture, "more": "than asked"}, [])
    assert heard == [gesture]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"is": "explode", "segment": "vip"},
        {"is": "paint", "segment": 3, "cells": [[1, 1, 1]]},
        {"is": "paint", "segment": "vip", "cells": []},
        {"is": "paint", "segment": "vip", "cells": [[1, 1]]},
        {"is": "paint", "segment": "vip", "cells": [[1, 1, "1"]]},
        {"is": "paint", "segment": "vip", "cells": [[1, 1, True]]},
        {"is": "paint", "segment": "vip", "cells": [[1, 1, 1]] * 1000},
        {"is": "move", "segment": "vip", "by": 7},
        {"is": "move", "segment": "vip"},
        {"is": "rename", "segment": "vip", "names": {"fr": "x"}, "meanings": {}},
        {"is": "rename", "segment": "vip", "names": {"zh": 3}, "meanings": {}},
        {"is": "rename", "segment": "vip", "names": {"zh": "x" * 3000}, "meanings": {}},
        {"is": "rename", "segment": "vip", "names": {"zh": "x"}},
    ],
)
def test_what_has_not_the_shape_of_a_gesture_does_nothing(grid: SegmentGrid, heard: list, message: dict):
    grid._take_message(grid, message, [])
    assert heard == []


def test_what_is_wrong_with_a_gesture_is_said_until_the_next_one(heard: list):
    def refuse_first(gesture: dict) -> None:
        heard.append(gesture)
        if len(heard) == 1:
            raise ChoiceError("segment_last")

    grid = SegmentGrid(on_gesture=refuse_first, lang="zh")
    grid._take_message(grid, {"is": "remove", "segment": "vip"}, [])
    assert "至少要有一个分群" in grid.complaint
    grid._take_message(grid, {"is": "undo"}, [])
    assert grid.complaint == ""


@pytest.mark.parametrize("name", ["table", "sizes", "complaint"])
def test_the_browser_sets_nothing_by_itself(grid: SegmentGrid, name: str):
    before = getattr(grid, name)
    grid.set_state({name: {"bins": 9} if name != "complaint" else "hacked"})
    assert getattr(grid, name) == before
