"""The pages around the dashboards: language, waiting, failing, expiring, and new data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import wait_until
from tests.browser.pages import OVERVIEW, write_page
from tests.browser.servers import FIRST_SNAPSHOT, Server, dashboards, empty_store, publish, started
from tests.browser.sockets import kernel_of

IDLE_SECONDS = 15
"""Longer than a busy machine takes to show a page that is made."""
LOOK_EVERY = "00:20"
"""How often page.js asks the server; a test moves the page's clock by it instead of waiting."""

SOON = """
from workbench.serving import dashboards
usual = dashboards.dashboard_config
def soon(*places, **settings):
    config = usual(*places, **settings)
    config["VoilaConfiguration"]["http_keep_alive_timeout"] = 2
    return config
dashboards.dashboard_config = soon
"""
"""Before the code of a server: Voila tells a page that it is still computing after two seconds, not after ten."""

IMPATIENT = """
from workbench.serving import dashboards
dashboards.OUTPUTS_SECONDS = 1
"""
LATE = """
import sys, time
sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0.1
get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep({seconds}))
"""
"""At the start of a page: what it shows leaves its kernel so much later than the news that it is made."""


@contextmanager
def serving(
    folder: Path, code: str, *, name: str = "overview", before: str = "", **settings: object
) -> Iterator[Server]:
    """Serve one page with settings of its own, after what is to run `before`."""
    pages = folder / "pages"
    pages.mkdir()
    write_page(pages / f"{name}.ipynb", code)
    store = empty_store(folder)
    with started(before + dashboards(pages, store, **settings), pages, store) as server:
        yield server


def look(page: Page) -> None:
    """Make the page ask the server now, not in twenty seconds."""
    page.evaluate("document.dispatchEvent(new Event('workbench:look'))")


def test_the_list_names_the_pages_in_both_languages(open_page, served: Server):
    page = open_page(served.page(""))
    expect(page.get_by_role("heading", name="看板")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("总览"))).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Dashboards")).to_be_visible()
    assert faults(page) == []
    link = page.get_by_role("link", name=re.compile("Overview"))
    assert link.get_attribute("href").endswith("/overview?lang=en")
    assert page.title() == "Dashboards"
    page.set_viewport_size({"width": 400, "height": 900})
    assert faults(page) == []
    assert page.watched.said == []


