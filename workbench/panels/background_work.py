"""Long work beside the page: it runs in a thread of its own, and its progress comes back to the kernel's thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from workbench.panels.guarded_widgets import guarded

Result = TypeVar("Result")
Stage = TypeVar("Stage")


class BackgroundWork(Generic[Stage]):
    """One task at a time. `started` and `ended` are called around each, `on_error` words what goes wrong.

    Widgets are touched by the kernel's own thread only: the task's progress and result are handed to its event loop,
    the latest progress wins. Without a running loop (a script, a test) the task runs in place.
    """

    def __init__(
        self,
        *,
        started: Callable[[], None],
        ended: Callable[[], None],
        progressed: Callable[[Stage], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._started, self._ended, self._progressed, self._on_error = started, ended, progressed, on_error
        self._latest: Stage | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_busy = False

    def run(
        self,
        task: Callable[[], Result],
        done: Callable[[Result], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run the task, then `done` with its result or `failed`; a task given while another runs is dropped."""
        if self.is_busy:
            return
        self.is_busy = True
        self._started()
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        if self._loop is None:
            self._do(task, done, failed or self._on_error)
        else:
            threading.Thread(
                target=self._do, args=(task, done, failed or self._on_error), name="workbench-load", daemon=True
            ).start()

    def progress(self, progress: Stage) -> None:
        """Take a task's progress, from any thread; the page gets it as often as it can show it."""
        is_waiting = self._latest is not None
        self._latest = progress
        if not is_waiting:
            self._hand_over(self._show)

    def _do(
        self, task: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = task()
        except Exception as problem:  # noqa: BLE001  worded, or logged, by `failed`
            failure = problem
            self._hand_over(lambda: self._end(lambda: failed(failure)))
        else:
            self._hand_over(lambda: self._end(lambda: done(result)))

    def _end(self, say: Callable[[], None]) -> None:
        self.is_busy = False
        self._ended()
        guarded(say, on_error=self._on_error)()

    def _show(self) -> None:
        latest, self._latest = self._latest, None
        if latest is not None and self.is_busy:
            self._progressed(latest)

    def _hand_over(self, call: Callable[[], None]) -> None:
        if self._loop is None:
            call()
        else:
            self._loop.call_soon_threadsafe(call)
