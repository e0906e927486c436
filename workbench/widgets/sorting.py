"""Tells by which heading of a long table somebody wants it sorted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget

LONGEST_HEADING = 200


class Sorting(BrowserWidget):
    """Stands in a long table and shows nothing itself; `on_sort` is called with the column whose heading was pressed.

    Whether there is such a column is the callback's to say: a browser may send any text.
    """

    _esm = STATIC / "sorting.js"

    def __init__(self, *, on_sort: Callable[[str], object], **traits: Any) -> None:
        self._on_sort = on_sort
        super().__init__(**traits)

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:  # noqa: ARG002  none expected
        """Pass the name of a column on."""
        column = message.get("sort")
        if isinstance(column, str) and len(column) <= LONGEST_HEADING:
            self._on_sort(column)
