"""Clicks on charts: a mark that can be clicked changes what stands beside it, and a chip takes the choice off again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.company import crowd
from workbench.discovery import topics
from workbench.panels import Panel, Session
from workbench.panels.columns import column_texts
from workbench.panels.picking import Picking
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.satisfaction.panel import satisfaction_panel
from workbench.widgets import ChartView
from workbench.widgets.chart_parts import _nodes

FACTORIES = {name: topic for topic, declared in topics().items() for name in declared.panels}
BRIEF = ("pareto_panel", "rfm_panel", "satisfaction_panel")
"""What stands on the overview as a short version."""
MARKS_TRIED = 4
"""Of each chart; a list costs a query."""


@pytest.fixture(scope="module", params=[False, True], ids=["analyst", "manager"])
def session(request, make_store):
    return Session(make_store(*crowd(seed=1), published=request.param), lang="en")


def made(name: str, session: Session, **how: Any) -> Panel:
    return getattr(import_module(f"workbench.topics.{FACTORIES[name]}"), name)(session, **how)


def marks(view: ChartView) -> Iterator[dict[str, Any]]:
    """What the marks of a chart stand for, each once."""
    rows = [
        row for rows in view.rows.values() for row in rows if all(row.get(field) is not None for field in view.pick)
    ]
    every = {tuple(row[field] for field in view.pick): None for row in rows} if view.pick else {}
    return (dict(zip(view.pick, one, strict=True)) for one in every)


def looks_clickable(view: ChartView) -> bool:
    return any(isinstance(node.get("mark"), dict) and "cursor" in node["mark"] for node in _nodes(view.spec))


def seen(panel: Panel, clicked: str) -> list[Any]:
    """What stands beside the clicked chart: the other charts, the list, the message."""
    others = [(view.title, view.subtitle, view.rows) for name, view in panel.views.items() if name != clicked]
    return [others, panel.customers.table.heading.value, panel.widget.message.value]


@pytest.mark.one_in(2, per="name")
@pytest.mark.parametrize("name", FACTORIES)
def test_every_mark_that_can_be_clicked_does_something_and_is_said_on_a_chip(name, session):
    panel = made(name, session)
    for chart, view in panel.views.items():
        assert looks_clickable(view) == bool(view.pick), f"{chart}: a pointer where there is nothing to click, or none"
        for mark in list(marks(view))[:MARKS_TRIED]:
            before = seen(panel, chart)
            view.picked = [mark]
            assert seen(panel, chart) != before, f"{chart}: a click on {mark} changed nothing"
            chip = panel.picking.chip.description
            assert all(column_texts(field) for field in mark), f"the chip says the raw name of one of {[*mark]}"
            assert chip.endswith("×")
            assert panel.picking.layout.display == ""
            panel.picking.chip.click()
            assert seen(panel, chart) == before, f"{chart}: taking {mark} off left something behind"
            assert panel.picking.layout.display == "none"
            assert all(one.picked == [] for one in panel.views.values())


@pytest.mark.parametrize("name", BRIEF)
def test_a_short_version_has_nothing_to_click(name, session):
    panel = made(name, session, brief=True)
    for view in panel.views.values():
        assert view.pick == ()
        assert not looks_clickable(view)
        assert "pick" not in [node.get("param") for node in _nodes(view.spec)]


def test_both_charts_of_the_classes_show_what_one_was_clicked_for(store):
    panel = pareto_panel(Session(store, lang="zh"))
    panel.views["classes"].picked = [{"abc_class": "A"}]
    assert panel.views["curve"].picked == [{"abc_class": "A"}]
    assert panel.picking.chip.description == "客户等级（ABC 分析法）：A 类  ×"
    panel.session.lang = "en"
    assert panel.picking.chip.description == "ABC class: A  ×"
    panel.views["curve"].picked = []
    assert panel.views["classes"].picked == []
    assert panel.customers.detail is None


def test_a_click_on_a_touchpoint_narrows_the_trend_to_it(store):
    panel = satisfaction_panel(Session(store, lang="zh"))
    whole = panel.views["trend"].subtitle
    panel.views["groups"].picked = [{"touchpoint": "接待"}]
    assert "仅触点：接待" in panel.views["trend"].subtitle
    assert panel.views["trend"].subtitle != whole
    assert panel.chart("trend").to_dict()["usermeta"]["subtitle"] == [panel.views["trend"].subtitle]
    panel.controls["by"].value = "region"
    assert panel.picking.picked is None, "the touchpoint is no longer drawn"
    assert "仅" not in panel.views["trend"].subtitle


def test_charts_of_other_fields_let_go():
    views = {name: ChartView() for name in ("one", "other")}
    changes = []
    picking = Picking(views, on_change=changes.append, on_error=changes.append)
    views["one"].picked = [{"segment": "vip"}]
    assert views["other"].picked == []
    assert changes == [{"segment": "vip"}]
    picking.take_off()
    assert changes == [{"segment": "vip"}, None]
    assert views["one"].picked == []


def test_a_choice_that_stays_over_a_move_and_over_the_language_still_narrows(store):
    panel = satisfaction_panel(Session(store, lang="zh"))
    panel.views["groups"].picked = [{"touchpoint": "接待"}]
    panel.controls["weighted"].value = False
    assert "仅触点：接待" in panel.views["trend"].subtitle
    panel.session.lang = "en"
    assert "Only touchpoint: 接待" in panel.views["trend"].subtitle
