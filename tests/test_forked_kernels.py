"""Kernels forked from a process that has imported everything: they work, end, and are replaced where forking fails."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from workbench.panels import Session
from workbench.panels.known_decisions import DECISIONS_FOLDER
from workbench.serving.forked_kernels import FORKED, ForkedKernel, KernelTemplate, can_fork, offer_forked_kernels
from workbench.serving.kernel_template import usual_settings
from workbench.store import open_store

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork a process and hold it")
PATIENCE_SECONDS = 120


def forked_by_default(monkeypatch) -> None:
    """Other tests of this process may have started kernels in the usual way."""
    offer_forked_kernels()
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", FORKED)


@pytest.fixture
def template(tmp_path, monkeypatch) -> Iterator[KernelTemplate]:
    forked_by_default(monkeypatch)
    made = KernelTemplate(tmp_path)
    monkeypatch.setattr(ForkedKernel, "template", made)
    yield made
    made.stop()


async def started(**environment: str) -> tuple[AsyncKernelManager, AsyncKernelClient]:
    kernel = AsyncKernelManager()
    await kernel.start_kernel(env={**os.environ, **environment})
    client = kernel.client()
    client.start_channels()
    await client.wait_for_ready(timeout=PATIENCE_SECONDS)
    return kernel, client


async def said(client: AsyncKernelClient, expression: str) -> str:
    """What an expression is in the kernel."""
    answer = await client.execute_interactive("", user_expressions={"it": expression}, timeout=PATIENCE_SECONDS)
    it = answer["content"]["user_expressions"]["it"]
    return it["data"]["text/plain"] if it["status"] == "ok" else it["evalue"]


async def ended(kernel: AsyncKernelManager, client: AsyncKernelClient) -> None:
    client.stop_channels()
    await kernel.shutdown_kernel(now=True)


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_forked_kernel_is_a_kernel_of_its_own_with_all_imported(template):
    async def use() -> None:
        kernel, client = await started(WORKBENCH_STORE="/somewhere/crm.store", ONLY_HERE="yes")
        other, other_client = await started(WORKBENCH_STORE="/elsewhere/crm.store")
        try:
            imported = "'workbench.topics.satisfaction.panel' in __import__('sys').modules"
            assert await said(client, imported) == "True"
            assert await said(client, "__import__('os').environ['WORKBENCH_STORE']") == "'/somewhere/crm.store'"
            assert await said(other_client, "__import__('os').environ['WORKBENCH_STORE']") == "'/elsewhere/crm.store'"
            assert await said(other_client, "__import__('os').environ.get('ONLY_HERE')") == "None"
            parents = {await said(one, "__import__('os').getppid()") for one in (client, other_client)}
            assert parents == {str(template._process.pid)}
            targets = "sorted(get_ipython().kernel.comm_manager.targets)"
            assert await said(client, targets) == "['jupyter.widget', 'jupyter.widget.control']"
            drawn = "[1, 2, 3].__len__() and __import__('ipywidgets').IntSlider().comm.comm_id != ''"
            assert await said(client, drawn) == "True"
        finally:
            pids = [one.provisioner.pid for one in (kernel, other)]
            await ended(kernel, client)
            await ended(other, other_client)
        assert not any(map(is_running, pids))

    asyncio.run(use())


def test_kernels_end_with_the_process_they_were_forked_from(template, caplog):
    async def use() -> None:
        kernel, client = await started()
        template._process.kill()
        template._process.wait()
        until = time.monotonic() + PATIENCE_SECONDS
        while await kernel.is_alive() and time.monotonic() < until:
            await asyncio.sleep(0.1)
        assert not await kernel.is_alive()
        # the next one is started one by one, in words to whoever runs the server, those after it are forked again
        replaced = template._process.pid
        later, later_client = await started()
        assert "is gone, and started anew" in caplog.text
        assert await said(later_client, "__import__('os').getppid()") == str(os.getpid())
        again, again_client = await started()
        assert await said(again_client, "__import__('os').getppid()") == str(template._process.pid) != str(replaced)
        await ended(again, again_client)
        await ended(later, later_client)
        await ended(kernel, client)

    asyncio.run(use())


def test_a_process_that_never_answered_is_not_started_anew(tmp_path, monkeypatch, caplog):
    forked_by_default(monkeypatch)
    made = KernelTemplate(tmp_path)
    monkeypatch.setattr(ForkedKernel, "template", made)
    made._process.kill()
    made._process.wait()

    async def use() -> None:
        kernels = await asyncio.gather(started(), started())
        for kernel, client in kernels:
            assert await said(client, "__import__('os').getppid()") == str(os.getpid())
            await ended(kernel, client)

    try:
        asyncio.run(use())
    finally:
        made.stop()
    assert caplog.text.count("A kernel could not be forked") == 1
    assert not made.answers


def test_who_waits_for_an_answer_that_comes_too_late_gets_a_kernel_and_no_page_loses_its_own(template, caplog):
    """Once a server whose machine was busy gave dead kernels to all who waited, and ended those of all open pages."""

    async def use() -> None:
        kernel, client = await started()
        template._socket.settimeout(1)
        template._answers_within = 1
        os.kill(template._process.pid, signal.SIGSTOP)
        waiting = await asyncio.gather(started(), started(), started())
        assert caplog.text.count("No kernel was forked within 1 s") == 1
        os.kill(template._process.pid, signal.SIGCONT)
        until = time.monotonic() + PATIENCE_SECONDS
        while not template.answers and time.monotonic() < until:
            await asyncio.sleep(0.1)
        template._socket.settimeout(PATIENCE_SECONDS)
        late = await started()
        parents = [await said(one, "__import__('os').getppid()") for _, one in ((kernel, client), *waiting, late)]
        here, there = str(os.getpid()), str(template._process.pid)
        assert parents == [there, here, here, here, there]
        assert len(children(template._process.pid)) == 2, "the late kernel is ended"
        for one in ((kernel, client), *waiting, late):
            await ended(*one)

    asyncio.run(use())


def children(pid: int) -> list[psutil.Process]:
    """Its children that run."""
    return [one for one in psutil.Process(pid).children() if one.status() != psutil.STATUS_ZOMBIE]


def test_pages_are_opened_ahead_and_none_of_their_data_stays(published_store, tmp_path, monkeypatch):
    (tmp_path / "overview.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": "from workbench.pages import visited_page\\n'
        "from workbench.topics.revenue import revenue_panel\\nvisited_page('overview', [revenue_panel])\"}]}",
        encoding="utf-8",
    )
    monkeypatch.setenv("WORKBENCH_STORE", str(published_store.address))
    monkeypatch.setenv("WORKBENCH_PUBLISHED", "1")
    forked_by_default(monkeypatch)
    made = KernelTemplate(tmp_path, opens_first="overview")
    monkeypatch.setattr(ForkedKernel, "template", made)

    async def use() -> None:
        kernel, client = await started()
        try:
            known = "len(__import__('workbench.store.written_queries', fromlist=['_forms'])._forms) > 0"
            assert await said(client, known) == "True"
            assert await said(client, "len(__import__('ipywidgets').widget.Widget.widgets)") == "0"
            held = "[one for one in map(os.readlink, os.scandir('/proc/self/fd')) if '.duckdb' in one]"
            held = held.replace("os.", "__import__('os').")
            assert await said(client, held) == "[]"
        finally:
            await ended(kernel, client)

    try:
        asyncio.run(use())
    finally:
        made.stop()


def test_usual_settings_are_decided_while_nobody_asks_and_anybody_who_asks_comes_first(
    published_store, tmp_path, monkeypatch
):
    decisions, pages = tmp_path / "decisions", tmp_path / "pages"
    for folder in (decisions, pages):
        folder.mkdir()
    (pages / "overview.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": "from workbench.pages import visited_page\\n'
        "from workbench.topics.revenue import revenue_panel\\nvisited_page('overview', [revenue_panel])\"}]}",
        encoding="utf-8",
    )
    for name, value in {
        "WORKBENCH_STORE": str(published_store.address), "WORKBENCH_PUBLISHED": "1", DECISIONS_FOLDER: str(decisions),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with open_store(published=True) as store:
        settings = usual_settings(Session(store))
    assert [len(one.regions) + 10 * len(one.customer_types) + 100 * bool(one.since) for one in settings] == [
        100,
        100,
        100,
        1,
        1,
        10,
        10,
    ]  # fmt: skip  a period that is too short is not offered
    forked_by_default(monkeypatch)
    made = KernelTemplate(pages, opens_first="overview")
    monkeypatch.setattr(ForkedKernel, "template", made)

    async def use() -> None:
        kernel, client = await started()
        at_once = len([*decisions.iterdir()])
        try:
            assert 1 <= at_once < 1 + len(settings)
        finally:
            await ended(kernel, client)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len([*decisions.iterdir()]) < 1 + len(settings):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)

    try:
        asyncio.run(use())
    finally:
        made.stop()
