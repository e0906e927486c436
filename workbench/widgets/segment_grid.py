"""A grid of R, F and M scores to paint with segments, and the list of segments beside it; by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget

Gesture = Mapping[str, Any]

MOST_GRID_CELLS = 9**3
LONGEST_GRID_TEXT = 2_000


class SegmentGrid(BrowserWidget):
    """Shows a segment table and reports what the hand does: `on_gesture` is called with one of

    - {"is": "paint", "segment": id, "cells": [[r, f, m], …]}
    - {"is": "move", "segment": id, "by": -1 or 1}
    - {"is": "rename", "segment": id, "names": {lang: text}, "meanings": {lang: text}}
    - {"is": "remove", "segment": id}, {"is": "add"}, {"is": "undo"}

    Their shape is checked here; whether the segment exists is the callback's to say. What it raises stands above the
    grid in words. Which segment paints and which layer is seen the browser knows alone.
    """

    topic = "segment_grid"
    _esm = STATIC / "segment_grid.js"
    _css = STATIC / "segment_grid.css"

    table = traitlets.Dict().tag(sync=True)
    """bins; segments: [{id, name, names, meanings, colour}], the others last; grid: [[[place of the segment]]] by r, f
    and m, or null where a grid cannot show the table; why: the reason in words; can_undo."""
    sizes = traitlets.Dict().tag(sync=True)
    """counts: customers as [[[n]]] by r, f and m; segments: {id: {count, share, money}} in words."""
    complaint = traitlets.Unicode().tag(sync=True)
    """What was wrong with the last gesture, in words."""

    def __init__(self, *, on_gesture: Callable[[Gesture], object], **traits: Any) -> None:
        self._on_gesture = on_gesture
        super().__init__(**traits)

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:  # noqa: ARG002  none expected
        """Pass a gesture on, if it has the shape of one; then say what was wrong with it, or nothing."""
        gesture = _checked(message)
        if gesture is None:
            return
        _, self.complaint = self.guarded(lambda: self._on_gesture(gesture))


def _checked(message: Mapping[str, Any]) -> Gesture | None:
    """Return the gesture with nothing but what it needs; None where it is none."""
    kind, segment = message.get("is"), message.get("segment")
    if kind in ("add", "undo"):
        return {"is": kind}
    if not isinstance(segment, str):
        return None
    gesture: dict[str, Any] = {"is": kind, "segment": segment}
    if kind == "paint" and _are_cells(message.get("cells")):
        return {**gesture, "cells": message["cells"]}
    if kind == "move" and type(message.get("by")) is int and abs(message["by"]) == 1:
        return {**gesture, "by": message["by"]}
    if kind == "rename" and all(_are_words(message.get(name)) for name in ("names", "meanings")):
        return {**gesture, "names": message["names"], "meanings": message["meanings"]}
    return gesture if kind == "remove" else None


def _are_cells(cells: object) -> bool:
    return (
        isinstance(cells, list)
        and 0 < len(cells) <= MOST_GRID_CELLS
        and all(isinstance(cell, list) and len(cell) == 3 and all(type(one) is int for one in cell) for cell in cells)
    )


def _are_words(words: object) -> bool:
    return (
        isinstance(words, dict)
        and set(words) <= {"zh", "en"}
        and all(isinstance(text, str) and len(text) <= LONGEST_GRID_TEXT for text in words.values())
    )
