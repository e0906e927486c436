"""The command line speaks the reader's language and ends with a sentence, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import cli

CUSTOMERS = "客户编号,客户名称,省份\nK001,张三,广东\nK002,李四,四川\n"
ORDERS = "订单编号,客户编号,下单日期,金额\nD1,K001,2025-03-01,￥120.00\nD2,K002,2025-03-02,80\nD3,K001,2025-02-30,50\n"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "客户.csv").write_bytes(CUSTOMERS.encode("gb18030"))
    (folder / "订单.csv").write_bytes(ORDERS.encode("gb18030"))
    return folder


@pytest.mark.parametrize(
    ("words", "environment", "wanted"),
    [
        (["load", "--lang", "zh"], "en_US", "zh"),
        (["load", "--lang=en"], "zh_CN", "en"),
        (["load"], "zh_CN.UTF-8", "zh"),
        (["load"], "de_DE", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_environment(words, environment, wanted, monkeypatch):
    monkeypatch.setenv("WORKBENCH_LANG", environment)
    assert cli.language(words) == wanted


def test_checked_files_can_be_loaded_with_the_mapping_that_was_saved(exports: Path, tmp_path: Path, capsys):
    mapping, store = tmp_path / "m.toml", tmp_path / "crm.store"
    assert cli.main(["check", str(exports), "--save-mapping", str(mapping), "--lang", "zh"]) == 0
    assert cli.main(["load", str(exports), "--mapping", str(mapping), "--store", str(store), "--lang", "zh"]) == 0
    report = capsys.readouterr().out
    assert "订单.csv" in report
    assert "2025-02-30" not in report  # the report counts; values stay in the rejects
    assert cli.main(["publish", "--store", str(store), "--lang", "zh"]) == 0
    assert "已发布快照" in capsys.readouterr().out


def test_open_questions_stop_a_load_and_say_how_to_answer(tmp_path: Path, capsys):
    orders, mapping, store = tmp_path / "订单.csv", tmp_path / "m.toml", tmp_path / "crm.store"
    orders.write_text("客户编号,下单日期,销售额\nK1,03/05/2024,100\nK2,04/05/2024,90\n", encoding="utf-8")
    asked = ["load", str(orders), "--store", str(store), "--save-mapping", str(mapping), "--lang", "zh"]
    assert cli.main(asked) == 1
    told = capsys.readouterr()
    assert "下单日期" in told.out
    assert "日/月/年" in told.out
    assert "--mapping m.toml" in told.err
    assert not store.exists()
    mapping.write_text(
        mapping.read_text("utf-8").replace("[source.columns]", 'date_format = "%d/%m/%Y"\n[source.columns]')
    )
    assert cli.main(["load", str(orders), "--store", str(store), "--mapping", str(mapping), "--lang", "zh"]) == 0
    assert "载入 2" in capsys.readouterr().out


def test_a_question_in_a_saved_mapping_is_answered_below_it(tmp_path: Path, capsys):
    orders, mapping, store = tmp_path / "订单.csv", tmp_path / "m.toml", tmp_path / "crm.store"
    orders.write_text("客户编号,下单日期,销售额\nK1,03/05/2024,100\nK2,04/05/2024,90\n", encoding="utf-8")
    assert cli.main(["check", str(orders), "--save-mapping", str(mapping), "--lang", "zh"]) == 1
    mapping.write_text(mapping.read_text("utf-8").replace('answer = ""', 'answer = "%m/%d/%Y"'), encoding="utf-8")
    assert cli.main(["load", str(orders), "--store", str(store), "--mapping", str(mapping), "--lang", "zh"]) == 0
    assert "载入 2" in capsys.readouterr().out


def test_rejected_rows_are_written_to_a_workbook(exports: Path, tmp_path: Path):
    from openpyxl import load_workbook

    rejects = tmp_path / "rejects.xlsx"
    store = tmp_path / "crm.store"
    assert cli.main(["load", str(exports), "--store", str(store), "--rejects", str(rejects), "--lang", "en"]) == 0
    cells = [cell.value for sheet in load_workbook(rejects) for row in sheet for cell in row]
    assert "2025-02-30" in cells
    assert "订单.csv" in cells


def test_a_missing_file_is_one_sentence_on_standard_error(tmp_path: Path, capsys):
    assert cli.main(["load", str(tmp_path / "无.csv"), "--store", str(tmp_path / "s"), "--lang", "zh"]) == 1
    told = capsys.readouterr().err
    assert "无.csv" in told
    assert "Traceback" not in told


def test_publishing_without_a_store_says_what_to_do(tmp_path: Path, capsys):
    assert cli.main(["publish", "--store", str(tmp_path / "nowhere.store"), "--lang", "en"]) == 1
    assert "nowhere.store" in capsys.readouterr().err


def test_an_unknown_lesson_lists_the_lessons(capsys):
    assert cli.main(["lesson", "99_nothing", "--lang", "en"]) == 1
    assert "02_rfm" in capsys.readouterr().err
