"""The two-criteria chart: nine cells, classes in their colours, open cells open in words, colour and edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.two_criteria.chart import CLASS_COLOURS, two_criteria_drawing

LEVELS = ("low", "middle", "high")
DIAGONAL = {"low": "C", "middle": "B", "high": "A"}
CLASSES = {(x, y): DIAGONAL[x] if x == y else "open" for x in LEVELS for y in LEVELS}
CELLS = pd.DataFrame(
    {
        "visit_level": ["high", "high", "low"],
        "spend_level": ["high", "low", "low"],
        "segment": ["A", "open", "C"],
        "customer_count": [20, 30, 50],
        "customer_share": [0.2, 0.3, 0.5],
        "value": [80_000.0, 15_000, 5_000],
        "value_share": [0.8, 0.15, 0.05],
    }
)
CUTS = {"visits": (2.5, 8), "spend": (1000, 50_000)}


def grid(lang: str = "zh", cells: pd.DataFrame = CELLS, classes: dict = CLASSES) -> Any:
    return two_criteria_drawing(cells, lang, classes=classes, cuts=CUTS, as_of=date(2024, 12, 31)).chart()


def test_the_title_states_what_the_rule_leaves_open():
    assert said(grid("en"))[0] == "The rule leaves 30.0% of customers unclassified, with 15.0% of spend"
    assert said(grid())[0] == "规则未规定的格子里有 30.0% 的客户、15.0% 的消费金额"


def test_where_nothing_is_open_the_title_is_about_class_a():
    classes = {cell: "B" if name == "open" else name for cell, name in CLASSES.items()}
    cells = CELLS.assign(segment=["A", "B", "C"])
    assert said(grid(cells=cells, classes=classes))[0] == "A 类：20.0% 的客户，80.0% 的消费金额"
    assert said(grid(cells=cells.iloc[1:], classes=classes))[0] == "没有 A 类客户"


def test_the_subtitle_says_base_day_and_where_the_levels_begin():
    assert said(grid())[1] == [
        "客户 100 位 · 截至 2024 年 12 月 31 日",
        "进店次数：中档 3 起，高档 8 起",
        "消费金额：中档 ¥1,000 起，高档 ¥5万 起",
    ]


@pytest.mark.parametrize("width", [380, 1000])
def test_all_nine_cells_are_drawn_and_six_are_open_in_words(width: int):
    drawn = words(svg(grid(), width))
    assert drawn.count("未定") == 6
    assert {"A", "B", "C", "20", "30", "50", "¥8万", "低", "中", "高"} <= set(drawn)
    assert drawn.count("0") == 6


def test_an_open_cell_has_a_colour_of_its_own_and_a_dashed_edge():
    drawing = svg(grid())
    assert drawing.count(f'fill="{CLASS_COLOURS["open"]}"') == 6
    assert drawing.count('stroke-dasharray="5,4"') == 6
    assert len({*CLASS_COLOURS.values()}) == 4


def test_a_click_picks_both_levels():
    assert picked_fields(grid()) == ["visit_level", "spend_level"]
    assert len({(row["visit_level"], row["spend_level"]) for row in rows(grid())}) == 9


def test_tooltips_have_plain_field_names():
    fields = {"class_words", "visit_words", "spend_words", "count_words", "share_words", "value_words"}
    assert tooltip_fields(grid().to_dict()) == fields


def test_cuts_figures_and_paint_change_no_layout():
    other = dict.fromkeys(CLASSES, "A")
    cells = CELLS.assign(customer_count=[1, 2, 3])
    assert drawing_only(grid(cells=cells, classes=other)) == drawing_only(grid())
    keys = {two_criteria_drawing(rows, "zh", classes=CLASSES, cuts=CUTS).key for rows in (CELLS, cells)}
    assert len(keys) == 1


def test_those_in_no_cell_are_said():
    unknown = pd.DataFrame([["unknown", "unknown", "others", 7, 0.07, np.nan, np.nan]], columns=CELLS.columns)
    assert "7 位客户缺少其中一项指标，不在任何一格" in said(grid(cells=pd.concat([CELLS, unknown])))[1]


def test_hidden_small_groups_are_blank_and_the_subtitle_says_so():
    hidden = CELLS.assign(**{name: CELLS[name].where(CELLS["customer_count"] > 20) for name in CELLS.columns[3:]})
    chart = grid(cells=hidden)
    assert "为保护人数少的分组，部分分组不显示数字" in said(chart)[1]
    assert "100" not in " ".join(said(chart)[1])
    assert "nan" not in " ".join(words(svg(chart))).lower()


def test_nobody_is_said_in_words():
    assert said(grid("en", cells=CELLS.head(0)))[0] == "Nobody to show"
