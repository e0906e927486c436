"""Names from files that steer a terminal or turn the reading direction: shown escaped wherever people read them."""

from __future__ import annotations

import io
import json
import logging
import unicodedata
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench import audit
from workbench.cli import main
from workbench.export import write_csv, write_xlsx
from workbench.i18n import catalog, t
from workbench.load import load
from workbench.panels.guarded_widgets import log_to_file
from workbench.panels.layout import text
from workbench.store import open_store
from workbench.visible_text import html_text, visible, visible_name

ANSI, TURNED, BELL, LINE = "\x1b[2J\x1b[31m", "\u202exslx", "\x07", "\u2028"
HOSTILE = f"订单{ANSI}{TURNED}{BELL}{LINE}"
FILE = f"{HOSTILE}.csv"


def hidden_in(words: str) -> list[str]:
    """The characters of a text that nobody sees, line ends and tabs left aside."""
    return [one for one in words if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp", "Cs"} and one not in "\n\t"]


@pytest.fixture
def hostile_file(tmp_path: Path) -> Path:
    """Orders in a file, and with a column, whose names are hostile; a customer's name and a bad amount are, too."""
    path = tmp_path / FILE
    rows = [f"C{row},O{row},2024-01-0{row + 1},{row + 1}.5,{TURNED}" for row in range(6)]
    lines = [f"customer_id,order_id,day,amount,备注{TURNED}{ANSI}", *rows, f"C9,O9,2024-01-09,{ANSI}many,x"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_people_read_in_a_terminal_holds_no_hidden_character(hostile_file: Path, tmp_path: Path, capsys):
    store = str(tmp_path / "crm.store")
    for words in (
        ["check", str(hostile_file)],
        ["load", str(hostile_file), "--store", store, "--yes"],
        ["remove", "--store", store],
        ["remove", HOSTILE, "--store", store],
        ["load", str(tmp_path / f"none{ANSI}.csv"), "--store", store],
        ["publish", "--store", str(tmp_path / f"no{TURNED}.store")],
    ):
        main(words)
    said = capsys.readouterr()
    assert hidden_in(said.out) == hidden_in(said.err) == []
    assert "\\x1b[2J\\x1b[31m\\u202exslx" in said.out, "the name is shown, not hidden"


def test_reports_and_the_store_name_a_hostile_file_visibly(hostile_file: Path, tmp_path: Path):
    report = load(hostile_file, store=tmp_path / "crm.store")
    for lang in ("zh", "en"):
        assert hidden_in(report.text(lang)) == []
    assert hidden_in(report._repr_html_()) == []
    (file,) = report.files
    assert file.file == visible(FILE)
    with open_store(tmp_path / "crm.store") as opened:
        assert hidden_in("".join(opened.transactions.columns)) == []
        assert [hidden_in(source.file) for source in opened.snapshot.sources] == [[]]
    again = load(hostile_file, store=tmp_path / "crm.store")
    assert again.files[0].unchanged, "the file is known again by its visible name"


def test_pages_show_hostile_values_escaped():
    assert hidden_in(html_text(HOSTILE)) == hidden_in(text("p", HOSTILE)) == []


def test_exports_show_headings_and_notes_escaped_and_keep_values_exactly():
    frame = pd.DataFrame({f"列{TURNED}": [HOSTILE, "王小明\n第二行"]})
    table, book = io.BytesIO(), io.BytesIO()
    write_csv(table, frame, notes={"filter": HOSTILE})
    note, heading, *rows = table.getvalue().decode("utf-8-sig").split("\r\n")
    assert hidden_in(note + heading) == []
    assert HOSTILE in "\r\n".join(rows), "a value that is exported is the one that was loaded"
    write_xlsx(book, {"表": frame}, notes={"filter": HOSTILE}, lang="zh")
    about, sheet = openpyxl.load_workbook(book)
    assert hidden_in("".join(str(cell.value or "") for row in about for cell in row)) == []
    assert sheet["A1"].value == "列\\u202exslx"


def test_sentences_escape_what_they_name():
    key = next(key for key, words in catalog().items() if "{file}" in words["en"] and words["en"].count("{") == 1)
    assert t(key, "en", file=HOSTILE) == t(key, "en", file=visible(HOSTILE))
    assert hidden_in(t(key, "zh", file=[HOSTILE, HOSTILE])) == []
    assert hidden_in(t(key, "zh", file=Path(HOSTILE))) == []


def test_logs_hold_no_hidden_character(tmp_path: Path, monkeypatch):
    whole, log = logging.getLogger("workbench"), tmp_path / "page.log"
    before = list(whole.handlers)
    monkeypatch.setenv("WORKBENCH_LOG", str(log))
    whole.handlers.clear()
    try:
        log_to_file()
        whole.warning("%s cannot be read", HOSTILE)
        audit.note(tmp_path, "view", topic="rfm", count=1, snapshot="s", who=HOSTILE, reason=HOSTILE)
    finally:
        for handler in whole.handlers:
            handler.close()
        whole.handlers[:] = before
    lines = log.read_text(encoding="utf-8") + (tmp_path / "audit.log").read_text(encoding="utf-8")
    assert hidden_in(lines) == []
    assert json.loads((tmp_path / "audit.log").read_text(encoding="utf-8"))["who"] == visible(HOSTILE)


@pytest.mark.parametrize("plain", ["王小明", "Zoë O’Neil", "👨‍👩‍👧 家庭", "नमस्ते", "می‌خواهم", "𠮷野家", "a\u0301"])
def test_names_of_every_script_stay_as_they_are(plain: str):
    assert visible(plain) == visible_name(plain) == plain
