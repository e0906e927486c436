"""Loading in JupyterLab as an analyst does it: upload, look over what is suggested, answer, check, load, report."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_until
from tests.browser.servers import TOKEN, Server, jupyterlab
from tests.conftest import ROOT
from workbench.store import open_store

SLOW_MS = 180_000
"""For reading tens of megabytes on a machine that may be busy."""

CUSTOMERS = "客户编号,客户名称,区域,车型\n" + "".join(f"K{n},<b>王{n}</b>,城东,轿车\n" for n in range(1, 40))
LINES = 700_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab at a copy of the notebooks, with a store that does not exist yet."""
    folder = tmp_path_factory.mktemp("loading") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    with jupyterlab(folder, folder.parent / "crm.store") as server:
        yield server


@pytest.fixture(scope="module")
def page(lab: Server, open_shared) -> Page:
    """The loading notebook with its panel shown."""
    page = open_shared(f"{lab.address}lab/tree/01_load_your_data.ipynb?token={TOKEN}&reset")
    idle = re.compile("空闲|Idle")  # cells run earlier are refused by a dialog
    expect(page.locator("#jp-main-statusbar")).to_contain_text(idle, timeout=SLOW_MS)
    for code in ("Lesson()", "load_panel(lang"):
        page.locator(".jp-CodeCell", has_text=code).first.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    expect(page.locator(".wb-load h2")).to_have_text("载入数据", timeout=SLOW_MS)
    return page


def upload(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator(".wb-load .wb-upload .wb-file-button").click()
    chooser.value.set_files(files)
    for file in files:
        expect(page.locator(".wb-load")).to_contain_text(file.name, timeout=SLOW_MS)


def press(page: Page, name: str) -> None:
    button = page.locator(".wb-load").get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled(timeout=SLOW_MS)
    button.click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture where WORKBENCH_PICTURES says, for the eye."""
    if folder := os.environ.get("WORKBENCH_PICTURES"):
        page.locator(".wb-load").screenshot(path=Path(folder) / f"load_{name}.png")


def test_an_uploaded_gbk_file_is_understood_asked_about_checked_and_loaded(page: Page, lab: Server, tmp_path: Path):
    customers, orders = tmp_path / "客户档案.csv", tmp_path / "订单.csv"
    customers.write_bytes(CUSTOMERS.encode("gb18030"))
    rows = "".join(f"K{n},{n % 12 + 1:02}/03/2024,{'三百' if n == 7 else n * 100},常客\n" for n in range(1, 30))
    orders.write_bytes(f"客户编号,下单日期,销售额,备注\n{rows}".encode("gb18030"))
    shoot(page, "1_empty")
    upload(page, customers, orders)
    expect(page.locator(".wb-load")).to_contain_text("已收到 2 个文件", timeout=SLOW_MS)
    press(page, "查看文件")
    first = page.locator(".wb-card").first
    expect(first).to_contain_text("订单.csv", timeout=SLOW_MS)
    expect(first.locator(".wb-unsure")).to_contain_text("下单日期")
    expect(page.locator(".wb-card").nth(1)).to_contain_text("客户档案.csv")
    press(page, "仅检查")
    expect(page.locator(".wb-message-text")).to_contain_text("1 个问题待回答")
    shoot(page, "2_asked")
    first.locator(".wb-question select").select_option(label="日/月/年")
    expect(first.locator(".wb-readings")).to_contain_text("→ 2024-03-")
    press(page, "仅检查")
    report = page.locator(".wb-report")
    expect(report).to_contain_text("读取 68 行 = 载入 67 + 拒绝 1 + 忽略 0", timeout=SLOW_MS)
    expect(report).to_contain_text("gb18030")
    assert not (lab.store / "CURRENT").exists()
    press(page, "载入")
    expect(report).to_contain_text("载入完成", timeout=SLOW_MS)
    page.get_by_role("button", name="逐行查看被拒绝的行").click()
    expect(page.locator(".wb-load .wb-table").last).to_contain_text("三百")
    shoot(page, "3_loaded")
    with open_store(lab.store) as store:
        assert store.snapshot.tables["transactions"] == 28
    with page.expect_download() as download:
        page.locator(".wb-load").get_by_role("button", name="导出被拒绝的行（Excel）").click()
    assert download.value.suggested_filename == "rejects.xlsx"


def test_the_panel_turns_to_english_and_keeps_the_answers(page: Page):
    page.locator(".wb-load").get_by_role("button", name="English", exact=True).click()
    expect(page.locator(".wb-load h2")).to_have_text("Load your data")
    expect(page.locator(".wb-report")).to_contain_text("68 rows read = 67 loaded + 1 rejected + 0 ignored")
    expect(page.locator(".wb-question select option:checked")).to_have_text("day/month/year")
    shoot(page, "4_english")
    page.locator(".wb-load").get_by_role("button", name="中文", exact=True).click()
    expect(page.locator(".wb-load h2")).to_have_text("载入数据")


def test_thirty_megabytes_go_up_and_load_while_the_page_stays_alive(page: Page, lab: Server, tmp_path: Path):
    large = tmp_path / "结算单_2024.csv"
    with large.open("w", encoding="gb18030") as file:
        file.write("结算单号,客户编号,结算日期,项目类别,销售额\n")
        file.writelines(
            f"D{n:08},K{n % 39 + 1},2024-{n % 12 + 1:02}-{n % 28 + 1:02},定期保养与检测,{n % 900}.50\n"
            for n in range(LINES)
        )
    assert large.stat().st_size > 30_000_000
    upload(page, large)
    expect(page.locator(".wb-load")).to_contain_text("已收到 3 个文件", timeout=SLOW_MS)
    press(page, "查看文件")
    card = page.locator(".wb-card", has_text="结算单_2024.csv")
    expect(card).to_be_visible(timeout=SLOW_MS)
    page.locator(".wb-card", has_text="订单.csv").locator(".wb-question select").select_option(label="日/月/年")
    press(page, "载入")
    expect(page.locator(".wb-running")).to_be_visible()
    page.locator(".wb-load").get_by_role("button", name="English", exact=True).click()
    expect(page.locator(".wb-load h2")).to_have_text("Load your data", timeout=20_000)
    shoot(page, "5_running")
    expect(page.locator(".wb-report")).to_contain_text(f"{LINES:,}", timeout=SLOW_MS)
    with open_store(lab.store) as store:
        assert store.snapshot.tables["transactions"] == LINES + 28


def test_on_a_phone_the_language_stands_beside_the_title_and_not_over_the_text_below(page: Page):
    page.set_viewport_size({"width": 400, "height": 800})
    switch, lead = page.locator(".wb-load .wb-segmented").first, page.locator(".wb-load .wb-lead").first
    expect(lead).to_be_visible()
    wait_until(page, "matchMedia('(max-width: 600px)').matches")
    above, below = switch.bounding_box(), lead.bounding_box()
    page.set_viewport_size({"width": 1200, "height": 900})
    assert above["y"] + above["height"] <= below["y"]
