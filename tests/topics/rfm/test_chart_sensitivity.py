"""The sensitivity chart: two bars for each cut, the cut that decides most in the title."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.rfm.chart_sensitivity import rfm_sensitivity_drawing

ROWS = pd.DataFrame(
    {
        "measure": ["recency_days", "frequency", "monetary"],
        "place": [1, 1, 1],
        "cut": [90.5, 2, -1255.8],
        "lower_count": [3, 0, 12],
        "higher_count": [30, 110, 6],
        "lower_share": [0.003, 0, 0.012],
        "higher_share": [0.03, 0.11, 0.006],
    }
)
BASE: dict[str, Any] = {"any_count": 200, "customer_count": 1000, "together": {"lower": 20, "higher": 140}}


def chart(lang: str = "zh", table: pd.DataFrame = ROWS, **how: Any) -> Any:
    return rfm_sensitivity_drawing(table, lang, **BASE, **how).chart()


def test_the_title_names_the_cut_that_decides_most():
    title, subtitle = said(chart("en", as_of=date(2024, 12, 31)))
    assert title == "11.0% of customers change segment when F: 2+ orders moves by 10%, more than for any other cut"
    assert subtitle == [
        "Customers: 1,000 · As of 31 December 2024",
        "200 customers (20.0%) depend on at least one cut",
        "All cuts at once: lower 20, higher 140",
    ]


@pytest.mark.parametrize("width", [380, 1000])
def test_every_cut_is_named_in_its_own_unit_and_both_directions_counted(width: int):
    drawn = words(svg(chart(), width))
    assert {"R：90.5 天", "F：2 单起", "M：合计 −¥1,255.80", "110", "30", "12", "0"} <= {*drawn}
    assert {"F：2 个消费日起", "M：单次 −¥1,255.80"} <= {*words(svg(chart(count_by="day", money="average"), width))}


def test_nested_cuts_are_named_by_their_place():
    assert "F：各组第 1 个分界点" in words(svg(chart(table=ROWS.assign(cut=np.nan))))


def test_a_click_picks_a_cut():
    assert picked_fields(chart()) == ["cut"]
    assert {row["cut"] for row in rows(chart())} == {"recency_days/1", "frequency/1", "monetary/1"}
    assert not tooltip_fields(chart().to_dict()) & {"image", "title"}


def test_other_figures_send_rows_and_no_layout():
    here = rfm_sensitivity_drawing(ROWS, "zh", **BASE)
    there = rfm_sensitivity_drawing(ROWS.assign(cut=7.0, lower_count=5), "zh", **BASE)
    assert here.key == there.key
    assert drawing_only(here.chart()) == drawing_only(there.chart())


def test_nobody_who_changes_is_said_in_words():
    nobody = ROWS.assign(lower_count=0, higher_count=0, lower_share=0.0, higher_share=0.0)
    assert said(chart("zh", nobody))[0] == "分界点移动 10% 时，没有客户换分群"
    assert "nan" not in svg(chart("zh", nobody)).lower()
