"""A long fit beside the page: a bar that says how far it is, a button that stops it, results that are remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeVar, cast

from workbench.charts.words import share_words
from workbench.errors import NothingToShow, WorkbenchError
from workbench.i18n import t
from workbench.panels.background_work import BackgroundWork
from workbench.panels.controls import Press
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Markup, ProgressBar, Row, text
from workbench.topics.clusters.means import ReportShare

FitResult = TypeVar("FitResult")

REMEMBERED = 8
"""How many results are kept; each is small."""


class Stopped(Exception):  # noqa: N818  what the reader asked for, not a mistake
    """Raised inside a fit that somebody stopped, or that nobody waits for any more."""


class Fitting(Row):
    """Runs one fit at a time in a thread of its own; a panel asks it for the result of what its controls say.

    Nothing half done is ever shown: until a fit has ended, and where it was stopped, the panel keeps its last answer.
    `ask` makes the panel ask again, `on_error` words what nobody foresaw.
    """

    def __init__(self, *, ask: Callable[[], None], on_error: Callable[[Exception], None]) -> None:
        self._ask, self._on_error, self._lang = ask, on_error, "zh"
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._running: Hashable = None
        self._stopped: Hashable = None
        self._stop = threading.Event()
        self._asking = False
        self.work: BackgroundWork[float] = BackgroundWork(
            started=self._begin, ended=self._end, progressed=self._show, on_error=on_error
        )
        self.bar, self.words = ProgressBar(max=1.0), Markup(css="wb-hint")
        self.cancel, self.again = Press("panels.fitting.cancel"), Press("panels.fitting.again")
        self.cancel.on_click(guarded(lambda _: self.stop(), on_error=on_error))
        self.again.on_click(guarded(lambda _: self.restart(), on_error=on_error))
        super().__init__([self.bar, self.words, self.cancel, self.again])
        self.add_class("wb-running")
        self._place()

    def result(self, request: Hashable, fit: Callable[[ReportShare], FitResult]) -> FitResult:
        """Return the result of a request, or raise NothingToShow while it is being computed.

        A fit for another request is stopped, as nobody waits for it. Where no event loop runs (a script, a test), the
        fit runs in place.
        """
        if request not in self._known and request != self._stopped:
            self._start(request, fit)
        if request in self._known:
            return cast(FitResult, self._give(request))
        if request == self._stopped:
            raise NothingToShow("fit_stopped")
        raise NothingToShow("fit_running")

    def stop(self) -> None:
        """Stop the fit that runs; it is not begun again until somebody asks for it."""
        if self.work.is_busy:
            self._stopped = self._running
            self._stop.set()

    def restart(self) -> None:
        """Begin again what was stopped."""
        self._stopped = None
        self._place()
        self._ask()

    def say(self, lang: str) -> None:
        """Word the buttons."""
        self._lang = lang
        for button in (self.cancel, self.again):
            button.say(lang)

    def _start(self, request: Hashable, fit: Callable[[ReportShare], Any]) -> None:
        if self.work.is_busy:
            if request != self._running:
                self._stop.set()  # when it has ended, the panel asks again
            return
        stop = self._stop = threading.Event()
        self._running, self._stopped, self._asking = request, None, True

        def report(share: float) -> None:
            if stop.is_set():
                raise Stopped
            self.work.progress(share)

        self.work.run(lambda: fit(report), partial(self._done, request), failed=partial(self._failed, request))
        self._asking = False

    def _done(self, request: Hashable, result: Any) -> None:
        self._known[request] = result
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        self._tell_panel()

    def _failed(self, request: Hashable, error: Exception) -> None:
        if not isinstance(error, Stopped):
            self._known[request] = error
        self._tell_panel()

    def _tell_panel(self) -> None:
        if not self._asking:  # a fit that ran in place is answered by `result` itself
            self._ask()

    def _give(self, request: Hashable) -> Any:
        self._known.move_to_end(request)
        known = self._known[request]
        if isinstance(known, Exception):
            if not isinstance(known, WorkbenchError):
                del self._known[request]
            raise known
        return known

    def _begin(self) -> None:
        self.bar.value, self.words.value = 0.0, text("span", t("panels.fitting.begun", self._lang))
        self._place()

    def _end(self) -> None:
        self.words.value = ""
        self._place()

    def _show(self, share: float) -> None:
        self.bar.value = share
        percent = share_words(share, self._lang, digits=0)
        self.words.value = text("span", t("panels.fitting.working", self._lang, share=percent))

    def _place(self) -> None:
        """Show the bar while something runs, and the way to begin again where it was stopped."""
        is_busy, is_stopped = self.work.is_busy, self._stopped is not None and not self.work.is_busy
        for part in (self.bar, self.words, self.cancel):
            part.layout.display = "" if is_busy else "none"
        self.again.layout.display = "" if is_stopped else "none"
        self.layout.display = "" if is_busy or is_stopped else "none"
