"""Managers' pages in Chromium: how they open for one and for two, what shifts meanwhile, and how filters answer.

python -m benchmarks.pages crm.store [overview …]
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import CHROMIUM, FLAGS

TOKEN = "only-for-measurements"  # noqa: S105
PORT = 9251
PAGES = ("overview", "segments", "pareto", "satisfaction")
WIDTHS = (1440, 400)
DRAWING = ".wb-chart-drawing :is(svg, canvas)"
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) {
      window.shifts.push([entry.startTime, entry.value, entry.sources.map(({ node, previousRect: a, currentRect: b }) =>
        `${node?.className || node?.nodeName} ${a.y | 0}+${a.height | 0} -> ${b.y | 0}+${b.height | 0}`)]);
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""
FOLLOW = """
() => {
  const seen = (window.seen = { asked: 0, sign: {}, changed: {} });
  const parts = [...document.querySelectorAll(".wb-key-figures, .wb-panel > .wb-body")];
  const shows = (part) => getComputedStyle(part, "::after").animationName !== "none";
  document.addEventListener("change", () => {
    Object.assign(seen, { asked: performance.now(), sign: {}, changed: {} });
    const look = () => {
      parts.forEach((part, place) => { if (shows(part)) seen.sign[place] ??= performance.now() - seen.asked; });
      if (performance.now() - seen.asked < 20000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
  parts.forEach((part, place) => new MutationObserver(() => {
    if (seen.asked) seen.changed[place] = performance.now() - seen.asked;
  }).observe(part, { subtree: true, childList: true, characterData: true }));
}
"""


@contextmanager
def served(store: str, **settings: object) -> Iterator[str]:
    """Serve the dashboards of a store, as a user would, in a process of their own."""
    given = {"port": PORT, "open_browser": False, "token": TOKEN} | settings
    code = f"from workbench.serving import serve_dashboards; serve_dashboards({store!r}, **{given!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as server:
        for _ in server.stdout or ():
            break  # the address: it listens
        try:
            yield f"http://127.0.0.1:{PORT}/"
        finally:
            server.terminate()


def opened(browser: Browser, address: str, name: str, width: int = 1440) -> tuple[Page, float]:
    """Open a page in a browser of its own; return it and the seconds to its first chart."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.add_init_script(SHIFTS)
    page.goto(f"{address}?token={TOKEN}")
    start = time.perf_counter()
    page.goto(f"{address}{name}", wait_until="commit", timeout=180_000)
    page.locator(DRAWING).first.wait_for(timeout=180_000)
    return page, time.perf_counter() - start


def shift_of(page: Page) -> float:
    """Return the layout shift of the worst five seconds, as browsers add it up, once the page stands still."""
    page.wait_for_timeout(4000)
    worst, window, began, before = 0.0, 0.0, 0.0, -1e9
    for at, value, sources in page.evaluate("window.shifts"):
        if "-v" in sys.argv:
            print(f"   {at:.0f} ms {value:.3f} {'; '.join(sources)}")
        if at - before > 1000 or at - began > 5000:
            window, began = 0.0, at
        window, before = window + value, at
        worst = max(worst, window)
    return worst


def answer_of(page: Page, region: int) -> tuple[dict[str, float], dict[str, float]]:
    """Choose a region; return when each part showed that it computes, and when it changed last, in milliseconds."""
    page.get_by_label("区域").select_option(index=region)
    page.wait_for_timeout(8000)
    seen = page.evaluate("window.seen")
    return seen["sign"], seen["changed"]


def main() -> None:
    """Print every measurement."""
    store, *names = [word for word in sys.argv[1:] if word != "-v"]
    with sync_playwright() as playwright, served(store) as address:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        time.sleep(30)  # kernels are heated meanwhile
        for width in WIDTHS:
            for name in names or PAGES:
                page, seconds = opened(browser, address, name, width)
                print(f"{name} at {width}: first chart {seconds:.1f} s, layout shift {shift_of(page):.3f}", flush=True)
                if name == "overview":
                    page.evaluate(FOLLOW)
                    for region in (1, 2, 0):
                        sign, changed = answer_of(page, region)
                        print("  sign", *(f"{value:.0f}" for value in sign.values()), "ms; changed", end=" ")
                        print(*(f"{value:.0f}" for value in changed.values()), "ms", flush=True)
                page.context.close()
        for pause in (0, 5, 10):
            time.sleep(30)
            first, seconds = opened(browser, address, "overview")
            time.sleep(pause)
            second, later = opened(browser, address, "overview")
            print(f"overview for two, {pause} s apart: {seconds:.1f} s and {later:.1f} s", flush=True)
            first.context.close()
            second.context.close()
        browser.close()


if __name__ == "__main__":
    main()
