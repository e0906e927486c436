"""The report in words: sums that add up, columns that align, the same thing said once, nothing left as a key."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from workbench.i18n import LANGUAGES
from workbench.load import check, load, suggest_mapping
from workbench.load.reporting.report_display import terminal_width
from workbench.load.reporting.sentences import notes_of, question_words

BAD = ("4,D4,2024-02-30,5", "5,D5,2024-01-09,不详")


@pytest.fixture
def report(write, store, orders):
    """Two files with the same two kinds of bad rows, and refunds in one."""
    first = write("1,D1,2024-01-05,5", "2,D2,2024-01-06,-6", *BAD, name="订单<b>甲.csv")
    second = write("6,D6,2024-01-05,5", "", *BAD, name="orders_b.csv")
    return load([first, second], store=store, mapping=orders, today=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["读取 8 行 = 载入 3 + 拒绝 4 + 忽略 1", "拒绝 2 行（日期）：是不存在的日期", "空行 1", "载入完成"]),
        ("en", ["8 rows read = 3 loaded + 4 rejected + 1 ignored", "Rows rejected: 2", "blank lines 1", "Loaded."]),
    ],
)
def test_the_sums_and_the_reasons_are_said(report, lang: str, words: list[str]):
    said = report.text(lang)
    assert [word for word in words if word not in said] == []
    assert not re.search(r"\b[a-z]+_[a-z]+_?[a-z]*\b(?!\.csv)|\{\w*\}", said.replace("orders_b.csv", ""))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_columns_of_the_files_stand_below_each_other(report, lang: str):
    heading, *rows = report.text(lang).splitlines()[2:5]
    ends = [re.search(r"\d  ", line).start() for line in rows]
    assert len({terminal_width(line[: end + 1]) for line, end in zip(rows, ends, strict=True)}) == 1
    assert terminal_width(heading) >= max(terminal_width(line[: end + 1]) for line, end in zip(rows, ends, strict=True))


def test_the_same_reason_in_two_files_is_one_note_with_both_places(report):
    notes = notes_of(report.problems, "en")
    (days,) = [note for note in notes if "does not exist" in note.text]
    assert days.places == ("订单<b>甲.csv, line 4", "orders_b.csv, line 4")
    assert [note.level for note in notes] == sorted((note.level for note in notes), key=["warning", "info"].index)


def test_44_items_without_answers_are_one_line(tmp_path):
    items = [f"E{number:02}" for number in range(1, 45)]
    rows = [
        f"R{row}," + ",".join("-99" if row == item else str((row + item) % 7 + 1) for item in range(44))
        for row in range(60)
    ]
    path = tmp_path / "服务质量问卷.csv"
    path.write_text("问卷编号," + ",".join(items) + "\n" + "\n".join(rows), encoding="utf-8")
    said = check(path, mapping=replace(suggest_mapping(path), questions=())).text("zh")
    assert len([line for line in said.splitlines() if "没有分数" in line]) == 1


def test_names_of_files_are_text_in_html(report):
    html = report.html("zh")
    assert "<b>" not in html
    assert "订单&lt;b&gt;甲.csv" in html


def test_a_report_prints_in_the_readers_language_and_is_short_as_a_value(report, monkeypatch):
    monkeypatch.setenv("WORKBENCH_LANG", "zh_CN")
    assert str(report) == report.text("zh")
    assert "读取" in report._repr_html_()
    monkeypatch.setenv("WORKBENCH_LANG", "en")
    assert str(report) == report.text("en")
    assert repr(report) == "LoadReport(2 files, read=8, loaded=3, rejected=4, ignored=1)"


def test_open_questions_are_listed_with_their_answers_and_how_the_data_reads(tmp_path):
    path = tmp_path / "订单.csv"
    path.write_text("客户编号,下单日期,销售额\nK1,03/05/2024,100\nK2,04/05/2024,90\n", encoding="utf-8")
    report = check(path)
    said = report.text("zh")
    assert "下单日期" in question_words(report.questions[0], "zh")
    assert "日/月/年：03/05/2024 → 2024-05-03" in said
    assert "月/日/年：03/05/2024 → 2024-03-05" in said
    assert "1 questions open" in repr(report)


def test_what_was_in_the_store_already_is_said_to_be_unchanged(report, tmp_path, store, orders):
    again = load(tmp_path / "orders_b.csv", store=store, mapping=orders)
    said = again.text("zh")
    assert "无变化" in said
    assert "没有变化" in said
