"""Panels: controls bound to an analysis and its charts; pages made of panels; the session they share."""

from workbench.panels.base import Panel
from workbench.panels.filters import Filters
from workbench.panels.session import Session
from workbench.widgets import page_language

__all__ = [
    "Filters",
    "Panel",
    "Session",
    "page_language",
]
