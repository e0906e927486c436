"""The widgets of our own on a dashboard page, in a real browser."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until
from tests.browser.pages import HOSTILE
from tests.browser.servers import Server

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def charts_page(open_shared, served: Server) -> Page:
    page = open_shared(served.page("charts"))
    expect(figure(page, "张伟贡献 1 倍").locator("svg")).to_be_visible()
    return page


@pytest.fixture
def charts(charts_page: Page) -> Page:
    """The page of charts as it was when it opened: nothing picked, the slider at its start."""
    slider = charts_page.locator(".noUi-handle").first
    slider.press("Home")
    expect(figure(charts_page, "张伟贡献 1 倍").locator("svg")).to_be_visible()
    if charts_page.locator(".picked").text_content() not in ("—", "[]"):
        bars(charts_page, "张伟贡献 1 倍").first.dblclick()
        expect(charts_page.locator(".picked")).to_have_text("[]")
    return charts_page


@pytest.fixture(scope="module")
def files(open_shared, served: Server) -> Page:
    page = open_shared(served.page("files"))
    expect(page.locator(".wb-upload").first).to_be_visible()
    return page


def figure(page: Page, title: str):
    return page.locator("figure.wb-chart", has=page.locator(".wb-chart-title", has_text=title))


def bars(page: Page, title: str):
    return figure(page, title).locator("svg .mark-rect path")


def test_a_chart_shows_its_title_as_text_and_its_marks(charts: Page):
    shown = figure(charts, "张伟贡献 1 倍")
    expect(shown.locator(".wb-chart-subtitle")).to_have_text("n = 6")
    assert bars(charts, "张伟贡献 1 倍").count() == 6
    expect(shown.locator("[aria-roledescription=visualization]")).to_have_attribute(
        "aria-label", "张伟贡献 1 倍 — n = 6"
    )


def test_all_charts_of_a_page_share_one_vega(charts: Page):
    assert charts.locator("figure.wb-chart svg").count() >= 3
    assert len([url for url in charts.watched.asked if "/vega.js" in url]) == 1


def test_new_data_moves_the_marks_of_the_same_drawing(charts: Page):
    charts.evaluate("document.querySelector('figure.wb-chart svg').dataset.mark = 'the same'")
    before = bars(charts, "张伟贡献 1 倍").first.get_attribute("aria-label")
    charts.locator(".noUi-handle").first.press("ArrowRight")
    expect(figure(charts, "张伟贡献 2 倍").locator("svg")).to_have_attribute("data-mark", "the same")
    expect(bars(charts, "张伟贡献 2 倍").first).not_to_have_attribute("aria-label", before)
    assert "104000" in bars(charts, "张伟贡献 2 倍").first.get_attribute("aria-label").replace(",", "")


def test_a_click_tells_python_which_row_and_a_second_one_clears_it(charts: Page):
    bars(charts, "张伟贡献 1 倍").first.click()
    expect(charts.locator(".picked")).to_have_text("[{'客户': '张伟'}]")
    bars(charts, "张伟贡献 1 倍").first.dblclick()
    expect(charts.locator(".picked")).to_have_text("[]")


def test_what_is_picked_stays_picked_when_the_data_changes(charts: Page):
    bars(charts, "张伟贡献 1 倍").first.click()
    expect(charts.locator(".picked")).to_have_text("[{'客户': '张伟'}]")
    charts.locator(".noUi-handle").first.press("ArrowRight")
    expect(figure(charts, "张伟贡献 2 倍")).to_be_visible()
    expect(charts.locator(".picked")).to_have_text("[{'客户': '张伟'}]")


def test_a_picked_day_comes_back_as_it_is_in_the_data(charts: Page):
    figure(charts, "按月").locator("svg .mark-symbol path").first.click()
    expect(charts.locator(".months")).to_have_text("[{'月份': '2024-01-01T00:00:00'}]")


def test_a_parameter_set_in_the_chart_reaches_python(charts: Page):
    figure(charts, "按月").locator("input[name=cut]").fill("7")
    expect(charts.locator(".cut")).to_have_text("{'cut': 7}")


def test_a_range_drawn_in_the_chart_reaches_python(charts: Page):
    box = figure(charts, "拖动").locator("svg .background").first.bounding_box()
    charts.mouse.move(box["x"] + 20, box["y"] + 40)
    charts.mouse.down()
    charts.mouse.move(box["x"] + 200, box["y"] + 60, steps=5)
    charts.mouse.up()
    expect(charts.locator(".brush")).to_contain_text("{'brush': {'金额': [")


def test_hostile_names_show_as_text_in_axis_and_tooltip(charts: Page):
    labels = figure(charts, "张伟贡献 1 倍").locator("svg text").all_text_contents()
    assert [name for name in HOSTILE if not any(name[:20] in text for text in labels)] == []
    for place, name in enumerate(HOSTILE, start=2):
        bars(charts, "张伟贡献 1 倍").nth(place).hover()
        expect(charts.locator("#wb-tip")).to_contain_text(name)
    assert charts.evaluate("window.hacked") is None
    assert charts.locator("figure img, #wb-tip img, figure script").count() == 0


def test_a_chart_out_of_sight_is_drawn_when_it_is_shown(charts: Page):
    assert figure(charts, "张伟贡献 3 倍").locator("svg").count() == 0
    charts.get_by_role("button", name="open").click()
    expect(figure(charts, "张伟贡献 3 倍").locator("svg")).to_be_visible()


def test_a_chart_follows_the_width_of_its_place(charts: Page):
    drawing = figure(charts, "张伟贡献 1 倍").locator("svg")
    wide = drawing.bounding_box()["width"]
    charts.set_viewport_size({"width": 400, "height": 800})
    wait_until(charts, "document.querySelector('figure.wb-chart svg').getBoundingClientRect().width < 400")
    assert charts.evaluate("document.documentElement.scrollWidth") <= 400
    charts.set_viewport_size({"width": 1200, "height": 900})
    wait_until(charts, "document.querySelector('figure.wb-chart svg').getBoundingClientRect().width > 1000")
    assert wide > 1000


def test_a_chart_that_cannot_be_drawn_says_so_and_tells_python(charts: Page):
    charts.get_by_role("button", name="break").click()
    expect(charts.locator(".wb-chart-failed:visible")).to_contain_text("这张图未能画出")
    expect(charts.locator(".failed")).not_to_have_text("—")


def test_a_large_upload_arrives_whole_in_a_private_folder(files: Page, tmp_path: Path, request: pytest.FixtureRequest):
    size = (200 if request.config.getoption("--full") else 30) * MEGABYTE
    sent = tmp_path / "大文件.bin"
    piece = hashlib.sha256(b"a seed").digest() * 32768
    with sent.open("wb") as file:
        for _ in range(size // len(piece)):
            file.write(piece)
    with files.expect_file_chooser() as chooser:
        files.locator(".main .wb-file-button").first.click()
    chooser.value.set_files(sent)
    expect(files.locator(".seen")).to_have_text(
        f"大文件.bin {size} {hashlib.sha256(sent.read_bytes()).hexdigest()}", timeout=180_000
    )
    expect(files.locator(".private")).to_have_text("700")
    expect(files.locator(".main .wb-upload-file .wb-file-note").last).to_have_text("完成")


def drop(page: Page, name: str, size: int, place: str = ".main .wb-upload") -> None:
    """Drop a file of zeros on an upload, as a mouse does."""
    page.locator(place).first.evaluate(
        """(box, [name, size]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(size)], name));
            box.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [name, size],
    )


