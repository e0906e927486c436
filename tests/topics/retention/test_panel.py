"""The retention panel: cells that add up, lists behind a cell, the code that repeats it, and managers' pages."""

from __future__ import annotations

import pytest

from workbench.errors import NothingToShow
from workbench.panels import Session
from workbench.topics.retention.panel import retention_panel


@pytest.fixture
def panel(store):
    return retention_panel(Session(store, lang="zh"))


def test_the_cohorts_hold_everybody_once(panel):
    rows = panel.rows
    assert rows[rows["age"] == 0]["base"].sum() == 10
    assert (rows["active_customers"] <= rows["base"]).all()


@pytest.mark.parametrize("definition", ["exact", "rolling", "within"])
def test_the_code_shown_gives_the_rows_on_screen_and_a_click_lists_the_cell(panel, run_code, definition):
    panel.set(every="quarter", definition=definition, measure="money")
    assert run_code(panel)["rows"].equals(panel.rows)
    cell = panel.rows[(panel.rows["active_customers"] > 0)].iloc[-1]
    panel.views["triangle"].picked = [{"cohort_key": f"{cell['cohort']:%Y-%m-%d}", "cohort_age": str(cell["age"])}]
    assert panel.customers.table.length == cell["active_customers"]


def test_figures_and_tables_are_said_in_both_languages(panel):
    assert "90 天内复购" in panel.figures[0].label
    assert "速动比" in panel.summary
    panel.session.lang = "en"
    assert "Who came and who left" in panel.summary


def test_a_managers_page_says_why_it_shows_no_triangle(published_store):
    panel = retention_panel(Session(published_store, lang="en"))
    assert isinstance(panel.error, NothingToShow)
    assert "for analysts" in panel.complaint
