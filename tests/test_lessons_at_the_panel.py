"""Who reads an answer off the panel of the lesson gets the exercise right: panel and exercise tell the same story."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pandas as pd
import pytest

from tests.conftest import ROOT
from workbench.analyses import segment_table
from workbench.lessons import Lesson
from workbench.lessons.exercises import exercises
from workbench.pages import page
from workbench.panels import Panel, Session
from workbench.topics.clusters import clusters_panel
from workbench.topics.core_customers import core_customers_panel
from workbench.topics.lifetime_value import lifetime_value_panel
from workbench.topics.loyalty import loyalty_panel
from workbench.topics.movement import movement_panel
from workbench.topics.pareto import pareto_panel
from workbench.topics.retention import retention_panel
from workbench.topics.revenue import revenue_panel
from workbench.topics.rfm import rfm_panel
from workbench.topics.satisfaction import satisfaction_panel
from workbench.topics.segment_rules import rule_builder_panel, segment_editor_panel
from workbench.topics.transactions import transactions_panel
from workbench.topics.two_criteria import two_criteria_panel
from workbench.widgets import ChartView


@pytest.fixture(scope="module")
def lesson(sample_store) -> Lesson:
    made = Lesson(lang="zh", store=sample_store)
    yield made
    made.session.store.close()


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def number(words: str) -> float:
    """The number that begins a text: 1,489（56.8%）, 22.8, 74.0%."""
    read = re.match(r"\s*([+−-]?[\d,.]+)(%?)", words)
    value = float(read[1].replace(",", "").replace("−", "-"))
    return value / 100 if read[2] else value


def figure(html: str, label: str) -> tuple[str, str]:
    """A key figure on screen: its value and the note below it."""
    for name, value, note in re.findall(
        r"<dt>(.*?)</dt><dd class=\"wb-value\">(.*?)</dd>(?:<dd class=\"wb-note\">(.*?)</dd>)?", html
    ):
        if label in name:
            return plain(value), plain(note)
    raise AssertionError(f"no figure {label} in {plain(html)}")


def table(html: str) -> list[dict[str, str]]:
    """The first table on screen, by its headings."""
    whole = re.search(r"<table.*?</table>", html, re.DOTALL)[0]
    heads = [plain(head).strip() for head in re.findall(r"<th\b.*?</th>", whole)]
    rows = [re.findall(r"<td\b.*?</td>", row) for row in re.findall(r"<tr.*?</tr>", whole, re.DOTALL)]
    return [dict(zip(heads, (plain(cell).strip() for cell in row), strict=True)) for row in rows if row]


def of_figure(panel: Panel, label: str) -> float:
    return number(figure(panel.widget.figures.value, label)[0])


def of_table(panel: Panel, where: str, what: str) -> float:
    """A cell of the table below the figures: the row by its first cell."""
    rows = table(panel.widget.summary.value)
    return number(next(row[what] for row in rows if where in next(iter(row.values()))))


def of_cell(view: ChartView, *, cohort: int, age: int) -> float:
    """How many customers a cell of the triangle names where the mouse rests on it."""
    cells = view.rows["cells"]
    begins = sorted({cell["cohort_key"] for cell in cells})[cohort]
    return number(
        next(one["count_label"] for one in cells if (one["cohort_key"], one["cohort_age"]) == (begins, str(age)))
    )


def opened(make: Callable[[Session], Panel], session: Session, **values: Any) -> Panel:
    panel = make(session)
    panel.set(**values)
    return panel


def part_of_customers(session: Session) -> float:
    """The amount beside the customers in the table of the parts, the second one."""
    panel = opened(transactions_panel, session, span="year", factors="orders", by="none")
    rows = table(panel.widget.summary.value.partition("变化拆解")[2])
    return number(next(row["变化额"] for row in rows if row["部分"].startswith("客户数")).replace("¥", ""))


def customers_on_the_overview(session: Session) -> float:
    return number(figure(page(session, "overview", [revenue_panel]).key_figures.figures.value, "活跃客户")[0])


def lowest_touchpoint(session: Session) -> str:
    panel = opened(satisfaction_panel, session, measure="csat", by="touchpoint")
    rows = [row for row in table(panel.widget.summary.value) if row["有效回答"] != "—"]
    return min(rows, key=lambda row: number(row["客户满意度得分 (CSAT)"]))["触点"]


def bought_once(session: Session) -> float:
    """The column F1 of the grid, added up."""
    cells = rfm_panel(session).answer.cells
    return float(cells.loc[cells["f_score"] == 1, "customer_count"].sum())


def f_moved_up(session: Session) -> float:
    rows = rfm_panel(session).answer.sensitivity.rows
    return float(rows.loc[(rows["measure"] == "frequency") & (rows["place"] == 2), "higher_count"].iloc[0])


def richest_of_four(session: Session) -> float:
    panel = opened(clusters_panel, session, k=4)
    rows = table(panel.widget.summary.value)
    return number(max(rows, key=lambda row: number(row["金额占比"]))["客户数"])


def newcomers_who_stay_least(session: Session) -> str:
    """The table that the lesson's code makes, asked for 475 days."""
    source = next(
        "".join(cell["source"])
        for cell in pd.read_json(ROOT / "notebooks" / "07_loyalty_lifecycle.ipynb", typ="series")["cells"]
        if cell["cell_type"] == "code" and "LifecycleSegmentation" in "".join(cell["source"])
    )
    names: dict[str, Any] = {"session": session}
    names["collect"] = session.store.collect
    exec(source.replace("DAYS = 90", "DAYS = 475").replace("\ncollect(", "\nseen = collect("), names)  # noqa: S102
    rows = names["seen"].dropna().pivot_table(index="region", columns="segment", values="customer_count")
    rows = rows.fillna(0)
    stay = rows.reindex(columns=["growing", "stable", "reactivated"], fill_value=0).sum(axis=1)
    return str((stay / rows.sum(axis=1)).idxmin())


