"""Every dashboard runs on the published sample company and shows figures and charts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ipywidgets import Widget

from tests.companies.reading import texts
from tests.dashboard_pages import DASHBOARDS, made
from workbench.widgets import ChartView

TITLES = {
    "overview": "总览",
    "pareto": "80/20",
    "quality": "数据质量",
    "satisfaction": "满意度",
    "segments": "客户分群",
}


def charts(widget: Widget) -> Iterator[ChartView]:
    """Return every chart that a widget and those inside it show."""
    if isinstance(widget, ChartView):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from charts(child)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_runs_and_its_charts_have_rows(path: Path, sample_store, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STORE", str(sample_store))
    monkeypatch.setenv("WORKBENCH_LANG", "zh")
    page = made(path)
    drawn = [chart for chart in charts(page) if chart.layout.display != "none"]
    assert drawn, "no chart on the page"
    for chart in drawn:
        assert chart.title
        assert any(rows for rows in chart.rows.values())
    shown = "".join(texts(page))
    assert "启程汽车服务集团" in shown
    assert TITLES[path.stem] in shown
    assert "wb-message-text" not in shown, "a message of failure is on the page"


def test_there_is_a_dashboard_for_each_page_of_the_menu():
    assert {path.stem for path in DASHBOARDS} == set(TITLES)
