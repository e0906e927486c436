"""Every dashboard runs on the published sample company and shows figures and charts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT

DASHBOARDS = sorted((ROOT / "dashboards").glob("*.ipynb"))
TITLES = {"overview": "总览", "pareto": "80/20", "satisfaction": "满意度", "segments": "客户细分"}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_runs_and_its_charts_have_rows(path: Path, run_notebook, sample_store):
    client = run_notebook(path, ROOT, WORKBENCH_STORE=str(sample_store), WORKBENCH_LANG="zh")
    states = [state for state in client.widget_state.values() if "spec" in state]
    assert states, "no chart on the page"
    for state in states:
        assert state["title"]
        assert any(rows for rows in state["rows"].values())
    markup = "".join(str(state.get("value", "")) for state in client.widget_state.values())
    assert "启程汽车服务集团" in markup
    assert TITLES[path.stem] in markup
    assert "wb-message-text" not in markup, "a message of failure is on the page"


def test_there_is_a_dashboard_for_each_page_of_the_menu():
    assert {path.stem for path in DASHBOARDS} == set(TITLES)
