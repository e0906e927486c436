"""The chart of profit rank against core rank: what it says, what a click picks, what it keeps to itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, said, svg, tooltip_fields, words
from workbench.topics.core_customers.chart import core_ranks_drawing

TENTHS = pd.DataFrame({"profit_tenth": [1, 4, 10], "core_tenth": [1, 1, 10], "customer_count": [30, 10, 60]})


def ranks(tenths: pd.DataFrame, lang: str, **known: Any) -> Any:
    return core_ranks_drawing(tenths, lang, **known).chart()


def test_the_title_states_how_many_of_the_best_profit_would_have_missed():
    assert said(ranks(TENTHS, "en"))[0] == (
        "Of the top tenth by core score (40), 25.0% (10) are not in the top tenth by profit"
    )


def test_the_subtitle_says_base_day_and_who_is_in_no_cell():
    lines = said(ranks(TENTHS, "zh", as_of=date(2024, 12, 31), unscored=7))[1]
    assert lines == ["客户 100 位 · 截至 2024 年 12 月 31 日", "7 位客户没有评分或利润未知，不在图中"]


@pytest.mark.parametrize("width", [380, 1000])
def test_every_cell_says_its_count(width: int):
    assert {"30", "10", "60", "1"} <= set(words(svg(ranks(TENTHS, "zh"), width)))


def test_a_click_picks_both_tenths_and_tooltips_have_plain_names():
    chart = ranks(TENTHS, "zh")
    assert picked_fields(chart) == ["profit_tenth", "core_tenth"]
    assert tooltip_fields(chart.to_dict()) == {"profit_tenth", "core_tenth", "words"}


def test_a_weight_that_moves_changes_no_layout():
    assert drawing_only(ranks(TENTHS.iloc[:2], "zh")) == drawing_only(ranks(TENTHS, "zh"))


def test_hidden_small_groups_are_blank_and_no_sum_gives_them_away():
    hidden = TENTHS.assign(customer_count=[30, None, 60])
    chart = ranks(hidden, "zh", unscored=4)
    assert "nan" not in " ".join(words(svg(chart))).lower()
    assert "为保护人数少的分组，部分分组不显示数字" in said(chart)[1]
    assert not any("100" in line or "4 位" in line for line in said(chart)[1])


def test_nobody_is_said_in_words():
    assert said(ranks(TENTHS.head(0), "zh"))[0] == "没有可评分的客户"
