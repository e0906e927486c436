"""Rights by region in the browser and on the web socket: a viewer's kernel has no row of another region to give."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.pages import write_page
from tests.browser.servers import Server, dashboards, started
from tests.browser.sockets import Intruder, intruding, kernel_of
from tests.browser.test_security import fetch
from tests.company import AS_OF, crowd, fill
from tests.conftest import ROOT
from tests.test_rights import RIGHTS
from workbench.store import build, publish

HEADER = "X-Forwarded-User"
PATIENCE_MS = 120_000
READS = """
import ipywidgets, json, os
from workbench.store import open_store
store = open_store(published=True)
def rows(name):
    return store.collect(store.table(name))
def tried(statement):
    try:
        store._backend.con.execute(statement)
    except Exception as refusal:
        return "refused: " + type(refusal).__name__
    return "done"
whole = os.path.dirname(os.path.dirname(os.path.dirname(str(store.address))))
(file,) = [one for one in os.listdir(whole + "/published") if one.endswith(".duckdb")]
ipywidgets.Label(json.dumps({
    "customers": sorted(set(rows("customers")["region"])), "sales": float(rows("transactions")["amount"].sum()),
    "attach": tried(f"ATTACH '{whole}/published/{file}' AS other (READ_ONLY)"),
    "told": [name for name, value in os.environ.items() if value == whole],
}, ensure_ascii=False))
"""
"""A page that tells what its kernel can read; the whole publication lies three folders above a copy."""


def write(connection) -> None:
    fill(connection)
    for statement in crowd(seed=3):
        connection.execute(statement)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("rights")
    pages, store = folder / "pages", folder / "crm.store"
    pages.mkdir()
    build(store, write, company="示例汽车", as_of=AS_OF)
    publish(store)
    (folder / "rights.toml").write_text(RIGHTS, encoding="utf-8")
    (pages / "overview.ipynb").write_bytes((ROOT / "dashboards" / "overview.ipynb").read_bytes())
    write_page(pages / "reads.ipynb", READS)
    code = dashboards(
        pages, store, pool=1, token=None, login_header=HEADER, rights=str(folder / "rights.toml"), most_kernels=9
    )
    with started(code, pages, store) as server:
        yield server


def opened(open_shared, company: Server, name: str, login: str, **query: str) -> Page:
    address = company.address + name + "".join(f"?{key}={value}" for key, value in query.items())
    return open_shared(address, extra_http_headers={HEADER: login})


@pytest.fixture(scope="module")
def regional(company: Server, open_shared) -> Page:
    """The overview as somebody bound to one region sees it."""
    page = opened(open_shared, company, "overview", "wang.wei")
    expect(page.locator(".wb-key-figures .wb-value").first).to_be_visible(timeout=PATIENCE_MS)
    return page


@pytest.fixture(scope="module")
def intruder(regional: Page) -> Iterator[Intruder]:
    with intruding(regional, {HEADER: "wang.wei"}) as intruder:
        yield intruder


@pytest.fixture(scope="module")
def states(intruder: Intruder) -> dict[str, str]:
    """The state of every widget of the page, shown or not, by comm id."""
    return {comm: json.dumps(state, ensure_ascii=False) for comm, state in intruder.states().items()}


def test_a_page_says_which_regions_it_speaks_of_and_names_no_other(regional: Page):
    expect(regional.locator(".wb-page-facts")).to_contain_text("仅含华东")
    assert "华南" not in regional.content()
    assert "西北" not in regional.content()
    regional.get_by_role("button", name="English").click()
    expect(regional.locator(".wb-page-facts")).to_contain_text("华东 only")
    regional.get_by_role("button", name="中文").click()
    expect(regional.locator(".wb-page-facts")).to_contain_text("仅含华东")


def test_no_widget_of_the_page_knows_another_region_shown_or_not(states: dict[str, str]):
    assert any("华东" in state for state in states.values())
    for region in ("华南", "西北"):
        assert not [state for state in states.values() if region in state]


def test_an_address_that_asks_for_another_region_gets_none_of_it(
    intruder: Intruder, states: dict[str, str], regional: Page
):
    (address,) = [comm for comm, state in states.items() if '"wished"' in state]
    figures = regional.locator(".wb-key-figures").inner_text()
    wish = {"method": "update", "state": {"wished": {"region": "华南", "": "1"}}, "buffer_paths": []}
    intruder.tell(address, wish)
    expect(regional.locator(".wb-filters .wb-message-text")).to_contain_text("华南")
    assert regional.locator(".wb-key-figures").inner_text() == figures
    wish["state"]["wished"] = {"": "2"}
    intruder.tell(address, wish)
    expect(regional.locator(".wb-filters .wb-message-text")).to_have_count(0)


def test_a_viewers_kernel_reads_its_regions_alone_and_cannot_reach_the_whole(company: Server, open_shared):
    page = opened(open_shared, company, "reads", "wang.wei")
    label = page.locator(".widget-label")
    expect(label).to_contain_text("customers", timeout=PATIENCE_MS)
    expect(label).to_be_visible(timeout=PATIENCE_MS)
    told = json.loads(label.inner_text())
    assert told["customers"] == ["华东"]
    assert told["attach"].startswith("refused")
    assert told["told"] == []
    everything = opened(open_shared, company, "overview", "li.na")
    expect(everything.locator(".wb-key-figures .wb-value").first).to_be_visible(timeout=PATIENCE_MS)
    expect(everything.locator(".wb-page-regions")).to_have_count(0)
    regions = everything.locator(".wb-ticking").first
    regions.get_by_role("button", name="区域").click()
    assert regions.locator(".wb-tick").all_inner_texts() == ["全部", "华东", "华南", "西北"]


@pytest.mark.parametrize("login", ["li.na", "somebody", ""])
def test_nobody_else_reaches_the_kernel_of_a_page_although_they_know_its_id(
    company: Server, regional: Page, login: str
):
    kernel = kernel_of(regional)
    address = f"{company.address}api/kernels/{kernel}/channels".replace("http://", "ws://")
    with pytest.raises(InvalidStatus, match="403"), connect(address, proxy=None, additional_headers={HEADER: login}):
        pass
    for path in (f"api/kernels/{kernel}", f"workbench/state/{kernel}"):
        assert fetch(company.address + path, **{HEADER: login})[0] in ((403,) if login else (302, 403))  # to the login
    assert fetch(f"{company.address}workbench/state/{kernel}", **{HEADER: "wang.wei"})[0] == 200
    shutdown = urllib.request.Request(  # noqa: S310  our own server
        f"{company.address}voila/api/shutdown/{kernel}",
        method="POST",
        headers={HEADER: login, "Cookie": "_xsrf=x", "X-XSRFToken": "x"},
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(shutdown)  # noqa: S310
    assert json.loads(fetch(f"{company.address}workbench/state/{kernel}", **{HEADER: "wang.wei"})[2])["alive"]


def test_a_login_without_an_entry_is_told_that_there_is_nothing_for_it(company: Server):
    for path in ("", "overview", "overview?lang=en"):
        status, _, text = fetch(company.address + path, **{HEADER: "somebody"})
        assert status == 403
        assert "您的登录名没有分配任何区域" in text
        assert "No region is assigned to your login" in text
    assert fetch(company.address, **{HEADER: "wang.wei"})[0] == 200


def test_new_data_is_offered_and_comes_in_the_same_regions(company: Server, regional: Page):
    look = "document.dispatchEvent(new Event('workbench:look'))"
    regional.evaluate(look)
    expect(regional.locator("#wb-banner")).to_be_hidden()
    publish(company.store)
    regional.evaluate(look)
    expect(regional.get_by_text("新数据已发布")).to_be_visible()
    with regional.expect_navigation():
        regional.get_by_role("button", name="重新加载").click()
    expect(regional.locator(".wb-page-facts")).to_contain_text("仅含华东", timeout=PATIENCE_MS)
    regional.evaluate(look)
    expect(regional.locator("#wb-banner")).to_be_hidden()
