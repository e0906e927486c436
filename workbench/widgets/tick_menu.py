"""A list that opens below a button, to tick any number of values in."""

from __future__ import annotations

from typing import ClassVar

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget


class TickMenu(BrowserWidget):
    """Shows `label` and a button that says `summary`; the button opens the list of `texts`. No tick means all of them.

    `ticked` are the places of the texts chosen, in their order. By keyboard: Enter opens, Tab goes through the list,
    Space ticks, Esc closes and returns to the button.
    """

    topic = "tick_menu"
    _esm = STATIC / "tick_menu.js"
    _css = STATIC / "tick_menu.css"
    from_browser: ClassVar[frozenset[str]] = frozenset({"ticked"})

    label = traitlets.Unicode().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    ticked = traitlets.List(traitlets.Int()).tag(sync=True)

    def accepts(self, name: str, value: object) -> bool:  # noqa: ARG002  there is one
        """Take places of the list, each once and in order."""
        return (
            isinstance(value, list)
            and all(type(place) is int and 0 <= place < len(self.texts) for place in value)
            and value == sorted(set(value))
        )
