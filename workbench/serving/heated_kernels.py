"""Kernels that compute pages, often before anybody asks: no thread a kernel, and no visitor is handed a broken one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_core.utils import ensure_async

log = logging.getLogger("workbench")

REHEAT_SECONDS = 30
"""So long until others take their place: what kills every kernel of a page must not keep the machine busy with it."""


class PageChannel(AsyncZMQSocketChannel):
    """Hears messages of a page's kernel until it is closed: who waits for one then is called off, as it should be.

    Where the last message of a kernel arrived in the very moment in which its channel was closed, it was read from a
    closed socket: the server told of a "Socket operation on non-socket", by a traceback of a task that nobody asks.
    """

    async def get_msg(  # type: ignore[override]  # as in the class above: it waits
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """Wait for a message; `CancelledError` where the channel is closed meanwhile."""
        try:
            return await super().get_msg(timeout)
        except Exception:
            if self.socket and not self.socket.closed:
                raise
        raise asyncio.CancelledError


class PageClient(AsyncKernelClient):
    """Speaks with a page's kernel, but starts no heartbeat.

    A heartbeat is a thread for each kernel that nobody asks, the process itself being watched. It outlived the kernel,
    and polled a socket that was closed meanwhile.
    """

    shell_channel_class = PageChannel
    iopub_channel_class = PageChannel
    stdin_channel_class = PageChannel
    control_channel_class = PageChannel

    def start_channels(
        self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = False, control: bool = True
    ) -> None:
        """Start what messages pass through."""
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)


def has_made(manager: Any, notebook: str) -> bool:
    """Whether the heated kernel that the next visitor takes has made its page, so that nothing is left to compute."""
    pool = getattr(manager, "_pools", {}).get(notebook, [])
    return bool(pool) and pool[0].done() and _has_started(pool[0]) and bool(pool[0].result()["task"].done())


async def drop_broken(manager: Any, is_alive: Callable[[str], Awaitable[bool]]) -> None:
    """Drop heated kernels that died, or whose page could not be made; Voila would hand them out as they are.

    One that could not even be started would also keep Voila from ending any other kernel.
    """
    broken: list[tuple[str, asyncio.Future[Any]]] = []
    pools = getattr(manager, "_pools", {})  # there are none where nothing is heated
    for notebook, pool in list(pools.items()):
        for heated in [*pool]:
            if heated.done() and not await _is_whole(heated, is_alive) and heated in pool:
                pool.remove(heated)
                broken.append((notebook, heated))
    for notebook, heated in broken:
        log.warning("A kernel heated for %s is gone; another one is heated in %s s.", notebook, REHEAT_SECONDS)
        if _has_started(heated):
            heated.result()["task"].add_done_callback(_is_over)
            if (kernel := heated.result()["kernel_id"]) in manager:
                await ensure_async(manager.shutdown_kernel(kernel, now=True))
        asyncio.get_running_loop().call_later(REHEAT_SECONDS, manager.fill_if_needed, 0, notebook)


def _has_started(heated: asyncio.Future[Any]) -> bool:
    """Whether a kernel came up that was to be heated, now that this is over."""
    return not heated.cancelled() and not heated.exception()


def _is_over(page: asyncio.Future[Any]) -> None:
    """Take note of how a dropped page ended, which nobody waits for: asyncio would tell it with a traceback."""
    if not page.cancelled():
        page.exception()


async def _is_whole(heated: asyncio.Future[Any], is_alive: Callable[[str], Awaitable[bool]]) -> bool:
    """Whether a kernel that has started still runs, and its page is made or being made."""
    if not _has_started(heated):
        return False
    page = heated.result()["task"]
    if page.done() and (page.cancelled() or page.exception()):
        return False
    return await is_alive(heated.result()["kernel_id"])
