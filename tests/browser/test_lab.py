"""The same widgets in JupyterLab, started as `workbench lab` starts it, also without any network."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.servers import TOKEN, Server


def run_notebook(page: Page) -> None:
    """Run the one cell, again where JupyterLab dropped the wish because its kernel was not there yet."""
    asks_for_a_kernel = page.locator("dialog.jp-Dialog:has(select)")  # instead of dropping the wish
    page.add_locator_handler(asks_for_a_kernel, lambda dialog: dialog.locator("button.jp-mod-accept").click())
    cell = page.locator(".jp-Notebook .jp-Cell").first
    expect(cell).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(20):
        cell.click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(3000)
        if cell.locator(".jp-InputPrompt").text_content() != "[ ]:":
            return
    raise AssertionError("the cell did not run")


@pytest.fixture(scope="module")
def charts(lab: Server, open_shared) -> Page:
    page = open_shared(f"{lab.address}lab/tree/charts.ipynb?token={TOKEN}&reset")
    run_notebook(page)
    expect(page.locator("figure.wb-chart svg").first).to_be_visible(timeout=PATIENCE_MS)
    return page


def test_charts_are_drawn_and_answer_a_click(charts: Page):
    bar = charts.locator("figure.wb-chart svg .mark-rect path").first
    bar.scroll_into_view_if_needed()
    bar.click()
    expect(charts.locator(".picked")).to_have_text("[{'客户': '张伟'}]")


def test_a_control_moves_the_chart_in_place(charts: Page):
    charts.evaluate("document.querySelector('figure.wb-chart svg').dataset.mark = 'the same'")
    charts.locator(".noUi-handle").first.press("ArrowRight")
    first = charts.locator("figure.wb-chart").first
    expect(first.locator(".wb-chart-title")).to_have_text("张伟贡献 2 倍")
    expect(first.locator("svg")).to_have_attribute("data-mark", "the same")


def test_hostile_names_show_as_text(charts: Page):
    assert "<img src=x" in " ".join(charts.locator("figure.wb-chart svg text").all_text_contents())
    assert charts.evaluate("window.hacked") is None


def test_the_end_of_the_kernel_is_told(open_page, lab: Server):
    page = open_page(f"{lab.address}lab/tree/overview.ipynb?token={TOKEN}&reset")
    run_notebook(page)
    expect(page.get_by_text("here", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.evaluate(
        """async () => {
            const kernels = await (await fetch("/api/sessions")).json();
            const mine = kernels.find((one) => one.path.includes("overview"));
            const xsrf = document.cookie.match(/_xsrf=([^;]*)/)[1];
            await fetch(`/api/kernels/${mine.kernel.id}`, { method: "DELETE", headers: { "X-XSRFToken": xsrf } });
        }"""
    )
    expect(page.locator(".wb-banner-own")).to_contain_text("内核已停止")
    page.watched.complaints.clear()  # JupyterLab reports the kernel's end in the console


def test_files_go_up_and_down(open_page, lab: Server, tmp_path: Path):
    page = open_page(f"{lab.address}lab/tree/files.ipynb?token={TOKEN}&reset")
    run_notebook(page)
    sent = tmp_path / "订单.csv"
    sent.write_bytes(b"0123456789abcdef" * 1_000_000)
    with page.expect_file_chooser() as chooser:
        page.locator(".main .wb-file-button").click(timeout=PATIENCE_MS)
    chooser.value.set_files(sent)
    digest = hashlib.sha256(sent.read_bytes()).hexdigest()
    expect(page.locator(".seen")).to_have_text(f"订单.csv 16000000 {digest}", timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert Path(download.value.path()).read_bytes() == b"0123456789abcdef" * 700_000


def test_no_news_are_asked_for_and_nothing_can_be_installed(charts: Page):
    assert charts.get_by_text("Jupyter news").count() == 0
    assert not [url for url in charts.watched.asked if "/lab/api/news" in url or "/lab/api/update" in url]
