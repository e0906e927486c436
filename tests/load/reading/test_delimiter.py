"""The delimiter is the character under which whole rows and their header make sense, at every length."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.load import check, read_text_table, suggest_mapping
from workbench.load.reading.delimiter import find_delimiter

LENGTHS = [1, 3, 45, 60, 300, 5_000]

LOOKALIKES = {
    "ids that end in a tab": ("会员号,订单号,金额", "M{0},2024{0:08}\t,{0}.50"),
    "every cell ends in a tab": ("会员号,订单号,金额", "M{0}\t,2024{0:08}\t,{0}.50\t"),
    "the header has tabs too": ("会员号\t,订单号\t,金额\t", "M{0}\t,2024{0:08}\t,{0}.50\t"),
    "ids that begin with a tab": ("\t会员号,\t订单号,\t金额", "\tM{0},\t2024{0:08},\t{0}.50"),
    "a tab inside the quotes": ("会员号,订单号,金额", '"M{0}","2024{0:08}\t","{0}.50"'),
    "a tab behind the quotes": ("会员号,订单号,金额", '"M{0}"\t,"2024{0:08}"\t,{0}.50'),
    "one ; in each text": ("会员号,备注,金额", "M{0},洗车;打蜡,{0}.50"),
    "one | in each text": ("会员号,备注,金额", "M{0},洗车 | 打蜡,{0}.50"),
    "one ; in each text and in the header": ("会员号,备注(甲;乙),金额", "M{0},洗车;打蜡,{0}.50"),
    "two columns, one ; in each text": ("会员号,标签", "M{0},甲;乙"),
    "a ; that ends each row": ("会员号,订单号,金额;", "1{0:03},2{0:03},{0}.50;"),
    "a tab that ends each row": ("会员号,订单号,金额\t", "1{0:03},2{0:03},{0}.50\t"),
    "numbers throughout, one ; in a text": ("会员号,备注,金额", "1{0:03},1;2,{0}"),
    "cells padded with blanks": ("会员号      ,订单号        ,金额    ", "M{0}      ,2024{0:08}\t,{0}.50    "),
}


@pytest.mark.parametrize("rows", LENGTHS)
@pytest.mark.parametrize(("header", "row"), LOOKALIKES.values(), ids=LOOKALIKES)
def test_what_ends_or_stands_in_each_cell_is_no_delimiter(write, rows_of, header, row, rows):
    path = write(*(row.format(number) for number in range(rows)), header=header)
    with read_text_table(path) as table:
        assert table.delimiter == ","
        assert (table.header_line, len(table.names)) == (1, header.count(",") + 1)
        assert len(rows_of(table)) == rows


@pytest.mark.parametrize("rows", LENGTHS)
@pytest.mark.parametrize(
    ("sign", "header", "row"),
    [
        (";", "Kunde;Umsatz, netto;Datum", "K{0};{0},50;2024-01-05"),
        (";", "客户;时间;金额", "K{0}\t;2024-01-05 10:00;{0},50"),
        ("|", "客户|备注|金额", "K{0}|甲;乙, 丙|{0},50"),
        ("\t", "客户\t姓名, 称呼\t金额", "K{0}\t张, 先生\t1,{0:03}.50"),
        ("^", "客户^备注^金额", "K{0}^甲, 乙^{0}.50"),
    ],
)
def test_commas_in_cells_do_not_win_over_the_delimiter(write, rows_of, sign, header, row, rows):
    path = write(*(row.format(number) for number in range(rows)), header=header)
    with read_text_table(path) as table:
        assert (table.delimiter, len(table.names), len(rows_of(table))) == (sign, 3, rows)


@pytest.mark.parametrize(("first", "next_month"), [(45, 60), (300, 45), (60, 5_000)])
def test_the_mapping_of_one_month_loads_the_next_at_another_length(write, first, next_month):
    header, row = "会员号,订单号,下单时间,实付金额", "M{0},2024{0:08}\t,2024-03-01 10:00:00,{0}.50"
    january = write(*(row.format(number) for number in range(first)), header=header, name="订单_1月.csv")
    mapping = suggest_mapping(january)
    assert not mapping.questions
    mapping = replace(mapping, sources=(replace(mapping.sources[0], files=("订单_*.csv",)),))
    february = write(*(row.format(number) for number in range(next_month)), header=header, name="订单_2月.csv")
    (file,) = check(february, mapping=mapping).files
    assert (file.rows_read, file.rows_loaded, file.delimiter) == (next_month, next_month, ",")


def test_titles_that_outnumber_the_rows_hide_neither_delimiter_nor_header(write, rows_of):
    titles = ["=" * 60, "账单导出", "户名：某店", *(f"{line}. 说明文字" for line in range(20)), "", "-" * 40]
    rows = [f"2024-02-0{day} 10:00:00 ,李**     ,{day}.00   ,2024{day:08}\t," for day in range(1, 4)]
    path = write(*titles, "交易时间   ,交易对方   ,金额   ,订单号   ,", *rows, header="说明")
    with read_text_table(path) as table:
        assert (table.delimiter, table.header_line) == (",", len(titles) + 2)
        assert table.names[:4] == ("交易时间", "交易对方", "金额", "订单号")
        assert [row[4] for row in rows_of(table)] == ["202400000001\t", "202400000002\t", "202400000003\t"]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;"])
def test_a_line_that_names_the_delimiter_is_believed_and_is_no_data(write, rows_of, line):
    path = write("客户,号;金额", "1,2;3", "4,5;6", header=line)
    with read_text_table(path) as table:
        assert (table.delimiter, table.names, table.titles) == (";", ("客户,号", "金额"), 1)
        assert rows_of(table) == [(3, "1,2", "3"), (4, "4,5", "6")]


def test_a_line_that_names_a_sign_the_file_does_not_hold_is_not_believed(write):
    with read_text_table(write("客户,金额", "1,2", header="sep=;")) as table:
        assert (table.delimiter, table.names) == (",", ("客户", "金额"))


def test_a_header_cell_with_a_line_break_is_one_name(write, rows_of):
    path = write('编号";"金额', '(元)"', *(f"K{number};{number},50" for number in range(60)), header='"客户')
    with read_text_table(path) as table:
        assert (table.names, table.header_line, table.first_line) == (("客户 编号", "金额 (元)"), 1, 4)
        rows = rows_of(table)
    assert (rows[0], rows[-1], len(rows)) == ((4, "K0", "0,50"), (63, "K59", "59,50"), 60)


def test_line_ends_of_three_kinds_in_one_file_end_lines(tmp_path, rows_of):
    (tmp_path / "mixed.csv").write_bytes("客户,金额\r\n1,2\n3,4\r5,6\r\n".encode())
    with read_text_table(tmp_path / "mixed.csv") as table:
        assert rows_of(table) == [(2, "1", "2"), (3, "3", "4"), (4, "5", "6")]


def test_one_column_of_texts_is_not_split_at_the_sign_a_few_hold():
    assert find_delimiter(["备注", *(f"文字{number}" for number in range(50)), "甲;乙", "丙;丁"]) == ","
