"""The satisfaction panel: figures with their base, the trend, hidden groups, and what code repeats."""

from __future__ import annotations

import pytest

from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.satisfaction.panel import satisfaction_panel


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return satisfaction_panel(session)


def test_one_promoter_and_seven_detractors_of_ten_make_minus_sixty(panel):
    assert panel.answer.whole["nps"].iloc[0] == -60
    assert "−60" in panel.widget.figures.value
    assert "10" in panel.widget.figures.value


def test_four_of_ten_answers_are_satisfied(panel):
    panel.controls["measure"].value = "csat"
    assert panel.answer.whole["csat"].iloc[0] == 0.4
    assert "40.0%" in panel.widget.figures.value


def test_the_trend_shows_months_without_answers_as_unknown(panel):
    panel.controls["every"].value = "month"
    months = panel.answer.trend
    assert len(months) == 12
    assert months["value"].isna().all(), "one answer a month is never shown"


def test_a_question_can_be_looked_at_alone(panel):
    panel.set(measure="csat", item="结算")
    assert panel.answer.whole["base"].iloc[0] == 10


def test_a_question_without_answers_is_explained_and_no_other_answer_stays(session, panel):
    session.filters = Filters(regions=("西藏",))
    assert "没有" in panel.widget.message.value
    assert "wb-empty" in panel.widget._dom_classes
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_a_click_on_a_touchpoint_lists_its_answers_lowest_first(panel):
    panel.views["groups"].picked = [{"touchpoint": "接待"}]
    assert list(panel.customers.table.rows["customer_id"]) == ["C10", "C08", "C06", "C04", "C02"]
    assert "&lt;/script&gt;" in panel.customers.table.grid.value


def test_single_answers_stay_closed_on_a_managers_page(published_store):
    panel = satisfaction_panel(Session(published_store))
    panel.views["groups"].picked = [{"touchpoint": "接待"}]
    assert panel.customers.detail is None
    assert panel.customers.layout.display == "none"


@pytest.mark.parametrize(
    "chosen", [{}, {"measure": "csat", "by": "region"}, {"measure": "csat", "by": "item", "weighted": False}]
)
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_sentence_of_a_question_without_answers_speaks_one_language(session, panel):
    session.filters = Filters(regions=("西藏",))
    assert "净推荐值" in panel.widget.message.value
    session.lang = "en"
    assert "net promoter score" in panel.widget.message.value.lower()
    assert "净推荐值" not in panel.widget.message.value
