"""Reports of several blocks are refused for what they are; tables with titles, notes and repeated headers are not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table

DELIVERY_NOTES = """\
单号,D-1,日期,2024-03-01,司机,王
收货人,电话
张,13800000000
品名,件数,单价,小计
机油,2,50.00,100.00
单号,D-2,日期,2024-03-02,司机,李
收货人,电话
赵,13900000000
品名,件数,单价,小计
轮胎,4,300.00,1200.00
"""
STACKED = """\
门店,一月,二月
东店,100,120
西店,90,95

品类,数量,金额,占比
机油,10,500.00,12%
轮胎,4,1200.00,30%
"""
TABLES_AFTER_ALL = {
    "titles": "销售明细\n制表,王\n日期,2024-03-01\n\n客户,日期,金额\nA,2024-01-05,1.5\nB,2024-01-06,2.5\n",
    "header of every page": "客户,日期,金额\nA,2024-01-05,1.5\n\n客户,日期,金额\nB,2024-01-06,2.5\n",
    "words alone, the same again": "性别,态度,建议\n男,满意,无\n女,一般,快些\n男,满意,无\n女,一般,快些\n",
    "a note below": "客户,日期,金额\nA,2024-01-05,1.5\nB,2024-01-06,2.5\n\n制表,王,审核,李\n",
}


@pytest.mark.parametrize("text", [DELIVERY_NOTES, STACKED])
def test_a_report_of_blocks_is_refused_with_what_to_do(tmp_path: Path, text: str):
    (tmp_path / "报表.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        read_text_table(tmp_path / "报表.csv")
    assert caught.value.key == "report_of_blocks"
    assert "报表.csv 不是一张表" in caught.value.words("zh")
    assert "header_row" in caught.value.words("en")


def test_a_sheet_of_blocks_is_refused_and_one_block_can_be_named(tmp_path: Path):
    rows = [(line.split(",") + [""] * 4)[:4] for line in STACKED.splitlines()]
    pd.DataFrame(rows).to_excel(tmp_path / "报表.xlsx", header=False, index=False, engine="xlsxwriter")
    with pytest.raises(LoadError, match="several blocks"):
        read_text_table(tmp_path / "报表.xlsx")
    with read_text_table(tmp_path / "报表.xlsx", header_row=5) as table:
        assert table.names == ("品类", "数量", "金额", "占比")


@pytest.mark.parametrize("text", TABLES_AFTER_ALL.values(), ids=TABLES_AFTER_ALL)
def test_a_table_with_titles_notes_and_repeated_headers_is_one(tmp_path: Path, text: str):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with read_text_table(tmp_path / "a.csv") as table:
        assert len(table.names) == 3