READ: dict[str, Callable[[Session], Any]] = {
    "start-1": customers_on_the_overview,
    "rfm-1": lambda session: of_table(rfm_panel(session), "明星客户", "客户数"),
    "rfm-2": lambda session: max(
        table(rfm_panel(session).widget.summary.value), key=lambda row: number(row["金额占比"])
    )["客户分群"],
    "rfm-3": bought_once,
    "rfm-4": f_moved_up,
    "segment_tables-1": lambda session: of_figure(
        segment_editor_panel(session, table=segment_table("r_rfm_vignette")), "符合多条规则"
    ),
    "pareto-1": lambda session: of_figure(pareto_panel(session), "前 20%"),
    "pareto-2": lambda session: of_figure(pareto_panel(session), "80%"),
    "pareto-3": lambda session: of_table(pareto_panel(session), "D", "数量"),
    "satisfaction-1": lambda session: of_figure(satisfaction_panel(session), "NPS"),
    "satisfaction-2": lowest_touchpoint,
    "satisfaction-3": lambda session: number(
        figure(satisfaction_panel(session).widget.figures.value, "缺失")[1].partition("拒答")[2]
    ),
    "rules-1": lambda session: of_table(rule_builder_panel(session), "刚脱保", "客户数"),
    "rules-2": lambda session: of_figure(
        rule_builder_panel(session, rules=session.segmentation("arpu_bands")), "由顺序决定"
    ),
    "two_criteria-1": lambda session: of_figure(two_criteria_panel(session), "未定"),
    "two_criteria-2": lambda session: of_figure(opened(two_criteria_panel, session, policy="better"), "A"),
    "loyalty-1": lambda session: of_table(loyalty_panel(session), "流失", "客户数"),
    "loyalty-2": newcomers_who_stay_least,
    "clusters-1": lambda session: of_figure(clusters_panel(session), "类数"),
    "clusters-2": richest_of_four,
    "movement-1": lambda session: of_figure(opened(movement_panel, session, window="period"), "下降"),
    "retention-1": lambda session: of_cell(
        opened(retention_panel, session, every="quarter").views["triangle"], cohort=1, age=1
    ),
    "retention-2": lambda session: of_table(retention_panel(session), "90", "再次购买"),
    "transactions-1": part_of_customers,
    "transactions-2": lambda session: re.search(
        "占比上升最多：(.*?)，",
        opened(transactions_panel, session, span="year", by="category").views["structure"].title,
    )[1],
    "lifetime_value-1": lambda session: number(
        re.search(r"实际 ([\d,]+)）", lifetime_value_panel(session).views["frequency"].title)[1]
    ),
    "core-1": lambda session: number(
        re.search(r"（([\d,]+) 位）", core_customers_panel(session).views["ranks"].title)[1]
    ),
}
"""How the answer of each exercise is read off the screen of its lesson; those of loading stand in its report."""


@pytest.mark.parametrize("name", READ)
def test_the_answer_on_the_panel_is_the_answer_of_the_exercise(lesson: Lesson, name: str):
    answer = READ[name](lesson.session)
    verdict = lesson.check(name, answer)
    assert verdict.is_right, f"{name}: the panel shows {answer}; the exercise says: {verdict.words}"


def test_the_report_of_a_load_shows_what_its_exercises_ask(lesson: Lesson):
    sources = lesson.session.store.snapshot.sources
    assert lesson.check("load-1", sum(source.rows_rejected for source in sources)).is_right
    assert lesson.check("load-2", len({source.file for source in sources})).is_right


def test_every_exercise_was_worked_out_at_its_panel():
    assert {*READ, "load-1", "load-2"} == set(exercises())


def test_a_segment_may_be_named_as_the_panel_names_it(lesson: Lesson):
    for answer in ("明星客户", "Champions", "champions"):
        assert lesson.check("rfm-2", answer).is_right
    assert not lesson.check("rfm-2", "潜在忠诚客户").is_right
