"""The loading panel: look, answer, check, load, and take the rejects and the mapping along."""

from __future__ import annotations

import asyncio
import io
import threading

import duckdb
import openpyxl
import pytest

from workbench.load import Mapping
from workbench.pages import load_panel
from workbench.pages.loading.card import LEAVE, UNANSWERED
from workbench.store import open_store

CUSTOMERS = "客户编号,客户名称,区域\n" + "".join(f"K{n},王{n},城东\n" for n in range(1, 21))
ORDERS = "客户编号,下单日期,销售额,备注\n" + "".join(f"K{n},{n:02}/03/2024,{n * 100},常客\n" for n in range(1, 13))
PRODUCTS = "项目编码,项目名称,项目类别,成本价\n" + "".join(f"P{n},项目{n},保养,{n}.5\n" for n in range(1, 9))


@pytest.fixture
def panel(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "客户档案.csv").write_text(CUSTOMERS, encoding="gb18030")
    (folder / "订单.csv").write_text(ORDERS, encoding="utf-8")
    made = load_panel(store=tmp_path / "crm.store", lang="zh")
    made.folder.value = str(folder)
    yield made
    made.upload.close()


@pytest.fixture
def looked(panel):
    panel.look_button.click()
    return panel


@pytest.fixture
def answered(looked):
    """The only question is the order of day and month."""
    (question,) = card_of(looked, "transactions").answers.values()
    question.value = "%d/%m/%Y"
    return looked


def card_of(panel, table: str):
    return next(card for card in panel.editor.cards.children if card.table.value == table)


def count(panel, table: str) -> int:
    with open_store(panel.store) as store:
        return int(store.collect(store.table(table).aggregate(n=store.table(table).count()))["n"].iloc[0])


def test_without_files_the_panel_says_what_to_do(panel):
    panel.folder.value = ""
    panel.look_button.click()
    assert "还没有文件" in panel.above.value


def test_a_path_that_does_not_exist_is_said_in_words(panel):
    panel.folder.value = "/nowhere/订单"
    panel.look_button.click()
    assert "/nowhere/订单" in panel.above.value
    assert not panel.look_button.disabled


def test_the_suggestion_is_preselected_with_its_reason(looked):
    card = card_of(looked, "customers")
    card.drawer.toggle()
    assert card.targets["客户编号"].value == "customer_id"
    assert "识别 3 列" in card.drawer.header.description
    assert "常用表头" in card.columns.children[0].children[2].value


def test_files_with_questions_stand_first_and_unsure_columns_are_marked(looked):
    first = looked.editor.cards.children[0]
    assert first.table.value == "transactions"
    assert first.drawer.is_open
    assert "wb-unsure" in first.columns.children[0]._dom_classes


def test_nothing_is_loaded_while_a_question_is_open(looked, tmp_path):
    looked.load_button.click()
    assert "1 个问题待回答" in looked.message.value
    assert looked.report is None
    assert not (tmp_path / "crm.store").exists()


def test_answering_and_loading_puts_every_row_into_the_store(answered):
    answered.load_button.click()
    assert (answered.report.rows_read, answered.report.rows_loaded) == (32, 32)
    assert "载入完成" in answered.result.value
    assert "02_rfm" in answered.next.value
    assert (count(answered, "transactions"), count(answered, "customers")) == (12, 20)


def test_a_check_loads_nothing(answered, tmp_path):
    answered.check_button.click()
    assert "仅检查" in answered.result.value
    assert not (tmp_path / "crm.store").exists()


def test_the_company_and_the_day_reach_the_store(answered):
    from datetime import date

    answered.editor.company.value, answered.editor.as_of.value = " 启程汽车 ", date(2024, 3, 31)
    answered.load_button.click()
    assert (answered.report.snapshot.company, answered.report.snapshot.as_of) == ("启程汽车", date(2024, 3, 31))


def test_a_column_can_be_chosen_by_hand_and_takes_the_place_of_another(answered, tmp_path):
    card = card_of(answered, "transactions")
    card.targets["备注"].value = "channel"
    assert answered.mapping.sources[0].columns["备注"] == "channel"
    card.targets["客户编号"].value = "channel"
    assert (card.targets["备注"].value, "备注" in answered.mapping.sources[0].attributes) == ("keep", True)
    card.targets["备注"].value = "leave"
    assert answered.mapping.sources[0].ignore == ("备注",)


def test_the_mapping_saved_is_the_one_shown_and_can_be_used_again(answered, tmp_path):
    card_of(answered, "transactions").targets["备注"].value = "channel"
    name, content = answered.mapping_file()
    (tmp_path / name).write_bytes(content)
    assert Mapping.read(tmp_path / name).sources == answered.mapping.sources
    answered.known.value = str(tmp_path / name)
    answered.look_button.click()
    assert answered.above.value == ""
    assert answered.mapping.sources == Mapping.read(tmp_path / name).sources


def test_a_file_can_be_left_out(looked):
    card_of(looked, "transactions").table.value = LEAVE
    looked.load_button.click()
    assert looked.report.rows_loaded == 20
    assert "订单.csv 未载入" in looked.result.value


