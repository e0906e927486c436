"""What stands on a page where a panel could not be made: one that fails never takes the page with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ipywidgets import Widget

from workbench.errors import WorkbenchError
from workbench.i18n import t
from workbench.panels.guarded_widgets import guarded, log, log_to_file
from workbench.panels.layout import Column, Markup, text
from workbench.panels.session import Session


class PagePart(Protocol):
    """What a page is made of: a panel, or a board of them."""

    @property
    def widget(self) -> Widget:
        """What is seen."""


Make = Callable[[Session], PagePart]
"""Makes a panel or a board from the session."""


class StandIn:
    """A sentence in the place of a panel; it takes what a panel takes, and changes nothing."""

    controls: Mapping[str, Any] = {}

    def __init__(self, session: Session, error: Exception) -> None:
        self.session, self.error = session, error
        self.message = Markup(css="wb-message")
        self.widget = Column([self.message])
        self.widget.add_class("wb-panel")
        self.say()
        session.observe(guarded(lambda _: self.say()), names="lang")

    def say(self) -> None:
        """Word what went wrong in the session's language."""
        error, lang = self.error, self.session.lang
        words = error.words(lang) if isinstance(error, WorkbenchError) else t("errors.panel_failed", lang)
        self.message.value = text("p", words, "wb-message-text")

    def sleep(self) -> None:
        """Nothing is computed here."""

    def wake(self) -> None:
        """Nothing waits to be answered."""


def made(make: Make, session: Session) -> Any:
    """Make a panel; where that fails a sentence stands in its place, and the log has the traceback."""
    log_to_file()
    try:
        return make(session)
    except Exception as error:  # noqa: BLE001  the rest of the page stands
        if not isinstance(error, WorkbenchError):
            log.error("A panel could not be made by %s.", make, exc_info=error)
        return StandIn(session, error)
