"""Workbooks: the right sheet, the header below merged titles, the sheet's row numbers; hostile files are refused."""

from __future__ import annotations

import time
import zipfile
from datetime import UTC, date, datetime
from datetime import time as clock

import openpyxl
import pytest
import xlwt

from workbench.errors import LoadError
from workbench.i18n import LANGUAGES
from workbench.load import read_text_table
from workbench.load.reading import sheets
from workbench.load.reporting.sentences import problem_words

MOMENT = datetime(2024, 1, 6, 8, 41, tzinfo=UTC).replace(tzinfo=None)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def ledger(tmp_path):
    """A workbook as a call centre sends it: merged title, a note, the header in row 4, a gap, a total."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    sheet["A1"] = "保险台账（2024 年）"
    sheet.merge_cells("A1:D1")
    sheet["A2"] = "制表：客服中心"
    for place, header in enumerate(["保单号", "客户编号", "出单日期", "保费"], 1):
        sheet.cell(4, place, header)
    rows = [("P001", 17850, date(2024, 1, 5), 1234.5), ("P002", "000123", MOMENT, 0.1 + 0.2)]
    for line, row in zip((5, 7), rows, strict=True):
        for place, value in enumerate(row, 1):
            sheet.cell(line, place, value)
    workbook.create_sheet("空")
    path = tmp_path / "台账.xlsx"
    workbook.save(path)
    return path


def rewrite(source, target, changed):
    """Copy a workbook with some of its parts replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, changed.get(part, old.read(part)))
    return target


def test_the_table_is_found_below_its_titles(ledger, rows_of):
    with read_text_table(ledger) as table:
        assert table.names == ("保单号", "客户编号", "出单日期", "保费")
        assert (table.sheet, table.header_line, table.titles, table.blank) == ("台账", 4, 2, 2)
        assert rows_of(table) == [
            (5, "P001", "17850", "2024-01-05", "1234.5"),
            (7, "P002", "000123", "2024-01-06 08:41:00", "0.3"),
        ]


def test_an_xls_is_read_like_an_xlsx(tmp_path, rows_of):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("订单")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for place, header in enumerate(["客户编号", "日期", "金额"]):
        sheet.write(0, place, header)
    for place, value in enumerate(["000123", date(2024, 3, 5), 50]):
        sheet.write(1, place, value, day) if isinstance(value, date) else sheet.write(1, place, value)
    workbook.save(str(tmp_path / "订单.xls"))
    with read_text_table(tmp_path / "订单.xls") as table:
        assert rows_of(table) == [(2, "000123", "2024-03-05", "50")]


def test_times_truths_and_line_ends_in_cells_are_text(tmp_path, rows_of):
    workbook = openpyxl.Workbook()
    workbook.active.append(["时间", "已付", "备注"])
    workbook.active.append([clock(9, 30), True, "第一行\n第二行"])
    workbook.save(tmp_path / "cells.xlsx")
    with read_text_table(tmp_path / "cells.xlsx") as table:
        assert rows_of(table) == [(2, "09:30:00", "TRUE", "第一行\n第二行")]


def test_of_several_filled_sheets_one_has_to_be_chosen(ledger, rows_of):
    workbook = openpyxl.load_workbook(ledger)
    workbook["空"].append(["工号", "姓名"])
    workbook["空"].append(["G1", "王芳"])
    workbook.save(ledger)
    with pytest.raises(LoadError) as refused:
        read_text_table(ledger)
    assert (refused.value.key, refused.value.facts["sheets"]) == ("choose_sheet", ["台账", "空"])
    with read_text_table(ledger, sheet="空") as table:
        assert rows_of(table) == [(2, "G1", "王芳")]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(ledger):
    with pytest.raises(LoadError, match="no sheet 明细"):
        read_text_table(ledger, sheet="明细")


