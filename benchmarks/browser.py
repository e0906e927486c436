"""What the measurements in Chromium share: the browser, and a clock from a gesture to the last change of a drawing."""

from __future__ import annotations

import os

from playwright.sync_api import Page

CHROMIUM = os.environ.get("WORKBENCH_CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
QUIET_MS = 600
WATCH = """
(watched) => {
  window.moved = { pressed: 0, first: 0, last: 0 };
  new MutationObserver(() => {
    const now = performance.now();
    window.moved.first ||= now;
    window.moved.last = now;
  }).observe(document.querySelector(watched),
    { subtree: true, childList: true, attributes: true, characterData: true });
  for (const gesture of ['keydown', 'click']) {
    document.addEventListener(gesture, () => {
      window.moved = { pressed: performance.now(), first: 0, last: 0 };
    }, true);
  }
}
"""


def watch(page: Page, watched: str) -> None:
    """Note every key and click on a page, and every change of the part that a selector names."""
    page.evaluate(WATCH, watched)


def changed(page: Page) -> tuple[float, float]:
    """Wait until the part watched stands still; return the milliseconds to its first and to its last change."""
    while not page.evaluate(f"() => window.moved.last > 0 && performance.now() - window.moved.last > {QUIET_MS}"):
        page.wait_for_timeout(50)
    moved = page.evaluate("() => window.moved")
    return moved["first"] - moved["pressed"], moved["last"] - moved["pressed"]
