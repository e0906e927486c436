"""The list to tick: it takes places of its list and nothing else."""

from __future__ import annotations

import pytest

from workbench.widgets import TickMenu


@pytest.mark.parametrize("sent", [[], [0], [0, 2]])
def test_places_of_the_list_are_taken(sent):
    ticks = TickMenu(texts=["华东", "华南", "西北"], ticked=[1])
    ticks.set_state({"ticked": sent})
    assert ticks.ticked == sent


@pytest.mark.parametrize("sent", [[3], [-1], [1, 0], [0, 0], [True], ["0"], "0", None, {"0": 1}])
def test_anything_else_changes_nothing(sent):
    ticks = TickMenu(texts=["华东", "华南", "西北"], ticked=[1])
    ticks.set_state({"ticked": sent, "texts": ["西藏"], "summary": "<b>"})
    assert (ticks.ticked, ticks.texts, ticks.summary) == ([1], ["华东", "华南", "西北"], "")


def test_it_says_all_in_both_languages():
    assert TickMenu(lang="zh").words == {"all": "全部"}
    assert TickMenu(lang="en").words == {"all": "All"}
