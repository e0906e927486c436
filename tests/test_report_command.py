"""`workbench report`: the page asked for with exactly the filters asked for, or a sentence and no file."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from tests.company import crowd
from workbench import cli
from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.serving import wish_of
from workbench.store import open_store


@pytest.fixture(scope="module")
def address(make_store) -> Path:
    return make_store(*crowd(seed=1, customers=400), published=True).address


@pytest.fixture
def run(address, tmp_path, capsys):
    """Run `workbench report` on the company; return its exit status, what it said, and the files it wrote."""

    def report(*words: str):
        status = cli.main(["report", str(address), *words, "--output", str(tmp_path / "out")])
        said = capsys.readouterr()
        return status, said.out + said.err, sorted((tmp_path / "out").glob("*"))

    return report


def words_of(path: Path) -> str:
    return re.sub(r"\s", "", "".join(sheet.get_textpage().get_text_range() for sheet in PdfDocument(path)))


def test_a_report_in_all_formats_says_its_filters(run):
    filters = ["period=last_12_months", "region=华东"]
    status, said, (pdf, deck, book) = run("--filters", *filters, "--language", "zh", "--format", "pdf,pptx,xlsx")
    assert status == 0
    assert [path.suffix for path in (pdf, deck, book)] == [".pdf", ".pptx", ".xlsx"]
    assert "已生成" in said
    assert pdf.name == "overview_2024-01-01--2024-12-31_华东.pdf"
    assert "区域：华东" in words_of(pdf)
    assert any("区域：华东" in str(cell.value) for row in openpyxl.load_workbook(book).worksheets[0] for cell in row)


def test_a_pasted_address_opens_its_page_filters_and_language(run):
    pasted = "http://127.0.0.1:8866/crm/pareto?lang=en&region=%E5%8D%8E%E5%8D%97&pareto.by=margin&token=secret"
    status, _said, (pdf,) = run("--address", pasted)
    assert status == 0
    assert pdf.name.startswith("pareto_")
    assert "region:华南" in words_of(pdf)
    assert "margin" in words_of(pdf)
    assert "secret" not in words_of(pdf)


def test_a_section_of_a_board_is_part_of_the_address(run):
    status, _said, (pdf,) = run("--page", "segments", "--filters", "section=overlap", "--lang", "zh")
    assert status == 0
    assert re.sub(r"\s", "", t("panels.segment_overlap.title", "zh")) in words_of(pdf)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--filters", "region=火星"], "region=火星"),
        (["--filters", "regoin=华东"], "regoin=华东"),
        (["--filters", "since=2024-01-01"], "since=2024-01-01"),
        (["--filters", "pareto.a_share=7"], "pareto.a_share=7"),
        (["--filters", "tiers.move=x"], "tiers.move=x"),
        (["--filters", "segments=champions"], "segments=champions"),
        (["--filters", "华东"], "华东"),
        (["--page", "overveiw"], "overveiw"),
        (["--format", "docx"], "docx"),
    ],
)
def test_what_cannot_be_had_is_said_and_nothing_is_written(run, words, named):
    status, said, files = run(*words, "--lang", "zh")
    assert (status, files) == (1, [])
    assert named in said
    assert "Traceback" not in said


def test_where_a_package_is_missing_nothing_is_written_and_the_command_to_install_it_is_said(run, monkeypatch):
    monkeypatch.setattr("workbench.export.extra.find_spec", lambda _name: None)
    status, said, files = run("--format", "xlsx,pdf", "--lang", "en")
    assert (status, files) == (1, [])
    assert "pip install 'crm-workbench[report]'" in said
    status, _said, files = run("--format", "xlsx", "--lang", "en")
    assert (status, len(files)) == (0, 1)


def test_a_store_without_a_publication_says_what_to_do(tmp_path, make_store, capsys):
    own = make_store().address
    assert cli.main(["report", str(own), "--lang", "zh", "--output", str(tmp_path)]) == 1
    assert "workbench publish" in capsys.readouterr().err


def test_an_address_and_filters_are_one_wish_and_filters_come_last():
    wish = wish_of("http://localhost/overview?region=A&period=all", ["region=B&customer_type=C"])
    assert (wish.page, wish.parts) == ("overview", {"region": "B", "period": "all", "customer_type": "C"})
    assert wish_of("", [], page="pareto").page == "pareto"
    with pytest.raises(ChoiceError, match="NAME=VALUE"):
        wish_of("", ["nonsense"])


def test_the_environment_is_as_before(run, address, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STORE", "elsewhere")
    monkeypatch.setenv("QUERY_STRING", "region=nowhere")
    import os

    assert run("--page", "pareto", "--format", "xlsx", "--lang", "en")[0] == 0
    assert (os.environ["WORKBENCH_STORE"], os.environ["QUERY_STRING"]) == ("elsewhere", "region=nowhere")
    assert open_store(address, published=True).snapshot.published
