"""From a slider's move to the new chart, in Chromium: `python -m benchmarks.slider [--rows 1000000]`.

Serves the 80/20 page of a published store as a manager would see it, moves the A cut-off with the keyboard, and takes
the time from the key to the last change of the drawing: the kernel, its query, the way back and Vega included.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import CHROMIUM, FLAGS, changed, watch
from benchmarks.data import make
from benchmarks.report import machine
from workbench.store import publish


def main() -> None:
    """Measure and print the median, the slowest and the count of moves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--moves", type=int, default=30)
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    store, _ = make(chosen.folder, chosen.rows)
    publish(store)
    with served(store) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(address)
        page.goto(re.sub(r"/\?.*", "/pareto?lang=en", address), wait_until="commit", timeout=120_000)
        page.wait_for_selector(".wb-panel .wb-chart-drawing svg", timeout=120_000)
        page.wait_for_timeout(3000)
        watch(page, ".wb-panel .wb-chart-drawing")
        times = [move(page, step) for step in range(chosen.moves)]
        browser.close()
    print(machine())
    print(f"{chosen.rows:,} transactions, {len(times)} moves: median {statistics.median(times):.0f} ms, ", end="")
    print(f"fastest {min(times):.0f} ms, slowest {max(times):.0f} ms")


@contextmanager
def served(store: Path) -> Iterator[str]:
    """Serve the dashboards as the command does; yield the address that it prints."""
    command = [
        sys.executable,
        "-m",
        "workbench.cli",
        "dashboards",
        "--store",
        str(store),
        "--no-browser",
        "--lang",
        "en",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in server.stdout or ():
            found = re.search(r"http://\S+token=[\w-]+", line)
            if found:
                yield found.group()
                break
    finally:
        server.terminate()
        server.wait(20)


def move(page: Page, step: int) -> float:
    """Press an arrow key on the first slider; return the milliseconds until the drawing stood still."""
    page.locator(".wb-panel .noUi-handle").first.press("ArrowLeft" if step % 2 else "ArrowRight")
    return changed(page)[1]


if __name__ == "__main__":
    main()