def test_hidden_sheets_and_rows_are_not_asked_about_and_said(ledger):
    workbook = openpyxl.load_workbook(ledger)
    workbook["空"].append(["隐藏的值"])
    workbook["空"].sheet_state = "hidden"
    workbook["台账"].row_dimensions[workbook["台账"].max_row].hidden = True
    workbook["台账"].row_dimensions[900].hidden = True
    workbook.save(ledger)
    with read_text_table(ledger) as table:
        assert table.sheet == "台账"
        said = {problem.key: problem.facts for problem in table.problems}
        assert said["hidden_sheets"]["sheets"] == ["空"]
        assert said["hidden_rows"]["rows"] == 1
        for lang in LANGUAGES:
            assert not any("{" in problem_words(problem, lang) for problem in table.problems)


def test_numbers_that_lost_digits_are_reported(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["身份证号", "姓名"])
    workbook.active.append([310101199001011234, "王芳"])
    workbook.save(tmp_path / "客户.xlsx")
    with read_text_table(tmp_path / "客户.xlsx") as table:
        assert [problem.key for problem in table.problems] == ["digits_lost"]


def far_cell(ledger, tmp_path):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>'
    return rewrite(ledger, tmp_path / "far.xlsx", {SHEET: worksheet(cells)})


def high_ratio(ledger, tmp_path):
    return rewrite(ledger, tmp_path / "ratio.xlsx", {SHEET: worksheet(" " * (64 << 20))})


def entities(ledger, tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + worksheet("")
    return rewrite(ledger, tmp_path / "entities.xlsx", {SHEET: bomb})


def wrong_size(ledger, tmp_path):
    """The directory of the container says that a part of 64 MB has 100 bytes."""
    path = rewrite(ledger, tmp_path / "liar.xlsx", {SHEET: worksheet(" " * (64 << 20))})
    data = bytearray(path.read_bytes())
    place = data.rindex(SHEET.encode()) - 46
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def encrypted(ledger, tmp_path):
    path = tmp_path / "secret.xlsx"
    path.write_bytes(sheets.OLE_START + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2048)
    return path


def locked_parts(ledger, tmp_path):
    path = rewrite(ledger, tmp_path / "locked.xlsx", {})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark)
        data[place + offset] |= 1
    path.write_bytes(data)
    return path


def cut(ledger, tmp_path):
    path = tmp_path / "cut.xlsx"
    path.write_bytes(ledger.read_bytes()[:-200])
    return path


def broken_xml(ledger, tmp_path):
    return rewrite(ledger, tmp_path / "broken.xlsx", {"xl/workbook.xml": "<workbook><sheets><sheet"})


def no_workbook(ledger, tmp_path):
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as letter:
        letter.writestr("word/document.xml", "<document/>")
    return path


def broken_ole(ledger, tmp_path):
    path = tmp_path / "old.xls"
    path.write_bytes(sheets.OLE_START + bytes(range(256)) * 20)
    return path


def worksheet(cells):
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet {names}><sheetData>{cells}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("make", "keys"),
    [
        (far_cell, {"sheet_too_large"}),
        (high_ratio, {"workbook_repeats"}),
        (entities, {"hostile_workbook"}),
        (wrong_size, {"broken_workbook"}),
        (encrypted, {"encrypted_workbook"}),
        (locked_parts, {"encrypted_workbook"}),
        (cut, {"broken_workbook"}),
        (broken_xml, {"broken_workbook"}),
        (no_workbook, {"not_a_workbook"}),
        (broken_ole, {"broken_workbook"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_hostile_workbook_is_refused_in_seconds(ledger, tmp_path, make, keys):
    path = make(ledger, tmp_path)
    started = time.monotonic()
    with pytest.raises(LoadError) as refused:
        read_text_table(path)
    assert refused.value.key in keys
    assert path.name in refused.value.words("zh")
    assert time.monotonic() - started < 10


def test_what_slips_through_the_scan_breaks_only_the_child(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_SHEET_CELLS", "999999999999")
    monkeypatch.setenv("WORKBENCH_MAX_WORKBOOK_MEMORY", "1GB")
    monkeypatch.setattr(sheets, "HARMLESS_AREA", 1 << 60)
    with pytest.raises(LoadError) as refused:
        read_text_table(far_cell(ledger, tmp_path))
    assert refused.value.key in {"workbook_too_slow", "broken_workbook"}
