"""The chart of what makes a segment different: bars of differences with both figures."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.profile.chart import segment_profile_drawing

COMPARED = pd.DataFrame(
    {
        "column": ["monetary", "customer_type", "recency_days", "gender"],
        "kind": ["number", "text", "number", "text"],
        "effect": [0.9, 0.4, -0.3, float("nan")],
        "size": ["large", "medium", "small", ""],
        "direction": ["higher", "mixed", "lower", ""],
        "this_mean": [40_000.0, None, 12.0, None],
        "other_mean": [3_400.0, None, 380.0, None],
        "value": [None, "企业", None, None],
        "this_share": [None, 0.265, None, None],
        "other_share": [None, 0.01, None, None],
        "q_value": [0.0, 0.0002, 0.04, float("nan")],
        "is_evidence": [True, False, False, False],
    }
)
NAMES = {"monetary": "消费金额", "customer_type": "客户类型", "recency_days": "距今天数"}


def bars(lang: str = "zh", table: pd.DataFrame = COMPARED):
    drawn = segment_profile_drawing(
        table, lang, this="重要价值", other="其余客户", name=lambda name: NAMES.get(name, name), base=2623,
        as_of=date(2025, 12, 18),
    )  # fmt: skip
    return drawn.chart()


def test_the_title_states_the_greatest_difference_that_the_rules_did_not_make():
    assert said(bars())[0] == "除划分依据外，重要价值与其余客户差别最大：客户类型 = 企业：26.5% 对 1.0%"
    assert said(bars())[1][0] == "客户 2,623 位 · 截至 2025 年 12 月 18 日"


@pytest.mark.parametrize("width", [360, 1000])
def test_every_known_difference_has_a_bar_with_both_figures(width: int):
    drawn = words(svg(bars(), width))
    assert {"消费金额*：¥4万 对 ¥3,400", "距今天数：12.0 对 380"} <= set(drawn)
    assert not any("gender" in word for word in drawn)


def test_another_segment_sends_rows_and_keeps_the_layout():
    assert drawing_only(bars()) == drawing_only(bars(table=COMPARED.assign(effect=COMPARED["effect"] / 2)))


def test_a_click_picks_the_column():
    assert picked_fields(bars()) == ["column"]
    assert {"monetary", "customer_type"} <= {row.get("column") for row in rows(bars())}
    assert not tooltip_fields(bars().to_dict()) & {"image", "title"}


def test_nothing_to_compare_is_said():
    assert said(bars("en", COMPARED.head(0)))[0] == "Nothing known to compare"
    assert said(bars("en", COMPARED.head(1)))[0] == "重要价值: nothing is known apart from what defines the segment"
    by_chance = COMPARED.assign(q_value=0.5)
    assert "no difference beyond chance" in said(bars("en", by_chance))[0]
