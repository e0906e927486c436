"""The loading panel: look, answer, check, load, and take the rejects and the mapping along."""

from __future__ import annotations

import io

import openpyxl
import pytest

from workbench.load import Mapping
from workbench.panels import LoadPanel
from workbench.store import open_store

CUSTOMERS = "客户编号,客户名称,区域\n" + "".join(f"K{n},王{n},城东\n" for n in range(1, 21))
ORDERS = "客户编号,下单日期,销售额,备注\n" + "".join(f"K{n},{n:02}/03/2024,{n * 100},常客\n" for n in range(1, 13))


@pytest.fixture
def panel(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "客户档案.csv").write_text(CUSTOMERS, encoding="gb18030")
    (folder / "订单.csv").write_text(ORDERS, encoding="utf-8")
    made = LoadPanel(store=tmp_path / "crm.store", lang="zh")
    made.folder.value = str(folder)
    yield made
    made.upload.close()


@pytest.fixture
def looked(panel):
    panel.look_button.click()
    return panel


def answer_all(panel) -> None:
    while panel.editor.answers:
        panel.editor.answers[0][2].click()


def place_of(panel, table: str) -> int:
    return next(place for place, source in enumerate(panel.editor.mapping.sources) if source.table == table)


def test_without_files_the_panel_says_what_to_do(panel):
    panel.folder.value = ""
    panel.look_button.click()
    assert "还没有文件" in panel.message.value


def test_a_path_that_does_not_exist_is_said_in_words(panel):
    panel.folder.value = "/nowhere/订单"
    panel.look_button.click()
    assert "/nowhere/订单" in panel.message.value


def test_the_suggestion_is_preselected_with_its_reason(looked):
    place = place_of(looked, "customers")
    drawer = looked.editor.sources.children[place]
    if not drawer.is_open:
        drawer.toggle()
    assert looked.editor.columns[place, "客户编号"].value == "customer_id"
    assert "常用表头" in drawer.body.children[0].children[0].children[2].value


def test_nothing_is_loaded_while_a_question_is_open(looked):
    assert looked.editor.mapping.questions
    looked.load_button.click()
    assert "问题未回答" in looked.message.value
    assert looked.report is None


def test_answering_and_loading_puts_every_row_into_the_store(looked, tmp_path):
    answer_all(looked)
    looked.load_button.click()
    assert (looked.report.rows_read, looked.report.rows_loaded) == (32, 32)
    assert "载入完成" in looked.result.value
    with open_store(tmp_path / "crm.store") as store:
        assert int(store.collect(store.transactions.aggregate(n=store.transactions.count()))["n"].iloc[0]) == 12


def test_a_check_loads_nothing(looked, tmp_path):
    answer_all(looked)
    looked.check_button.click()
    assert "仅检查" in looked.result.value
    assert not (tmp_path / "crm.store").exists()


def test_a_column_can_be_chosen_by_hand_and_the_mapping_kept(looked, tmp_path):
    place = place_of(looked, "transactions")
    looked.editor.set_column(place, "备注", "channel")
    assert looked.editor.mapping.sources[place].columns["备注"] == "channel"
    looked.editor.set_column(place, "备注", "")
    assert "备注" in looked.editor.mapping.sources[place].attributes
    answer_all(looked)
    name, content = looked.mapping_file()
    (tmp_path / name).write_bytes(content)
    assert Mapping.read(tmp_path / name).sources == looked.editor.mapping.sources


def test_the_rejected_rows_go_to_excel(looked, tmp_path):
    (tmp_path / "exports" / "订单.csv").write_text(ORDERS.replace(",300,", ",三百,"), encoding="utf-8")
    looked.look_button.click()
    answer_all(looked)
    looked.load_button.click()
    assert looked.report.rows_rejected == 1
    assert "三百" in looked.result.value
    _, content = looked.rejects_file()
    cells = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
    assert "三百" in cells


def test_the_panel_turns_to_english_and_keeps_what_was_answered(looked):
    answer_all(looked)
    before = looked.editor.mapping
    looked.language.value = "en"
    assert "Load your data" in looked.heading.value
    assert looked.editor.mapping is before
    assert looked.load_button.description == "Load"


def test_a_crafted_column_changes_nothing(looked):
    place = place_of(looked, "customers")
    if not looked.editor.sources.children[place].is_open:
        looked.editor.sources.children[place].toggle()
    before = looked.editor.mapping
    looked.editor.columns[place, "客户编号"].set_state({"index": 999})
    assert looked.editor.mapping is before
