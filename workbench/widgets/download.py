"""A button that hands the reader a file: made on click, sent in pieces, never written to the server's disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from workbench.widgets.assets import STATIC
from workbench.widgets.browser import MESSAGE_BYTES, BrowserWidget


class Download(BrowserWidget):
    """`produce` returns the file's name and contents; it runs when the button is pressed.

    The browser asks for one piece after the other, so a slow line never floods; an error of `produce` is shown
    below the button. One press at a time: a new one drops what was still on its way.
    """

    topic = "download"
    _esm = STATIC / "download.js"
    _css = STATIC / "files.css"

    label = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, *, produce: Callable[[], tuple[str, bytes]], label: str = "", **traits: Any) -> None:
        self._produce = produce
        self._content = b""
        self._ticket = ""
        super().__init__(label=label, **traits)

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:  # noqa: ARG002  none expected
        """Make the file on a press, then send the piece asked for."""
        ticket, offset = message.get("ticket"), message.get("offset")
        if not isinstance(ticket, str) or self.disabled:
            return
        if message.get("want") == "file":
            self._begin(ticket)
        elif message.get("want") == "piece" and ticket == self._ticket and isinstance(offset, int):
            self._send_piece(offset)

    def _begin(self, ticket: str) -> None:
        self._ticket, self._content = ticket, b""
        made, complaint = self.guarded(self._produce)
        if complaint:
            self.send({"is": "complaint", "ticket": ticket, "text": complaint})
            return
        name, self._content = made
        self.send({"is": "file", "ticket": ticket, "name": name, "size": len(self._content)})

    def _send_piece(self, offset: int) -> None:
        if not 0 <= offset <= len(self._content):
            return
        piece = self._content[offset : offset + MESSAGE_BYTES]
        self.send({"is": "piece", "ticket": self._ticket, "offset": offset}, [piece])
        if offset + len(piece) >= len(self._content):
            self._content = b""
