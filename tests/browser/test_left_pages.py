"""Pages whose browser is gone without a word: killed, silent, or never there. Their kernels end, others get in."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.pages import OVERVIEW, write_page
from tests.browser.servers import dashboards, empty_store, free_port, started
from tests.browser.sockets import kernel_of
from tests.browser.visitors import HASTE, Visitor


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    write_page(folder / "overview.ipynb", OVERVIEW)
    return folder


def test_the_kernel_of_a_killed_browser_ends(pages: Path, tmp_path: Path):
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found")
    store = empty_store(tmp_path)
    code = HASTE.format(left=6) + dashboards(pages, store)
    port = free_port()
    command = [path, *FLAGS, "--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={tmp_path / 'p'}"]
    with started(code, pages, store) as server:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        browser = subprocess.Popen([*command, server.page("overview")], start_new_session=True, **quiet)
        try:
            with sync_playwright() as playwright:
                seen = connected(playwright, port)
                page = seen.contexts[0].pages[0]
                expect(page.get_by_text("here")).to_be_visible(timeout=60_000)
                kernel = kernel_of(page)
                time.sleep(8)
                visitor = Visitor(server)
                visitor._opener.open(server.page(""))
                assert visitor.is_alive(kernel)
                os.killpg(browser.pid, signal.SIGKILL)
                visitor.wait_for_end(kernel)
        finally:
            if browser.poll() is None:
                os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()


def test_a_page_that_answers_keeps_its_web_socket(pages: Path, tmp_path: Path, open_page):
    store = empty_store(tmp_path)
    with started(HASTE.format(left=60) + dashboards(pages, store), pages, store) as server:
        page = open_page(server.page("overview"))
        expect(page.get_by_text("here")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(7_000)
        assert len([url for url in page.watched.asked if url.startswith("ws:")]) == 1
        assert "ping" not in server.log.read_text(encoding="utf-8"), "neither Jupyter nor Tornado has to say anything"
        page.close()


def connected(playwright, port: int):
    """Speak to a browser as soon as it listens."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def test_pages_never_looked_at_and_silent_ones_lock_nobody_out(pages: Path, tmp_path: Path):
    store = empty_store(tmp_path)
    code = HASTE.format(left=600) + dashboards(pages, store, most_kernels=2)
    with started(code, pages, store) as server:
        visitor = Visitor(server)
        never, silent = visitor.open(), visitor.open()
        with visitor.silent_socket(silent):
            time.sleep(2)
            third = visitor.open_before_long()  # at the place of the page that nobody ever looked at
            assert not visitor.is_alive(never)
            assert visitor.is_alive(silent)
            time.sleep(6)
            visitor.open_before_long()
            visitor.open_before_long()
            assert not visitor.is_alive(silent)
            assert not visitor.is_alive(third)


def test_a_heated_kernel_takes_no_visitors_place(pages: Path, tmp_path: Path):
    store = empty_store(tmp_path)
    with started(dashboards(pages, store, pool=1, most_kernels=1), pages, store) as server:
        visitor = Visitor(server)
        assert visitor.open()
        with pytest.raises(HTTPError, match="503"):
            visitor.open()


def test_a_page_whose_kernel_dies_while_it_is_made_says_that_it_failed_and_gives_its_place_back(
    pages: Path, tmp_path: Path, open_page
):
    write_page(pages / "dying.ipynb", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    store = empty_store(tmp_path)
    with started(HASTE.format(left=2) + dashboards(pages, store, most_kernels=1), pages, store) as server:
        page = open_page(server.page("dying"))
        expect(page.get_by_text("本页未能算出")).to_be_visible()
        assert Visitor(server).open_before_long()
        page.watched.complaints.clear()
        page.close()


ONE_PROCESSOR = (
    "import os; os.cpu_count = lambda: 1; from workbench.serving import page_kernels, pages\n"
    "pages.SIGN_SECONDS, page_kernels.TURN_SECONDS = 0.3, 300\n"
)
"""Two pages are made side by side then, however slow the machine is."""


def opened_at_once(server, name: str, number: int) -> list[str]:
    """Open a page as so many visitors at one moment; return what each got."""

    def come(_: int) -> str:
        with Visitor(server)._opener.open(server.page(name)) as response:
            return response.read().decode()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(come, range(number)))


def test_who_waits_for_others_pages_gets_signs_of_life_and_a_page(pages: Path, tmp_path: Path):
    write_page(pages / "slow.ipynb", "import time; time.sleep(3)")
    store = empty_store(tmp_path)
    with started(ONE_PROCESSOR + dashboards(pages, store), pages, store) as server:
        made = sorted(opened_at_once(server, "slow", 3), key=lambda text: text.startswith("\n"))
        assert [text.startswith(("\n\n", "<!DOCTYPE")) for text in made] == [True, True, True]
        assert [text.startswith("\n") for text in made] == [False, False, True]
        assert all("kernelId" in text and text.rstrip().endswith("</html>") for text in made)


def test_heated_pages_of_a_crowd_are_made_in_turns_too(pages: Path, tmp_path: Path):
    """Each visitor takes the kernel that is heated for the next one: all would be made side by side."""
    log = tmp_path / "made"
    write_page(
        pages / "slow.ipynb",
        f"import time, os\nfor sign in '+-':\n    with open({str(log)!r}, 'a') as file:\n        file.write(sign)\n"
        "    time.sleep(2)",
    )
    store = empty_store(tmp_path)
    with started(ONE_PROCESSOR + dashboards(pages, store, pool=1), pages, store) as server:
        made = opened_at_once(server, "slow", 6)
    assert [text[-200:] for text in made if "kernelId" not in text or not text.rstrip().endswith("</html>")] == []
    signs = log.read_text()
    side_by_side = [signs[:end].count("+") - signs[:end].count("-") for end in range(len(signs))]
    assert signs.count("+") >= 6
    assert max(side_by_side) <= 4, "two in their turns, the one heated for the next, and the trial before all"
