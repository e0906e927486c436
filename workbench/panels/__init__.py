"""Panels: controls bound to an analysis and its charts; pages made of panels; the session they share."""

from workbench.panels.session import Filters, Session

__all__ = ["Filters", "Session"]
