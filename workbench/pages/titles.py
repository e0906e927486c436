"""What the pages are called, and in which order they stand."""

from __future__ import annotations

from workbench.i18n import catalog, t

ABOUT_THE_DATA = "quality"
"""The page that speaks of the data and not of the business stands behind all others."""


def title(name: str, lang: str) -> str:
    """Return a page's title; a page without one goes by its name."""
    key = f"pages.titles.{name}"
    return t(key, lang) if key in catalog() else name


def titled_pages() -> list[str]:
    """Return the names of the pages that have a title, in their order."""
    names = [key.removeprefix("pages.titles.") for key in catalog() if key.startswith("pages.titles.")]
    return sorted(names, key=lambda name: name == ABOUT_THE_DATA)
