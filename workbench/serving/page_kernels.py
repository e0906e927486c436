"""Which kernel computes for which open page: a page that is gone loses its kernel, a kernel that died its page."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from workbench.scratch import sweep_dead
from workbench.serving.freed_memory import return_freed_memory
from workbench.serving.heated_kernels import drop_broken

LEFT_SECONDS = 45
"""So long a kernel waits for a page whose web socket is gone: a browser that lost its network comes back within it."""
CROWDED_SECONDS = 10
"""So long where somebody else waits for the place."""
LOOK_EVERY_SECONDS = 5
PING_SECONDS, SILENT_SECONDS = 10, 25
"""Every web socket is asked this often whether the browser still answers, and is closed after so long a silence.

The silence is looked at whenever it is asked: an answer to the last question must be younger than it, however late the
looking comes.
"""
TURN_SECONDS = 20
"""So long a page that is being made keeps others waiting for their turn; the next one begins then beside it."""
SIGN_SECONDS = 5
"""Who waits for a turn gets a sign of life this often, for a proxy in between as well."""


@dataclass(eq=False)
class Place:
    """One visitor's place: kept from the request for a page until the page is gone.

    `login` is who asked. `kernel_id` is empty until there is one; `left_at` is when the page was last seen to have no
    web socket, None while it has one or is still being computed.
    """

    login: str
    kernel_id: str = ""
    left_at: float | None = None
    is_delivered: bool = False


class PageKernels:
    """The places of all visitors. Kernels heated beforehand have none until somebody takes them.

    Parameters
    ----------
    most
        How many pages may be open at once.
    clock
        Tells the seconds; tests have their own.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.manager: Any = None
        self._most, self._clock = most, clock
        self._places: list[Place] = []

    async def place(self, login: str) -> Place | None:
        """Give a visitor a place; None where all are taken by pages that somebody looks at."""
        await drop_broken(self.manager, self.is_alive)
        self._look()
        if len(self._places) >= self._most:
            await self._end(self._left(CROWDED_SECONDS)[: len(self._places) - self._most + 1])
        if len(self._places) >= self._most:
            return None
        place = Place(login)
        self._places.append(place)
        return place

    def deliver(self, place: Place) -> None:
        """Note that the request for a page is over: from now on its web socket says whether it is there."""
        place.is_delivered = True
        if not place.kernel_id:
            self._places.remove(place)

    async def end_left(self) -> None:
        """End the kernels of pages that are gone, tell the pages of kernels that died, sweep what both left."""
        before = len(self._places)
        await drop_broken(self.manager, self.is_alive)
        dead = [one for one in self._places if one.is_delivered and not await self.is_alive(one.kernel_id)]
        self._look()
        await self._end([one for one in self._places if one in dead])
        hang_up({one.kernel_id for one in dead})
        await self._end(self._left(LEFT_SECONDS))
        sweep_dead()
        if len(self._places) < before:
            return_freed_memory()

    def spare_those_being_made(self) -> None:
        """Let the manager end no kernel as idle before its page was delivered: one that still starts looks idle."""
        usual = self.manager.cull_kernel_if_idle

        async def cull_kernel_if_idle(kernel_id: str) -> None:
            if not any(place.kernel_id == kernel_id and not place.is_delivered for place in self._places):
                await ensure_async(usual(kernel_id))

        self.manager.cull_kernel_if_idle = cull_kernel_if_idle

    async def is_alive(self, kernel_id: str) -> bool:
        """Whether there is such a kernel, and its process runs."""
        return kernel_id in self.manager and bool(await ensure_async(self.manager.is_alive(kernel_id)))

    def belongs_to(self, kernel_id: str, login: str) -> bool:
        """Whether a kernel computes for the visitor with this login."""
        return any(place.kernel_id == kernel_id and place.login == login for place in self._places)

    def _look(self) -> None:
        """Note which pages are gone since the last look."""
        self._places = [one for one in self._places if not one.is_delivered or one.kernel_id in self.manager]
        for place in self._places:
            if not place.is_delivered or self.manager.kernel_model(place.kernel_id)["connections"]:
                place.left_at = None
            elif place.left_at is None:
                place.left_at = self._clock()

    def _left(self, seconds: float) -> list[Place]:
        """Return the places left for so long, the longest first."""
        now = self._clock()
        left = [(one.left_at, one) for one in self._places if one.left_at is not None]
        return [one for left_at, one in sorted(left, key=lambda pair: pair[0]) if now - left_at >= seconds]

    async def _end(self, places: list[Place]) -> None:
        for place in places:
            self._places.remove(place)
        for place in places:
            if place.kernel_id in self.manager:
                await ensure_async(self.manager.shutdown_kernel(place.kernel_id, now=True))


def hang_up(kernel_ids: Collection[str]) -> None:
    """Close the web sockets to kernels that are gone: their pages then ask the server at once what is behind it."""
    for connection in [*ZMQChannelsWebsocketConnection._open_sockets]:
        if connection.kernel_id in kernel_ids:
            connection.websocket_handler.close()


class Turns:
    """Who makes a page now, where many ask at once: each of them slower than alone would be later for nearly all.

    Parameters
    ----------
    number
        How many pages are made side by side; one more than there are processors, since each waits now and then.
    """

    def __init__(self, number: int = (os.cpu_count() or 1) + 1) -> None:
        self._free = asyncio.Semaphore(number)

    async def take(self) -> Callable[[], None]:
        """Wait for a turn, first come, first served; return what gives it back. It is lost after `TURN_SECONDS`."""
        await self._free.acquire()
        has_turn = True

        def give_back() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                lost.cancel()
                self._free.release()

        lost = asyncio.get_running_loop().call_later(TURN_SECONDS, give_back)
        return give_back


class TakenFor:
    """The kernel manager as one request sees it: it notes which kernel the request takes, heated or new."""

    def __init__(self, manager: Any, place: Place, environment: Mapping[str, str] | None = None) -> None:
        self._manager, self._place, self._environment = manager, place, environment or {}

    def __getattr__(self, name: str) -> Any:
        """Everything else is the manager's."""
        return getattr(self._manager, name)

    async def start_kernel(self, *, env: Mapping[str, str] | None = None, **settings: Any) -> str:
        """Start a kernel; what the request's environment says counts."""
        settings["env"] = {**(env or {}), **self._environment}
        self._place.kernel_id = await ensure_async(self._manager.start_kernel(**settings))
        return self._place.kernel_id

    async def get_rendered_notebook(self, **settings: Any) -> Any:
        """Take a kernel that was heated beforehand."""
        rendered = await self._manager.get_rendered_notebook(**settings)
        self._place.kernel_id = rendered[-1]
        return rendered
