"""A small reverse proxy, as well or as badly set up as a test asks: what stands between browsers and the dashboards."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

Lines = list[bytes]
"""The lines of a request before its body, the first being the request line."""


def passes_all(lines: Lines, port: int) -> Lines:
    """Pass everything on, as a proxy should."""
    return lines


def forgets_upgrade(lines: Lines, port: int) -> Lines:
    """Leave out the lines Upgrade and Connection, as nginx does where nobody told it otherwise."""
    return [line for line in lines if not line.lower().startswith((b"upgrade:", b"connection:"))]


def drops_the_port(lines: Lines, port: int) -> Lines:
    """Pass on the host without the port, as nginx's `$host` does."""
    return [line.replace(f":{port}".encode(), b"") if line.lower().startswith(b"host:") else line for line in lines]


def swallows_sockets(lines: Lines, port: int) -> Lines:
    """Pass on nothing of a request for a web socket, so that nobody ever answers it."""
    return [] if is_for_socket(lines) else lines


def is_for_socket(lines: Lines) -> bool:
    """Say whether a request asks for a web socket."""
    return any(line.lower().startswith(b"upgrade:") for line in lines)


class Proxy:
    """Listens on a port of its own and passes on to a server; one connection for each request."""

    def __init__(self, upstream: str, rewrite: Callable[[Lines, int], Lines]) -> None:
        self._upstream, self._rewrite = urlsplit(upstream), rewrite
        self._sockets, self._writers = set[asyncio.StreamWriter](), set[asyncio.StreamWriter]()
        self._tasks: set[asyncio.Task] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()
        self.port, self.is_open = 0, True

    @property
    def address(self) -> str:
        """Where browsers find the pages."""
        return f"http://127.0.0.1:{self.port}/"

    def drop_sockets(self) -> None:
        """End every web socket, as a proxy that is restarted does."""
        self._loop.call_soon_threadsafe(lambda: [one.transport.abort() for one in tuple(self._sockets)])

    def stop(self) -> None:
        """End everything."""
        self._loop.call_soon_threadsafe(self._end.set)

    async def serve(self, ready: threading.Event) -> None:
        """Pass on until `stop`."""
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._end.wait()
        for one in server.sockets:  # whoever is just let in needs the server, or asyncio leaves a socket open
            self._loop.remove_reader(one.fileno())
        await asyncio.sleep(0.05)
        server.close()
        quiet = 0
        while quiet < 3:  # what a browser asked for meanwhile comes later, and opens a way to the server later still
            for one in self._writers:
                one.transport.abort()
            self._writers.clear()
            await asyncio.sleep(0.05)
            await asyncio.gather(*(one for one in self._tasks if one.done()), return_exceptions=True)
            self._tasks = {one for one in self._tasks if not one.done()}
            quiet = 0 if self._writers or self._tasks else quiet + 1

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = self._rewrite(head.removesuffix(b"\r\n\r\n").split(b"\r\n"), self.port)
            if not lines:
                await self._end.wait()
                return
            is_socket = is_for_socket(lines)
            if is_socket and not self.is_open:
                writer.close()
                return
            if not is_socket:
                lines = [line for line in lines if not line.lower().startswith(b"connection:")]
                lines.append(b"Connection: close")
            far_reader, far_writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
            self._writers.add(far_writer)
            if is_socket:
                self._sockets.add(writer)
            far_writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._sockets.discard(writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextmanager
def proxied(upstream: str, rewrite: Callable[[Lines, int], Lines] = passes_all) -> Iterator[Proxy]:
    """Run a proxy before a server, in a thread of its own."""
    proxy, ready = Proxy(upstream, rewrite), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(proxy.serve(ready)), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(10)
        assert not thread.is_alive(), "something that passes through does not end"
