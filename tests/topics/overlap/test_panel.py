"""The overlap panel: cells that add up to everybody, and the customers behind each."""

from __future__ import annotations

import pytest

from workbench.panels import Session
from workbench.topics.overlap.panel import segment_overlap_panel
from workbench.topics.pareto.segmentation import AbcSegmentation

HALVES = {"halves": AbcSegmentation(a_from=200, b_from=60), "few": AbcSegmentation(a_from=4000, b_from=60)}


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def overlap(session):
    return segment_overlap_panel(session, segmentations=HALVES, first="halves", second="few")


def test_the_overlap_adds_up_to_everybody(overlap):
    assert overlap.rows["customer_count"].sum() == 10
    assert overlap.rows["monetary"].sum() == 10_000
    row = overlap.rows.set_index(["first_segment", "second_segment"]).loc[("A", "A")]
    assert (row["customer_count"], row["smaller_share"]) == (1, 1)


def test_a_click_on_a_cell_lists_who_is_in_both(overlap):
    overlap.views["chart"].picked = [{"first_segment": "A", "second_segment": "B"}]
    assert overlap.customers.table.length == 4
    assert "A 类" in overlap.customers.table.heading.value


@pytest.mark.parametrize("measure", ["customer_count", "monetary", "smaller_share", "jaccard"])
def test_the_matrix_is_coloured_by_what_is_chosen(overlap, measure, run_code):
    overlap.set(measure=measure)
    assert overlap.error is None
    assert run_code(overlap)["rows"].equals(overlap.rows)


def test_a_managers_page_hides_small_cells_and_does_not_list_them(published_store):
    panel = segment_overlap_panel(Session(published_store), segmentations=HALVES, first="halves", second="few")
    assert (panel.rows["customer_count"].dropna() >= 5).all()
    assert panel.rows["customer_count"].isna().any()
    panel.views["chart"].picked = [{"first_segment": "A", "second_segment": "A"}]
    assert panel.customers.detail is None
