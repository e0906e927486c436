"""The chart of moves between tiers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.charts.drawn import picked_fields, rows, said, svg, words
from workbench.topics.tiers.chart import MOVES, tier_moves_drawing

NAMES = {"tier_1": "金卡", "tier_2": "银卡", "others": "普通"}
MATRIX = pd.DataFrame(
    {
        "from_tier": ["金卡", "金卡", "银卡", ""],
        "segment": ["tier_1", "others", "tier_1", "tier_2"],
        "move": ["same", "down", "up", "unknown"],
        "customer_count": [10, 4, 1500, 3],
    }
)


def moves(lang: str, **how: Any) -> Any:
    return tier_moves_drawing(MATRIX, lang, **how).chart()


def test_the_title_counts_up_and_down_and_the_subtitle_who_is_neither():
    title, lines = said(moves("zh", names=NAMES, as_of=date(2024, 12, 31)))
    assert title == "1,500 位客户升级，4 位降级"
    assert lines == ["客户 1,517 位 · 截至 2024 年 12 月 31 日", "3 位客户原先没有对应的等级，不计升降"]


@pytest.mark.parametrize("width", [380, 1000])
def test_every_move_says_its_count_and_what_it_is(width: int):
    drawn = words(svg(moves("zh", names=NAMES), width))
    assert {"金卡", "银卡", "普通", "无等级", "10", "4", "1,500", "3", "升级", "降级", "不变", "新定级"} <= set(drawn)


def test_up_and_down_have_the_colours_of_good_and_bad():
    drawing = svg(moves("zh", names=NAMES))
    assert all(drawing.count(f'fill="{colour}"') == 1 for colour in MOVES.values())


def test_a_click_picks_the_move_as_it_is_in_the_rows():
    chart = moves("en", names=NAMES)
    assert picked_fields(chart) == ["from_tier", "segment"]
    assert {row["from_tier"] for row in rows(chart)} == {"金卡", "银卡", ""}


def test_a_hostile_name_is_text():
    hostile = {"tier_1": "</script><img src=x onerror=alert(1)>", "tier_2": "x'\"\\", "others": "普通"}
    assert "<img" not in svg(moves("en", names=hostile))
