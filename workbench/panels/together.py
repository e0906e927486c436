"""Panels that answer one change of the filters together: all compute, then all show, so that no two disagree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from workbench.panels.guarded_widgets import guarded

PAUSE = 0.01
"""Seconds to wait for the next change before anything is computed: of a burst of changes only the last is answered."""


class Together:
    """One round of answers for each change. `on_answered` is called when what was asked is on screen.

    Between two answers the kernel hears what the browser says, so that a newer change ends an older round: nothing of
    it is shown. Without a running loop (a script, a test) everyone answers in place.
    """

    def __init__(self) -> None:
        self.on_answered: Callable[[], None] = lambda: None
        self._waiting: list[Answering] = []
        self._ready: dict[Answering, Callable[[], None]] = {}
        self._timer: asyncio.Handle | None = None

    def ask(self, part: Answering) -> None:
        """Let a part answer in the next round; what is ready answers an older question."""
        loop = running_loop()
        if loop is None:
            part.prepare()()
            return
        self._ready.clear()
        if part not in self._waiting:
            self._waiting.append(part)
        self._later(loop.call_later(PAUSE, guarded(self._step)))

    def drop(self, part: Answering) -> bool:
        """Forget a part that answers by itself; say whether it was still to answer."""
        was_waiting = part in self._waiting
        if was_waiting:
            self._waiting.remove(part)
        return self._ready.pop(part, None) is not None or was_waiting

    def close(self) -> None:
        """Say that a change is all there is: where it asked nobody, it is answered."""
        if not (self._waiting or self._ready):
            self.on_answered()

    def _step(self) -> None:
        """Let one part compute; when all have, show."""
        self._timer = None
        if self._waiting:
            part = self._waiting.pop(0)
            self._ready[part] = part.prepare()
        if self._waiting:
            self._later(asyncio.get_running_loop().call_later(0, guarded(self._step)))
            return
        shows, self._ready = list(self._ready.values()), {}
        for show in shows:
            show()
        self.on_answered()

    def _later(self, timer: asyncio.Handle) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = timer


class Answering(Protocol):
    """What answers the filters: a panel, the key figures."""

    def prepare(self) -> Callable[[], None]:
        """Compute, and return what shows it; neither raises."""


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the kernel's event loop; None where code runs without one, e.g. in a script."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
