"""Workbooks show more than values: formulas never computed are said, zeros of formats kept, the calendar is read."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from workbench.errors import LoadError
from workbench.load import load, read_text_table, suggest_mapping
from workbench.load.reading.ole_stream import workbook_stream
from workbench.load.reading.sheet_details import zero_format
from workbench.load.reading.xls_details import unpacked

HEADER = ["客户编号", "订单号", "下单日期", "数量", "金额"]


def with_openpyxl(path, formula, rows=6):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    for row in range(2, rows + 2):
        workbook.active.append([f"C{row}", f"D{row}", date(2024, 3, row), row, formula(row)])
    workbook.save(path)


def with_xlsxwriter(path, formula, rows=6):
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row in range(2, rows + 2):
            sheet.write_row(row - 1, 0, [f"C{row}", f"D{row}", f"2024-03-0{row}", row, formula(row)])


def with_xlwt(path, formula, rows=6):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("订单")
    for row, cells in enumerate(
        [HEADER, *([f"C{row}", f"D{row}", f"2024-03-0{row}", row, formula(row)] for row in range(2, rows + 2))]
    ):
        for place, cell in enumerate(cells):
            is_formula = isinstance(cell, str) and cell.startswith("=")
            sheet.write(row, place, xlwt.Formula(cell[1:]) if is_formula else cell)
    workbook.save(str(path))


WRITERS = {"订单.xlsx": with_openpyxl, "零.xlsx": with_xlsxwriter, "订单.xls": with_xlwt}


@pytest.mark.parametrize("formula", ["=D{0}*10.5", "=IF(D{0}>3,10.5,20)", "=2*10.5"])
@pytest.mark.parametrize(("name", "writer"), WRITERS.items(), ids=WRITERS)
def test_formulas_never_computed_are_named_with_what_to_do(tmp_path, name, writer, formula):
    writer(tmp_path / name, lambda row: formula.format(row))
    with pytest.raises(LoadError) as refused:
        read_text_table(tmp_path / name)
    assert refused.value.key == "formulas_without_results"
    assert (refused.value.facts["columns"], refused.value.facts["count"]) == (["金额"], 6)
    assert "金额 列有 6 个公式没有结果" in refused.value.words("zh")
    assert "formulas without results in 金额 (6 cells)" in refused.value.words("en")


@pytest.mark.parametrize(("name", "writer"), WRITERS.items(), ids=WRITERS)
def test_a_total_never_computed_is_told_and_the_rows_are_read(tmp_path, name, writer, rows_of):
    writer(tmp_path / name, lambda row: f"=SUM(E2:E{row - 1})" if row == 7 else row * 10.5)
    with read_text_table(tmp_path / name) as table:
        (problem,) = table.problems
        assert (problem.key, problem.facts["columns"], problem.facts["count"]) == (
            "formulas_without_results",
            ["金额"],
            1,
        )
        assert [row[5] for row in rows_of(table)] == ["21", "31.5", "42", "52.5", "63", None]


def test_results_that_are_stored_are_read_and_true_zeros_stay(tmp_path, rows_of):
    path = tmp_path / "computed.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["客户编号", "折扣", "金额"])
        for row in range(1, 4):
            sheet.write(row, 0, f"C{row}")
            sheet.write_formula(row, 1, "=0*2", value=0 if row > 1 else 5)
            sheet.write_formula(row, 2, "=2*3", value=6)
    with read_text_table(path) as table:
        assert not table.problems
        assert rows_of(table) == [(2, "C1", "5", "6"), (3, "C2", "0", "6"), (4, "C3", "0", "6")]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("000000", 123, "000123"),
        ("00000", 1234567, "1234567"),
        ("000-0000", 12345, "001-2345"),
        ('"KH"0000', 12, "KH0012"),
        (r"\A000", 7, "A007"),
        ("000000;-000000", 5, "000005"),
    ],
)
def test_a_format_that_adds_zeros_writes_a_number_as_it_is_shown(code, number, text):
    write = zero_format(code)
    assert write is not None
    assert write(number) == text


@pytest.mark.parametrize("code", ["", "0", "0.00", "#,##0", "General", "yyyy-mm-dd", "0%", '0"元"', "@", "0.00E+00"])
def test_other_formats_change_no_number(code):
    assert zero_format(code) is None


def padded_xlsx(path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["客户编号", "金额"])
    for number in (123, 45678):
        workbook.active.append([number, 1.5])
    for row in (2, 3):
        workbook.active.cell(row, 1).number_format = "000000"
    workbook.save(path)


def padded_xls(path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("客户")
    style = xlwt.easyxf(num_format_str="000000")
    for row, (number, amount) in enumerate([("客户编号", "金额"), (123, 1.5), (45678, 1.5)]):
        sheet.write(row, 0, number, *([style] if row else []))
        sheet.write(row, 1, amount)
    workbook.save(str(path))


@pytest.mark.parametrize(("name", "make"), [("客户.xlsx", padded_xlsx), ("客户.xls", padded_xls)])
def test_ids_keep_the_zeros_that_their_format_shows(tmp_path, rows_of, name, make):
    make(tmp_path / name)
    with read_text_table(tmp_path / name) as table:
        assert rows_of(table) == [(2, "000123", "1.5"), (3, "045678", "1.5")]


def days_of_1904(path):
    """43587 is 3 May 2023 where days are counted from 1904, and 2 May 2019 elsewhere."""
    if path.suffix == ".xlsx":
        workbook = openpyxl.Workbook()
        workbook.epoch = CALENDAR_MAC_1904
        workbook.active.append(HEADER)
        workbook.active.append(["C1", "D1", 43587, 1, 5])
        workbook.active.append(["C2", "D2", 43645, 1, 5])
        workbook.save(path)
    else:
        old = xlwt.Workbook()
        old.dates_1904 = True
        sheet = old.add_sheet("订单")
        for row, cells in enumerate([HEADER, ["C1", "D1", 43587, 1, 5], ["C2", "D2", 43645, 1, 5]]):
            for place, cell in enumerate(cells):
                sheet.write(row, place, cell)
        old.save(str(path))


@pytest.mark.parametrize("name", ["订单.xlsx", "订单.xls"])
@pytest.mark.parametrize("date_format", [None, "excel", "excel1904"])
def test_the_workbook_s_own_calendar_counts_its_days(tmp_path, store, column_of, orders_with, name, date_format):
    days_of_1904(tmp_path / name)
    mapping = orders_with(date_format=date_format)
    load(tmp_path / name, store=store, mapping=mapping, today=date(2026, 1, 1))
    assert [str(day)[:10] for day in column_of("transactions", "day")] == ["2023-05-03", "2023-06-30"]


@pytest.mark.parametrize("name", ["订单.xlsx", "订单.xls"])
def test_days_left_as_numbers_are_shown_and_asked(tmp_path, name):
    days_of_1904(tmp_path / name)
    mapping = suggest_mapping(tmp_path / name)
    (question,) = mapping.questions
    assert (question.key, question.facts["suggested"]) == ("serial_days", "excel1904")
    assert question.choices == {"excel1904": ("43587 → 2023-05-03", "43645 → 2023-06-30")}
    assert mapping.sources[0].date_format == "excel1904"


@pytest.mark.parametrize(
    ("packed", "number"), [(20 << 2 | 2, 20.0), (1250 << 2 | 3, 12.5), ((-5 << 2 | 2) & 0xFFFFFFFF, -5.0)]
)
def test_packed_numbers_of_the_old_format_areunpacked(packed, number):
    assert unpacked(packed) == number


def test_a_container_of_another_make_is_no_workbook_stream():
    assert (
        workbook_stream(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0\6\0" + bytes(2_000)
        )
        == b""
    )
