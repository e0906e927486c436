"""From a gesture to the page, in Chromium, with a million customers: `python -m benchmarks.gestures`.

The gestures of `benchmarks.segments`, each on a page of its own that a button moves. Timed is the way from the button's
press to the last change of the panel: the message to the kernel, its answer, the way back and every chart and table
drawn; and to the first change, which is what the eye sees first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from IPython.display import display
from ipywidgets import Button
from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import CHROMIUM, FLAGS, changed, watch
from benchmarks.data import make
from benchmarks.report import machine
from benchmarks.segments import GESTURES
from workbench.pages import page
from workbench.panels import Session
from workbench.store import open_store

PORT = 19_871
TOKEN = "gestures"  # noqa: S105  a server for this measurement alone
ROOT = Path(__file__).parents[1]


def gesture_page(store: str, name: str) -> None:
    """Show a gesture's panel, and a button that makes its next move; called by the page's own kernel."""
    make_panel, moves = GESTURES[name]
    session = Session(open_store(store), lang="en")
    panel = make_panel(session)
    values, button = moves(panel), Button(description="next")
    button.on_click(lambda _: panel.set(**next(values)))
    display(button, page(session, "segments", [panel]))


def main() -> None:
    """Time every gesture, print a Markdown table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000_000, help="order lines; a tenth of it are customers")
    options.add_argument("--moves", type=int, default=12)
    options.add_argument("--only", default="", help="gestures whose name has this in it")
    options.add_argument("--folder", type=Path, default=Path(__file__).parent / "data")
    chosen = options.parse_args()
    store, _ = make(chosen.folder, chosen.rows)
    names = [name for name in GESTURES if chosen.only in name]
    print(
        f"{machine()}\n\n| gesture | first change | all on screen | slowest |\n| --- | ---: | ---: | ---: |", flush=True
    )
    with served(store.resolve(), names) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for place, name in enumerate(names):
            shown = browser.new_page(viewport={"width": 1440, "height": 1400})
            shown.goto(f"{address}/?token={TOKEN}")
            shown.goto(f"{address}/gesture{place}?lang=en", wait_until="commit", timeout=120_000)
            shown.wait_for_selector(".wb-panel .wb-chart-drawing svg, .wb-panel table", timeout=300_000)
            shown.wait_for_timeout(3000)
            watch(shown, ".wb-panel")
            times = [move(shown) for _ in range(chosen.moves + 2)][2:]
            first, last = (statistics.median(one) for one in zip(*times, strict=True))
            print(f"| {name} | {first:.0f} ms | {last:.0f} ms | {max(end for _, end in times):.0f} ms |", flush=True)
            shown.close()
        browser.close()


@contextmanager
def served(store: Path, names: list[str]) -> Iterator[str]:
    """Serve one page for each gesture; yield the address."""
    with tempfile.TemporaryDirectory() as folder:
        for place, name in enumerate(names):
            cell = f"from benchmarks.gestures import gesture_page\ngesture_page({str(store)!r}, {name!r})"
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
            nbformat.write(notebook, Path(folder) / f"gesture{place}.ipynb")
        serve = "import sys; from pathlib import Path; from workbench.serving import serve_dashboards as serve; "
        how = f"Path(sys.argv[1]), folder=Path(sys.argv[2]), port={PORT}, open_browser=False, pool=0, token={TOKEN!r}"
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", f"{serve}serve({how})", str(store), folder],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in server.stdout or ():
            if TOKEN in line:
                break
        try:
            yield f"http://127.0.0.1:{PORT}"
        finally:
            server.terminate()
            server.wait(20)


def move(shown: Page) -> tuple[float, float]:
    """Press the button; return the milliseconds to the first change and until the panel stood still."""
    shown.get_by_role("button", name="next").click()
    return changed(shown)


if __name__ == "__main__":
    main()
