"""Panel: one answer per gesture, the last good one kept, failures in words, and every look noted."""

from __future__ import annotations

import asyncio
import json

import pandas as pd
import pytest

from workbench.panels import Session
from workbench.panels.base import Answer, Panel
from workbench.panels.controls import share_slider
from workbench.topics.pareto.curve import AbcCurve
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.revenue.panel import revenue_panel
from workbench.topics.rfm.panel import rfm_panel
from workbench.topics.satisfaction.panel import satisfaction_panel
from workbench.topics.segments.panel import segments_panel


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return pareto_panel(session)


@pytest.mark.parametrize("make", [pareto_panel, revenue_panel, rfm_panel, satisfaction_panel])
def test_what_the_mouse_did_is_imports_and_three_lines(session, make):
    imports, _, lines = make(session).code().partition("\n\n")
    assert all(line.startswith(("from ", "import ")) for line in imports.splitlines())
    assert len(lines.splitlines()) == 3


def test_a_control_that_is_no_argument_of_the_analysis_is_refused(session):
    def shares(facts, *, a_share: float) -> Answer:
        raise AssertionError("never asked")

    control = {"b_share": share_slider(0.5, label="panels.pareto.b_share")}
    with pytest.raises(TypeError, match="b_share"):
        Panel(session, topic="pareto", controls=control, analyse=shares, draw=pd.DataFrame, analyses=(shares,))


def test_what_nobody_foresaw_is_logged_with_its_traceback_and_told_in_words(panel, caplog, monkeypatch):
    before = panel.rows
    monkeypatch.setattr(AbcCurve, "ends", lambda *_, **__: 1 / 0)
    panel.controls["a_share"].value = 0.5
    message = panel.widget.message.value
    assert "日志" in message
    assert "ZeroDivisionError" not in message
    assert "Traceback" in caplog.text
    monkeypatch.undo()
    assert panel.rows.equals(before)
    panel.controls["a_share"].value = 0.6
    assert panel.widget.message.value == ""


def test_a_burst_of_moves_is_answered_once_with_the_last_value(panel, monkeypatch):
    asked = []
    whole = panel._analyse
    monkeypatch.setattr(panel, "_analyse", lambda **chosen: asked.append(chosen["a_share"]) or whole(**chosen))

    async def drag() -> None:
        for share in (0.5, 0.6, 0.7):
            panel.controls["a_share"].value = share
        await asyncio.sleep(0.1)

    asyncio.run(drag())
    assert asked == [0.7]


def test_code_that_asks_at_once_gets_the_newest_answer(panel):
    async def move_and_ask() -> int:
        panel.controls["a_share"].value = 0.5
        return int(panel.rows.set_index("abc_class")["customer_count"]["A"])

    assert asyncio.run(move_and_ask()) == 1


def test_the_answer_is_marked_busy_only_while_it_is_computed(panel, monkeypatch):
    seen = []
    whole = panel._analyse

    def look(**chosen):
        seen.append("wb-busy" in panel.widget.body._dom_classes)
        return whole(**chosen)

    monkeypatch.setattr(panel, "_analyse", look)
    panel.controls["a_share"].value = 0.5
    assert seen == [True]
    assert "wb-busy" not in panel.widget.body._dom_classes


def test_code_and_sql_are_shown_to_analysts_and_not_to_managers(panel, published_store):
    panel.widget.how.header.click()
    assert "abc_classes" in panel.widget.method.value
    assert "SELECT" in panel.widget.method.value
    manager = pareto_panel(Session(published_store))
    manager.widget.how.header.click()
    assert "从高到低" in manager.widget.method.value
    assert "SELECT" not in manager.widget.method.value


def test_the_rows_and_the_charts_can_be_taken_along(panel):
    name, content = panel.downloads.sheet("csv")
    assert name == "pareto_2024-12-31.csv"
    assert content.decode("utf-8-sig").startswith("# 表名：80/20")
    assert panel.downloads.sheet("xlsx")[1][:2] == b"PK"
    assert b"<svg" in panel.downloads.picture("curve", "svg")[1]


def log_of(panel) -> list[dict]:
    return [json.loads(line) for line in (panel.session.store.address / "audit.log").read_text().splitlines()]


def test_a_look_at_customers_and_its_export_are_noted_with_the_reason(make_store):
    panel = pareto_panel(Session(make_store()))
    panel.views["curve"].picked = [{"abc_class": "C"}]
    export = panel.customers.export
    export.reason.value = "care_call"
    name, content = export.sheet("csv")
    assert name == "pareto_customers_2024-12-31.csv"
    assert "C10" in content.decode("utf-8-sig")
    assert [(line["action"], line["count"], line["reason"]) for line in log_of(panel)] == [
        ("view", 5, ""),
        ("export", 5, "care_call"),
    ]


def test_customers_are_not_exported_without_a_reason(make_store):
    panel = pareto_panel(Session(make_store()))
    panel.views["curve"].picked = [{"abc_class": "C"}]
    with pytest.raises(Exception, match="reason"):
        panel.customers.export.sheet("csv")
    assert [line["action"] for line in log_of(panel)] == ["view"]


def test_an_exported_hostile_name_is_no_formula(make_store):
    panel = pareto_panel(Session(make_store("UPDATE customers SET name = '=1+1' WHERE customer_id = 'C01'")))
    panel.views["curve"].picked = [{"abc_class": "A"}]
    panel.customers.export.reason.value = "analysis"
    assert '"\'=1+1"' in panel.customers.export.sheet("csv")[1].decode("utf-8-sig")


def test_a_group_too_small_stays_closed_on_a_managers_page(published_store):
    panel = segments_panel(Session(published_store), segmentation="abc")
    panel.views["chart"].picked = [{"segment": "A"}]
    assert "少于 5 位" in panel.widget.message.value
    assert panel.customers.detail is None
    assert panel.customers.table.grid.value == ""
