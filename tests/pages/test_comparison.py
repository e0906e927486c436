"""Two segments side by side: any panel twice, each for the customers of one segment."""

from __future__ import annotations

import pytest

from workbench.errors import ChoiceError
from workbench.pages.comparison import SideBySide
from workbench.panels import Session
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.pareto.segmentation import AbcSegmentation

HALVES = {"halves": AbcSegmentation(a_from=200, b_from=60), "few": AbcSegmentation(a_from=4000, b_from=60)}


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


def test_two_segments_stand_side_by_side_and_together_are_the_whole(session):
    both = SideBySide(session, pareto_panel, segmentation="halves", left="A", right="B", segmentations=HALVES)
    assert [panel.rows["value"].sum() for panel in both.panels] == [9600, 300]
    assert "5 位客户" in both.headings[0].value
    both.segments[1].value = "C"
    assert both.panels[1].rows["value"].sum() == 100
    both.segmentation.value = "few"
    assert {choice.value for choice in both.segments} == {"A", "B"}
    session.lang = "en"
    assert "customers" in both.headings[0].value


def test_side_by_side_is_for_analysts(published_store):
    with pytest.raises(ChoiceError):
        SideBySide(Session(published_store), pareto_panel)
