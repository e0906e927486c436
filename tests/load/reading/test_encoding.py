"""Encodings by the bytes: exact, or a question with a preview; never mojibake."""

from __future__ import annotations

import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table
from workbench.load.reading import byte_scan

CHINESE = [f"{number:06},上海顺达汽车服务有限公司,王小明,￥{number}.50" for number in range(1, 4)]
HEADER = "客户编号,公司名称,联系人,金额"
PROVEN = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"]


@pytest.fixture
def small_pieces(monkeypatch):
    """Read a few bytes at a time, so that characters are cut at every place."""
    monkeypatch.setattr(byte_scan, "PIECE_BYTES", 7)


@pytest.mark.parametrize("encoding", PROVEN)
@pytest.mark.parametrize("rows", [1, 3, 400, 20_000])
def test_chinese_text_comes_back_exactly(write, rows_of, encoding, rows):
    lines = (CHINESE * (rows // 3 + 1))[:rows]
    path = write(*lines, header=HEADER, encoding=encoding, name="gbk.csv")
    with read_text_table(path) as table:
        assert not table.questions
        assert [",".join(map(str, row[1:])) for row in rows_of(table)] == lines


@pytest.mark.parametrize("encoding", PROVEN)
def test_characters_cut_between_two_reads_survive(write, rows_of, encoding, small_pieces):
    path = write(*CHINESE, header=HEADER, encoding=encoding)
    with read_text_table(path) as table:
        assert [row[2] for row in rows_of(table)] == ["上海顺达汽车服务有限公司"] * 3


def test_characters_only_gb18030_has_are_exact(write, rows_of):
    path = write("1,𠮷野家㐂,€5", header="编号,商户名称,金额", encoding="gb18030")
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "1", "𠮷野家㐂", "€5")]


def test_the_name_of_a_file_is_no_evidence(write, rows_of):
    path = write("1,张三", header="编号,姓名", encoding="utf-8", name="客户_gbk.csv")
    with read_text_table(path) as table:
        assert (table.encoding, rows_of(table)[0][2]) == ("utf-8", "张三")


def test_macroman_with_cr_ends_is_known(write, rows_of):
    path = write("1,Café Zürich", "2,Señor Peña", header="id,name", encoding="mac_roman", end="\r")
    with read_text_table(path) as table:
        assert (table.encoding, rows_of(table)) == ("mac_roman", [(2, "1", "Café Zürich"), (3, "2", "Señor Peña")])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "臺灣裕隆汽車股份有限公司，龍鳳麟龜"),
        ("cp1252", "Müller & Söhne, Köln – Straße"),
        ("shift_jis", "株式会社トヨタ自動車販売"),
    ],
)
def test_what_the_bytes_do_not_prove_is_asked_with_a_preview(write, encoding, text):
    path = write(f"1;{text}", f"2;{text}", header="id;name", encoding=encoding)
    with read_text_table(path) as table:
        (question,) = table.questions
    assert question.key == "which_encoding"
    assert len(question.choices) > 1
    assert any(text in line for lines in question.choices.values() for line in lines)


def test_an_answered_question_is_asked_no_more(write, rows_of):
    path = write("1;Müller & Söhne", header="id;name", encoding="cp1252")
    with read_text_table(path, encoding="cp1252") as table:
        assert not table.questions
        assert rows_of(table)[0][2] == "Müller & Söhne"


def test_a_wrong_declared_encoding_is_refused_and_never_garbled(write):
    path = write(*CHINESE, header=HEADER, encoding="gbk")
    for declared in ("utf-8", "utf-16", "big5"):
        with pytest.raises(LoadError) as refused:
            read_text_table(path, encoding=declared)
        assert refused.value.key in ("wrong_encoding", "not_text")


def test_an_encoding_nobody_knows_is_named(write):
    with pytest.raises(LoadError, match="no encoding called latin-9000"):
        read_text_table(write(*CHINESE, header=HEADER), encoding="latin-9000")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_cut_character_costs_its_own_line_only(tmp_path, rows_of, encoding):
    lines = [line.encode(encoding) for line in (HEADER, *CHINESE * 30)]
    lines[20] = lines[20][:15] + lines[20][16:]
    path = tmp_path / "cut.csv"
    path.write_bytes(b"\n".join(lines))
    with read_text_table(path) as table:
        assert [(record.line, record.reason) for record in table.rejects] == [(21, "broken_character")]
        assert len(rows_of(table)) == 89
