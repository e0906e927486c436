"""Rows that hold more cells than the header names: refused where most do, rejected where some do, never read amiss."""

from __future__ import annotations

import pytest

from workbench.errors import LoadError
from workbench.load import Mapping, SourceMapping, check

HEADER = "客户编号,订单号,日期,金额"
MAPPED = Mapping(
    (
        SourceMapping(
            files=("*.csv",),
            table="transactions",
            columns={"客户编号": "customer_id", "订单号": "order_id", "日期": "day", "金额": "amount"},
        ),
    )
)
WHOLE = [f"C{number},O{number},2024-01-{number + 1:02},{100 + number}" for number in range(9)]
CUT = [f"C{number},P{number},2024-02-{number + 1:02},1,{100 + number}" for number in range(20)]


def write(folder, rows):
    path = folder / "orders.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("rows", [CUT, [*WHOLE, *CUT], ["a, b,O1,2024-01-05,3"] * 5])
def test_a_file_whose_rows_are_mostly_wider_than_its_header_is_refused_and_says_why(tmp_path, rows):
    with pytest.raises(LoadError) as refused:
        check(write(tmp_path, rows))
    assert refused.value.key == "rows_wider_than_header"
    assert (refused.value.facts["cells"], refused.value.facts["count"]) == (5, 4)
    assert "1,200" in refused.value.words("zh")


def test_with_a_mapping_the_rows_that_fit_are_loaded_and_the_others_kept_as_rejects(tmp_path):
    report = check(write(tmp_path, [*WHOLE, *CUT]), mapping=MAPPED)
    (file,) = report.files
    assert (file.rows_loaded, file.rows_rejected) == (9, 20)
    with pytest.raises(LoadError, match="names 4"):
        check(write(tmp_path, CUT), mapping=MAPPED)


def test_few_rows_with_a_comma_too_many_are_rejected_by_suggestion_too(tmp_path):
    report = check(write(tmp_path, [*WHOLE, *CUT[:2]]))
    assert list(report.rejects["line"]) == [11, 12]


def test_a_separator_at_the_end_of_every_row_is_no_column(tmp_path):
    report = check(write(tmp_path, [f"{row}," for row in WHOLE]), mapping=MAPPED)
    assert report.files[0].rows_loaded == 9
