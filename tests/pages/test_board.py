"""The board of segments: one choice for all sections, and nothing computed that nobody looks at."""

from __future__ import annotations

import pytest

from workbench.pages import page, segments_board
from workbench.panels import Filters, Session


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def board(session):
    return segments_board(session)


def test_only_the_section_in_view_is_computed(board):
    assert [*board.panels] == ["sizes"]
    assert board.panels["sizes"].rows["customer_count"].sum() == 10


def test_a_section_is_made_for_the_segmentation_chosen_when_it_is_opened(board):
    board.segmentation.value = "abc"
    assert "A 类" in board.panels["sizes"].widget.summary.value
    board.sections.value = "overlap"
    assert board.panels["overlap"].arguments["first"] == "abc"


def test_a_section_is_told_to_be_answered_when_it_is_in_view(session, board):
    answered = []
    session.together.on_answered = lambda: answered.append(board._body.children[0])
    board.sections.value = "overlap"
    assert answered == [board.panels["overlap"].widget]


def test_a_section_out_of_view_sleeps_and_answers_when_it_is_seen_again(session, board):
    board.sections.value = "profile"
    before = board.panels["sizes"].answer
    session.filters = Filters(regions=("华东",))
    board.segmentation.value = "abc"
    assert board.panels["sizes"]._answer is before
    board.sections.value = "sizes"
    assert board.panels["sizes"].rows["customer_count"].sum() == 5
    assert "A 类" in board.panels["sizes"].widget.summary.value


def test_every_section_opens_and_says_itself_in_both_languages(session, board):
    for name in board._make:
        board.sections.value = name
        assert board.panels[name].error is None, name
    session.lang = "en"
    assert next(label for label, _ in board.sections.options) == "Sizes and money"
    assert board.sections.value == "rfm"


def test_a_managers_page_hides_small_segments_and_does_not_list_them(published_store):
    session = Session(published_store, lang="zh")
    board = segments_board(session)
    whole = page(session, "segments", [board])
    assert board.widget in whole.children[-2].children
    board.segmentation.value = "abc"
    rows = board.panels["sizes"].rows
    assert (rows["customer_count"].dropna() >= 5).all()
    hidden = rows[rows["customer_count"].isna()]["segment"].iloc[0]
    board.panels["sizes"].views["chart"].picked = [{"segment": hidden}]
    assert board.panels["sizes"].customers.detail is None


def test_a_segmentation_saved_in_the_store_is_offered(make_store):
    from workbench.store import save_definition
    from workbench.topics.pareto.segmentation import AbcSegmentation

    store = make_store()
    save_definition(store.address, "big_and_small", AbcSegmentation(a_from=200, b_from=60).as_dict())
    board = segments_board(Session(store, lang="zh"))
    assert "big_and_small" in [name for _, name in board.segmentation.options]
    board.segmentation.value = "big_and_small"
    assert board.panels["sizes"].rows.set_index("segment")["customer_count"].to_dict() == {"A": 5, "B": 3, "C": 2}