def test_a_page_speaks_the_language_of_its_address(open_page, served: Server):
    page = open_page(served.page("files", lang="en"))
    expect(page.get_by_role("button", name="Choose files").first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    other = open_page(served.page("files"))
    expect(other.get_by_role("button", name="选择文件").first).to_be_visible()


def test_a_slow_page_says_that_it_is_still_computing(open_page, tmp_path: Path):
    go_on = tmp_path / "go on"
    code = f"import pathlib, time\nwhile not pathlib.Path({str(go_on)!r}).exists():\n    time.sleep(0.1)\n"
    code += "import ipywidgets\nipywidgets.Label('done at last')"
    with serving(tmp_path, code, name="slow", before=SOON) as server:
        page = open_page(server.address + "login")
        assert faults(page) == []
        page.set_viewport_size({"width": 400, "height": 900})
        page.goto(server.page("slow"), wait_until="commit")
        expect(page.get_by_text("正在准备页面")).to_be_visible()
        assert faults(page) == []
        expect(page.get_by_text("仍在计算")).to_be_visible(timeout=30_000)
        go_on.touch()
        expect(page.get_by_text("done at last")).to_be_visible(timeout=90_000)
        expect(page.locator("#wb-loading")).to_have_count(0)
        page.close()


def test_a_page_that_fails_says_so_without_a_traceback(open_page, served: Server):
    page = open_page(served.page("broken"))
    expect(page.get_by_text("本页未能算出")).to_be_visible()
    assert "ZeroDivisionError" not in page.content()
    assert "1 / 0" not in page.content()


def test_a_page_whose_outputs_come_late_is_shown(open_page, tmp_path: Path):
    with serving(tmp_path, LATE.format(seconds=6) + OVERVIEW) as server:
        page = open_page(server.page("overview"))
        expect(page.get_by_text("here")).to_be_visible()
        expect(page.locator("#wb-failed")).to_be_hidden()
        page.close()


def test_a_page_whose_outputs_never_come_says_so(open_page, tmp_path: Path):
    with serving(tmp_path, LATE.format(seconds=3600) + OVERVIEW, before=IMPATIENT) as server:
        page = open_page(server.page("overview"))
        expect(page.get_by_text("本页未能算出")).to_be_visible()
        page.close()


def test_a_page_that_shows_nothing_says_so(open_page, tmp_path: Path):
    with serving(tmp_path, "shown = 1") as server:
        page = open_page(server.page("overview"))
        expect(page.get_by_text("本页未能算出")).to_be_visible()
        page.close()


def test_an_address_without_a_page_says_so_in_words(open_page, served: Server):
    page = open_page(served.page("nowhere", lang="en"))
    expect(page.get_by_role("heading", name="There is no page at this address.")).to_be_visible()
    assert page.watched.complaints
    page.watched.complaints[:] = [text for text in page.watched.complaints if "404" not in text]


def test_new_data_is_offered_and_reloading_brings_it(open_page, served: Server):
    page = open_page(served.page("overview"))
    expect(page.get_by_text("here")).to_be_visible()
    look(page)
    expect(page.locator("#wb-banner")).to_be_hidden()
    publish(served.store, "20240202T000000000Z-bbbbbbbbbbbb")
    look(page)
    expect(page.get_by_text("新数据已发布")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="重新加载").click()
    publish(served.store, FIRST_SNAPSHOT)
    expect(page.get_by_text("here")).to_be_visible()
    look(page)
    expect(page.locator("#wb-banner")).to_be_hidden()


def test_a_culled_kernel_is_told_by_the_page_although_the_kernel_is_gone(open_page, tmp_path: Path):
    with serving(tmp_path, OVERVIEW, idle_minutes=IDLE_SECONDS / 60) as server:
        page = open_page(server.address + "login")
        page.clock.install()
        page.goto(server.page("overview"))
        expect(page.get_by_text("here")).to_be_visible()
        state = f"fetch('{server.address}workbench/state/{kernel_of(page)}').then((answer) => answer.json())"
        wait_until(page, f"{state}.then(({{ alive }}) => !alive)")
        page.clock.fast_forward(LOOK_EVERY)
        expect(page.get_by_text("已过期")).to_be_visible()
        page.close()
    page.watched.complaints.clear()  # JupyterLab's client reports the kernel's end in the console


def test_behind_a_proxy_its_login_names_the_visitor_and_without_it_nobody_enters(open_page, tmp_path: Path):
    code = "import ipywidgets\nfrom workbench.widgets import who\nipywidgets.Label('seen by ' + who())"
    with serving(tmp_path, code, login_header="X-Forwarded-User", base_url="/crm/", pool=1) as server:
        page = open_page(f"{server.address}crm/overview", extra_http_headers={"X-Forwarded-User": "wang.wei"})
        expect(page.get_by_text("seen by wang.wei")).to_be_visible()
        page.close()
        other = open_page(f"{server.address}crm/overview")
        expect(other.get_by_text("您无权打开此页")).to_be_visible()
        other.close()
    other.watched.complaints[:] = [text for text in other.watched.complaints if "403" not in text]


def test_too_many_open_pages_are_refused_in_words_and_an_open_one_tells_when_its_server_is_gone(
    open_page, tmp_path: Path
):
    with serving(tmp_path, OVERVIEW, most_kernels=1) as server:
        page = open_page(server.page("overview"))
        expect(page.get_by_text("here")).to_be_visible()
        refused = open_page(server.page("overview"))
        expect(refused.get_by_text("当前打开的页面过多")).to_be_visible()
        refused.close()
    refused.watched.complaints[:] = [text for text in refused.watched.complaints if "503" not in text]
    look(page)
    expect(page.get_by_text("连接已断开")).to_be_visible()
    page.watched.complaints.clear()  # the browser's own: connection refused
