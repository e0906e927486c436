"""What a page says of its connection to its kernel: refused by a proxy, dropped, and there again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import wait_until
from tests.browser.pages import OVERVIEW, write_page
from tests.browser.proxies import drops_the_port, forgets_upgrade, proxied, swallows_sockets
from tests.browser.servers import TOKEN, Server, dashboards, empty_store, free_port, started

WITHIN_MS = 15_000
"""A refused web socket is said so soon after the page is there."""
AT_ONCE_MS = 1_000


def complaints_about_sockets(text: str) -> bool:
    """JupyterLab's client and the browser report a refused or dropped socket in the console."""
    return "WebSocket" in text or "onnection" in text


@pytest.mark.parametrize(
    ("badly", "advice"),
    [(forgets_upgrade, "Upgrade"), (drops_the_port, "$http_host")],
    ids=["without Upgrade", "without the port"],
)
def test_a_refused_web_socket_is_said_within_fifteen_seconds_with_what_to_check(
    open_page, served: Server, badly, advice: str
):
    with proxied(served.address, badly) as proxy:
        page = open_page(f"{proxy.address}overview?lang=en&token={TOKEN}")
        banner = page.locator("#wb-banner")
        said = {"use_inner_text": True, "timeout": WITHIN_MS}
        expect(banner).to_contain_text("refuses the live connection", **said)
        expect(banner).to_contain_text(advice, **said)
        if badly is drops_the_port:
            expect(banner).to_contain_text(f"this browser is at 127.0.0.1:{proxy.port}, but the proxy says 127.0.0.1.")
        expect(page.get_by_text("computing")).to_be_hidden()
        expect(page.get_by_text("Preparing")).to_be_hidden()
        assert faults(page) == []
        page.close()
    page.watched.complaints[:] = [text for text in page.watched.complaints if not complaints_about_sockets(text)]


def test_a_web_socket_that_nobody_answers_is_said_too(open_page, served: Server):
    with proxied(served.address, swallows_sockets) as proxy:
        page = open_page(f"{proxy.address}overview?token={TOKEN}")
        expect(page.locator("#wb-banner")).to_contain_text(
            "有环节拒绝了实时连接", use_inner_text=True, timeout=WITHIN_MS
        )
        page.close()
    page.watched.complaints[:] = [text for text in page.watched.complaints if not complaints_about_sockets(text)]


def test_a_dropped_web_socket_greys_the_page_at_once_and_one_that_is_back_brings_it_back(open_page, served: Server):
    with proxied(served.address) as proxy:
        page = open_page(f"{proxy.address}overview?token={TOKEN}")
        expect(page.get_by_text("here")).to_be_visible()
        expect(page.locator("#wb-banner")).to_be_hidden()
        proxy.is_open = False
        proxy.drop_sockets()
        expect(page.get_by_text("连接已断开")).to_be_visible(timeout=AT_ONCE_MS)
        assert "grayscale" in page.locator("#wb-page").evaluate("one => getComputedStyle(one).filter")
        assert page.get_by_text("here").evaluate("one => one.closest('[inert]') !== null")
        assert faults(page) == []
        proxy.is_open = True
        wait_until(page, "document.getElementById('wb-banner').hidden", seconds=60)
        assert page.locator("#wb-page").evaluate("one => getComputedStyle(one).filter") == "none"
        assert page.get_by_text("here").evaluate("one => one.closest('[inert]') === null")
        page.close()
    page.watched.complaints[:] = [text for text in page.watched.complaints if not complaints_about_sockets(text)]


def test_a_host_that_is_named_shows_a_page_in_a_frame_and_another_does_not(open_page, tmp_path: Path):
    portal_port = free_port()
    pages = tmp_path / "pages"
    pages.mkdir()
    write_page(pages / "overview.ipynb", OVERVIEW)
    code = dashboards(pages, empty_store(tmp_path), framed_by=[f"localhost:{portal_port}"])
    with started(code, pages, tmp_path / "crm.store") as server, portal(at_localhost(server), portal_port):
        page = open_page(f"http://localhost:{portal_port}/")
        expect(page.frame_locator("iframe").get_by_text("here")).to_be_visible()
        stranger = open_page(f"http://127.0.0.1:{portal_port}/")
        stranger.wait_for_timeout(1000)
        expect(stranger.frame_locator("iframe").get_by_text("here")).to_have_count(0)
        assert any("frame-ancestors" in text for text in stranger.watched.complaints)
        for one in (page, stranger):
            one.watched.foreign.clear()  # the frame, asked for by the portal
            one.watched.complaints.clear()
            one.close()


def at_localhost(server: Server) -> str:
    """The page by the portal's own name for this machine: browsers send no cookie into a frame of another site."""
    return server.page("overview").replace("127.0.0.1", "localhost")


@contextmanager
def portal(framed: str, port: int) -> Iterator[None]:
    """Serve a page of another host that frames one of ours."""

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f"<link rel=icon href=data:><iframe src='{framed}' width=900 height=600></iframe>".encode()
            )

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
