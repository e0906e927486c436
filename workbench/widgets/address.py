"""The page's address in the browser: says what the page shows, so that a link opens it and Back returns to it."""

from __future__ import annotations

from typing import ClassVar

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget

MOST_PARTS = 60
LONGEST_PART = 500


class Address(BrowserWidget):
    """Put one on a dashboard's page. `shown` goes into the address; `wished` is the address somebody went back to.

    Each holds names and values as text. In JupyterLab, where the address is the notebook's, it does nothing.
    """

    _esm = STATIC / "address.js"
    from_browser: ClassVar[frozenset[str]] = frozenset({"wished"})

    shown = traitlets.Dict().tag(sync=True)
    wished = traitlets.Dict().tag(sync=True)

    def accepts(self, name: str, value: object) -> bool:  # noqa: ARG002  there is one
        """Take a few short texts."""
        return (
            isinstance(value, dict)
            and len(value) <= MOST_PARTS
            and all(isinstance(text, str) and len(text) <= LONGEST_PART for part in value.items() for text in part)
        )
