"""Two guards for whatever comes from a browser: values are checked in the kernel, failures are never silent."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from workbench.visible_text import HARMLESS_BREAKS, visible

log = logging.getLogger("workbench.panels")


class Guarded:
    """Mixin before an ipywidget: the browser may set only the traits in `offered`, and only to values they accept.

    Everything else changes nothing: it is logged (without the value) and the browser gets the true state again.
    ipywidgets alone would clamp a slider, and would let a client widen the slider's range first.
    """

    offered: Mapping[str, Callable[[Any], bool]] = {}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a browser sent, as far as this control offers it."""
        accepted = {name: value for name, value in sync_data.items() if self._accepts(name, value)}
        refused = sorted(set(sync_data) - set(accepted))
        if refused:
            log.warning("A browser set %s of a %s to what it does not offer.", refused, type(self).__name__)
            self.send_state([name for name in refused if name in self.keys])  # type: ignore[attr-defined]
        if accepted:
            super().set_state(accepted)  # type: ignore[misc]

    def _accepts(self, name: str, value: Any) -> bool:
        return name in self.offered and self.offered[name](value)


def guarded(
    callback: Callable[..., None], *, on_error: Callable[[Exception], None] | None = None
) -> Callable[..., None]:
    """Wrap a widget callback: the log gets an exception with its traceback, and `on_error` may word it for the reader.

    Without this, what a callback raises vanishes: ipywidgets prints it where nobody looks.
    """

    @wraps(callback)
    def safely(*arguments: Any, **named: Any) -> None:
        try:
            callback(*arguments, **named)
        except Exception as error:  # the last door before the browser
            log.exception("The callback %s failed.", getattr(callback, "__qualname__", callback))
            if on_error:
                on_error(error)

    return safely


class _VisibleLines(logging.Formatter):
    """Lines of a log in which no name of a file or column steers the terminal that shows it."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record), keep=HARMLESS_BREAKS)


def log_to_file() -> None:
    """Write the workbench's log to the file named by WORKBENCH_LOG, else to the server's own error stream.

    A kernel's `sys.stderr` is the page: what is written there never reaches the server's log.
    """
    whole = logging.getLogger("workbench")
    if whole.handlers:
        return
    name = os.environ.get("WORKBENCH_LOG")
    handler: logging.Handler
    if name:
        handler = logging.FileHandler(Path(name), encoding="utf-8")
    else:
        copy = getattr(sys.stderr, "_original_stdstream_copy", None)
        handler = logging.StreamHandler(os.fdopen(os.dup(copy), "w") if copy else sys.__stderr__)
    handler.setFormatter(_VisibleLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    whole.addHandler(handler)
