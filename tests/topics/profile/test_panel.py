"""The profile panel: a segment beside the rest or another one, column by column."""

from __future__ import annotations

import pytest

from tests.company import crowd
from workbench.analyses.joint_ranges import JointTables, NotOpen
from workbench.panels import Session
from workbench.topics.pareto.segmentation import AbcSegmentation
from workbench.topics.profile.panel import segment_profile_panel

HALVES = {"halves": AbcSegmentation(a_from=200, b_from=60), "few": AbcSegmentation(a_from=4000, b_from=60)}


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def profile(session):
    return segment_profile_panel(session, segmentations=HALVES, segmentation="halves")


def test_the_first_segment_is_compared_with_the_rest_and_says_both_bases(profile):
    row = profile.rows.set_index("column").loc["monetary"]
    assert (row["this_base"], row["other_base"], row["effect"]) == (5, 5, 1)
    assert row["is_evidence"]
    assert "A 类" in profile.widget.summary.value
    assert "5 / 5" in profile.widget.summary.value


def test_texts_of_the_archive_are_compared_too(profile):
    kind = profile.rows.set_index("column").loc["customer_type"]
    assert (kind["value"], kind["points"]) == ("企业", 1)


def test_the_lists_of_segments_follow_the_segmentation(profile):
    profile.set(this="B", against="C")
    assert profile.rows["this_base"].iloc[0] == 3
    profile.set(segmentation="eight_groups")
    assert profile.error is None
    offered = [name for _, name in profile.controls["this"].options]
    assert "important_value" in offered
    assert profile.arguments["this"] in offered
    assert profile.arguments["against"] == ""


def test_a_segment_of_nobody_is_explained_and_the_last_answer_stays(profile):
    before = profile.rows
    profile.set(this="D")
    assert "没有客户" in profile.widget.message.value
    assert profile.rows.equals(before)


def test_a_click_on_a_column_lists_the_segments_customers(profile):
    profile.views["chart"].picked = [{"column": "margin"}]
    assert profile.customers.table.length == 5
    assert profile.customers.table.rows["margin"].is_monotonic_decreasing


@pytest.mark.parametrize("chosen", [{}, {"this": "B", "against": "C"}, {"segmentation": "abc"}])
def test_the_code_shown_gives_the_comparison_on_screen(profile, chosen, run_code):
    profile.set(**chosen)
    found = run_code(profile)["rows"]
    assert found[["column", "effect", "q_value"]].equals(profile.rows[["column", "effect", "q_value"]])


def test_a_managers_page_compares_no_hidden_segment(published_store):
    rules = HALVES | {"even": AbcSegmentation(a_from=200, b_from=1)}
    panel = segment_profile_panel(Session(published_store), segmentations=rules, segmentation="even")
    assert panel.error is None, "A and B are five each"
    assert "complaint_count" not in panel.rows["column"].tolist()
    panel.set(segmentation="few", this="A")
    assert "少于 5 位" in panel.widget.message.value
    panel.set(segmentation="halves", this="A")
    assert "少于 5 位" in panel.widget.message.value, "A is hidden with the small ones, or they could be subtracted"


def test_a_column_that_would_tell_of_a_small_group_is_left_out_and_the_others_stay(make_store, monkeypatch, run_code):
    """What ranges close is a column alone: the page says which, and that nothing is wrong with the data."""
    weigh = JointTables.not_open

    def close_tier(joint, sums):
        cells = [names for names in joint.tables if "value_of_tier" in names and len(names) > 1]
        return [NotOpen(cells[0], frozenset())] if cells else weigh(joint, sums)

    monkeypatch.setattr(JointTables, "not_open", close_tier)
    session = Session(make_store(*crowd(seed=1), published=True), lang="zh")
    panel = segment_profile_panel(session)
    assert panel.error is None
    columns = set(panel.rows["column"])
    assert {"region", "customer_type", "monetary"} <= columns
    assert "tier" not in columns
    said = panel.widget.summary.value
    assert "为保护客户隐私，以下项目有意不显示：会员等级。数据本身完整无误" in said
    assert panel.answer.untold == ["tier"]
    assert run_code(panel)["rows"]["column"].tolist() == panel.rows["column"].tolist()


def test_a_profile_of_which_every_column_is_left_out_says_so(make_store, monkeypatch):
    def close_all(joint, _sums):
        cells = [names for names in joint.tables if len(names) > 1 and any(one.startswith("value_of") for one in names)]
        return [NotOpen(cells[0], frozenset())] if cells else []

    monkeypatch.setattr(JointTables, "not_open", close_all)
    panel = segment_profile_panel(Session(make_store(*crowd(seed=1), published=True), lang="en"))
    assert panel.error.key == "too_near_small_groups"
    assert "Left out on purpose, to protect customers; the data are complete." in panel.widget.message.value


def test_words_follow_the_language(profile):
    profile.session.lang = "en"
    assert "Class A" in profile.widget.summary.value
    assert "defines the segment" in profile.widget.summary.value
