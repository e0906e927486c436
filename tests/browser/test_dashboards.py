"""The dashboards in a real browser: figures and charts in both languages, controls, clicks, hostile names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from tests.browser.axe import faults
from tests.browser.conftest import wait_until
from tests.browser.pages import write_page
from tests.browser.servers import Server, dashboards, started
from tests.company import AS_OF, HOSTILE, fill
from tests.conftest import ROOT
from workbench.store import build, publish

PAGES = {
    "overview": ("总览", "Overview"),
    "segments": ("客户分群", "Customer segments"),
    "satisfaction": ("客户满意度", "Customer satisfaction"),
    "pareto": ("80/20", "80/20"),
}
DRAWING = ".wb-chart-drawing :is(svg, canvas)"
MARKUP = '<img src=x onerror="window.harmed=1">'
PATIENCE_MS = 120_000
"""A dashboard's kernel imports everything first; the machine may be busy."""


@pytest.fixture(scope="module")
def company(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard server on the published sample company; beside its pages one of a company full of markup."""
    folder = tmp_path_factory.mktemp("company") / "pages"
    folder.mkdir()
    for path in (ROOT / "dashboards").glob("*.ipynb"):
        (folder / path.name).write_bytes(path.read_bytes())
    store = tmp_path_factory.mktemp("hostile") / "crm.store"
    build(store, fill_with_markup, company=MARKUP, as_of=AS_OF)
    publish(store)
    write_page(folder / "hostile.ipynb", ANALYSTS_PAGE.format(store=str(store)))
    with started(dashboards(folder, sample_store, idle_minutes=10), folder, sample_store) as server:
        yield server


def shown(page: Page) -> Page:
    """Wait until a page shows its first chart."""
    expect(page.locator(DRAWING).first).to_be_visible(timeout=PATIENCE_MS)
    return page


@pytest.fixture(scope="module")
def looked_at(company: Server, open_shared) -> Callable[[str], Page]:
    """Return a page by its name, for all tests that look at it: each page costs a kernel."""
    return cache(lambda name: shown(open_shared(company.page(name, lang="zh"))))


@pytest.fixture
def pareto(looked_at) -> Page:
    return looked_at("pareto")


@pytest.fixture
def satisfaction(looked_at) -> Page:
    return looked_at("satisfaction")


def hidden_by_style(page: Page) -> list[str]:
    """Texts that the style sheet alone hides, but for what stands on paper or while the page computes."""
    texts: list[str] = page.evaluate("""() => [...document.querySelectorAll('.wb-markup')]
        .filter(one => !one.matches('.wb-on-paper, .wb-chosen, .wb-filter-state'))
        .filter(one => one.textContent.trim() && one.style.display !== 'none')
        .filter(one => getComputedStyle(one).display === 'none')
        .map(one => one.textContent.trim())""")
    return texts


def test_every_sheet_that_is_printed_says_what_it_shows(looked_at):
    page = looked_at("overview")
    usual = page.locator(".wb-key-figures .wb-value").first.inner_text()
    choose_regions(page, "城东")
    expect(page.locator(".wb-key-figures .wb-value").first).not_to_have_text(usual, use_inner_text=True)
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)
    sheets = [sheet.get_textpage().get_text_range() for sheet in PdfDocument(page.pdf(prefer_css_page_size=True))]
    assert len(sheets) > 1
    for sheet in sheets:
        for words in ("公司：", "区域：城东", "客户类型：全部", "数据截止日：2025-12-18", "数据快照："):
            assert words in sheet
    assert "排序依据：消费金额" in "".join(sheets), "the lists are not on paper, what they are set to is"
    assert "下载" not in "".join(sheets)
    page.get_by_role("button", name="重置").click()
    expect(page.locator(".wb-key-figures .wb-value").first).to_have_text(usual, use_inner_text=True)
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)


def test_on_paper_nothing_is_cut_off_and_nothing_asks_to_be_pressed(looked_at):
    page = looked_at("segments")
    drawing = page.locator(".wb-chart-drawing svg").first
    usual = drawing.get_attribute("width")
    heads = [head for head in page.locator(".wb-body .wb-table").first.locator("th").all_inner_texts() if head.strip()]
    assert len(heads) > 5
    page.evaluate(LONGER_THAN_A_SHEET)
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    sheets = ["".join(sheet.get_textpage().get_text_range().split()) for sheet in printed]
    page.evaluate("document.querySelectorAll('.only-here').forEach((one) => one.remove())")
    on_paper = "".join(sheets)
    with_rows = [sheet for sheet in sheets if "ROWOFTABLE" in sheet]
    assert len(with_rows) > 1
    assert all("HEADOFTABLE" in sheet for sheet in with_rows), "a table's head stands on each of its sheets"
    for head in heads:
        assert "".join(head.split()) in on_paper
    for words in ("全屏", "全部看板", "保存当前视图", "点击图中的一块"):
        assert words in page.locator("body").inner_text()
        assert words not in on_paper
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(drawing).to_have_attribute("width", "680")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(drawing).to_have_attribute("width", usual)


IS_SEEN_TO_WAIT = "button => { button.click(); return button.closest('.wb-page-body').classList.contains('wb-asked'); }"
"""Whether a page that is pressed says so in the same moment."""

STANDS_BACK = {"wb-outdated": ".wb-panel", "wb-busy": ".wb-body", "wb-asked": ".wb-page-body"}
"""How figures are marked that answer an earlier question: of a panel, while it computes, while its page does."""

LONGER_THAN_A_SHEET = """() => {
    const table = document.querySelector('.wb-body .wb-table');
    const className = 'only-here';
    const added = (textContent) => Object.assign(document.createElement('span'), { className, textContent });
    table.tHead.rows[0].cells[0].append(added('HEADOFTABLE'));
    for (let more = 0; more < 60; more++) {
        const row = table.tBodies[0].rows[0].cloneNode(true);
        row.className = className;
        row.cells[0].append(added('ROWOFTABLE'));
        table.tBodies[0].append(row);
    }
}"""


@pytest.mark.parametrize(("button", "ending", "start"), [("PDF", ".pdf", b"%PDF"), ("PowerPoint", ".pptx", b"PK")])
def test_a_press_writes_the_page_down(pareto: Page, tmp_path: Path, button: str, ending: str, start: bytes):
    with pareto.expect_download(timeout=PATIENCE_MS) as download:
        pareto.locator(".wb-page-report").get_by_role("button", name=button).click()
    assert download.value.suggested_filename == f"pareto_2025-12-18{ending}"
    download.value.save_as(tmp_path / "report")
    assert (tmp_path / "report").read_bytes().startswith(start)


def choose_regions(page: Page, *names: str) -> None:
    """Tick these regions and no others in the filter bar, all where none is named."""
    ticking = page.locator(".wb-ticking").first
    ticking.get_by_role("button").click()
    ticking.get_by_text("全部", exact=True).last.click()
    for name in names:
        ticking.get_by_label(name, exact=True).check()
    page.keyboard.press("Escape")


def classes(page: Page) -> str:
    """The table of classes as text."""
    return page.locator(".wb-body .wb-table").inner_text()


def click(page: Page, share: float) -> None:
    """Click the curve at a share of its width, low enough to be inside a class."""
    curve = page.locator(".wb-chart-drawing svg").first
    box = curve.bounding_box()
    curve.click(position={"x": box["width"] * share, "y": box["height"] * 0.75})


@pytest.mark.parametrize("name", [*PAGES, "quality"])
def test_axe_finds_nothing_on_a_page_in_either_language_wide_or_narrow(name: str, looked_at, request):
    """Wide in one language and narrow in the other, on the next page the other way round; all four with --full."""
    page, found = looked_at(name), {}
    full, turn = request.config.getoption("--full"), [*PAGES, "quality"].index(name)

    def look(state: str) -> None:
        found.update(dict.fromkeys(faults(page), state))

    for place, button in enumerate(("English", "中文")):
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute("lang", "en" if button == "English" else "zh")
        for width in (1440, 400) if full else ((1440, 400)[(turn + place) % 2],):
            page.set_viewport_size({"width": width, "height": 900})
            look(f"{button}, {width}")
    fold = page.locator(".wb-filters > .wb-fold")
    if fold.is_visible():
        fold.click()
        page.locator(".wb-ticking button").first.click()
        look("filters and the list of regions open")
        page.keyboard.press("Escape")
        fold.click()
    page.set_viewport_size({"width": 1200, "height": 900})
    if name == "segments":
        movement = page.get_by_role("button", name="动态变化")
        assert movement.evaluate(IS_SEEN_TO_WAIT), (
            "the figures of one section do not stand under another's name unmarked"
        )
        expect(page.locator(".wb-grey").first).to_be_visible()
        expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)
        assert not movement.evaluate(IS_SEEN_TO_WAIT), "it is open"
        look("another section, with grey rows")
        page.get_by_role("button", name="人数与金额").click()
        expect(page.locator(".wb-grey")).to_have_count(0)
    if name in ("segments", "pareto"):
        page.locator(".wb-marks button").first.press("Enter")
        expect(page.locator(".wb-long-table tbody tr").first).to_be_visible()
        page.get_by_role("button", name="这是怎么算出来的？").click()
        look("a list of customers and the method open")
        page.locator(".wb-picked button").click()
        page.get_by_role("button", name="这是怎么算出来的？").click()
    if name == "pareto":
        value = page.locator(".wb-body .wb-value").first
        usual = value.evaluate("one => getComputedStyle(one).color")
        for mark, place in STANDS_BACK.items():
            marked = page.locator(place).first
            marked.evaluate(f"one => one.classList.add('{mark}')")
            expect(value).not_to_have_css("color", usual)
            look(f"figures of an earlier question, {mark}")
            marked.evaluate(f"one => one.classList.remove('{mark}')")
            expect(value).to_have_css("color", usual)
    page.get_by_role("button", name="全屏").first.click()
    look("a chart fills the screen")
    page.keyboard.press("Escape")
    assert found == {}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_figures_and_charts_in_both_languages(name: str, looked_at):
    chinese, english = PAGES[name]
    page = looked_at(name)
    expect(page.locator("h1")).to_contain_text(chinese)
    is_overview = name == "overview"
    expect(page.locator(".wb-key-figures")).to_have_count(1 if is_overview else 0)
    if is_overview:
        expect(page.locator(".wb-key-figures .wb-value").first).to_contain_text("万")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text(english)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    if is_overview:
        expect(page.locator(".wb-key-figures dt").first).to_have_text("Revenue")
    expect(page.locator(DRAWING).first).to_be_visible()
    expect(page.locator(".wb-message-text")).to_have_count(0)
    assert hidden_by_style(page) == []
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_contain_text(chinese)


@pytest.mark.parametrize("name", [*PAGES, "quality"])
def test_a_page_has_nothing_to_say_in_the_console(name: str, looked_at):
    page = looked_at(name)
    page.wait_for_timeout(1000)
    assert page.watched.said == []


def test_a_page_says_company_day_and_snapshot(pareto: Page):
    expect(pareto.locator(".wb-page-facts")).to_contain_text("启程汽车服务集团")
    expect(pareto.locator(".wb-page-facts")).to_contain_text("2025 年 12 月 18 日")
    expect(pareto.locator(".wb-page-foot")).to_contain_text("数据版本 20")


def test_moving_a_boundary_changes_the_table_and_the_chart(pareto: Page):
    table, drawing = classes(pareto), pareto.locator(".wb-chart-drawing svg").first.inner_html()
    handle = pareto.get_by_role("slider").first
    handle.focus()
    for _ in range(10):
        handle.press("ArrowLeft")
    expect(pareto.locator(".widget-readout").first).to_have_text("70%")
    expect(pareto.locator(".wb-body .wb-table")).not_to_have_text(table, use_inner_text=True)
    assert pareto.locator(".wb-chart-drawing svg").first.inner_html() != drawing


def test_a_filter_changes_the_figures(pareto: Page):
    figure = pareto.locator(".wb-body .wb-value").first
    before = figure.inner_text()
    choose_regions(pareto, "城东")
    expect(figure).not_to_have_text(before)
    choose_regions(pareto)
    expect(figure).to_have_text(before)


def test_a_click_on_the_chart_lists_the_customers_with_masked_names(pareto: Page):
    click(pareto, 0.15)
    expect(pareto.locator(".wb-long-table").get_by_text("A 类名单", exact=True)).to_be_visible()
    in_class_a = pareto.locator(".wb-body .wb-table tbody tr").first.locator("td").nth(1).inner_text()
    expect(pareto.locator(".wb-position").filter(visible=True).last).to_have_text(f"第 1–12 条，共 {in_class_a} 条")
    assert hidden_by_style(pareto) == []
    expect(pareto.locator(".wb-long-table tbody tr")).to_have_count(12)
    assert "*" in pareto.locator(".wb-long-table tbody tr").first.inner_text()


def test_a_click_on_a_bar_narrows_the_trend_beside_it_and_the_chip_takes_it_off(satisfaction: Page):
    trend = satisfaction.locator(".wb-chart-subtitle").nth(1)
    whole = trend.inner_text()
    satisfaction.locator(".wb-chart-drawing svg .mark-rect path[aria-label*=城西]").click()
    expect(trend).to_contain_text("仅区域：城西")
    chip = satisfaction.get_by_role("button", name="区域：城西")
    expect(chip).to_be_visible()
    chip.click()
    expect(trend).to_have_text(whole, use_inner_text=True)
    expect(chip).to_be_hidden()
    expect(satisfaction.locator(".wb-marks [aria-pressed=true]")).to_have_count(0)


def test_marks_are_reached_and_pressed_by_the_keyboard(satisfaction: Page):
    marks = satisfaction.locator(".wb-marks button")
    assert marks.count() == 4
    assert satisfaction.locator(".wb-marks button[tabindex='0']").count() == 1
    satisfaction.get_by_role("button", name="全屏").first.focus()
    satisfaction.keyboard.press("Tab")
    expect(marks.first).to_be_focused()
    for key, place in (("ArrowDown", 1), ("ArrowRight", 2), ("End", 3), ("ArrowUp", 2), ("Home", 0)):
        satisfaction.keyboard.press(key)
        expect(marks.nth(place)).to_be_focused()
    name = marks.first.get_attribute("aria-label")
    assert name.startswith("区域 滨江, NPS −1.3"), name
    expect(satisfaction.locator("#wb-tip")).to_contain_text("滨江")
    satisfaction.keyboard.press("Enter")
    expect(satisfaction.locator(".wb-chart-subtitle").nth(1)).to_contain_text("仅区域：滨江")
    expect(marks.first).to_have_attribute("aria-pressed", "true")
    expect(marks.first).to_be_focused()
    satisfaction.keyboard.press("Space")
    expect(satisfaction.locator(".wb-picked")).to_be_hidden()


FOCUS = """() => {
    const one = document.activeElement, look = getComputedStyle(one);
    if (one === document.body) return null;
    const name = one.getAttribute('aria-label') || one.textContent || one.title || '';
    const isSeen = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== 'none';
    return { what: one.tagName + ' ' + name.trim().slice(0, 40), isSeen };
}"""


@pytest.mark.parametrize("name", ["pareto", "satisfaction"])
def test_every_stop_of_the_tab_key_is_seen(name: str, looked_at):
    page = looked_at(name)
    page.evaluate("document.activeElement.blur()")
    page.mouse.click(3, 3)
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 12
    assert [stop["what"] for stop in stops if not stop["isSeen"]] == []


def test_sliders_have_names_read_as_percentages_and_do_not_cross(pareto: Page):
    first, second = pareto.get_by_role("slider", name="A 类累计至"), pareto.get_by_role("slider", name="B 类累计至")
    first.focus()
    first.press("Home")
    expect(first).to_have_attribute("aria-valuetext", "5%")
    first.press("End")
    expect(first).to_have_attribute("aria-valuetext", "95%")
    expect(second).to_have_attribute("aria-valuetext", "95%")
    expect(pareto.locator(".wb-message-text")).to_have_count(0)
    pareto.get_by_role("button", name="教科书 80/95").click()
    expect(first).to_have_attribute("aria-valuetext", "80%")


def test_a_list_sorts_by_its_headings_and_is_searched_by_keyboard_and_mouse(looked_at):
    page = looked_at("segments")
    page.locator(".wb-marks button").first.press("Enter")
    table = page.locator(".wb-long-table")
    heading = table.get_by_role("columnheader", name="消费金额")
    expect(table.get_by_text("重要价值客户名单", exact=True)).to_be_visible()
    expect(heading).to_have_attribute("aria-sort", "none")
    first = table.locator("tbody tr").first
    before = first.inner_text()
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(heading.get_by_role("button")).to_be_focused()
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(first).not_to_have_text(before, use_inner_text=True)
    whole = table.locator(".wb-position").last.inner_text()
    table.get_by_label("在名单中搜索").fill("企业")
    page.keyboard.press("Enter")
    expect(table.locator(".wb-position").last).not_to_have_text(whole, use_inner_text=True)
    assert all("企业" in row for row in table.locator("tbody tr").all_inner_texts())
    page.locator(".wb-picked button").click()


def test_results_sort_on_the_page(pareto: Page):
    heading = pareto.locator(".wb-body").get_by_role("columnheader", name="数量", exact=True)
    letters = pareto.locator(".wb-body .wb-table .wb-mark")
    assert letters.all_inner_texts() == ["A 类", "B 类", "C 类"]
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert letters.all_inner_texts() == ["C 类", "B 类", "A 类"]
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert letters.all_inner_texts() == ["A 类", "B 类", "C 类"]


def test_a_chart_fills_the_screen_and_changes_places_with_its_table(satisfaction: Page):
    page, figure = satisfaction, satisfaction.locator("figure.wb-chart").first
    height = figure.locator("svg").bounding_box()["height"]
    opener = figure.get_by_role("button", name="全屏")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    wait_until(page, f"document.querySelector('dialog[open] svg').getBoundingClientRect().height > {1.3 * height}")
    expect(dialog.locator(".wb-marks button")).to_have_count(4)
    dialog.get_by_role("button", name="表格").click()
    expect(dialog.locator("svg").first).to_be_hidden()
    rows = dialog.locator(".wb-chart-told tbody tr")
    expect(rows).to_have_count(4)
    assert rows.first.inner_text().split("\t")[:2] == ["滨江", "−1.3"]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(figure.get_by_role("button", name="全屏")).to_be_focused()
    figure.get_by_role("button", name="图表").click()
    expect(figure.locator("svg").first).to_be_visible()
    wait_until(
        page, f"Math.abs(document.querySelector('figure.wb-chart svg').getBoundingClientRect().height - {height}) < 3"
    )


def test_a_link_opens_what_somebody_saw_and_back_returns_to_it(company: Server, open_page):
    page = shown(open_page(company.page("pareto", lang="zh") + "&region=城东&pareto.by=margin"))
    region, by = page.locator(".wb-ticking button").first, page.get_by_label("排序依据")
    expect(region).to_have_text("城东")
    expect(by.locator("option:checked")).to_have_text("毛利")
    figure = page.locator(".wb-body .wb-value").first
    east = figure.inner_text()
    before = page.evaluate("history.length")
    choose_regions(page, "城南", "城西")
    expect(figure).not_to_have_text(east, use_inner_text=True)
    wait_until(page, "new URL(location.href).searchParams.get('region') === '城南,城西'")
    overview = page.get_by_role("link", name="总览")
    overview.hover()
    overview.focus()
    assert "region=%E5%9F%8E%E5%8D%97%2C%E5%9F%8E%E8%A5%BF" in overview.get_attribute("href")
    assert "pareto.by" not in overview.get_attribute("href"), "the other page has no such list"
    assert page.evaluate("history.length") == before + 1, "ticks in quick succession are one step"
    page.evaluate("history.back()")
    expect(region).to_have_text("城东")
    expect(figure).to_have_text(east, use_inner_text=True)
    expect(by.locator("option:checked")).to_have_text("毛利")
    page.evaluate("history.forward()")
    expect(region).to_have_text("城南、城西")


def test_months_of_ones_own_two_regions_and_the_year_before_by_keyboard_and_back_with_one_button(
    company: Server, open_page, looked_at
):
    page = looked_at("overview")
    revenue, chart = page.locator(".wb-key-figures .wb-value").first, page.locator(".wb-chart-drawing svg").first
    usual = revenue.inner_text()
    expect(page.get_by_text("变化与上年同期（2023 年 12 月 19 日至 2024 年 12 月 18 日）相比。")).to_be_visible()
    page.get_by_label("统计期间").select_option("自选月份…")
    page.get_by_label("起始月份").select_option("2025 年 4 月")
    page.get_by_label("结束月份").select_option("2025 年 6 月")
    expect(page.get_by_text("变化与上期（2025 年 1 月 1 日至 2025 年 3 月 31 日）相比。")).to_be_visible()
    button = page.locator(".wb-ticking").first.get_by_role("button", name="区域 全部")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    for key in ("Tab", "Tab", "Space", "Tab", "Space", "Escape"):  # past "all", the first two
        page.keyboard.press(key)
    expect(page.locator(".wb-tick-menu").first).to_be_hidden()
    expect(page.locator(".wb-ticking button").first).to_have_text("城东、城南")
    expect(page.locator(".wb-ticking button").first).to_be_focused()
    page.get_by_label("与上年同期对比").check()
    expect(page.get_by_text("变化与上年同期（2024 年 4 月 1 日至 2024 年 6 月 30 日）相比。")).to_be_visible()
    expect(page.get_by_text("浅色柱：上年同月")).to_be_visible()
    assert chart.locator("path[fill='#A9B4BF']").count() == 3
    wait_until(
        page,
        "location.search.includes('period=custom&since=2025-04-01&until=2025-06-30&year_before=true&region=')",
    )
    seen = revenue.inner_text()
    again = shown(open_page(company.page("overview", **dict(part.split("=") for part in ADDRESS.split("&")))))
    expect(again.locator(".wb-key-figures .wb-value").first).to_have_text(seen, use_inner_text=True)
    page.get_by_role("button", name="重置").press("Enter")
    expect(revenue).to_have_text(usual, use_inner_text=True)
    expect(page.locator(".wb-ticking button").first).to_have_text("全部")
    expect(page.get_by_label("与上年同期对比")).not_to_be_checked()
    expect(page.locator(".wb-asked")).to_have_count(0, timeout=60_000)
    wait_until(
        page, "[...new URL(location.href).searchParams.keys()].every((name) => ['lang', 'token'].includes(name))"
    )


ADDRESS = "lang=zh&period=custom&since=2025-04-01&until=2025-06-30&region=城东,城南&year_before=true"


def test_code_and_sql_are_not_on_a_managers_page(pareto: Page):
    pareto.get_by_role("button", name="这是怎么算出来的？").click()
    expect(pareto.locator(".wb-method")).to_contain_text("从高到低")
    assert "SELECT" not in pareto.content()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_the_first_chart_is_on_the_first_screen_and_what_is_cut_says_so(name: str, looked_at):
    page = looked_at(name)
    page.set_viewport_size({"width": 400, "height": 800})
    page.evaluate("scrollTo(0, 0)")
    wait_until(page, "document.documentElement.scrollWidth <= 400")
    wait_until(page, "document.querySelector('.wb-chart-drawing svg').getBoundingClientRect().top < 560")
    wait_until(page, f"({UNSAID_CUTS})().length === 0")
    if name == "overview":
        tops = page.evaluate(
            "[...document.querySelectorAll('.wb-key-figures .wb-figure')].map(one => one.getBoundingClientRect().top)"
        )
        assert len(tops) > 4
        assert len(set(tops)) == 1, "the company stands on one line"
    page.set_viewport_size({"width": 1200, "height": 900})


UNSAID_CUTS = """() => [...document.querySelectorAll('.wb-page-body *')].filter(one => {
    const flow = getComputedStyle(one).overflowX;
    return ['auto', 'scroll'].includes(flow) && one.clientWidth && one.scrollWidth > one.clientWidth + 1;
}).filter(one => !one.classList.contains('wb-cut') || (one.tabIndex < 0 && !one.querySelector('a, button')))"""
"""What scrolls sideways without showing it, or out of the keyboard's reach."""


def test_filters_are_folded_on_a_phone_behind_what_they_are_set_to(pareto: Page):
    period = pareto.locator(".wb-filters select").first
    expect(pareto.locator(".wb-fold")).to_be_hidden()
    pareto.set_viewport_size({"width": 400, "height": 800})
    expect(period).to_be_hidden()
    pareto.get_by_role("button", name="筛选：全部数据").click()
    expect(period).to_be_visible()
    choose_regions(pareto, "城东")
    fold = pareto.get_by_role("button", name="筛选：全部数据 · 城东")
    expect(fold).to_be_visible()
    choose_regions(pareto)
    pareto.get_by_role("button", name="筛选：全部数据").click()
    expect(period).to_be_hidden()
    pareto.set_viewport_size({"width": 1200, "height": 900})


ANALYSTS_PAGE = """
from workbench import open_store
from workbench.panels import Session, page_language
from workbench.pages import page
from workbench.topics.pareto import pareto_panel

session = Session(open_store({store!r}), lang=page_language())
page(session, "pareto", [pareto_panel(session)])
"""
"""A page of a small company whose own name, regions and a customer's name are markup, with names in clear."""


def fill_with_markup(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection)
    connection.execute("UPDATE customers SET region = ? WHERE region = '华南'", [MARKUP])


def test_hostile_names_show_as_text(company: Server, open_page):
    page = shown(open_page(company.page("hostile", lang="zh")))
    expect(page.locator(".wb-page-facts")).to_contain_text(MARKUP)
    choose_regions(page, MARKUP)
    expect(page.locator(".wb-ticking button").first).to_have_text(MARKUP)
    choose_regions(page)
    click(page, 0.4)
    expect(page.locator(".wb-long-table tbody")).to_contain_text(HOSTILE)
    expect(page.locator(".wb-long-table tbody")).to_contain_text(MARKUP)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.harmed") is None
