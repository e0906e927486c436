"""The RFM panel: scores, segments, cut points that can be kept, and customers behind a click."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.analyses.rfm_cuts import Cuts
from workbench.panels import Filters, Session
from workbench.panels.rfm import rfm_panel


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return rfm_panel(session)


def test_every_customer_is_in_one_segment(panel):
    assert panel.rows["customer_count"].sum() == 10
    assert panel.rows["monetary"].sum() == 10_000


def test_the_eight_groups_compare_with_the_mean(panel):
    panel._presets[0].buttons["eight_groups"].click()
    assert panel.arguments["bins"] == 2
    assert panel.answer.cuts.monetary == (1000,)
    assert "重要" in panel.widget.summary.value


def test_a_table_for_other_scores_is_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.controls["bins"].value = 4
    assert "5 档" in panel.widget.message.value
    assert panel.rows.equals(before)


def test_the_cut_points_in_force_are_shown(panel):
    lines = panel.controls["cuts"].lines
    assert lines["frequency"].value == "2, 2, 2, 2"
    assert len(lines["monetary"].value.split(",")) == 4


def test_kept_cut_points_stay_when_the_filters_change(session, panel):
    kept = panel.answer.cuts
    panel.controls["cuts"].kept.value = True
    session.filters = Filters(until=date(2024, 6, 30))
    assert panel.answer.cuts == kept
    panel.controls["cuts"].kept.value = False
    assert panel.answer.cuts != kept


def test_cut_points_can_be_written_by_hand(panel):
    editor = panel.controls["cuts"]
    editor.lines["monetary"].value = "100，500, 1000、3000"
    editor.apply.click()
    assert panel.answer.cuts.monetary == (100, 500, 1000, 3000)
    assert isinstance(panel.arguments["cuts"], Cuts)


@pytest.mark.parametrize("written", ["a, b", "5, 4, 3, 2", "1, 2"])
def test_cut_points_that_cannot_be_are_explained_and_change_nothing(panel, written: str):
    before = panel.answer.cuts
    editor = panel.controls["cuts"]
    editor.lines["monetary"].value = written
    editor.apply.click()
    assert editor.message.value
    assert panel.answer.cuts == before


def test_a_click_on_a_cell_lists_its_customers(panel):
    cell = panel.answer.cells.sort_values("monetary").iloc[-1]
    panel.views["grid"].picked = [{"r_score": int(cell["r_score"]), "f_score": int(cell["f_score"])}]
    assert len(panel.customers.table.rows) == cell["customer_count"]
    assert panel.customers.table.heading.value.startswith("R ")


def test_a_click_on_a_segment_lists_its_customers(panel):
    row = panel.rows.iloc[0]
    panel.views["segments"].picked = [{"segment": row["segment"]}]
    assert panel.customers.table.length == row["customer_count"]


@pytest.mark.parametrize("chosen", [{}, {"table": "eight_groups", "bins": 2, "method": "mean"}, {"preset": "r_rfm"}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_code_shown_repeats_kept_cut_points(panel, run_code):
    panel.controls["cuts"].kept.value = True
    assert "Cuts(" in panel.code()
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_audit_says_what_the_table_leaves_open(panel):
    assert "10 种组合没有规则可用" in panel.widget.summary.value
    assert "58 种组合同时符合多条规则" in panel.widget.summary.value


def test_a_managers_page_shows_no_cell_and_no_segment_of_fewer_than_five(published_store):
    answer = rfm_panel(Session(published_store)).answer
    for rows in (answer.rows, answer.cells):
        assert (rows["customer_count"].dropna() >= 5).all()
        assert rows["customer_count"].isna().any()
