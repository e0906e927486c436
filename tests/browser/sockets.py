"""Speak to a page's kernel as a hostile viewer would: with the page's cookie and a web socket of one's own."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page
from websockets.sync.client import ClientConnection, connect

MALFORMED = [
    "", "{", "[]", "{}", '{"channel": "shell"}', '{"a":' * 20_000, b"\xff" * 8, b"\x7f\xff\xff\xff" + bytes(50),
    json.dumps({"header": {"msg_type": "comm_msg", "msg_id": "1", "session": "s"}, "parent_header": {}, "metadata": {},
                "content": {}, "channel": "shell"}),
]  # fmt: skip


def kernel_of(page: Page) -> str:
    return json.loads(page.locator("#jupyter-config-data").text_content())["kernelId"]


def cookies_of(page: Page) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())


class Intruder:
    """A web socket to a kernel, in the plain JSON form of the protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, kind: str, content: dict[str, Any], channel: str = "shell", **metadata: str) -> str:
        message = uuid.uuid4().hex
        header = {"msg_id": message, "msg_type": kind, "username": "x", "session": uuid.uuid4().hex, "version": "5.3"}
        whole = {"header": header, "parent_header": {}, "metadata": metadata, "content": content, "channel": channel}
        self.socket.send(json.dumps({**whole, "buffers": []}))
        return message

    def answers(self, message: str, *, until: str = "", seconds: float = 3) -> list[dict[str, Any]]:
        """Return what comes back for one message: until that type of answer, or until nothing came for a while."""
        found, deadline = [], time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                answer = self.socket.recv(timeout=left)
            except TimeoutError:
                break
            if isinstance(answer, str) and (told := json.loads(answer))["parent_header"].get("msg_id") == message:
                found.append(told)
                if told["msg_type"] == until:
                    break
        return found

    def refused(self, message: str) -> bool:
        """Say whether nothing came back for a message, although the kernel answered what was asked after it.

        On both of its channels, which keep their order; what else it may have to say comes within a moment.
        """
        later = {self.send("kernel_info_request", {}, channel) for channel in ("shell", "control")}
        deadline, moment = time.monotonic() + 20, 0.3
        while (left := deadline - time.monotonic()) > 0:
            try:
                told = json.loads(self.socket.recv(timeout=left))
            except TimeoutError:
                break
            if told["parent_header"].get("msg_id") == message:
                return False
            if told["msg_type"] == "kernel_info_reply" and told["parent_header"].get("msg_id") in later:
                later.remove(told["parent_header"]["msg_id"])
                if not later:
                    deadline = time.monotonic() + moment
        assert not later, "the kernel answers nothing at all"
        return True

    def widgets(self) -> list[str]:
        """Return the comm ids of the page's widgets."""
        asked = self.send("comm_info_request", {"target_name": "jupyter.widget"})
        return list(self.answers(asked, until="comm_info_reply", seconds=20)[-1]["content"]["comms"])

    def state(self, comm: str) -> dict[str, Any]:
        """Return the state of a widget, shown or not, as any viewer may."""
        asked = self.tell(comm, {"method": "request_state"})
        return self.answers(asked, until="comm_msg", seconds=20)[-1]["content"]["data"]["state"]

    def states(self, seconds: float = 60) -> dict[str, dict[str, Any]]:
        """Return the states of all widgets at once, as a page asks for them that comes back to its kernel."""
        comm = uuid.uuid4().hex
        self.send("comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}, version="1.0.0")
        self.tell(comm, {"method": "request_states"})
        told = self.heard(lambda told: told["content"].get("comm_id") == comm, seconds)
        return {name: one["state"] for name, one in told["content"]["data"]["states"].items()}

    def heard(self, is_it: Callable[[dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
        """Return the next message that is the one waited for; TimeoutError where it does not come."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.socket.recv(timeout=max(0, deadline - time.monotonic()))
            if isinstance(message, bytes):  # with buffers: a number of places, the places, JSON up to the second one
                first, second = (int.from_bytes(message[at : at + 4]) for at in (4, 8))
                message = message[first:second].decode()
            if is_it(told := json.loads(message)):
                return told

    def tell(self, comm: str, data: dict[str, Any]) -> str:
        """Send a widget a message."""
        return self.send("comm_msg", {"comm_id": comm, "data": data})


@contextmanager
def intruding(page: Page, headers: Mapping[str, str] = {}) -> Iterator[Intruder]:
    """Open a socket to the page's kernel with the page's cookies, and what a proxy adds."""
    parts = urlsplit(page.url)
    address = f"ws://{parts.netloc}/api/kernels/{kernel_of(page)}/channels"
    origin, cookies = f"http://{parts.netloc}", {"Cookie": cookies_of(page), **headers}
    read_all = {"max_queue": None}  # what nobody takes must not hold up the answers to the server's questions
    with connect(address, origin=origin, additional_headers=cookies, proxy=None, **read_all) as socket:
        yield Intruder(socket)
