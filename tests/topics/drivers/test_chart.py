"""The bars and the map of drivers: what their titles claim, their base, undecided points, a standing layout."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, rows, said, svg, words
from workbench.topics.drivers.chart import importance_drawing
from workbench.topics.drivers.chart_map import importance_map_drawing

ROWS = pd.DataFrame(
    {
        "item": ["接待", "结算", "等候"],
        "importance_share": [0.6, 0.3, 0.1],
        "share_low": [0.5, 0.2, 0.0],
        "share_high": [0.7, 0.4, 0.2],
        "association": ["up", "down", "unclear"],
        "correlation": [0.5, -0.3, 0.05],
    }
)
PLACED = ROWS.assign(
    quadrant=["concentrate", "undecided", "low_priority"],
    importance_low=[0.45, 0.15, -0.05],
    importance_high=[0.75, 0.45, 0.25],
    importance_line=1 / 3,
    score_share=[0.4, 0.6, 0.5],
    score_low=[0.35, 0.55, 0.45],
    score_high=[0.45, 0.65, 0.55],
    score_line=0.5,
)
AS_OF = date(2025, 12, 18)


def bars(lang: str = "zh", table: pd.DataFrame = ROWS, leading: str | None = "接待"):
    facts = {"outcome": "总体", "r_squared": 0.4, "base": 120, "left_out": 7, "as_of": AS_OF}
    return importance_drawing(table, lang, leading=leading, **facts).chart()


def placed(lang: str = "zh", table: pd.DataFrame = PLACED):
    return importance_map_drawing(table, lang, outcome="总体", base=120, as_of=AS_OF).chart()


def test_the_title_names_the_closest_question_and_the_base_stands_below():
    assert said(bars()) == (
        "“接待”与“总体”关联最密切：占各题共同解释的 60.0%",
        ["全部作答的受访者 120 位 · 未计入 7 位 · 共同解释 40.0% · 截至 2025 年 12 月 18 日"],
    )
    assert said(bars("en"))[0] == "“接待” goes with “总体” most closely: 60.0% of what the questions explain"


def test_where_none_is_the_closest_they_are_counted_and_where_none_is_clear_that_is_said():
    assert said(bars("en", leading=None))[0].startswith("Questions that go with “总体” beyond chance: 2 of 3; none")
    by_chance = ROWS.assign(association="unclear", share_low=0.0)
    assert said(bars("en", by_chance, None))[0] == "No question goes with “总体” beyond chance"


def test_other_figures_keep_the_layouts():
    assert drawing_only(bars()) == drawing_only(bars(table=ROWS.assign(importance_share=[0.2, 0.5, 0.3])))
    assert drawing_only(placed()) == drawing_only(placed(table=PLACED.assign(quadrant="undecided", score_share=0.7)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_are_drawn_with_the_names_of_all_questions(lang: str):
    for chart in (bars(lang), placed(lang)):
        texts = words(svg(chart))
        assert {"接待", "结算", "等候"} <= set(texts)


def test_a_bar_without_an_interval_says_so_and_is_drawn():
    unknown = ROWS.assign(share_low=float("nan"), share_high=float("nan"))
    assert {row["between"] for row in rows(bars("en", unknown)) if "between" in row} == {"cannot be told"}
    assert "60.0%" in words(svg(bars("en", unknown)))


@pytest.mark.parametrize(
    ("quadrants", "zh", "en"),
    [
        (["concentrate", "keep_up", "overkill"], "重要而得分偏低，应先关注：“接待”", "look here first: “接待”"),
        (["keep_up", "undecided", "overkill"], "重要且得分较高，宜保持：“接待”", "Important and rated high: “接待”"),
        (
            ["overkill", "undecided", "low_priority"],
            "没有题目对“总体”的重要性明显高于",
            "No question is clearly above",
        ),
        (["undecided"] * 3, "尚无题目能确定所在象限", "No question can be placed for certain"),
    ],
)
def test_the_map_names_only_what_is_decided(quadrants: list[str], zh: str, en: str):
    table = PLACED.assign(quadrant=quadrants)
    assert zh in said(placed("zh", table))[0]
    assert en in said(placed("en", table))[0]


def test_questions_without_a_place_are_counted_and_not_drawn():
    table = PLACED.assign(quadrant=["concentrate", "reversed", "unscaled"])
    chart = placed("en", table)
    assert "without a place: 2" in " ".join(said(chart)[1])
    assert [row["item"] for row in rows(chart) if "quadrant" in row] == ["接待"]


def test_undecided_points_are_hollow():
    layers = placed().to_dict()["layer"]
    filled = [one for one in layers if one["mark"].get("filled")]
    assert [one["transform"] for one in filled] == [[{"filter": "datum.quadrant !== 'undecided'"}]]
