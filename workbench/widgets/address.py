"""The page's address in the browser: says what the page shows, so that a link opens it and Back returns to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget

MOST_PARTS = 60
LONGEST_PART = 500
MOST_STEPS = 1_000_000


class Address(BrowserWidget):
    """Put one on a dashboard's page. `shown` goes into the address; `wished` is the address somebody went back to.

    Each holds names and values as text. In JupyterLab, where the address is the notebook's, it does nothing. The
    browser numbers the steps that Back takes by when somebody changed something, and `step` is that of `shown`.
    """

    _esm = STATIC / "address.js"
    from_browser: ClassVar[frozenset[str]] = frozenset({"wished"})

    shown = traitlets.Dict().tag(sync=True)
    wished = traitlets.Dict().tag(sync=True)
    step = traitlets.Int().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._begun = 0

    def show(self, parts: Mapping[str, str]) -> None:
        """Put parts into the address, in answer to the step that was begun last."""
        with self.hold_sync():
            self.step, self.shown = self._begun, dict(parts)

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:  # noqa: ARG002
        """Hear that a step begins."""
        number = message.get("step")
        if message.get("is") == "step" and type(number) is int and 0 < number < MOST_STEPS:
            self._begun = number

    def accepts(self, name: str, value: object) -> bool:  # noqa: ARG002  there is one
        """Take a few short texts."""
        return (
            isinstance(value, dict)
            and len(value) <= MOST_PARTS
            and all(isinstance(text, str) and len(text) <= LONGEST_PART for part in value.items() for text in part)
        )
