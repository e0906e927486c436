"""How a page opens and answers its filters: nothing moves, signs come at once, all parts change together."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until
from tests.browser.pages import write_page
from tests.browser.servers import Server, dashboards, started
from tests.company import AS_OF, fill
from workbench.store import build, publish

SLOW = """
import time
from workbench.pages.address import PageAddress
from workbench.pages.one_page import Page
from workbench.panels import Session
from workbench.store import open_store
from workbench.topics.pareto import pareto_panel
from workbench.topics.revenue import revenue_panel
shown = Page(Session(open_store(), lang="zh"), "overview", [revenue_panel, pareto_panel])
PageAddress(shown)
def slowly(prepare):
    def waits():
        time.sleep({seconds})
        return prepare()
    return waits
for part in (shown.key_figures, *shown.panels):
    part.prepare = slowly(part.prepare)
shown
"""
"""A page each part of which computes for some seconds."""
PARTS = 3
SLOWER_SECONDS = 3
"""Longer than the pause after which what is changed is another step for the Back button."""
SIGN_MS = 300
TOGETHER_MS = 900
"""Less than one part computes: had one been shown before the next had computed, they would lie further apart."""
LEAST_SHIFT = 0.1

SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
LOOK = """
() => {
  const page = document.querySelector(".wb-page-body");
  const { backgroundColor, borderRadius, fontSize } = getComputedStyle(page);
  const { left, top, width } = page.getBoundingClientRect();
  return [backgroundColor, borderRadius, fontSize, left, top, width];
}
"""
FOLLOW = """
() => {
  const seen = (window.seen = { signs: [], changes: {} });
  const parts = [...document.querySelectorAll(".wb-key-figures, .wb-panel > .wb-body")];
  let asked = 0;
  document.addEventListener("change", () => {
    asked = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      seen.signs = parts.filter((part) => getComputedStyle(part, "::after").animationName === "wb-turn")
        .map(() => performance.now() - asked);
    }));
  });
  parts.forEach((part, place) => (part.before = part.innerText, new MutationObserver(() => {
    if (asked && part.innerText !== part.before) seen.changes[place] ??= performance.now() - asked;
  })).observe(part, { subtree: true, childList: true, characterData: true }));
  return parts.length;
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("answers")
    pages, store = folder / "pages", folder / "crm.store"
    pages.mkdir()
    build(store, fill, company="示例汽车", as_of=AS_OF)
    publish(store)
    for name, seconds in (("overview", 1), ("slower", SLOWER_SECONDS)):
        write_page(pages / f"{name}.ipynb", SLOW.replace("{seconds}", str(seconds)))
    with started(dashboards(pages, store), pages, store) as server:
        yield server


@pytest.fixture(scope="module")
def page(server: Server, open_shared) -> Page:
    page = open_shared(server.page("overview"))
    expect(page.locator(".wb-chart-drawing svg").first).to_be_visible(timeout=120_000)
    assert page.evaluate(FOLLOW) == PARTS
    return page


def test_every_panel_shows_at_once_that_it_computes_and_all_change_together(page: Page):
    revenue = page.locator(".wb-key-figures .wb-value").first
    before = revenue.inner_text()
    look = page.evaluate(LOOK)
    page.get_by_role("button", name="区域").click()
    page.get_by_label("华东", exact=True).check()
    expect(page.get_by_text("正在计算")).to_be_visible(timeout=SIGN_MS)
    wait_until(page, "window.seen.signs.length > 0", seconds=5)
    signs = page.evaluate("window.seen.signs")
    assert len(signs) == PARTS
    assert max(signs) < SIGN_MS
    assert page.evaluate(LOOK) == look, "nothing moves, and nothing is painted over, while it computes"
    assert revenue.inner_text() == before
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)
    expect(revenue).not_to_have_text(before)
    expect(page.get_by_text("正在计算")).to_be_hidden()
    changes = page.evaluate("Object.values(window.seen.changes)")
    assert len(changes) == PARTS
    assert min(changes) >= PARTS * 1000
    assert max(changes) - min(changes) < TOGETHER_MS


def test_a_filter_that_changes_nothing_leaves_no_sign_behind(page: Page):
    page.get_by_label("统计期间").select_option("自定义…")
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)
    page.get_by_label("统计期间").select_option("全部数据")
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)


@pytest.mark.parametrize("width", [1440, 400])
def test_nothing_moves_while_a_page_opens(server: Server, open_page, width: int):
    page = open_page(f"{server.address}login", viewport={"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    page.goto(server.page("overview"))
    expect(page.locator(".wb-chart-drawing svg").last).to_be_visible(timeout=120_000)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.shift") < LEAST_SHIFT


def test_ticks_in_quick_succession_are_one_step_back_however_late_they_are_answered(server: Server, open_page):
    page = open_page(server.page("slower"))
    expect(page.locator(".wb-chart-drawing svg").first).to_be_visible(timeout=120_000)
    steps = "history.length"
    before = page.evaluate(steps)
    page.get_by_role("button", name="区域").click()
    page.get_by_label("华东", exact=True).check()
    wait_until(page, "new URL(location.href).searchParams.get('region') === '华东'")
    page.get_by_label("华南", exact=True).check()  # while the kernel computes
    ticked = time.monotonic()
    wait_until(page, "new URL(location.href).searchParams.get('region') === '华东,华南'", seconds=60)
    assert time.monotonic() - ticked > 2, "the answer came too soon to tell"
    assert page.evaluate(steps) == before + 1
    page.get_by_label("统计期间").select_option("今年以来")
    wait_until(page, "new URL(location.href).searchParams.has('period')", seconds=60)
    assert page.evaluate(steps) == before + 2
    page.evaluate("history.back()")
    wait_until(page, "!new URL(location.href).searchParams.has('period')", seconds=60)
    assert page.evaluate("new URL(location.href).searchParams.get('region')") == "华东,华南"
    expect(page.get_by_label("统计期间")).to_have_value("全部数据", timeout=60_000)
