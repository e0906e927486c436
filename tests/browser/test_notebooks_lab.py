"""A lesson in JupyterLab: the panel draws, moves and lists customers there as on a dashboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.servers import TOKEN, Server

PATIENCE_MS = 180_000
CELLS_TO_THE_PANEL = 6


@pytest.fixture(scope="module")
def lesson(lab: Server, open_shared) -> Page:
    """The 80/20 lesson with its first two code cells run."""
    page: Page = open_shared(f"{lab.address}lab/tree/03_pareto.ipynb?token={TOKEN}&reset")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached(timeout=PATIENCE_MS)
    page.wait_for_timeout(3000)  # JupyterLab drops what is asked before its kernel is there
    page.locator(".jp-Notebook .jp-Cell").first.click()
    for _ in range(CELLS_TO_THE_PANEL):
        page.keyboard.press("Shift+Enter")
    expect(page.locator(".wb-chart-drawing :is(svg, canvas)").first).to_be_visible(timeout=PATIENCE_MS)
    return page


def test_the_panel_shows_its_figures_and_looks_as_on_a_dashboard(lesson: Page):
    expect(lesson.locator(".wb-panel .wb-value").first).to_have_text("74.0%")
    edge = lesson.locator(".wb-panel").first.evaluate("panel => getComputedStyle(panel).borderTopWidth")
    assert edge == "1px", "the house's styles came along"


def test_figures_stand_beside_each_other_each_under_its_name(lesson: Page):
    """JupyterLab floats the lists of its outputs, which took the names of the figures away from them."""
    first, second = (lesson.locator(".wb-panel .wb-figure").nth(place).bounding_box() for place in (0, 1))
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]
    name, value = (lesson.locator(f".wb-panel .wb-figure {part}").first.bounding_box() for part in ("dt", "dd"))
    assert name["y"] + name["height"] <= value["y"] + 1
    assert name["x"] == value["x"]


def test_a_preset_changes_table_and_chart(lesson: Page):
    table = lesson.locator(".wb-panel .wb-table").first
    before = table.inner_text()
    lesson.get_by_role("button", name="企业手册 55/85").click()
    expect(table).not_to_have_text(before, use_inner_text=True)


def test_an_analyst_sees_the_code_of_what_is_on_screen(lesson: Page):
    lesson.get_by_role("button", name="这是怎么算出来的？").click()
    expect(lesson.locator(".wb-method pre").first).to_contain_text("a_share=0.55")


def test_the_text_stands_in_one_language_before_any_cell_is_run_and_the_choice_is_kept(lab: Server, open_page):
    page: Page = open_page(f"{lab.address}lab/tree/03_pareto.ipynb?token={TOKEN}&reset")
    heading, question = (page.locator(f".jp-RenderedMarkdown {tag}").first for tag in ("h1", "h2"))
    expect(heading).to_have_text("80/20：谁撑起了生意", use_inner_text=True, timeout=PATIENCE_MS)
    expect(question).to_have_text(re.compile(r"^问题\W*$"), use_inner_text=True)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached(timeout=PATIENCE_MS)
    page.wait_for_timeout(3000)  # JupyterLab drops what is asked before its kernel is there
    page.locator(".jp-Notebook .jp-Cell").first.click()
    for _ in range(CELLS_TO_THE_PANEL):
        page.keyboard.press("Shift+Enter")
    page.locator(".wb-language").get_by_role("button", name="English").click(timeout=PATIENCE_MS)
    expect(heading).to_have_text("80/20: who carries the business", use_inner_text=True)
    expect(page.locator(".wb-panel h2, .wb-panel h3").first).to_have_text("80/20: who carries the business")
    expect(question).to_have_text(re.compile(r"^The question\W*$"), use_inner_text=True)
    page.goto(f"{lab.address}lab/tree/03_pareto.ipynb?reset")
    expect(heading).to_have_text("80/20: who carries the business", use_inner_text=True, timeout=PATIENCE_MS)
    expect(page.locator(".wb-language")).to_have_count(0)


def test_learners_see_lessons_and_no_solutions(lab: Server, open_page):
    page: Page = open_page(f"{lab.address}lab?token={TOKEN}&reset")
    expect(page.locator(".jp-DirListing-itemText", has_text="03_pareto")).to_be_visible(timeout=PATIENCE_MS)
    assert page.locator(".jp-DirListing-itemText", has_text="solutions").count() == 0
