"""What systems call an Excel export and is none is refused by its true name, with what to do."""

from __future__ import annotations

import pytest

from workbench.errors import LoadError
from workbench.load import read_text_table

TABLE = "<table border=1><tr><th>客户编号</th><th>金额</th></tr><tr><td>000123</td><td>5</td></tr></table>"
EXPORTS = {
    "html": ("web_page", f"<html><body>{TABLE}</body></html>"),
    "html in a div": ("web_page", f'<div>\n\t<html xmlns:x="urn:x"><body>{TABLE}'),
    "a bare table": ("web_page", TABLE),
    "after a mark and blank lines": ("web_page", f"\ufeff\r\n\r\n{TABLE}"),
    "after a comment": ("web_page", f"<!-- ERP 7 -->\n<meta charset=utf-8>{TABLE}"),
    "with a document type": ("web_page", f'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html>{TABLE}'),
    "a style first": ("web_page", f"<style>td{{}}</style>{TABLE}"),
    "web archive": ("web_archive", f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n{TABLE}'),
    "web archive saved": ("web_archive", f"From: <Saved>\nSubject: x\nMIME-Version: 1.0\n\n{TABLE}"),
    "xml spreadsheet": ("xml_spreadsheet", '<?xml version="1.0"?>\n<Workbook xmlns="urn:x"><Worksheet/></Workbook>'),
    "xml spreadsheet with an instruction": (
        "xml_spreadsheet",
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook xmlns:ss="urn:x"/>',
    ),
    "xml": ("xml_file", '<?xml version="1.0"?><orders><order id="1"/></orders>'),
    "json": ("json_file", '[{"客户": "A", "金额": 5}]'),
    "json object": ("json_file", '{"data": [{"客户": "A"}]}'),
    "pdf": ("pdf_file", "%PDF-1.7\n%âãÏÓ"),
    "rtf": ("rich_text_file", r"{\rtf1\ansi 客户}"),
}


@pytest.mark.parametrize("name", ["导出.xls", "导出.csv", "导出.xlsx"])
@pytest.mark.parametrize(("key", "content"), EXPORTS.values(), ids=EXPORTS)
def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path, name, key, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(LoadError) as refused:
        read_text_table(tmp_path / name)
    assert refused.value.key == key
    for lang, action in (("zh", ("另存为", "导出")), ("en", ("save it as", "Export"))):
        words = refused.value.words(lang)
        assert name in words
        assert any(word in words for word in action)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_a_web_page_is_known_in_every_encoding(tmp_path, encoding):
    (tmp_path / "导出.xls").write_text(f"<html><body>{TABLE}", encoding=encoding)
    with pytest.raises(LoadError) as refused:
        read_text_table(tmp_path / "导出.xls")
    assert refused.value.key == "web_page"


@pytest.mark.parametrize("header", ["<客户>,<金额>", "[客户],[金额]", "{客户},{金额}", "客户,<b>金额</b>"])
def test_signs_in_a_header_make_no_page_of_a_table(write, header):
    with read_text_table(write("1,2", "3,4", header=header)) as table:
        assert len(table.names) == 2
