"""The picture of month after month in the READMEs shows what loading does: its figures come out of these loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import ROOT
from tests.load.conftest import ORDERS
from workbench.load import Mapping, answered, load
from workbench.load.reporting.report import LoadReport
from workbench.store import open_store, restore

ANSWERS = {"same_name": "add", "overlap": "once"}
SVG = "{http://www.w3.org/2000/svg}"


def orders(month: int, days: range) -> list[str]:
    return [f"C{day},{month:02}-{day:02},2024-{month:02}-{day:02},100" for day in days]


FILES = (
    ("orders.csv", orders(1, range(1, 21))),
    ("orders.csv", orders(2, range(19, 29))),
    ("orders.csv", [*orders(1, range(1, 20)), "C30,01-30,2024-01-30,40"]),
    ("march.csv", [*orders(2, range(24, 29)), *orders(3, range(1, 11))]),
)


def held(store: Path) -> list[int]:
    """How many orders the store holds, and for how much money."""
    with open_store(store) as opened:
        lines = opened.transactions
        sums = lines.aggregate(n=lines.order_id.nunique(), money=lines.amount.cast("float64").sum())
        rows = opened.collect(sums)
    return [int(rows["n"][0]), int(rows["money"][0])]


@pytest.fixture
def story(write: Callable[..., Path], store: Path) -> tuple[list[list[str]], list[LoadReport], list[list[int]]]:
    """Load the four files one after another and go back one step: the questions, the reports, what the store held."""
    questions, reports, holdings, rules = [], [], [], ORDERS
    for name, rows in FILES:
        path = write(*rows, name=name)
        report = load(path, store=store, mapping=Mapping((rules,)))
        questions.append([one.key for one in report.questions])
        for question in report.questions:
            rules = answered(Mapping((rules,), questions=(question,)), question, ANSWERS[question.key]).sources[0]
            report = load(path, store=store, mapping=Mapping((rules,)))
        reports.append(report)
        holdings.append(held(store))
    restore(store, snapshot=reports[2].snapshot.id)
    return questions, reports, [*holdings, held(store)]


def steps(lang: str) -> list[dict[str, list[str]]]:
    """The texts of each step of a picture: all of them, and what the store holds."""
    picture = ET.parse(ROOT / "docs" / "images" / f"month-after-month-{lang}.svg")  # noqa: S314 - our own file
    groups = [one for one in picture.iter(f"{SVG}g") if one.get("class") == "step"]
    return [
        {
            "all": [text.text or "" for text in group.iter(f"{SVG}text")],
            "held": [text.text or "" for text in group.iter(f"{SVG}text") if text.get("class") == "held"],
        }
        for group in groups
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_shows_what_the_store_holds_after_each_step(lang, story):
    _, _, holdings = story
    shown = [[int(one.replace(",", "")) for one in re.findall(r"[0-9][0-9,]*", *step["held"])] for step in steps(lang)]
    assert shown == holdings == [[20, 2000], [30, 3000], [30, 2940], [40, 3940], [30, 2940]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_shows_what_is_asked_and_said(lang, story):
    questions, reports, _ = story
    assert questions == [[], ["same_name"], [], ["overlap"]]
    said = [{problem.key: problem.facts for problem in report.problems} for report in reports]
    added, corrected, overlap = (
        said[1]["source_added"],
        said[2]["source_replaced"],
        said[3]["overlap_once"],
    )
    facts = [
        [len(FILES[0][1])],
        [added["has"], added["had"]],
        [corrected["has"], corrected["kept"], corrected["gone"], corrected["new"]],
        [len(FILES[3][1]), overlap["count"]],
    ]
    pictured = [
        sorted(int(number) for text in step["all"][1:-1] for number in re.findall(r"[0-9]+", text))
        for step in steps(lang)[:4]
    ]
    assert pictured == [sorted(one) for one in facts]


def test_both_readmes_show_it():
    for readme, lang in (("README.md", "en"), ("README.zh-CN.md", "zh")):
        assert f"(docs/images/month-after-month-{lang}.svg)" in (ROOT / readme).read_text(encoding="utf-8")
