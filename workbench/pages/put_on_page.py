"""Panels on a page of their own, in a notebook: what it shows can be put back as it opened."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.pages.address import PageAddress
from workbench.pages.one_page import Page
from workbench.pages.stand_in import Make, PagePart
from workbench.panels.session import Session


def page(session: Session, name: str, panels: Sequence[PagePart | Make]) -> Page:
    """Put panels on a page of their own; `name` is the dashboard's.

    Give the functions that make them, `page(session, "pareto", [pareto_panel])`: where one fails, the others stand.
    """
    shown = Page(session, name, panels)
    PageAddress(shown, has_address=False)
    return shown
