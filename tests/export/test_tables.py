"""Exported tables: what a spreadsheet finds in them when it opens them again."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ExportError
from workbench.export import is_formula_like, write_csv, write_xlsx

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.invalid","看")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "  =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u3000=1+1",
    "'=1+1",
    '"=1+1',
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
    "${7*7}",
    "_x003D_1+1",
    "{=SUM(A1)}",
    "http://example.invalid/=1",
]


def xlsx(frame: pd.DataFrame, **more) -> openpyxl.Workbook:
    content = io.BytesIO()
    write_xlsx(content, {"客户": frame}, notes=more.pop("notes", {}), lang="zh", **more)
    return openpyxl.load_workbook(io.BytesIO(content.getvalue()))


def csv_rows(frame: pd.DataFrame) -> list[list[str]]:
    content = io.BytesIO()
    write_csv(content, frame)
    return list(csv.reader(io.StringIO(content.getvalue().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", ["str", "object"])
def test_no_hostile_text_is_a_formula_in_excel_and_none_is_changed(kind):
    frame = pd.DataFrame({"name": pd.Series(HOSTILE, dtype=kind)})
    cells = [row[0] for row in xlsx(frame)["客户"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert [cell.value.replace("_x000D_", "\r").replace("_x0000_", "\0") for cell in cells] == HOSTILE
    assert all(cell.quotePrefix for cell, text in zip(cells, HOSTILE, strict=True) if is_formula_like(text))


@pytest.mark.parametrize("kind", ["str", "object"])
def test_no_hostile_text_starts_a_formula_in_csv(kind):
    frame = pd.DataFrame({"name": pd.Series(HOSTILE, dtype=kind)})
    values = [row[0] for row in csv_rows(frame)[1:]]
    assert len(values) == len(HOSTILE)
    assert not any(is_formula_like(value) for value in values)
    assert [value.removeprefix("'") for value in values] == [text.removeprefix("'") for text in HOSTILE]


@pytest.mark.parametrize("place", ["header", "sheet", "note", "label", "renamed"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_name_is_a_formula_anywhere_in_the_file(place, text):
    frame = pd.DataFrame({text if place == "header" else "name": ["王小明"]})
    content = io.BytesIO()
    write_xlsx(
        content,
        {text if place == "sheet" else "客户": frame},
        notes={text if place == "label" else "filter": text if place == "note" else "全部"},
        lang="en",
        headers={"name": text} if place == "renamed" else None,
    )
    book = openpyxl.load_workbook(io.BytesIO(content.getvalue()))
    assert len(book.sheetnames) == 2
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_every_text_comes_back_from_csv_as_it_was_but_for_the_apostrophe(texts):
    frame = pd.DataFrame({"name": pd.Series(texts, dtype=object)})
    values = [row[0] for row in csv_rows(frame)[1:]]
    expected = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    assert [
        value.removeprefix("'") if is_formula_like(text) else value
        for value, text in zip(values, expected, strict=True)
    ] == expected


def test_numbers_stay_numbers_and_days_stay_days_in_excel():
    seen_at = datetime.fromisoformat("2024-02-29 08:41")
    frame = pd.DataFrame(
        {
            "customer_id": ["007"],
            "amount": [Decimal("-1234.50")],
            "orders": [3],
            "cumulative_share": [0.746],
            "first_on": [pd.Timestamp("2024-02-29")],
            "seen_at": [seen_at],
            "is_loyal": [True],
            "day": [date(2025, 12, 31)],
        }
    )
    sheet = xlsx(frame)["客户"]
    values = [cell.value for cell in sheet[2]]
    assert values == [
        "007", -1234.5, 3, 0.746, pd.Timestamp(2024, 2, 29), seen_at, True, pd.Timestamp(2025, 12, 31),
    ]  # fmt: skip
    assert sheet["D2"].number_format == "0.0%"
    assert sheet["B2"].number_format == "#,##0.00"
    assert sheet["C2"].number_format == "#,##0"
    assert sheet["E2"].number_format == "yyyy-mm-dd"


def test_negative_numbers_stay_numbers_in_csv():
    assert csv_rows(pd.DataFrame({"amount": [-12.5], "note": ["-12.5"]}))[1] == ["-12.5", "'-12.5"]


def test_what_is_missing_is_an_empty_cell():
    frame = pd.DataFrame(
        {"a": [None, 1.0], "b": pd.to_datetime([None, "2025-01-01"]), "c": pd.Series([pd.NA, "x"], dtype="str")}
    )
    assert [cell.value for cell in xlsx(frame)["客户"][2]] == [None, None, None]
    assert csv_rows(frame)[1] == ["", "", ""]


def test_a_long_number_keeps_every_digit():
    frame = pd.DataFrame({"card": [6222021234567890123]})
    assert xlsx(frame)["客户"]["A2"].value == "6222021234567890123"
    assert csv_rows(frame)[1] == ["6222021234567890123"]


def test_days_before_excels_calendar_are_kept_as_text():
    assert xlsx(pd.DataFrame({"day": [date(1899, 12, 31)]}))["客户"]["A2"].value == "1899-12-31"


def test_the_first_sheet_says_what_the_table_is():
    book = xlsx(
        pd.DataFrame({"a": [1]}), notes={"definition": "累计销售额前 80%", "as_of": date(2025, 12, 31), "自定": 5}
    )
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()] == [
        ["定义", "累计销售额前 80%"],
        ["数据截止日", "2025-12-31"],
        ["自定", "5"],
    ]
    assert book.sheetnames == ["说明", "客户"]


def test_headers_are_said_in_the_readers_words():
    assert xlsx(pd.DataFrame({"monetary": [1]}), headers={"monetary": "消费金额"})["客户"]["A1"].value == "消费金额"


def test_chinese_columns_are_wide_enough():
    narrow, wide = (
        xlsx(pd.DataFrame({"n": [text]}))["客户"].column_dimensions["A"].width
        for text in ("abcdefgh", "重要价值客户明细")
    )
    assert wide >= narrow + 8


@pytest.mark.parametrize("names", [["a/b", "a?b"], ["History", "history"], ["x" * 40, "x" * 40], ["说明", "'"]])
def test_sheet_names_excel_refuses_are_mended(names):
    content = io.BytesIO()
    write_xlsx(
        content,
        {f"{name}{'' if i == 0 else ' '}": pd.DataFrame({"a": [i]}) for i, name in enumerate(names)},
        notes={},
        lang="zh",
    )
    book = openpyxl.load_workbook(io.BytesIO(content.getvalue()))
    assert [sheet["A2"].value for sheet in book.worksheets[1:]] == [0, 1]


def test_a_text_too_long_for_a_cell_is_cut_and_the_first_sheet_says_so():
    book = xlsx(pd.DataFrame({"comment": ["长" * 40_000, "短"]}))
    assert len(book["客户"]["A2"].value) == 32_767
    assert "1 处" in book.worksheets[0]["B1"].value


def test_a_table_too_long_for_a_sheet_is_refused_in_words():
    frame = pd.DataFrame({"a": range(1_048_576)})
    with pytest.raises(ExportError) as caught:
        write_xlsx(io.BytesIO(), {"订单": frame}, notes={}, lang="zh")
    assert "1048576" in caught.value.words("zh")
    assert "CSV" in caught.value.words("en")


def test_csv_begins_with_the_mark_excel_needs_for_chinese():
    content = io.BytesIO()
    write_csv(content, pd.DataFrame({"客户": ["王小明"]}))
    assert content.getvalue() == '\ufeff"客户"\r\n"王小明"\r\n'.encode()


def test_an_empty_table_keeps_its_headers():
    frame = pd.DataFrame({"客户": pd.Series([], dtype="str"), "金额": pd.Series([], dtype=float)})
    assert csv_rows(frame) == [["客户", "金额"]]
    assert [cell.value for cell in xlsx(frame)["客户"][1]] == ["客户", "金额"]


def test_exporting_changes_no_frame_and_leaves_no_other_file(tmp_path):
    frame = pd.DataFrame({"name": ["=1+1"], "day": [pd.Timestamp("2025-01-01", tz="Asia/Shanghai")]})
    before = frame.copy(deep=True)
    write_csv(tmp_path / "客户.csv", frame)
    write_xlsx(tmp_path / "客户.xlsx", {"客户": frame}, notes={}, lang="zh")
    pd.testing.assert_frame_equal(frame, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["客户.csv", "客户.xlsx"]
