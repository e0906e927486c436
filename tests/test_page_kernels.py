"""Whose kernel is whose, and which pages are gone: with a clock and kernels of the test's own."""

from __future__ import annotations

import asyncio
import gc
import platform
from queue import Empty

import psutil
import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from workbench.serving import heated_kernels, page_kernels
from workbench.serving.freed_memory import return_freed_memory
from workbench.serving.heated_kernels import drop_broken
from workbench.serving.page_kernels import (
    CROWDED_SECONDS,
    LEFT_SECONDS,
    LOOK_EVERY_SECONDS,
    PING_SECONDS,
    SILENT_SECONDS,
    PageKernels,
    TakenFor,
)


class Kernels:
    """As much of a kernel manager as is asked: which kernels run, and how many web sockets each has."""

    def __init__(self) -> None:
        self.sockets: dict[str, int] = {}
        self.died: set[str] = set()
        self.heated_again: list[str] = []
        self._pools: dict[str, list[asyncio.Future]] = {}
        self.environments: list[dict[str, str]] = []

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self.sockets

    async def is_alive(self, kernel_id: str) -> bool:
        return kernel_id not in self.died

    def fill_if_needed(self, delay: int, notebook_name: str) -> None:
        assert not delay
        self.heated_again.append(notebook_name)

    def kernel_model(self, kernel_id: str) -> dict[str, int]:
        return {"connections": self.sockets[kernel_id]}

    async def start_kernel(self, *, env: dict[str, str]) -> str:
        self.environments.append(env)
        name = f"kernel {len(self.sockets)}"
        self.sockets[name] = 0
        return name

    async def get_rendered_notebook(self, notebook_name: str) -> tuple[str, list, str]:
        self.sockets["heated"] = 0
        return notebook_name, [], "heated"

    async def shutdown_kernel(self, kernel_id: str, *, now: bool) -> None:
        assert now
        del self.sockets[kernel_id]

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        await self.shutdown_kernel(kernel_id, now=True)


class Server:
    """Places for so many pages, and a clock."""

    def __init__(self, most: int = 2) -> None:
        self.now, self.manager = 0.0, Kernels()
        self.kernels = PageKernels(most, clock=lambda: self.now)
        self.kernels.manager = self.manager

    def open(self, login: str = "", *, is_connected: bool = True) -> str | None:
        """Open a page as its request does; return its kernel, None where the visitor is refused."""
        place = asyncio.run(self.kernels.place(login))
        if place is None:
            return None
        kernel = asyncio.run(TakenFor(self.manager, place).start_kernel())
        self.kernels.deliver(place)
        self.manager.sockets[kernel] = int(is_connected)
        return kernel

    def wait(self, seconds: float) -> None:
        """Let time pass, with the looks of a running server."""
        for _ in range(int(seconds / LOOK_EVERY_SECONDS)):
            self.now += LOOK_EVERY_SECONDS
            asyncio.run(self.kernels.end_left())


def test_a_killed_or_silent_browser_costs_its_kernel_within_two_minutes():
    noticed = PING_SECONDS + SILENT_SECONDS + PING_SECONDS
    assert noticed + LOOK_EVERY_SECONDS + LEFT_SECONDS + LOOK_EVERY_SECONDS < 120


def test_a_browser_that_answered_the_last_question_is_never_silent():
    assert SILENT_SECONDS >= 2 * PING_SECONDS, "looked at a moment late, it would lose its web socket"


def test_the_kernel_of_a_page_that_is_gone_ends_and_those_looked_at_stay():
    server = Server()
    gone, stays = server.open(), server.open()
    server.wait(200)
    assert list(server.manager.sockets) == [gone, stays]
    server.manager.sockets[gone] = 0
    server.wait(LEFT_SECONDS + 2 * LOOK_EVERY_SECONDS)
    assert list(server.manager.sockets) == [stays]


def test_a_page_that_never_connected_loses_its_kernel_too():
    server = Server()
    server.open(is_connected=False)
    server.wait(LEFT_SECONDS + 2 * LOOK_EVERY_SECONDS)
    assert not server.manager.sockets


def test_a_page_that_comes_back_in_time_keeps_its_kernel():
    server = Server()
    kernel = server.open()
    for _ in range(5):
        server.manager.sockets[kernel] = 0
        server.wait(LEFT_SECONDS - LOOK_EVERY_SECONDS)
        server.manager.sockets[kernel] = 1
        server.wait(LOOK_EVERY_SECONDS)
    assert list(server.manager.sockets) == [kernel]


