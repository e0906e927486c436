"""A real Chromium for the browser tests, and pages that tell when they ask another host or complain in the console."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.pages import write_pages
from tests.browser.servers import Server, dashboards, empty_store, jupyterlab, started
from tests.conftest import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PATIENCE_MS = 180_000
"""For the first view of a page: a kernel starts, on a machine that may be busy."""


def chromium() -> str | None:
    named = os.environ.get("WORKBENCH_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; skipped with a reason where there is none, a failure in CI.

    Closed after each module: Playwright keeps an event loop running in this thread, and panels tested next would wait
    for it instead of answering at once.
    """
    path = chromium()
    if path is None:
        reason = "no Chromium found (set WORKBENCH_CHROMIUM to its path)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """What a page did beside showing itself."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.said: list[str] = []
        self.asked: list[str] = []
        self._host = host
        context.on("request", lambda request: self._note(request.url))
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        self.asked.append(url)
        if parts.scheme not in ("blob", "data") and parts.netloc != self._host:
            self.foreign.append(url)

    def _hear(self, kind: str, text: str) -> None:
        if kind != "debug":
            self.said.append(f"{kind}: {text}")
        if kind == "error":
            self.complaints.append(text)


def wait_until(page: Page, condition: str, *, seconds: float = 30) -> None:
    """Ask the page from outside until the condition holds.

    Playwright's own `wait_for_function` asks again from inside the page, by `eval`, which our content security policy
    forbids: it works only where the condition holds at the first look.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > end:
            pytest.fail(f"not true within {seconds} s: {condition}")
        page.wait_for_timeout(50)


@contextmanager
def opening(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open addresses in clean browsers; at the end no other host was asked and no console has an error.

    `page.watched` tells what the page asked and said; a test that expects a complaint takes it out there.
    """
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_address(address: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, "locale": "zh-CN", **options})
        watched = Watched(context, urlsplit(address).netloc)
        opened.append((context, watched))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.watched = watched
        page.goto(address)
        return page

    yield open_address
    for context, _ in opened:
        context.close()
    assert [url for _, watched in opened for url in watched.foreign] == []
    assert [text for _, watched in opened for text in watched.complaints] == []


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages for one test."""
    with opening(browser) as open_address:
        yield open_address


@pytest.fixture(scope="module")
def open_shared(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages for all tests of a module: each costs a kernel."""
    with opening(browser) as open_address:
        yield open_address


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard server with the small pages, one kernel of each heated beforehand."""
    folder = tmp_path_factory.mktemp("served") / "pages"
    folder.mkdir()
    write_pages(folder)
    store = empty_store(folder.parent)
    with started(dashboards(folder, store, pool=1), folder, store) as server:
        yield server


@pytest.fixture(scope="session")
def lab(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab with a copy of the notebooks and the small pages, on the sample company's store."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    write_pages(folder)
    with jupyterlab(folder, sample_store) as server:
        yield server
