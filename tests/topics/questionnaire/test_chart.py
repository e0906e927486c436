"""The chart of reliability: what its title claims, its base, groups without figures, a standing layout."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, rows, said, svg, words
from workbench.topics.questionnaire.chart import reliability_drawing

NAN = float("nan")
ROWS = pd.DataFrame(
    {
        "construct": ["形象", "期望", "价值"],
        "light": ["good", "unclear", "bad"],
        "respondents": [250, 248, 250],
        "alpha": [0.82, 0.71, 0.4],
        "alpha_low": [0.75, 0.6, 0.2],
        "alpha_high": [0.88, 0.79, 0.55],
    }
)


def chart(lang: str = "zh", table: pd.DataFrame = ROWS):
    return reliability_drawing(table, lang, as_of=date(2025, 12, 18)).chart()


@pytest.mark.parametrize(
    ("lights", "zh", "en"),
    [
        (["good", "unclear", "bad"], "不可靠：“价值”", "Not reliable: “价值”"),
        (
            ["good", "unclear", "unclear"],
            "3 个题组中有 1 个可靠，其余无法判断",
            "1 of 3; for the others it cannot be told",
        ),
        (["good", "good", "good"], "题组全部可靠（3/3）", "Every group of questions is reliable (3 of 3)"),
        (
            ["unclear", "few", "flat"],
            "题目是否可靠，尚无法判断",
            "Whether the questions measure reliably cannot be told",
        ),
    ],
)
def test_the_title_claims_what_the_lights_say(lights: list[str], zh: str, en: str):
    table = ROWS.assign(light=lights)
    assert said(chart("zh", table))[0] == zh
    assert said(chart("en", table))[0].endswith(en)


def test_the_base_stands_below():
    assert said(chart())[1][0] == "整组作答的受访者 248 至 250 位 · 截至 2025 年 12 月 18 日"
    assert said(chart("en", ROWS.assign(respondents=250)))[1][0].startswith(
        "Respondents who answered every group whole: 250"
    )


def test_a_group_without_figures_is_named_and_says_why():
    table = ROWS.assign(
        light=["few", "flat", "bad"], alpha=[NAN, NAN, 0.4], alpha_low=[NAN, NAN, 0.2], alpha_high=[NAN, NAN, 0.5]
    )
    texts = words(svg(chart("en", table)))
    assert {"形象", "期望", "too few answers", "a question that all answered alike", "0.40"} <= set(texts)


def test_an_alpha_below_nought_is_drawn_at_nought_and_said_as_it_is():
    drawn = [row for row in rows(chart("en", ROWS.assign(alpha=-0.5, alpha_low=-0.9))) if "drawn" in row]
    assert [(row["drawn"], row["words"]) for row in drawn] == [(0.0, "−0.50")] * 3


def test_other_figures_keep_the_layout():
    assert drawing_only(chart()) == drawing_only(chart(table=ROWS.assign(alpha=0.5, light="bad")))
