"""The RFM charts: the grid of recency by frequency, and the segments as bars."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.topics.rfm.chart import rfm_grid_drawing

CELLS = pd.DataFrame(
    {
        "r_score": [1, 1, 3, 3],
        "f_score": [1, 3, 1, 3],
        "customer_count": [50, 10, 15, 25],
        "customer_share": [0.5, 0.1, 0.15, 0.25],
        "monetary": [5_000.0, 15_000, 20_000, 60_000],
        "average_monetary": [100.0, 1_500, 1_333.33, 2_400],
    }
)
CUTS = {"recency_days": [30, 90.5], "frequency": [2, 2], "monetary": [100, 1000]}
SEGMENTS = pd.DataFrame(
    {
        "segment": ["important_value", "general_retain"],
        "customer_count": [25, 75],
        "customer_share": [0.25, 0.75],
        "order_count": [100, 80],
        "monetary": [64_000.0, 16_000],
        "value_share": [0.8, 0.2],
        "average_order_value": [640.0, 200],
        "average_monetary": [2_560.0, 213],
        "average_recency_days": [10.0, 200],
    }
)
NAMES = {
    "en": {"important_value": "Important: value", "general_retain": "General: win back"},
    "zh": {"important_value": "重要价值", "general_retain": "一般挽留"},
}


def grid(lang: str = "en", **choices: Any) -> Any:
    return rfm_grid_drawing(CELLS, lang, **{"as_of": date(2024, 12, 31), "bins": 3} | choices).chart()


def bars(lang: str = "en", table: pd.DataFrame = SEGMENTS) -> Any:
    return segment_bars_drawing(table, lang, names=NAMES[lang], as_of=date(2024, 12, 31)).chart()


@pytest.mark.parametrize(
    ("measure", "lang", "title"),
    [
        ("customer_count", "en", "R1 F1 holds the most customers: 50, 50.0% of all"),
        ("monetary", "zh", "R3 F3 贡献最多：25.0% 的客户带来 60.0% 的消费金额"),
        ("average_monetary", "en", "R3 F3 spends the most per customer: ¥2,400 (customers: 25)"),
    ],
)
def test_the_title_states_which_cell_stands_out(measure: str, lang: str, title: str):
    assert said(grid(lang, measure=measure))[0] == title


def test_the_subtitle_says_the_base_the_day_and_what_is_coloured():
    assert said(grid("zh"))[1] == ["客户 100 位 · 截至 2024 年 12 月 31 日 · 合计 ¥10万", "颜色与数字：客户数"]


@pytest.mark.parametrize("width", [380, 1000])
def test_every_cell_says_its_figure_and_money_is_short(width: int):
    drawn = words(svg(grid("zh", measure="monetary"), width))
    assert {"¥5,000", "¥1.5万", "¥2万", "¥6万"} <= set(drawn)


def test_scores_nobody_has_keep_their_place_and_the_most_recent_are_on_top():
    drawn = words(svg(grid()))
    assert {"R1", "R2", "R3", "F1", "F2", "F3"} <= set(drawn)
    assert drawn.index("R3") < drawn.index("R2") < drawn.index("R1")


def test_scores_say_which_days_and_purchases_they_stand_for():
    drawing = svg(grid(cuts=CUTS))
    for label in ("0–29", "30–90", "≥91", "≥2"):
        assert label in drawing
    assert ">–</text>" in drawing  # F2 lies between two equal cuts: no number of purchases


def test_other_cut_points_send_rows_and_no_layout():
    here = rfm_grid_drawing(CELLS, "zh", bins=3, cuts=CUTS)
    there = rfm_grid_drawing(CELLS, "zh", bins=3, cuts=CUTS | {"recency_days": [7, 14]})
    assert here.key == there.key
    assert drawing_only(here.chart()) == drawing_only(there.chart())
    assert here.rows()["near"] != there.rows()["near"]


def test_nested_cuts_label_the_days_and_leave_f_to_its_groups():
    nested = {"recency_days": [30], "frequency": [[2], [5]], "monetary": [[[1], [2]], [[3], [4]]]}
    frames = rfm_grid_drawing(CELLS, "zh", bins=2, cuts=nested).rows()
    assert [row["words"] for row in frames["near"]] == ["≥30", "0–29"]
    assert frames["often"] == []


def test_the_axis_says_what_f_counts():
    assert "F: days with a purchase" in words(svg(grid(count_by="day")))
    assert "F: number of orders" in words(svg(grid()))


def test_a_click_picks_a_cell_or_a_segment_that_is_among_the_rows():
    assert picked_fields(grid()) == ["r_score", "f_score"]
    assert {(row["r_score"], row["f_score"]) for row in rows(grid())} == {(1, 1), (1, 3), (3, 1), (3, 3)}
    assert picked_fields(bars()) == ["segment"]
    assert {"important_value", "general_retain"} <= {row.get("segment") for row in rows(bars())}


def test_tooltips_have_plain_field_names():
    assert tooltip_fields(grid().to_dict()) == {"r_score", "f_score", "customers", "customer_share", "money", "average"}
    assert not tooltip_fields(bars().to_dict()) & {"image", "title"}


def test_hidden_small_groups_are_blank_and_the_subtitle_says_so():
    hidden = CELLS.assign(**{name: CELLS[name].where(CELLS["customer_count"] > 20) for name in CELLS.columns[2:]})
    chart = rfm_grid_drawing(hidden, "zh", bins=3).chart()
    assert "为保护人数少的分组，部分分组不显示数字" in said(chart)[1]
    assert "nan" not in " ".join(words(svg(chart))).lower()


def test_the_title_states_which_segment_brings_the_most():
    assert said(bars("en"))[0] == "Important: value: 25.0% of customers bring 80.0% of spend"
    assert said(bars("zh"))[0] == "重要价值：25.0% 的客户带来 80.0% 的消费金额"


@pytest.mark.parametrize("width", [380, 1000])
def test_the_bars_say_customers_money_and_the_average_order(width: int):
    drawn = words(svg(bars("zh"), width))
    assert {"重要价值", "一般挽留", "25", "75", "¥6.4万", "¥1.6万", "客单价", "¥640", "¥200"} <= set(drawn)


def test_the_segments_keep_the_order_of_the_rows():
    drawn = words(svg(bars("zh", SEGMENTS.iloc[::-1])))
    assert drawn.index("一般挽留") < drawn.index("重要价值")


def test_a_hidden_segment_keeps_its_name_and_loses_its_figures():
    hidden = SEGMENTS.astype({"customer_count": float}).copy()
    hidden.loc[1, hidden.columns[1:]] = np.nan
    drawn = words(svg(bars("en", hidden)))
    assert "General: win back" in drawn
    assert drawn.count("—") == 3
    assert said(bars("en", hidden))[1] == ["As of 31 December 2024", "Some groups are hidden to protect small ones"]


def test_a_hostile_segment_name_is_text():
    chart = segment_bars_drawing(
        SEGMENTS, "en", names={"important_value": "</script><img src=x onerror=alert(1)>"}
    ).chart()
    assert "<img" not in svg(chart)


def test_nobody_is_said_in_words():
    nobody = rfm_grid_drawing(CELLS.head(0), "zh", bins=5).chart()
    assert said(nobody)[0] == "没有可显示的客户"
    assert said(bars("en", SEGMENTS.head(0)))[0] == "Nobody to show"
    assert "nan" not in svg(nobody).lower()
