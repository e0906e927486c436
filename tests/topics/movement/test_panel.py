"""The movement panel: two dates by the same rules, lists with reasons, the long run, and words where there is none."""

from __future__ import annotations

from datetime import date

import pytest

from tests.company import crowd
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.movement.panel import movement_panel
from workbench.topics.pareto.segmentation import AbcSegmentation

RULES = {"fixed": AbcSegmentation(a_from=200, b_from=60), "one": AbcSegmentation(a_from=1, b_from=1)}
HISTORY = {"window": "period"}


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    made = movement_panel(session, segmentations=RULES, segmentation="fixed")
    made.set(window="period")
    return made


def moves(panel) -> dict[tuple[str, str], int]:
    rows = panel.rows
    return dict(zip(zip(rows["from_segment"], rows["to_segment"], strict=True), rows["customer_count"], strict=True))


def test_rows_are_the_first_date_and_columns_the_second(panel):
    """Half of what everybody spent was spent by the end of 2023: 2,500, 1,500, 500, 200, 100, 50 …"""
    assert moves(panel) == {("A", "A"): 4, ("B", "A"): 1, ("C", "B"): 3, ("C", "C"): 2}
    assert panel.rows["monetary_before"].sum() == 5_000
    assert panel.rows["monetary_after"].sum() == 10_000


def test_looking_back_a_year_half_the_money_is_there_at_each_date(panel):
    panel.set(window="year")
    assert panel.rows["monetary_after"].sum() == 5_000
    assert set(panel.rows["direction"]) == {"same"}


def test_a_click_lists_who_moved_with_the_cut_point_that_was_crossed(panel):
    panel.views["matrix"].picked = [{"from_segment": "C", "to_segment": "B"}]
    listed = panel.customers.table.rows
    assert len(listed) == 3
    assert set(listed["reason"]) == {"消费金额 50 → 100（越过 60）"}
    assert "由C 类转为B 类" in panel.customers.table.heading.value


def test_reasons_follow_the_language(panel):
    panel.views["flow"].picked = [{"from_segment": "B", "to_segment": "A"}]
    panel.session.lang = "en"
    assert panel.customers.table.rows["reason"].tolist() == ["spend 100 → 200 (across 200)"]
    assert "Moved from Class B" in panel.customers.table.heading.value


def test_the_long_run_says_what_it_assumes_and_where_everybody_gathers(panel):
    words = panel.widget.summary.value
    assert "没有新客户加入" in words
    assert "没有客户离开A 类" in words
    assert "只增不减" in words


def test_before_the_data_begin_there_is_nothing_to_compare_with(session, panel):
    session.filters = Filters(until=date(2024, 6, 30))
    panel.set(against="year")
    assert "无从比较" in panel.widget.message.value
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_the_figures_count_who_rose_and_without_an_order_nobody_does(panel):
    assert "上升" in panel.widget.figures.value
    panel.set(is_ordered=False)
    assert "上升" not in panel.widget.figures.value
    assert "不分升降" in panel.widget.figures.value


def test_all_in_one_segment_is_one_cell_and_a_long_run_of_one(panel):
    panel.set(segmentation="one")
    assert moves(panel) == {("A", "A"): 10}
    assert panel.error is None


@pytest.mark.parametrize(
    "chosen", [{}, {"window": "year", "against": "half_year"}, {"segmentation": "eight_groups"}, {"is_ordered": False}]
)
def test_the_code_shown_gives_the_matrix_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert panel.error is None
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_code_knows_the_filters_but_looks_beyond_the_period(session, panel, run_code):
    session.filters = Filters(since=date(2024, 1, 1), until=date(2024, 12, 31), regions=("华东",))
    assert panel.error is None
    assert run_code(panel)["rows"].equals(panel.rows)


@pytest.mark.parametrize("segmentation", ["eight_groups", "r_rfm_vignette", "abc", "abc_two", "loyalty"])
def test_every_built_in_segmentation_can_be_followed(session, segmentation):
    panel = movement_panel(session, segmentation=segmentation)
    assert panel.error is None
    assert panel.rows["customer_count"].sum() == 10
    start = panel.rows.iloc[0]
    panel.views["matrix"].picked = [{"from_segment": start["from_segment"], "to_segment": start["to_segment"]}]
    assert panel.error is None
    assert panel.customers.table.length == start["customer_count"]


def test_a_managers_page_shows_and_lists_no_cell_of_too_few(published_store):
    panel = movement_panel(Session(published_store), segmentations=RULES, segmentation="fixed")
    assert {"against", "window"} & {*panel.controls} == set(), "two dates beside each other would tell who moved"
    assert panel.rows["customer_count"].isna().all(), "four, one, three and two customers"
    panel.views["matrix"].picked = [{"from_segment": "A", "to_segment": "A"}]
    assert panel.customers.detail is None
    panel.set(segmentation="one")
    assert panel.rows["customer_count"].tolist() == [10]


def test_a_managers_page_completes_no_hidden_cell_by_the_long_run(published_store):
    panel = movement_panel(Session(published_store), segmentations=RULES, segmentation="fixed")
    assert panel.answer.long_run.rows["now_share"].isna().all()
    assert panel.answer.long_run.rows.set_index("segment")["base"].isna()["A"], "four customers"
    assert panel.answer.long_run.rows["next_share"].isna().all(), "of ten customers no share is rounded enough"


def test_where_many_moved_the_long_run_is_rounded_so_that_no_few_change_it(make_store):
    panel = movement_panel(Session(make_store(*crowd(seed=1, customers=1200), published=True)))
    assert panel.rows["customer_count"].isna().any()
    shares = panel.answer.long_run.rows["next_share"]
    assert shares.notna().all()
    assert (shares * 100).round(6).mod(1).eq(0).all()


def test_a_managers_page_says_the_true_totals_though_cells_are_hidden(make_store):
    """Added up from the cells that are shown they were 342 of 388 who went up, and 22.0 % of a part of all."""
    people = crowd(seed=1, customers=1200)
    shown = movement_panel(Session(make_store(*people, published=True), lang="en"))
    whole = movement_panel(Session(make_store(*people), lang="en"))
    assert shown.rows["customer_count"].isna().sum() > 5
    for segmentation in ("eight_groups", "abc"):
        for panel in (shown, whole):
            panel.set(segmentation=segmentation)
        truth = whole.rows.groupby("direction")["customer_count"].sum()
        said = shown.answer.ways.set_index("direction")["customer_count"].dropna()
        assert said.to_dict() == truth[said.index].to_dict()
        assert {"better", "worse", "same"} <= set(said.index)
        assert shown.views["matrix"].title == whole.views["matrix"].title
        assert shown.views["flow"].title == whole.views["flow"].title
