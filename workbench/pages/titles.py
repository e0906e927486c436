"""What the pages are called."""

from __future__ import annotations

from workbench.i18n import catalog, t


def title(name: str, lang: str) -> str:
    """Return a page's title; a page without one goes by its name."""
    key = f"pages.titles.{name}"
    return t(key, lang) if key in catalog() else name
