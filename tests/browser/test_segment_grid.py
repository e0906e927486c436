"""The grid for segment tables on a dashboard page, in a real browser: by mouse, finger and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import write_page
from tests.browser.servers import Server, dashboards, empty_store, started

EDITOR = """
import ipywidgets
from workbench.analyses.rules.table import segment_table
from workbench.topics.segment_rules.panel_table import TableEditor
from workbench.widgets import Banner, page_language
editor = TableEditor(segment_table("rf_map"), schema=dict)
editor.say(page_language())
ipywidgets.VBox([Banner(snapshot="20240101T000000000Z-aaaaaaaaaaaa", lang=page_language()), editor])
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("editor") / "pages"
    folder.mkdir()
    write_page(folder / "overview.ipynb", EDITOR)
    store = empty_store(folder.parent)
    with started(dashboards(folder, store), folder, store) as server:
        yield server


@pytest.fixture(scope="module")
def wide(served: Server, open_shared) -> Page:
    # in this order, so that the page is closed before its server ends
    page = open_shared(served.page("overview", lang="zh"))
    expect(cell(page, 5, 5)).to_be_visible()
    return page


@pytest.fixture
def editor(wide: Page) -> Page:
    """The editor as it was when it opened."""
    undo = wide.get_by_role("button", name="撤销")
    while undo.is_enabled():
        undo.click()
        wide.wait_for_timeout(200)  # for the kernel's answer
    wide.locator(".wb-sg-layer").first.click()
    return wide


def cell(page: Page, r: int, f: int) -> Locator:
    return page.locator(f'.wb-sg-cell[data-r="{r}"][data-f="{f}"]')


def test_a_stroke_of_the_mouse_paints_every_cell_on_its_way_and_undo_takes_it_back(editor: Page):
    editor.locator(".wb-sg-pick").nth(9).click()
    cell(editor, 5, 5).hover()
    editor.mouse.down()
    cell(editor, 5, 4).hover()
    cell(editor, 4, 4).hover()
    editor.mouse.up()
    expect(editor.get_by_role("button", name="撤销")).to_be_enabled()
    for r, f in ((5, 5), (5, 4), (4, 4)):
        expect(cell(editor, r, f)).to_have_attribute("aria-label", f"R {r}、F {f}：沉睡客户")
    editor.get_by_role("button", name="撤销").click()
    expect(cell(editor, 5, 5)).to_have_attribute("aria-label", "R 5、F 5：核心活跃客户")


def test_the_keyboard_alone_chooses_paints_and_undoes(editor: Page):
    cell(editor, 5, 5).focus()
    editor.keyboard.press("3")
    editor.keyboard.press("ArrowDown")
    editor.keyboard.press("Enter")
    expect(cell(editor, 4, 5)).to_have_attribute("aria-label", "R 4、F 5：成长客户")
    expect(cell(editor, 4, 5)).to_be_focused()
    editor.keyboard.press("Shift+ArrowLeft")
    expect(cell(editor, 4, 4)).to_have_attribute("aria-label", "R 4、F 4：成长客户")
    editor.keyboard.press("Control+z")
    expect(cell(editor, 4, 4)).to_have_attribute("aria-label", "R 4、F 4：稳定回头客户")


def test_one_layer_of_m_is_painted_alone(editor: Page):
    editor.locator(".wb-sg-layer").nth(3).click()
    editor.locator(".wb-sg-pick").nth(10).click()
    cell(editor, 3, 3).click()
    expect(cell(editor, 3, 3)).to_have_attribute("aria-label", "R 3、F 3：其他")
    editor.locator(".wb-sg-layer").nth(4).click()
    expect(cell(editor, 3, 3)).to_have_attribute("aria-label", "R 3、F 3：摇摆客户")
    editor.locator(".wb-sg-layer").first.click()
    expect(cell(editor, 3, 3)).to_have_attribute("aria-label", "R 3、F 3：摇摆客户、其他")


def test_a_name_is_text_wherever_it_stands_and_a_rule_moves_with_the_keyboard_on_it(editor: Page):
    editor.locator(".wb-sg-pick").first.click()
    editor.get_by_label("中文名称", exact=True).fill("<img src=x onerror=hacked()>")
    editor.keyboard.press("Enter")
    expect(editor.locator(".wb-sg-name").first).to_have_text("<img src=x onerror=hacked()>")
    assert editor.locator(".wb-sg img").count() == 0
    down = editor.get_by_role("button", name="下移：<img src=x onerror=hacked()>")
    down.focus()
    editor.keyboard.press("Enter")
    expect(editor.locator(".wb-sg-name").nth(1)).to_have_text("<img src=x onerror=hacked()>")
    expect(down).to_be_focused()


def test_what_cannot_be_is_said_and_the_table_stays(editor: Page):
    editor.locator(".wb-sg-pick").first.click()
    editor.get_by_label("中文名称", exact=True).fill("沉睡客户")
    editor.keyboard.press("Enter")
    expect(editor.locator(".wb-sg-complaint")).to_contain_text("同名")
    expect(editor.locator(".wb-sg-name").first).to_have_text("核心活跃客户")


def test_a_saved_table_comes_back_through_the_upload(editor: Page, tmp_path: Path):
    editor.locator(".wb-sg-pick").nth(9).click()
    cell(editor, 5, 5).click()
    expect(cell(editor, 5, 5)).to_have_attribute("aria-label", "R 5、F 5：沉睡客户")
    with editor.expect_download() as download:
        editor.get_by_role("button", name="保存为文件").click()
    download.value.save_as(tmp_path / "rf_map.toml")
    editor.get_by_role("button", name="撤销").click()
    expect(cell(editor, 5, 5)).to_have_attribute("aria-label", "R 5、F 5：核心活跃客户")
    editor.get_by_role("button", name="载入分群表或新建").click()
    with editor.expect_file_chooser() as chooser:
        editor.get_by_role("button", name="选择文件").click()
    chooser.value.set_files(tmp_path / "rf_map.toml")
    expect(cell(editor, 5, 5)).to_have_attribute("aria-label", "R 5、F 5：沉睡客户")


def test_a_finger_paints_on_a_phone_and_nothing_is_wider_than_it(open_page, served: Server):
    page = open_page(served.page("overview", lang="en"), viewport={"width": 400, "height": 800}, has_touch=True)
    page.locator(".wb-sg-pick").nth(1).tap()
    cell(page, 1, 1).tap()
    expect(cell(page, 1, 1)).to_have_attribute("aria-label", "R 1, F 1: Steady customers")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
