"""Who asks for pages without a browser: politely, in haste, or never to be heard of again."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlsplit

from websockets.sync.client import connect

from tests.browser.servers import Server
from tests.browser.sockets import Intruder

HASTE = """
from workbench.serving import dashboards, page_kernels
page_kernels.LEFT_SECONDS, page_kernels.CROWDED_SECONDS = {left}, 1
dashboards.LOOK_EVERY_SECONDS, dashboards.PING_SECONDS, dashboards.SILENT_SECONDS = 0.5, 1, 3
"""
"""Before the code of a server: what takes a minute and a half takes a few seconds."""


class Visitor:
    """Asks for pages without a browser."""

    def __init__(self, server: Server) -> None:
        self.server, self.cookies = server, CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def open(self, name: str = "overview") -> str:
        """Open a page; return the id of its kernel. The web socket is never opened."""
        text = self._opener.open(self.server.page(name)).read().decode()
        kernel = re.search(r'"kernelId": "([\w-]+)"', text)
        assert kernel, f"a page without a kernel, which ends with {text[-200:]}"
        return kernel[1]

    def open_before_long(self, seconds: float = 30) -> str:
        """Open a page as soon as there is a place for it; the server looks for places that are left now and then."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.open()
            except HTTPError as refusal:
                if refusal.code != 503 or time.monotonic() > deadline:
                    raise
            time.sleep(0.5)

    def is_alive(self, kernel: str) -> bool:
        """Say whether the kernel still runs."""
        return b'"alive": true' in self._opener.open(f"{self.server.address}workbench/state/{kernel}").read()

    def close(self, kernel: str) -> None:
        """Say that a page is closed, as its script does when somebody leaves it."""
        xsrf = next(one.value for one in self.cookies if one.name == "_xsrf")
        address = f"{self.server.address}voila/api/shutdown/{kernel}"
        request = urllib.request.Request(address, b"", {"X-XSRFToken": xsrf})  # noqa: S310  our own server
        self._opener.open(request).close()

    @contextmanager
    def joined(self, kernel: str) -> Iterator[Intruder]:
        """Open a web socket to a page's kernel, as the page does."""
        host = self.server.address.rstrip("/")
        address = f"{host.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        cookies = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in self.cookies)}
        whole = {"max_queue": None, "max_size": None, "proxy": None}
        with connect(address, origin=host, additional_headers=cookies, **whole) as socket:
            yield Intruder(socket)

    def wait_for_end(self, kernel: str, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while self.is_alive(kernel):
            assert time.monotonic() < deadline, "the kernel is still there"
            time.sleep(0.3)

    def silent_socket(self, kernel: str) -> socket.socket:
        """Open a web socket that never says a word again, as that of a machine that lost its power."""
        host = urlsplit(self.server.address).netloc
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.cookies)
        silent = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))
        silent.sendall(
            f"GET /api/kernels/{kernel}/channels HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            f"Cookie: {cookies}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert silent.recv(12) == b"HTTP/1.1 101"
        return silent
