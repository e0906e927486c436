"""Receives files from the reader's computer in pieces: any size up to a limit, with progress, into a private folder."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

import traitlets

from workbench.errors import LoadError
from workbench.scratch import scratch_folder
from workbench.widgets.assets import STATIC
from workbench.widgets.browser import MESSAGE_BYTES, BrowserWidget

LARGEST_UPLOAD = 2 * 1024**3

LONGEST_FILE_NAME = 150


class Upload(BrowserWidget):
    """Drop files here or choose them; each is received whole before `on_received(path, name)` is called.

    Each piece is acknowledged before the next is sent. Files lie in a folder only this user can read, under a name
    stripped of every path, and are deleted with the widget. What the callback raises is shown to the reader.
    """

    topic = "upload"
    _esm = STATIC / "upload.js"
    _css = STATIC / "files.css"

    accept = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The endings offered, e.g. `[".csv", ".xlsx"]`; empty for any."""
    multiple = traitlets.Bool(default_value=True).tag(sync=True)
    largest = traitlets.Int(default_value=LARGEST_UPLOAD).tag(sync=True)
    """The limit in bytes for one file."""
    piece = traitlets.Int(default_value=MESSAGE_BYTES).tag(sync=True)

    def __init__(self, on_received: Callable[[Path, str], object] | None = None, **traits: Any) -> None:
        self._on_received = on_received
        self._folder = scratch_folder("upload")
        self._receiving: _Receiving | None = None
        self.received: list[Path] = []
        super().__init__(**traits)

    def receive(self, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """Follow the browser through one file: begin, pieces, or cancel."""
        ticket = message.get("ticket")
        if not isinstance(ticket, str):
            return
        answer, complaint = self.guarded(lambda: self._step(ticket, message, buffers))
        if complaint:
            self._drop()
            answer = {"is": "complaint", "text": complaint}
        if answer:
            self.send({**answer, "ticket": ticket})

    def close(self) -> None:
        """Close the widget and delete what it received."""
        self._drop()
        self._folder.cleanup()
        super().close()

    def _step(self, ticket: str, message: dict[str, Any], buffers: list[memoryview]) -> dict[str, Any] | None:
        kind = message.get("is")
        if kind == "begin":
            self._drop()
            self._receiving = self._begin(ticket, message)
        elif self._receiving is None or ticket != self._receiving.ticket:
            return None  # of a file that was cancelled
        elif kind == "cancel":
            self._drop()
            return None
        elif kind == "piece":
            self._receiving.add(message.get("offset"), buffers)
        if self._receiving.got < self._receiving.size:
            return {"is": "next", "offset": self._receiving.got}
        return self._finish()

    def _begin(self, ticket: str, message: dict[str, Any]) -> _Receiving:
        name, size = safe_name(message.get("name")), message.get("size")
        if type(size) is not int or size < 0:
            raise LoadError("upload_broken")
        if size > self.largest:
            raise LoadError("upload_too_large", name=name, limit=f"{self.largest / 1024**2:,.4g}")
        if self.accept and not name.lower().endswith(tuple(ending.lower() for ending in self.accept)):
            raise LoadError("upload_wrong_kind", name=name, allowed=list(self.accept))
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        return _Receiving(ticket, folder / name, size)

    def _finish(self) -> dict[str, Any]:
        assert self._receiving is not None  # noqa: S101  only called while receiving
        path = self._receiving.close()
        self._receiving = None
        self.received.append(path)
        handler = self._on_received
        _, complaint = self.guarded(lambda: handler(path, path.name)) if handler else (None, "")
        return {"is": "complaint", "text": complaint} if complaint else {"is": "done"}

    def _drop(self) -> None:
        """Give up the file that is being received, if any."""
        if self._receiving:
            self._receiving.close().unlink(missing_ok=True)
            self._receiving = None


class _Receiving:
    """A file on its way: where it goes, how much there is."""

    def __init__(self, ticket: str, path: Path, size: int) -> None:
        self.ticket, self.path, self.size, self.got = ticket, path, size, 0
        self._file: BinaryIO = path.open("xb")

    def add(self, offset: object, buffers: list[memoryview]) -> None:
        """Write the next piece; pieces come in order and never hold more than was announced."""
        piece = buffers[0] if len(buffers) == 1 else b""
        if offset != self.got or not len(piece) or self.got + len(piece) > self.size:
            raise LoadError("upload_broken")
        try:
            self._file.write(piece)
        except OSError as problem:
            raise LoadError("upload_no_room") from problem
        self.got += len(piece)

    def close(self) -> Path:
        """Close the file; return where it is."""
        self._file.close()
        return self.path


def safe_name(name: object) -> str:
    r"""Return the bare file name: no path of any system, no control or reserved characters, not hidden, not long.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\data\\订单 2024.csv"), safe_name("..")
    ('passwd', '订单 2024.csv', 'file')
    """
    text = unicodedata.normalize("NFC", name) if isinstance(name, str) else ""
    bare = PurePosixPath(PureWindowsPath(text).name).name
    clean = "".join(one for one in bare if unicodedata.category(one)[0] != "C")
    clean = re.sub(r'[<>:"/\\|?*]', "_", clean).strip().lstrip(".")
    stem, dot, ending = clean.rpartition(".")
    return (f"{stem[:LONGEST_FILE_NAME]}{dot}{ending[:20]}" if stem else clean[:LONGEST_FILE_NAME]) or "file"
