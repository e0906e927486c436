"""Tells that the page has expired or that newer data is published; brings the house's styles along, names sliders."""

from __future__ import annotations

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import BrowserWidget


class Banner(BrowserWidget):
    """Put one on every page, first. It is empty until there is something to say.

    On our dashboard pages the page's own script asks the server, so the banner appears although the kernel is gone;
    it compares `snapshot` with the published one. In JupyterLab the browser watches the kernel's status.
    """

    topic = "banner"
    _esm = STATIC / "banner.js"
    _css = STATIC / "workbench.css"

    snapshot = traitlets.Unicode().tag(sync=True)
    """The id of the snapshot this page shows."""
    answered = traitlets.Int().tag(sync=True)
    """Raised when the page has answered a change of its filters: until then the browser shows that it computes."""
    newer = traitlets.Bool(default_value=False).tag(sync=True)
    """Set by the kernel where it learns by itself that newer data is published."""
