"""Every dashboard runs on the published sample company and shows figures and charts."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

DASHBOARDS = sorted((ROOT / "dashboards").glob("*.ipynb"))
TITLES = {"overview": "总览", "pareto": "80/20", "satisfaction": "满意度", "segments": "客户细分"}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_runs_and_its_charts_have_rows(path: Path, sample_store, monkeypatch):
    monkeypatch.setenv("WORKBENCH_STORE", str(sample_store))
    monkeypatch.setenv("WORKBENCH_LANG", "zh")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    client.execute()
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
