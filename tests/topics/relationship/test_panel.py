"""The relationship panel: cells that can be repainted, contacts known or not, customers behind a click."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.panels import Session
from workbench.topics.relationship.panel import relationship_panel

CALLS = """INSERT INTO interactions (customer_id, day, kind)
SELECT 'C' || lpad(n::VARCHAR, 2, '0'), DATE '2024-12-01', '回访' FROM range(1, 4) a(n), range(0, 5) b(m)"""
"""Three customers were called five times."""


@pytest.fixture(scope="module")
def called(make_store):
    return make_store(CALLS)


@pytest.fixture
def panel(called):
    return relationship_panel(Session(called, lang="zh"))


def test_half_the_customers_are_low_and_a_fifth_high_to_begin_with(panel):
    by_level = panel.answer.cells.groupby("worth_level")["customer_count"].sum()
    assert by_level.to_dict() == {"high": 2, "medium": 3, "low": 5}
    assert panel.rows["customer_count"].sum() == 10


def test_a_repainted_cell_gives_its_customers_another_level(panel):
    editor = panel.controls["matrix"]
    assert "partnership" in set(panel.rows["segment"])  # two customers of high margin are few
    editor.cells[0, 2].value = "basic"
    assert editor.value[0][2] == "basic"
    assert "partnership" not in set(panel.rows["segment"])
    panel._presets[0].buttons["kotler"].click()
    assert "partnership" in set(panel.rows["segment"])


def test_the_language_changes_no_cell(panel):
    before = panel.controls["matrix"].value
    panel.session.lang = "en"
    assert panel.controls["matrix"].value == before
    assert panel.controls["matrix"].cells[0, 0].options[0][0] == "Basic"


def test_who_hears_too_little_is_listed_with_the_evidence(panel):
    panel.views["contacts"].picked = [{"level": "partnership", "contact_level": "proactive"}]
    rows = panel.customers.table.rows
    assert list(rows["customer_id"]) == ["C01", "C02"]
    assert set(rows["service"]) == {"under"}
    assert set(rows["contacts_per_year"]) == {5}


def test_a_click_on_the_matrix_lists_the_cell(panel):
    panel.views["matrix"].picked = [{"worth_level": "high", "crowd_level": "few"}]
    assert list(panel.customers.table.rows["customer_id"]) == ["C01", "C02"]


def test_contact_cuts_can_be_written_and_nonsense_is_explained(panel):
    cuts = panel.controls["contact_cuts"]
    cuts.line.value = "1，2, 3、5"
    assert panel.answer.rules.contact_cuts == (1, 2, 3, 5)
    cuts.line.value = "often"
    assert cuts.message.value
    assert panel.answer.rules.contact_cuts == (1, 2, 3, 5)
    cuts.line.value = "1, 2"
    assert "4 个由小到大" in panel.widget.message.value


def test_thresholds_out_of_order_are_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.controls["medium_from"].value = 1e9
    assert panel.widget.message.value
    assert panel.rows.equals(before)


def test_a_browser_cannot_set_an_amount_that_is_none(panel):
    amount = panel.controls["high_from"]
    before = amount.value
    amount.set_state({"value": float("inf")})
    panel.controls["few_below"].set_state({"value": -1})
    assert (amount.value, panel.controls["few_below"].value) == (before, 100)


@pytest.mark.parametrize("chosen", [{}, {"market": "everyone", "few_below": 3, "many_from": 5, "worth": "monetary"}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    pd.testing.assert_frame_equal(run_code(panel)["rows"], panel.rows)


def test_a_store_without_contacts_says_so_and_still_recommends(store):
    panel = relationship_panel(Session(store, lang="zh"))
    assert "没有与客户联系的记录" in panel.widget.summary.value
    assert panel.rows["customer_count"].sum() == 10
    assert panel.views["contacts"].title == "没有联系记录，无法与建议的水平比较"


def test_a_store_without_costs_begins_with_spend_and_says_why_margin_cannot_be(make_store):
    panel = relationship_panel(Session(make_store("UPDATE transactions SET cost = NULL"), lang="zh"))
    assert panel.arguments["worth"] == "monetary"
    panel.controls["worth"].value = "margin"
    assert "没有成本" in panel.widget.message.value
    assert panel.rows["customer_count"].sum() == 10


def test_a_managers_page_shows_no_cell_of_fewer_than_five(make_store):
    answer = relationship_panel(Session(make_store(CALLS, published=True))).answer
    for rows in (answer.rows, answer.cells, answer.crossed, answer.service):
        few = rows["customer_count"].dropna()
        assert ((few >= 5) | (few == 0)).all()