def test_a_table_that_is_not_suggested_waits_for_the_analyst(panel, tmp_path):
    rows = "".join(f"K{n},{n}00.50,{n}\n" for n in range(1, 13))
    (tmp_path / "exports" / "月度.csv").write_text(f"客户编号,2024年1月,2024年2月\n{rows}", encoding="utf-8")
    panel.folder.value = str(tmp_path / "exports" / "月度.csv")
    panel.look_button.click()
    (card,) = panel.editor.cards.children
    assert (card.table.value, [one.key for one in card.open_questions()]) == (UNANSWERED, ["which_table"])
    panel.load_button.click()
    assert not (tmp_path / "crm.store").exists(), "months as columns may be anything: nothing is loaded unasked"
    card.table.value = "transactions"
    panel.load_button.click()
    assert count(panel, "transactions") == 24


def test_another_table_is_looked_at_again_and_its_questions_come(panel, tmp_path):
    (tmp_path / "exports" / "目录.csv").write_text(PRODUCTS, encoding="utf-8")
    panel.look_button.click()
    card = next(card for card in panel.editor.cards.children if card.is_of("目录.csv"))
    card.table.value = "transactions"
    assert "which_column" in [question.key for question in card.open_questions()]
    card.table.value = "products"
    assert card.open_questions() == []
    assert card.source().columns["项目名称"] == "product_name"


def test_an_encoding_the_bytes_do_not_prove_is_chosen_by_a_preview(panel, tmp_path):
    lines = "customer_id,name\nK1,Zoë Müller\nK2,André\n"
    (tmp_path / "exports" / "客户档案.csv").write_bytes(lines.encode("cp1252"))
    panel.look_button.click()
    card = next(card for card in panel.editor.cards.children if card.is_of("客户档案.csv"))
    (control,) = [one for place, one in card.answers.items() if card.looked.questions[place].key == "which_encoding"]
    assert control.value == UNANSWERED
    control.value = "cp1252"
    assert card.source().encoding == "cp1252"
    assert card.open_questions() == []


def test_the_rejected_rows_go_to_excel(panel, tmp_path):
    (tmp_path / "exports" / "订单.csv").write_text(ORDERS.replace(",300,", ",<b>三百,"), encoding="utf-8")
    panel.look_button.click()
    card_of(panel, "transactions").answers[0].value = "%d/%m/%Y"
    panel.load_button.click()
    assert panel.report.rows_rejected == 1
    assert "&lt;b&gt;三百" in panel.rejected.value
    _, content = panel.rejects_file()
    cells = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
    assert "<b>三百" in cells


def test_the_panel_turns_to_english_and_keeps_what_was_chosen(answered):
    before = answered.mapping
    answered.language.value = "en"
    assert "Load your data" in answered.heading.value
    assert answered.mapping == before
    assert answered.load_button.description == "Load"
    assert "day/month/year" in [label for label, _ in card_of(answered, "transactions").answers[0].options]


def test_a_crafted_choice_changes_nothing(looked):
    card = card_of(looked, "customers")
    card.drawer.toggle()
    card.targets["客户编号"].set_state({"index": 999})
    card.table.set_state({"index": -1, "options": ["x"]})
    assert card.source().columns["客户编号"] == "customer_id"


def test_work_in_a_running_kernel_leaves_its_thread_free_and_ends_on_it(answered):
    threads = []
    answered.bar.observe(lambda _: threads.append(threading.current_thread()), names="value")

    async def press() -> bool:
        answered.check_button.click()
        was_busy = answered.check_button.disabled
        while answered.work.is_busy:
            await asyncio.sleep(0.01)
        return was_busy

    assert asyncio.run(press())
    assert answered.report.rows_read == 32
    assert set(threads) <= {threading.main_thread()}
    assert not answered.check_button.disabled


def test_starting_over_forgets_the_files_and_keeps_the_store(answered):
    answered.load_button.click()
    answered.over_button.click()
    assert (answered.sources, answered.report, len(answered.editor.cards.children)) == ([], None, 0)
    assert answered.result.value == ""
    assert count(answered, "transactions") == 12


@pytest.fixture
def shop(tmp_path):
    """A file of DuckDB with customers, and another table."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        people = "SELECT 'K' || n AS 客户编号, '王' || n AS 客户名称, '城东' AS 区域 FROM range(9) t(n)"
        con.execute(f"CREATE TABLE customers AS {people}")
        con.execute("CREATE TABLE other (x int)")
    return f"duckdb:///{tmp_path}/shop.duckdb"


def test_a_table_of_a_database_is_looked_at_and_loaded_like_a_file(panel, shop):
    panel.folder.value = f"{shop} customers"
    panel.look_button.click()
    card = card_of(panel, "customers")
    card.drawer.toggle()
    assert card.targets["客户编号"].value == "customer_id"
    panel.load_button.click()
    assert "载入完成" in panel.result.value
    assert count(panel, "customers") == 9


def test_the_tables_there_are_stand_in_the_sentence_that_asks_for_them(panel, shop):
    panel.folder.value = shop
    panel.look_button.click()
    assert "shop.duckdb 中有多张表：customers、other。" in panel.above.value
    assert "在载入页面写在地址后面" in panel.above.value


@pytest.mark.parametrize(
    "address", ["postgresql://me:open%23sesame@host/shop orders", "mssql://me:open#sesame@host/shop"]
)
def test_a_password_written_on_the_page_is_refused_and_not_repeated(panel, address):
    panel.folder.value = address
    panel.look_button.click()
    assert panel.above.value
    assert "sesame" not in panel.above.value
    panel.folder.value = "postgresql://me:open%23sesame@host/shop"
    panel.look_button.click()
    assert "不能填写密码" in panel.above.value
    assert panel.folder.value == ""
