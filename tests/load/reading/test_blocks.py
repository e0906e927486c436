"""A report of blocks is no table and is refused as what it is; a table with gaps, titles and notes is read."""

from __future__ import annotations

import openpyxl
import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table

ORDER = [
    ["单号", "K-0091", "下单时间", "2023-08-14 09:20"],
    [],
    ["收货人", "电话", "地址"],
    ["周静", "13800000001", "湖滨路 7 号"],
    [],
    ["货号", "名称", "件数", "单价", "合计"],
    ["F-11", "滤芯", "2", "45.00", "90.00"],
    [],
]


def as_lines(rows, *, width=0):
    return [",".join([*row, *[""] * (width - len(row))]) for row in rows]


@pytest.mark.parametrize("orders", [1, 2, 30])
@pytest.mark.parametrize("width", [0, 5], ids=["ragged", "padded to one width"])
def test_a_report_of_blocks_is_refused_with_what_to_do(write, orders, width):
    path = write(*as_lines(ORDER * orders, width=width), header="")
    with pytest.raises(LoadError) as refused:
        read_text_table(path)
    assert refused.value.key == "report_of_blocks"
    assert refused.value.facts["lines"][:2] == [3, 6]
    assert "导出明细列表" in refused.value.words("zh")
    assert "one row for each sale" in refused.value.words("en")


def test_blocks_in_a_sheet_are_refused_alike(tmp_path):
    workbook = openpyxl.Workbook()
    for row in ORDER * 3:
        workbook.active.append(row or [None])
    workbook.save(tmp_path / "小票.xlsx")
    with pytest.raises(LoadError) as refused:
        read_text_table(tmp_path / "小票.xlsx")
    assert refused.value.key == "report_of_blocks"


TABLES = {
    "gaps between months": [
        "客户,日期,金额",
        "A,2024-01-05,5",
        "B,2024-01-06,6",
        "",
        "A,2024-02-05,7",
        "B,2024-02-06,8",
    ],
    "a header on every page": [
        "客户,日期,金额",
        "A,2024-01-05,5",
        "B,2024-01-06,6",
        "",
        "客户,日期,金额",
        "A,2024-02-05,7",
    ],
    "a key-value title": ["门店,某店", "区间,2024-02", "", "客户,日期,金额", *["A,2024-01-05,5"] * 6],
    "a small summary below": ["客户,日期,金额", *["A,2024-01-05,5"] * 9, "", "渠道,笔数,金额", "线上,5,100"],
    "signatures below": ["客户,日期,金额", *["A,2024-01-05,5"] * 9, "", "制表,王芳,", "审核,李四,"],
    "nothing but words": ["姓名,意见,等级", "甲,很好,满意", "", "乙,很好,满意", "", "丙,一般,一般", "", "丁,很好,满意"],
}


@pytest.mark.parametrize("lines", TABLES.values(), ids=TABLES)
def test_a_table_with_gaps_titles_and_notes_is_a_table(write, lines):
    with read_text_table(write(*lines, header="")) as table:
        assert len(table.names) == 3
