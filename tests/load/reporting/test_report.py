"""The report: counts that add up, one frame row per file, rejects that can be mended in a spreadsheet."""

from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest

from workbench.errors import LoadError
from workbench.i18n import catalog
from workbench.load import load
from workbench.load.progress import ProgressMeter
from workbench.load.reporting.file_report import IGNORED_KINDS

HOSTILE = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "＝1+1")


@pytest.fixture
def report(write, store, orders):
    """Three good rows, a blank line, and a bad row for each hostile customer."""
    bad = [f'"{text.replace(chr(34), chr(34) * 2)}",D9,昨天,5' for text in HOSTILE]
    path = write("1,D1,2024-01-05,5", "", "2,D2,2024-01-06,6", "3,D3,2024-01-07,7", *bad)
    return load(path, store=store, mapping=orders, today=date(2026, 1, 1))


def test_the_counts_add_up(report):
    (row,) = report.frame().to_dict("records")
    assert row["rows_read"] == row["rows_loaded"] + row["rows_rejected"] + row["rows_ignored"] == 9
    assert row["rows_ignored"] == sum(row[f"ignored_{kind}"] for kind in IGNORED_KINDS) == 1
    assert len(report.rejects) == row["rows_rejected"] == len(HOSTILE)


def test_rejected_rows_carry_every_cell_of_their_line(report):
    rows = report.rejected_rows()
    assert rows["客户编号"].tolist() == list(HOSTILE)
    assert rows[["line", "column_name", "reason", "金额"]].values.tolist()[0] == [6, "day", "not_date", "5"]


def test_a_mended_export_loads(report, tmp_path, orders_with, store):
    path = report.export_rejects(tmp_path / "rejects.csv")
    text = path.read_text(encoding="utf-8-sig").replace("昨天", "2024-01-08")
    mended = tmp_path / "mended.csv"
    mended.write_text(text, encoding="utf-8")
    again = load(mended, store=store, mapping=orders_with(files=("mended.csv",)))
    assert again.files[-1].rows_loaded == len(HOSTILE)


def test_an_exported_workbook_holds_no_formula(report, tmp_path):
    path = report.export_rejects(tmp_path / "rejects.xlsx")
    sheets = openpyxl.load_workbook(path)
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert HOSTILE[0] in {cell.value for cell in cells}


def test_an_exported_csv_starts_no_cell_with_a_formula(report, tmp_path):
    path = report.export_rejects(tmp_path / "rejects.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@＝＋－＠" and cell]


def test_rejects_go_to_known_types_of_file_only(report, tmp_path):
    with pytest.raises(LoadError, match=r"\.xlsx, \.csv"):
        report.export_rejects(tmp_path / "rejects.pdf")


def test_a_report_without_rejects_exports_an_empty_table(write, store, orders, tmp_path):
    report = load(write("1,D1,2024-01-05,5"), store=store, mapping=orders)
    assert report.rejected_rows().empty
    assert report.export_rejects(tmp_path / "rejects.xlsx").exists()


def test_every_problem_and_reason_has_words(report):
    texts = catalog()
    for problem in report.problems:
        assert f"load.problem.{problem.key}" in texts
    for reason in report.rejects["reason"]:
        assert f"load.reject_{reason}" in texts
    assert all(f"load.ignored_{kind}" in texts for kind in IGNORED_KINDS)


def test_progress_never_goes_past_the_end():
    told = []
    meter = ProgressMeter(told.append, "read", "订单.csv", 10)
    for amount in (4, 4, 4):
        meter.advance(amount)
    assert [step.done for step in told] == [0, 4, 8, 10]