def test_a_file_may_be_dropped_and_loses_its_path(files: Page):
    drop(files, "..\\..\\订单.csv", 5)
    expect(files.locator(".seen")).to_contain_text("订单.csv 5 ")


def test_an_empty_file_arrives_too(files: Page):
    drop(files, "空.csv", 0)
    expect(files.locator(".seen")).to_contain_text("空.csv 0 ")


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("a.exe", ".main .wb-upload", "类型此处不能读取"),
        ("a.csv", ".small .wb-upload", "超过"),
        ("bad.csv", ".main .wb-upload", "bad.csv"),
        ("worse.csv", ".main .wb-upload", "这里出了点问题"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_beside_the_file(files: Page, name: str, place: str, said: str):
    drop(files, name, 5000, place)
    expect(files.locator(f"{place} .wb-upload-file .wb-file-note").last).to_contain_text(said)
    assert "secret detail" not in files.content()


def test_an_upload_can_be_cancelled_and_the_next_one_goes_through(files: Page):
    drop(files, "long.bin", 60 * MEGABYTE)
    files.locator(".wb-upload-cancel").dispatch_event("click")  # at once: progress moves the button under the mouse
    expect(files.locator(".main .wb-upload-file .wb-file-note").last).to_have_text("已取消")
    drop(files, "next.csv", 7)
    expect(files.locator(".seen")).to_contain_text("next.csv 7 ")


def test_a_download_brings_the_very_bytes_under_their_name(files: Page):
    with files.expect_download() as download:
        files.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "客户 清单.csv"
    assert Path(download.value.path()).read_bytes() == b"0123456789abcdef" * 700_000
    expect(files.get_by_role("button", name="CSV")).to_be_enabled()


def test_a_download_that_fails_says_why(files: Page):
    files.get_by_role("button", name="BAD").click()
    expect(files.locator(".wb-download .wb-wrong")).to_contain_text("a、b")
    expect(files.get_by_role("button", name="BAD")).to_be_enabled()
