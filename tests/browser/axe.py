"""axe-core asks a page what a person with a screen reader, a keyboard alone or weak eyes would trip over."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()


def faults(page: Page) -> list[str]:
    """Return what axe finds on a page as it stands: the rule, and the element; all of its rules, none left out."""
    violations = _AXE.run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]]
