"""Encodings by the bytes: exact, or a question with a preview; never mojibake."""

from __future__ import annotations

import pytest

from workbench.errors import ChoiceError, LoadError
from workbench.load import answered, load, read_text_table, suggest_mapping
from workbench.load.reading import byte_scan
from workbench.load.reporting.sentences import question_words

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


def test_the_lines_in_doubt_are_previewed_wherever_they_stand(tmp_path):
    """The first 400,000 bytes are ASCII: what is asked about comes after them."""
    path = tmp_path / "visits.csv"
    lines = ["customer,note", *(f"C{number},nothing to say here" for number in range(20_000)), "Neil Französisch,ok"]
    path.write_bytes("\n".join([*lines, ""]).encode("mac_roman"))
    with read_text_table(path) as table:
        (question,) = table.questions
    assert question.facts["lines"] == [20_002]
    assert question.choices["mac_roman"] == ("Neil Französisch,ok",)
    assert len(set(question.choices.values())) == len(question.choices) > 1
    assert "存疑各行（第 20002 行）" in question_words(question, "zh")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *((encoding, text) for encoding in ("mac_roman", "cp1252") for text in ("Müller & Söhne", "Zoë", "naïve café")),
        ("cp1250", "Škoda"),
    ],
)
def test_the_right_reading_is_always_among_the_choices(write, encoding, text):
    path = write("1;plain", f"2;{text}", header="id;name", encoding=encoding)
    with read_text_table(path) as table:
        (question,) = table.questions
    assert any(text in line for lines in question.choices.values() for line in lines)


def test_the_answer_stands_in_the_mapping_and_next_month_is_not_asked(write, store):
    rows = ["K1,D1,2024-01-05,5", "Zoë,D2,2024-01-06,6"]
    path = write(*rows, header="customer_id,order_id,order_date,amount", encoding="mac_roman", name="orders_1.csv")
    mapping = suggest_mapping(path)
    (question,) = mapping.questions
    mapping = answered(mapping, question, "mac_roman")
    assert 'encoding = "mac_roman"' in mapping.text()
    assert not load(path, store=store, mapping=mapping).questions


def test_headers_that_depend_on_the_encoding_are_looked_at_again(write):
    header = "numéro,customer_id,order_date,amount"
    path = write("1,K1,2024-01-05,5", header=header, encoding="mac_roman", name="orders.csv")
    mapping = suggest_mapping(path)
    question = next(one for one in mapping.questions if one.key == "which_encoding")
    assert next(iter(question.choices)) != "mac_roman"
    with pytest.raises(ChoiceError, match="Suggest its mapping again"):
        answered(mapping, question, "mac_roman")
    mapping = suggest_mapping(path, encodings={"orders.csv": "mac_roman"})
    assert "numéro" in {header for source in mapping.sources for header in source.headers}


MIXED = {
    "one behind the other": ["utf-8"] * 30 + ["gb18030"] * 30,
    "a few lines among many": ["utf-8"] * 58 + ["gb18030"] * 2,
    "a few lines the other way": ["gb18030"] * 58 + ["utf-8"] * 2,
    "in turns": ["utf-8", "gb18030"] * 30,
}


@pytest.mark.parametrize("encodings", MIXED.values(), ids=MIXED)
@pytest.mark.parametrize("declared", [None, "gb18030", "utf-8+gb18030"])
def test_lines_of_two_encodings_are_each_read_by_their_own_and_named(tmp_path, rows_of, encodings, declared):
    lines = [f"{number:06},上海顺达汽车服务有限公司,王小明" for number in range(len(encodings))]
    coded = [line.encode(encoding) for line, encoding in zip(lines, encodings, strict=True)]
    path = tmp_path / "合并.csv"
    path.write_bytes(b"\n".join(["客户编号,公司名称,联系人".encode(encodings[0]), *coded, b""]))
    with read_text_table(path, encoding=declared) as table:
        assert [",".join(map(str, row[1:])) for row in rows_of(table)] == lines
        assert (table.encoding, table.rejects) == ("utf-8+gb18030", ())
        if declared != "utf-8+gb18030":
            (problem,) = table.problems
            assert (problem.level, problem.key) == ("warning", "several_encodings")
            first_gb18030 = 1 if encodings[0] == "gb18030" else encodings.index("gb18030") + 2
            assert problem.facts["others"][0] == first_gb18030


def test_a_line_that_could_be_of_either_encoding_is_rejected_and_not_guessed(tmp_path, rows_of):
    """每 in GBK has the bytes of ÿ in UTF-8."""
    path = tmp_path / "合并.csv"
    lines = ["编号,名称".encode(), "1,上海顺达".encode(), "2,北京顺达".encode("gbk"), "3,每".encode("gbk")]
    path.write_bytes(b"\n".join([*lines, b""]))
    with read_text_table(path) as table:
        assert rows_of(table) == [(2, "1", "上海顺达"), (3, "2", "北京顺达")]
        assert [(record.line, record.reason) for record in table.rejects] == [(4, "broken_character")]


def test_chinese_in_utf8_beside_western_letters_is_asked_about_line_by_line(tmp_path, rows_of):
    path = tmp_path / "合并.csv"
    western = ["2,Müller".encode("cp1252")] * 5
    path.write_bytes(b"\n".join([b"id,name", "1,上海顺达汽车".encode(), *western, b""]))
    with read_text_table(path) as table:
        (question,) = table.questions
    assert question.choices["utf-8+cp1252"][:2] == ("1,上海顺达汽车", "2,Müller")
    with read_text_table(path, encoding="utf-8+cp1252") as table:
        assert [row[2] for row in rows_of(table)] == ["上海顺达汽车", *["Müller"] * 5]
    with pytest.raises(LoadError, match="is not written in gb18030"):
        read_text_table(path, encoding="gb18030")


def test_western_letters_of_two_encodings_are_asked_about_line_by_line(tmp_path, rows_of):
    path = tmp_path / "merged.csv"
    path.write_bytes(b"\n".join([b"id,name", "1,Müller".encode(), *["2,Söhne".encode("cp1252")] * 9, b""]))
    with read_text_table(path) as table:
        (question,) = table.questions
    assert question.choices["utf-8+cp1252"][:2] == ("1,Müller", "2,Söhne")
    with read_text_table(path, encoding="utf-8+cp1252") as table:
        assert {row[2] for row in rows_of(table)} == {"Müller", "Söhne"}
