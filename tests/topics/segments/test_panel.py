"""The panel of segments: sizes and money of any segmentation, the customers behind each, and its code."""

from __future__ import annotations

import pytest

from workbench.panels import Session
from workbench.topics.segments.panel import segments_panel


@pytest.fixture
def panel(store):
    return segments_panel(Session(store, lang="zh"))


def test_the_sizes_add_up_to_everybody_and_all_money(panel):
    assert panel.rows["customer_count"].sum() == 10
    assert panel.rows["monetary"].sum() == 10_000


def test_a_segment_lists_its_customers_with_the_evidence(panel):
    panel.set(segmentation="abc")
    panel.views["chart"].picked = [{"segment": "A"}]
    assert panel.customers.table.length == 2
    assert panel.customers.table.rows["monetary"].tolist() == [5000, 3000]


@pytest.mark.parametrize("segmentation", ["eight_groups", "abc", "loyalty"])
def test_the_code_shown_gives_the_sizes_on_screen(panel, segmentation, run_code):
    panel.set(segmentation=segmentation)
    shown, repeated = (
        rows.sort_values("segment").reset_index(drop=True) for rows in (panel.rows, run_code(panel)["rows"])
    )
    assert repeated.equals(shown)