def test_a_page_that_is_still_computed_is_not_gone():
    server = Server()
    place = asyncio.run(server.kernels.place(""))
    kernel = asyncio.run(TakenFor(server.manager, place).start_kernel())
    server.wait(600)
    assert kernel in server.manager


def test_an_idle_kernel_is_ended_only_after_its_page_was_delivered():
    server = Server()
    server.kernels.spare_those_being_made()
    place = asyncio.run(server.kernels.place(""))
    kernel = asyncio.run(TakenFor(server.manager, place).start_kernel())
    asyncio.run(server.manager.cull_kernel_if_idle(kernel))
    assert kernel in server.manager
    server.kernels.deliver(place)
    asyncio.run(server.manager.cull_kernel_if_idle(kernel))
    assert kernel not in server.manager


def test_dead_pages_make_room_before_a_visitor_is_refused_and_live_ones_do_not():
    server = Server(most=2)
    dead, alive = server.open(), server.open()
    server.wait(LOOK_EVERY_SECONDS)
    assert server.open() is None
    server.manager.sockets[dead] = 0
    server.wait(CROWDED_SECONDS + LOOK_EVERY_SECONDS)
    assert server.open() is not None
    assert dead not in server.manager
    assert alive in server.manager
    assert server.open() is None


def test_a_request_that_failed_before_it_had_a_kernel_gives_its_place_back():
    server = Server(most=1)
    place = asyncio.run(server.kernels.place(""))
    assert server.open() is None
    server.kernels.deliver(place)
    assert server.open() is not None


def test_a_closed_page_gives_its_place_back_at_once():
    server = Server(most=1)
    kernel = server.open()
    del server.manager.sockets[kernel]
    assert server.open() is not None


def test_a_kernel_that_died_gives_its_place_back_and_its_page_is_told_at_once():
    server, closed = Server(most=2), list[str]()

    class Connection:
        def __init__(self, kernel_id: str) -> None:
            self.kernel_id = kernel_id
            self.websocket_handler = self

        def close(self) -> None:
            closed.append(self.kernel_id)

    died, lives = server.open(), server.open()
    connections = [Connection(died), Connection(lives)]
    ZMQChannelsWebsocketConnection._open_sockets |= set(connections)
    server.manager.died.add(died)
    assert not asyncio.run(server.kernels.is_alive(died))
    server.wait(LOOK_EVERY_SECONDS)
    assert list(server.manager.sockets) == [lives]
    assert closed == [died]
    assert server.open() is not None


def test_heated_kernels_that_are_broken_are_dropped_and_do_not_keep_others_from_ending(monkeypatch):
    server = Server()
    manager = server.manager

    async def heated(kernel: str, page: Exception | None = None) -> asyncio.Future:
        manager.sockets[kernel] = 0
        task, item = asyncio.Future(), asyncio.Future()
        task.set_exception(page) if page else task.set_result([])
        item.set_result({"kernel_id": kernel, "task": task})
        return item

    async def look() -> None:
        never_began, begins = asyncio.Future(), asyncio.Future()
        never_began.set_exception(OSError("no process to be had"))
        stays = await heated("whole")
        failed = await heated("failed", RuntimeError("Kernel died before replying to kernel_info"))
        manager._pools = {
            "overview.ipynb": [never_began, stays, begins],
            "pareto.ipynb": [failed, await heated("dead")],
        }
        manager.died.add("dead")
        await drop_broken(manager, server.kernels.is_alive)
        assert manager._pools == {"overview.ipynb": [stays, begins], "pareto.ipynb": []}
        await asyncio.sleep(0.01)

    monkeypatch.setattr(heated_kernels, "REHEAT_SECONDS", 0)
    asyncio.run(look())
    assert list(manager.sockets) == ["whole"]
    assert sorted(set(manager.heated_again)) == ["overview.ipynb", "pareto.ipynb"]


