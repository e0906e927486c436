"""Reading as text: the delimiter, the header and the lines are found in the bytes, and nothing is interpreted."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，", "^", "~"])
def test_the_delimiter_is_found(write, rows_of, mark):
    path = write(f"000123{mark}张三{mark}1.5", header=f"客户编号{mark}姓名{mark}金额")
    with read_text_table(path) as table:
        assert table.names == ("客户编号", "姓名", "金额")
        assert rows_of(table) == [(2, "000123", "张三", "1.5")]


def test_runs_of_blanks_separate_cells_where_nothing_else_does(write, rows_of):
    path = write(" 00004 0001 19970101  2   29.33", " 00021 0002 19970101  3   63.34", header="")
    with read_text_table(path) as table:
        assert table.names == ("column_1", "column_2", "column_3", "column_4", "column_5")
        assert rows_of(table)[1] == (2, "00021", "0002", "19970101", "3", "63.34")


def test_decimal_commas_do_not_win_over_semicolons(write, rows_of):
    path = write("12,5;13,6", "7,0;8,1", header="score_a;score_b")
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "12,5", "13,6"), (3, "7,0", "8,1")]


def test_a_file_of_one_column_keeps_every_line(write, rows_of):
    path = write("18812345678", "18887654321", header="手机号")
    with read_text_table(path) as table:
        assert (table.names, len(rows_of(table))) == (("手机号",), 2)


def test_cells_stay_as_they_are_written(write, rows_of):
    path = write("17850.0,03/05/2024, yes ,1e5", header="id,day,flag,amount")
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "17850.0", "03/05/2024", " yes ", "1e5")]


def test_embedded_line_ends_count_as_lines(write, rows_of):
    path = write('1,"第一行', '第二行"', "2,短", '3,"a', "", 'b"', "4,末", header="编号,内容")
    with read_text_table(path) as table:
        lines = [(row[0], row[1]) for row in rows_of(table)]
    assert lines == [(2, "1"), (4, "2"), (5, "3"), (8, "4")]


def test_blank_lines_are_counted_and_do_not_shift_the_others(write, rows_of):
    path = write("1,a", "", "2,b", "   ", "3,c", "", "", header="id,name")
    with read_text_table(path) as table:
        assert [row[0] for row in rows_of(table)] == [2, 4, 6]
        assert table.blank == 4


def test_the_header_is_found_below_titles(write):
    path = write("", "客户编号,金额,日期", "1,5,2024-01-01", "2,6,2024-01-02", header="三月订单明细,,")
    with read_text_table(path) as table:
        assert (table.names, table.header_line, table.first_line) == (("客户编号", "金额", "日期"), 3, 4)
        assert (table.titles, table.blank) == (1, 1)


@pytest.mark.parametrize(
    "titles",
    [
        ["门店,某店", "区间,2024-02"],
        ["门店,某店,", "区间,2024-02,", ",,"],
        ["门店,某店"],
        ["合计,,100.00"],
        ["三月订单", "", "制表,王芳", ""],
    ],
)
def test_titles_of_names_and_values_are_not_the_header(write, rows_of, titles):
    path = write(*titles, "客户编号,日期,金额", *(f"K{day},2024-01-0{day},5" for day in range(1, 7)), header="")
    with read_text_table(path) as table:
        assert (table.names, table.header_line) == (("客户编号", "日期", "金额"), len(titles) + 1)
        assert len(rows_of(table)) == 6


def test_a_header_with_an_unnamed_column_stays_the_header(write, rows_of):
    with read_text_table(write("张三,男,北京", "李四,女,上海", header="姓名,,城市")) as table:
        assert table.names == ("姓名", "column_2", "城市")
        assert len(rows_of(table)) == 2


def test_a_second_row_that_names_what_the_header_leaves_empty_is_part_of_it(write):
    lines = [",,,应收,实收,", "A,C1,2024-01-05,100,80,x", "B,C2,2024-01-06,50,50,"]
    with read_text_table(write(*lines, header="订单号,客户编号,日期,金额,,备注")) as table:
        assert table.names == ("订单号", "客户编号", "日期", "金额—应收", "金额—实收", "备注")
        assert table.first_line == 3


def test_a_row_of_words_below_a_header_stays_data_where_no_numbers_follow(write):
    with read_text_table(write(",,x,y", "C1,王,z,上海", "C2,李,w,北京", header="customer,name,,city")) as table:
        assert table.first_line == 2


def test_a_file_without_header_keeps_its_first_row(write, rows_of):
    path = write("1,张三,2024-01-05", "2,李四,2024-01-06", header="")
    with read_text_table(path) as table:
        assert table.header_line == 0
        assert rows_of(table)[0] == (1, "1", "张三", "2024-01-05")


def test_the_mapping_may_say_where_the_header_stands(write, rows_of):
    path = write("年,2023,2024", "张三,5,6", header="2022,2023,2024")
    with read_text_table(path, header_row=2) as table:
        assert table.names == ("年", "2023", "2024")
        assert rows_of(table) == [(3, "张三", "5", "6")]
    with read_text_table(path, header_row=0) as table:
        assert len(rows_of(table)) == 3


def test_headers_are_cleaned_and_told_apart(write):
    path = write("1,2,3,4,5", header="NETPRO  ,订单　ID,金额,金额,")
    with read_text_table(path) as table:
        assert table.names == ("NETPRO", "订单 ID", "金额", "金额_2", "column_5")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(write, rows_of, end):
    path = write("1,a", "2,b", header="id,name", end=end)
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "1", "a"), (3, "2", "b")]


def test_the_last_line_needs_no_end(tmp_path, rows_of):
    (tmp_path / "orders.csv").write_bytes(b"id,name\n1,a\n2,b")
    with read_text_table(tmp_path / "orders.csv") as table:
        assert rows_of(table)[-1] == (3, "2", "b")


def test_gzip_is_unpacked(tmp_path, rows_of):
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress("编号,姓名\n1,张三\n".encode("gbk")))
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "1", "张三")]


def test_a_gzip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * (100 << 20)))
    with pytest.raises(LoadError) as refused:
        read_text_table(path)
    assert refused.value.key == "gzip_repeats"


def test_a_cut_gzip_is_refused(tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(os.urandom(10_000))[:-100])
    with pytest.raises(LoadError, match="cannot be unpacked"):
        read_text_table(path)


def test_parquet_comes_as_text_with_its_row_number(tmp_path, rows_of):
    frame = pd.DataFrame(
        {"客户": [17850.0, None], "金额": [2.55, 3.0], "时间": pd.to_datetime(["2024-01-05 08:41", None])}
    )
    frame.to_parquet(tmp_path / "orders.parquet")
    with read_text_table(tmp_path / "orders.parquet") as table:
        assert rows_of(table) == [(1, "17850", "2.55", "2024-01-05 08:41:00"), (2, None, "3", None)]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "arrow"])
def test_tables_in_memory_are_read_like_files(rows_of, make):
    given = make({"客户编号": ["000123", "000124"], "金额": [1, 2]})
    with read_text_table(given) as table:
        assert table.names == ("客户编号", "金额")
        assert rows_of(table) == [(1, "000123", "1"), (2, "000124", "2")]


def test_equal_tables_have_equal_hashes_and_others_not():
    hashes = []
    for ids in (["1", "2"], ["1", "2"], ["1", "3"]):
        with read_text_table(pd.DataFrame({"客户编号": ids})) as table:
            hashes.append(table.sha256)
    assert hashes[0] == hashes[1] != hashes[2]


def test_progress_tells_every_byte(write):
    told = []
    path = write(*(f"{number},姓名{number}" for number in range(5_000)), header="id,name", encoding="gb18030")
    with read_text_table(path, progress=told.append):
        pass
    assert {(step.stage, step.done) for step in told if step.done == step.total} == {
        ("look", path.stat().st_size),
        ("decode", path.stat().st_size),
    }


def test_temporary_files_go_when_the_table_is_closed(write):
    path = write("1,张三", header="id,name", encoding="gb18030")
    with read_text_table(path) as table:
        folder = Path(table.workspace.name)
        assert list(folder.iterdir())
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.csv", b"", "empty_file"),
        ("blank.csv", b"\n\n \n", "empty_file"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not_text"),
        ("page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", "web_page"),
        ("orders.xlsx", b"customer,amount\n1,5\n", "not_a_workbook"),
        ("orders.parquet", b"PAR1 cut off", "broken_parquet"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path, name, content, key):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError) as refused:
        read_text_table(path)
    assert refused.value.key == key
    assert name in refused.value.words("zh")
    assert name in refused.value.words("en")


def test_a_missing_file_and_a_folder_without_data_are_named(tmp_path):
    with pytest.raises(LoadError, match="There is no file"):
        read_text_table(tmp_path / "没有.csv")
    (tmp_path / "空").mkdir()
    with pytest.raises(LoadError, match="holds no data file"):
        read_text_table(tmp_path / "空")


def test_a_list_of_numbers_is_no_source():
    with pytest.raises(LoadError, match="cannot be loaded"):
        read_text_table([1, 2, 3])
