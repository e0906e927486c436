"""The panel of a questionnaire's quality: what it opens with, says and refuses, the code, managers' pages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.topics.drivers.samples import drawn_scores
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.questionnaire.panel import questionnaire_panel
from workbench.topics.questionnaire.reliability import construct_reliability

PEOPLE = 120
ITEMS = ("信任 1", "信任 2", "信任 3", "等候 1", "等候 2")


def asked(scores: np.ndarray) -> tuple[str, ...]:
    rows = [
        f"('Q{person}', DATE '2024-06-01', '{name}', 'other', {score}, 1, 5, '华东')"
        for person, row in enumerate(scores)
        for name, score in zip(ITEMS, row, strict=True)
    ]
    columns = "response_id, day, item, kind, score, scale_low, scale_high, region"
    return (
        "DELETE FROM surveys",
        f"INSERT INTO surveys ({columns}) VALUES {', '.join(rows)}",  # noqa: S608  our own names
        "DELETE FROM surveys WHERE item = '等候 2' AND response_id IN ('Q0', 'Q1')",
        "UPDATE surveys SET score = 5 WHERE response_id IN ('Q7', 'Q8', 'Q9')",
    )


def drawn() -> np.ndarray:
    """Three questions on trust, the third turned round, and two on waiting that do not go together."""
    random = np.random.default_rng(4)
    trust = drawn_scores(random, PEOPLE, (0, 0), alike=0.9)[:, :2]
    return np.hstack([trust, 6 - trust[:, :1], drawn_scores(random, PEOPLE, (0.0,), alike=0.0)])


SCORES = drawn()


@pytest.fixture(scope="module")
def asked_store(make_store):
    return make_store(*asked(SCORES))


@pytest.fixture
def panel(asked_store):
    return questionnaire_panel(Session(asked_store, lang="zh"))


def test_it_opens_with_the_groups_that_share_a_stem(panel):
    assert set(panel.rows["construct"]) == {"信任", "等候"}
    assert panel.rows.set_index("construct")["respondents"].to_dict() == {"信任": 120, "等候": 118}


def test_a_question_turned_round_makes_its_group_unreliable_and_is_named(panel):
    assert panel.rows.set_index("construct")["light"].to_dict() == {"信任": "bad", "等候": "bad"}
    assert "与同组其他题目方向相反：" in panel.summary
    assert "信任 3" in panel.summary
    panel.set(items=("信任 1", "信任 2", "等候 1", "等候 2"))
    assert panel.rows.set_index("construct")["light"].to_dict() == {"信任": "good", "等候": "bad"}


def test_straight_lines_and_whole_answers_have_their_base(panel):
    patterns = panel.answer.patterns
    assert (patterns["responses"], patterns["complete_count"]) == (120, 118)
    lines = np.delete(SCORES, [0, 1, 7, 8, 9], axis=0)
    assert patterns["straight_count"] == 3 + (lines.min(axis=1) == lines.max(axis=1)).sum()
    assert "占完整作答的 118 份" in panel.widget.figures.value


def test_all_that_is_ticked_can_be_one_group(panel):
    panel.set(grouping="together", items=("信任 1", "信任 2", "等候 1"))
    assert panel.rows["question_count"].tolist() == [3]
    assert "所选全部题目" in panel.summary
    panel.session.lang = "en"
    assert "All chosen questions" in panel.summary
    assert "*" not in panel.downloads.sheet("csv")[1].decode("utf-8-sig")


@pytest.mark.parametrize("chosen", [{}, {"grouping": "together"}, {"items": ("信任 1", "信任 2")}, {"items": ()}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_sql_shown_gives_the_answers_that_the_figures_are_made_of(panel):
    panel.set(items=("信任 1", "信任 2", "信任 3"))
    store = panel.session.store
    with store._lock:
        answers = store._backend.con.execute(panel.sql()).df()
    again = construct_reliability({"信任": answers[["item_0", "item_1", "item_2"]].to_numpy(dtype=float)})
    pd.testing.assert_frame_equal(again.rows, panel.rows)


def test_groups_are_told_apart_or_not(panel):
    panel.set(items=("信任 1", "信任 2", "等候 1", "等候 2"))
    assert "两个题组能否区分" in panel.summary
    assert len(panel.answer.pairs) == 1


def test_questions_without_a_common_stem_are_refused_and_the_last_answer_stays(panel):
    panel.set(items=("信任 1", "等候 1"))
    assert "没有名称只有编号不同的两道题" in panel.widget.message.value
    assert len(panel.rows) == 2


def test_a_filter_that_leaves_nobody_is_explained(panel):
    panel.session.filters = Filters(regions=("西藏",))
    assert "至少需要 30 位" in panel.widget.message.value


def test_questions_of_different_scales_are_no_group(make_store):
    scores = drawn_scores(np.random.default_rng(4), PEOPLE, (0, 0, 0, 0), alike=0.5)
    other = "UPDATE surveys SET scale_high = 10 WHERE item = '信任 2'"
    panel = questionnaire_panel(Session(make_store(*asked(scores), other), lang="en"))
    assert "rated on different scales: 信任 1, 信任 2, 信任 3" in panel.widget.message.value


def test_no_group_is_opened_with_in_part(make_store):
    columns = "response_id, day, item, kind, score, scale_low, scale_high, region"
    groups = [
        f"INSERT INTO surveys ({columns}) SELECT 'Q' || i, DATE '2024-06-01', format('{stem}{{:02d}}', j), 'other', "  # noqa: S608  our own names
        f"1 + (i * 7 + j * i) % 5, 1, 5, '华东' FROM range(40) t(i), range({count}) u(j)"
        for stem, count in (("甲", 40), ("乙", 30), ("丙", 15))
    ]
    panel = questionnaire_panel(Session(make_store("DELETE FROM surveys", *groups), lang="zh"))
    assert panel.rows.set_index("construct")["question_count"].to_dict() == {"丙": 15, "乙": 30}


def test_single_questions_say_what_to_load(store):
    panel = questionnaire_panel(Session(store, lang="en"))
    assert "No two questions of one kind and scale" in panel.error.words("en")


def test_a_managers_page_says_why_it_shows_nothing(published_store):
    panel = questionnaire_panel(Session(published_store, lang="en"))
    assert isinstance(panel.error, NothingToShow)
    assert "for analysts" in panel.widget.message.value
