"""The panel of drivers: what it opens with, what it says and refuses, the code that repeats it, managers' pages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.topics.drivers.samples import ITEMS, drawn_scores
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.panels.needs import verdict
from workbench.topics.drivers.importance import driver_importance
from workbench.topics.drivers.panel import drivers_panel

PEOPLE = 150
SLOPES = (1.8, 0.4, 0.0, -0.7)


def survey_sql(scores: np.ndarray, names: tuple[str, ...]) -> str:
    rows = [
        f"('Q{person}', DATE '2024-06-01', '{name}', '{'csat' if name == '总体' else 'other'}', {score}, 1, 5, '华东')"
        for person, row in enumerate(scores)
        for name, score in zip(names, row, strict=True)
        if not (name == "等候" and person < 10)
    ]
    columns = "response_id, day, item, kind, score, scale_low, scale_high, region"
    return f"INSERT INTO surveys ({columns}) VALUES {', '.join(rows)}"  # noqa: S608  our own names


@pytest.fixture(scope="module")
def asked_store(make_store):
    scores = drawn_scores(np.random.default_rng(8), PEOPLE, SLOPES, alike=0.0)
    return make_store("DELETE FROM surveys", survey_sql(scores, (*ITEMS, "总体")))


@pytest.fixture
def panel(asked_store):
    return drivers_panel(Session(asked_store, lang="zh"))


def test_it_opens_with_the_overall_question_and_those_rated_with_it(panel):
    assert panel.arguments["outcome"] == "总体"
    assert set(panel.arguments["items"]) == set(ITEMS)
    assert panel.answer.importance.base == PEOPLE - 10
    assert "因缺题未计入 10 位" in panel.widget.figures.value


def test_the_question_that_goes_with_it_most_closely_is_named(panel):
    assert panel.answer.importance.leading == "接待"
    assert "“接待”与“总体”关联最密切" in panel.chart("importance").to_dict()["usermeta"]["title"]


def test_fewer_questions_bring_back_those_who_left_one_out(panel):
    panel.set(items=("接待", "结算"))
    assert (panel.answer.importance.base, panel.answer.importance.left_out) == (PEOPLE, 0)


@pytest.mark.parametrize(
    "chosen",
    [{}, {"items": ("接待", "结算"), "method": "shapley"}, {"items": (), "cross": "target", "target": 0.5},
     {"outcome": "接待", "cross": "median", "weighted": False}],
)  # fmt: skip
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_sql_shown_gives_the_answers_that_the_figures_are_made_of(panel):
    store = panel.session.store
    with store._lock:
        answers = store._backend.con.execute(panel.sql()).df()
    chosen = panel.arguments["items"]
    again = driver_importance({name: answers[name].to_numpy() for name in answers}, items=chosen)
    pd.testing.assert_frame_equal(again.rows, panel.answer.importance.rows)


def test_questions_that_too_few_rated_together_are_not_opened_with(make_store):
    scores = drawn_scores(np.random.default_rng(8), PEOPLE, SLOPES, alike=0.0)
    few = "DELETE FROM surveys WHERE item = '结算' AND CAST(substr(response_id, 2) AS INTEGER) % 4 > 0"
    store = make_store("DELETE FROM surveys", survey_sql(scores[:90], (*ITEMS, "总体")), few)
    panel = drivers_panel(Session(store, lang="zh"))
    assert panel.arguments["items"] == ("接待", "等候", "维修质量")
    assert panel.error is None


def test_weights_too_unequal_are_told_by_the_gate_as_by_the_panel(make_store):
    scores = drawn_scores(np.random.default_rng(8), PEOPLE, SLOPES, alike=0.0)
    unequal = "UPDATE surveys SET weight = CASE WHEN response_id = 'Q20' THEN 1000 ELSE 1 END"
    session = Session(make_store("DELETE FROM surveys", survey_sql(scores, (*ITEMS, "总体")), unequal), lang="en")
    panel = drivers_panel(session)
    assert "switch the weights off" in panel.error.words("en")
    assert verdict(session, "drivers").lacks[0].sentence.words("en") == panel.error.words("en")
    panel.set(weighted=False)
    assert len(panel.rows) == 4


def test_one_question_alone_is_refused_and_the_last_answer_stays(panel):
    panel.set(items=("接待",))
    assert "请在总体评价题之外选择 2 至 12 道" in panel.widget.message.value
    assert len(panel.rows) == 4


def test_a_question_against_the_outcome_is_told_and_has_no_place(panel):
    assert "因此不放入象限图" in panel.summary
    panel.session.lang = "en"
    assert "A higher score goes with a lower overall one: 结算" in panel.summary
    assert "only a trial can tell" in panel.summary


def test_a_filter_that_leaves_nobody_is_explained(panel):
    panel.session.filters = Filters(regions=("西藏",))
    assert "至少需要 40 位" in panel.widget.message.value


def test_two_scales_of_one_question_are_not_set_side_by_side(make_store):
    scores = drawn_scores(np.random.default_rng(8), PEOPLE, SLOPES, alike=0.0)
    more = survey_sql(scores, (*ITEMS, "总体")).replace("'Q0'", "'X0'")
    tenth = "UPDATE surveys SET scale_high = 10 WHERE item = '接待' AND response_id = 'Q1'"
    panel = drivers_panel(Session(make_store("DELETE FROM surveys", more, tenth), lang="en"))
    panel.set(items=("接待", "结算"))
    assert "Rated on several scales: 接待" in panel.widget.message.value


def test_a_survey_of_two_questions_says_what_to_load(store):
    panel = drivers_panel(Session(store, lang="en"))
    assert "Fewer than three questions are rated" in panel.error.words("en")


def test_a_managers_page_says_why_it_shows_nothing(published_store):
    panel = drivers_panel(Session(published_store, lang="en"))
    assert isinstance(panel.error, NothingToShow)
    assert "for analysts" in panel.widget.message.value


def test_a_file_says_quadrants_in_words(panel):
    _name, content = panel.downloads.sheet("csv")
    assert "不参与：高分未必好" in content.decode("utf-8-sig")
