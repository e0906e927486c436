"""Saved views in the browser: named on a page, listed on the start page, shared as a link, and deleted."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import write_page
from tests.browser.servers import Server, dashboards, empty_store, started
from tests.browser.sockets import cookies_of

STATED = """
import ipywidgets
from workbench.widgets import Address, Banner
address = Address()
address.shown = {"lang": "zh", "region": "华东", "pareto.by": "margin"}
ipywidgets.VBox([Banner(snapshot="20240101T000000000Z-aaaaaaaaaaaa"), address, ipywidgets.Label("here")])
"""
MARKUP = "<img src=x onerror='window.hacked=1'> 华东"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("views")
    pages = folder / "pages"
    pages.mkdir()
    write_page(pages / "pareto.ipynb", STATED)
    store = empty_store(folder)
    with started(dashboards(pages, store, base_url="/crm/", pool=1), pages, store) as served:
        yield Server(served.address + "crm/", store, served.log)


@pytest.fixture(scope="module")
def page(server: Server, open_shared) -> Page:
    page = open_shared(server.page("pareto"))
    expect(page.get_by_text("here", exact=True)).to_be_visible()
    return page


def save(page: Page, name: str) -> None:
    page.locator("#wb-views").evaluate("one => one.open = true")
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="保存", exact=True).click()


def test_a_state_is_saved_listed_and_opened_again(page: Page, server: Server, open_page):
    page.wait_for_url("**region=*")
    save(page, MARKUP)
    expect(page.locator("#wb-views [role=status]")).to_have_text("已保存，可在首页的列表中找到。", use_inner_text=True)
    start = open_page(server.page("", lang="en"))
    expect(start.get_by_role("heading", name="Saved views")).to_be_visible()
    link = start.get_by_role("link", name=MARKUP)
    assert link.get_attribute("href") == f"{server.address}pareto?region=%E5%8D%8E%E4%B8%9C&pareto.by=margin&lang=en"
    assert start.evaluate("window.hacked") is None
    link.click()
    start.wait_for_url("**/crm/pareto?**region=%E5%8D%8E%E4%B8%9C&pareto.by=margin**")


def test_a_link_is_shared_without_what_is_the_readers_own(server: Server, page: Page, open_page):
    save(page, "to share")
    expect(page.locator("#wb-views [role=status]")).to_contain_text("已保存")
    start = open_page(server.page(""), permissions=["clipboard-read", "clipboard-write"])
    start.locator("li", has_text="to share").get_by_role("button", name="复制链接").click()
    expect(start.locator("li", has_text="to share").get_by_role("button", name="已复制")).to_be_visible()
    copied = start.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server.address}pareto?region=%E5%8D%8E%E4%B8%9C&pareto.by=margin"


def test_what_cannot_be_saved_is_said_in_the_readers_language(page: Page):
    for name, said in (("x", "已保存"), ("X", "已有名为“X”的视图"), ("\u200b", "请给视图取一个 1 到 60 个字的名称")):
        save(page, name)
        expect(page.locator("#wb-views [role=status]")).to_contain_text(said, use_inner_text=True)
    page.watched.complaints[:] = [text for text in page.watched.complaints if "400" not in text]


def test_a_deleted_view_leaves_the_list(server: Server, page: Page, open_page):
    save(page, "gone soon")
    expect(page.locator("#wb-views [role=status]")).to_contain_text("已保存")
    start = open_page(server.page("", lang="en"))
    start.locator("li", has_text="gone soon").get_by_role("button", name="Delete").click()
    expect(start.get_by_role("link", name="gone soon")).to_have_count(0)
    expect(start.get_by_role("heading", name="看板")).to_be_visible()


@pytest.mark.parametrize("path", ["workbench/views", "workbench/views/abc/delete"])
def test_another_site_saves_and_deletes_nothing_with_a_visitors_cookies(page: Page, server: Server, path: str):
    before = (server.store / "views.json").read_text()
    body = {"name": "forged", "address": "/crm/pareto"}
    for forged in ({}, {"_xsrf": "guessed"}):
        request = urllib.request.Request(  # noqa: S310  our own server
            server.address + path, urlencode({**body, **forged}).encode(), {"Cookie": cookies_of(page)}
        )
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request)  # noqa: S310
    assert (server.store / "views.json").read_text() == before


def test_nobody_saves_without_a_login(server: Server):
    request = urllib.request.Request(f"{server.address}workbench/views", b"name=x&address=/crm/pareto")  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)  # noqa: S310
