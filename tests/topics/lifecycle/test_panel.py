"""The lifecycle panel: windows that move, stages behind a click, and the last month-ends."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from workbench.panels import Filters, Session
from workbench.topics.lifecycle.panel import lifecycle_panel


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return lifecycle_panel(session)


def counts(panel) -> dict[str, int]:
    return dict(zip(panel.rows["segment"], panel.rows["customer_count"], strict=True))


def test_everyone_is_in_one_stage_and_the_money_is_the_whole(panel):
    assert sum(counts(panel).values()) == 10
    assert panel.rows["monetary"].sum() == 10_000


def test_a_moved_window_moves_the_stages(panel):
    before = counts(panel)
    panel.set(lapsed_days=181)
    assert counts(panel)["lapsed"] > before.get("lapsed", 0)


def test_windows_out_of_order_are_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.set(at_risk_days=400)
    assert "先后不成立" in panel.widget.message.value
    assert panel.rows.equals(before)


def test_a_preset_sets_all_windows_at_once(panel):
    panel._presets[0].buttons["months_1_2_4"].click()
    assert (panel.arguments["new_days"], panel.arguments["lapsed_days"]) == (30, 120)
    assert panel.widget.message.value == ""


def test_the_history_ends_today_and_adds_up_each_month(panel):
    history = panel.answer.history
    assert pd.Timestamp(history["day"].max()).date() == date(2024, 12, 31)
    assert history["day"].nunique() == 12
    assert set(history.groupby("day")["customer_count"].sum()) == {10}


def test_a_click_lists_the_stage_with_the_reason(panel):
    row = panel.rows.iloc[0]
    panel.views["stages"].picked = [{"segment": row["segment"]}]
    assert panel.customers.table.length == row["customer_count"]
    assert {"silent_days", "returned_after_days", "recent_value"} <= set(panel.customers.table.rows)


@pytest.mark.parametrize("chosen", [{}, {"new_days": 10, "growth_by": "purchase_days", "compare_days": 90}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    pd.testing.assert_frame_equal(run_code(panel)["rows"], panel.rows)


def test_a_period_that_begins_says_what_new_means(session, panel):
    assert "当作新客" not in panel.widget.summary.value
    session.filters = Filters(since=date(2024, 6, 1))
    assert "当作新客" in panel.widget.summary.value
    assert panel.answer.history["day"].min() >= date(2024, 6, 30)


def test_a_managers_page_shows_no_stage_of_fewer_than_five_at_any_month_end(published_store):
    answer = lifecycle_panel(Session(published_store)).answer
    for rows in (answer.rows, answer.history):
        few = rows["customer_count"].dropna()
        assert ((few >= 5) | (few == 0)).all()
        assert rows["customer_count"].isna().any()
