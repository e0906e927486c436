"""A dashboard's page made before anybody asks for it, and made again only where the company's data moved on."""

from __future__ import annotations

import os
from collections.abc import Sequence

from workbench.errors import WorkbenchError
from workbench.pages.address import PageAddress, wished_parts
from workbench.pages.one_page import Page
from workbench.pages.stand_in import Make
from workbench.panels.guarded_widgets import log, log_to_file
from workbench.panels.periods import PeriodName
from workbench.panels.session import Session
from workbench.store import current_id, open_store
from workbench.widgets import page_language, page_query, server_language


def visited_page(name: str, panels: Sequence[Make], *, period: PeriodName = "all") -> Page:
    """Return the page of a published store for whoever opens it, in the language of the address.

    On a preheated kernel the page is made first and then waits: who comes finds it computed and drawn, on the snapshot
    that is current at that moment, and in the other language where they ask for it. Elsewhere it is made at once.
    What the address asks for beside (a region, a measure, a section) is set, as somebody would by hand.

    Parameters
    ----------
    name
        The dashboard's.
    panels
        The functions that make what stands on it, each from the session; where one fails, a sentence stands there.
    period
        What the page speaks of at first.
    """

    def made(lang: str) -> Page:
        log_to_file()
        try:
            session = Session(open_store(published=True), lang=lang, period=period)
            return Page(session, name, panels)
        except WorkbenchError:
            raise
        except Exception:
            log.exception("The page %s could not be made.", name)
            raise

    ahead = None
    if os.environ.get("VOILA_PREHEAT") == "True":
        try:
            ahead = made(server_language())
        except WorkbenchError:
            ahead = None  # e.g. nothing published yet: whoever opens the page then reads why
    lang = page_language()  # waits for the visitor
    if ahead is None or ahead.session.store.snapshot.id != current_id(published=True):
        ahead = made(lang)
    ahead.session.lang = lang
    PageAddress(ahead).open(wished_parts(page_query()))
    return ahead
