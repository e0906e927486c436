"""The load report says in both languages what became of every row."""

from __future__ import annotations

import re

import pytest

from workbench.load import Mapping, SourceMapping, check
from workbench.panels.load_report import question_words, rejects_html, report_html, report_text

ORDERS = "客户编号,下单日期,销售额\nK1,2024-03-05,100\nK2,2024-02-30,200\nK3,2024-03-06,</script><b>三百\n"


@pytest.fixture
def report(tmp_path):
    (tmp_path / "订单.csv").write_text(ORDERS, encoding="utf-8")
    columns = {"客户编号": "customer_id", "下单日期": "day", "销售额": "amount"}
    source = SourceMapping(files=("订单.csv",), table="transactions", columns=columns)
    return check([tmp_path], mapping=Mapping((source,)))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["读取 3 行：载入 1，拒收 2，忽略 0", "不存在的日期"]),
        ("en", ["3 rows read: 1 loaded", "does not exist"]),
    ],
)
def test_the_counts_and_reasons_are_said(report, lang: str, words: list[str]):
    said = report_text(report, lang)
    assert [word for word in words if word not in said] == []
    assert not re.search(r"\bimpossible_date\b|\{\w+\}", said), "a key or a blank is left"


def test_the_page_shows_hostile_values_as_text(report):
    for html in (report_html(report, "zh"), rejects_html(report, "zh")):
        assert "<b>" not in html
        assert "</script>" not in html
    assert "&lt;b&gt;三百" in rejects_html(report, "en")


def test_open_questions_are_said_with_what_they_are_about(tmp_path):
    (tmp_path / "dates.csv").write_text(
        "客户编号,下单日期,销售额\nK1,03/05/2024,100\nK2,04/05/2024,90\n", encoding="utf-8"
    )
    report = check([tmp_path])
    (question,) = report.questions
    assert "下单日期" in question_words(question, "zh")
    assert "1 questions" in report_text(report, "en")