def test_a_dropped_page_that_fails_later_writes_no_traceback():
    server, complaints = Server(), list[str]()

    async def look() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
        page, item = asyncio.Future(), asyncio.Future()
        item.set_result({"kernel_id": "dead", "task": page})
        server.manager._pools = {"overview.ipynb": [item]}
        server.manager.died.add("dead")
        await drop_broken(server.manager, server.kernels.is_alive)
        page.set_exception(RuntimeError("Kernel died before replying to kernel_info"))
        del page, item
        await asyncio.sleep(0.01)
        gc.collect()

    asyncio.run(look())
    assert complaints == []


@pytest.mark.parametrize("heated", [False, True])
def test_a_kernel_belongs_to_who_asked_for_its_page(heated: bool):
    server = Server()
    place = asyncio.run(server.kernels.place("wang.wei"))
    request = TakenFor(server.manager, place)
    if heated:
        name, _, kernel = asyncio.run(request.get_rendered_notebook(notebook_name="overview.ipynb"))
        assert name == "overview.ipynb"
    else:
        kernel = asyncio.run(request.start_kernel())
    assert server.kernels.belongs_to(kernel, "wang.wei")
    assert not server.kernels.belongs_to(kernel, "li.na")
    assert not server.kernels.belongs_to("", "wang.wei")


def test_a_kernel_is_told_what_its_visitor_may_see_and_not_what_the_server_has():
    server = Server()
    place = asyncio.run(server.kernels.place("wang.wei"))
    request = TakenFor(server.manager, place, {"WORKBENCH_STORE": "华东"})
    asyncio.run(request.start_kernel(env={"WORKBENCH_STORE": "everything", "LANG": "C"}))
    assert server.manager.environments == [{"WORKBENCH_STORE": "华东", "LANG": "C"}]


def test_pages_are_made_in_turns_and_one_that_does_not_end_keeps_nobody_waiting_for_ever(monkeypatch):
    async def come():
        turns = page_kernels.Turns(2)
        first, second = await turns.take(), await turns.take()
        waiting, leaving, last = [asyncio.create_task(turns.take()) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert not waiting.done()
        leaving.cancel()
        first()
        first()  # given back once, however often it is said
        third = await waiting
        await asyncio.sleep(0.01)
        assert not last.done()
        monkeypatch.setattr(page_kernels, "TURN_SECONDS", 0.05)
        third()
        await last
        await turns.take()  # the turn of a page that is still being made is lost after a while
        second()

    asyncio.run(asyncio.wait_for(come(), 60))


def test_a_message_that_arrives_as_its_channel_is_closed_calls_off_who_waits_for_it():
    class ClosedMeanwhile:
        """A socket that is closed between the news of a message and the reading of it."""

        def __init__(self, socket) -> None:
            self._socket = socket

        def __getattr__(self, name: str):
            return getattr(self._socket, name)

        async def poll(self, _: int) -> int:
            self._socket.close(0)
            return 1

    async def wait() -> None:
        client = heated_kernels.PageClient()
        for channel in (client.shell_channel, client.iopub_channel, client.stdin_channel, client.control_channel):
            channel.socket = ClosedMeanwhile(channel.socket)
            with pytest.raises(asyncio.CancelledError):
                await channel.get_msg(timeout=1)
        client.context.destroy(linger=0)

    asyncio.run(wait())


def test_no_message_in_time_is_told_as_ever_while_the_channel_is_open():
    async def wait() -> None:
        client = heated_kernels.PageClient()
        with pytest.raises(Empty):
            await client.iopub_channel.get_msg(timeout=0.01)
        client.iopub_channel.stop()
        client.context.destroy(linger=0)

    asyncio.run(wait())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep little of what is freed")
def test_what_is_free_between_pieces_in_use_goes_back_to_the_system():
    size = psutil.Process().memory_info
    pieces = [bytes(1000) for _ in range(100_000)]
    in_use = pieces[::100]
    held = size().rss
    del pieces
    return_freed_memory()
    assert held - size().rss > 50_000_000
    assert len(in_use) == 1000


def test_memory_goes_back_when_a_page_is_gone_and_not_at_every_look(monkeypatch):
    returned = []
    monkeypatch.setattr(page_kernels, "return_freed_memory", lambda: returned.append("at once"))
    server = Server()
    gone, _stays = server.open(), server.open()
    server.wait(200)
    assert returned == []
    server.manager.sockets[gone] = 0
    server.wait(LEFT_SECONDS + 10 * LOOK_EVERY_SECONDS)
    assert returned == ["at once"]
