"""The charts that compare segments: bars of differences, and matrices of segments by segments."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.charts.segment_matrix import Side
from workbench.topics.overlap.chart import segment_overlap_drawing
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
    assert said(bars())[0] == "重要价值与其余客户差别最大：客户类型 = 企业：26.5% 对 1.0%"
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
    assert "hardly any difference" in said(bars("en", COMPARED.head(1)))[0]


CELLS = pd.DataFrame(
    {
        "first_segment": ["vip", "vip", "base"],
        "second_segment": ["A", "B", "B"],
        "customer_count": [40.0, 10, None],
        "monetary": [90_000.0, 4_000, None],
        "first_share": [0.8, 0.2, None],
        "smaller_share": [1.0, 0.2, None],
        "jaccard": [0.8, 0.1, None],
        "lift": [1.4, 0.5, None],
    }
)


def matrix(lang: str = "zh", measure: str = "customer_count", names: str = "会员"):
    return segment_overlap_drawing(
        CELLS, lang,
        first=Side("first_segment", {"vip": names, "base": "普通"}, "会员等级"),
        second=Side("second_segment", {"A": "A 类", "B": "B 类"}, "ABC"),
        measure=measure, adjusted_rand=0.23, base=60, as_of=date(2025, 12, 18),
    ).chart()  # fmt: skip


def test_a_cell_says_its_figure_and_a_hidden_one_is_blank():
    drawn = words(svg(matrix(measure="monetary"), 800))
    assert {"¥9万", "¥4,000", "1 会员", "2 普通", "1 A 类"} <= set(drawn)
    assert "nan" not in svg(matrix()).lower()
    assert "人数过少的分组不显示数字" in " ".join(said(matrix())[1])


def test_the_title_says_what_goes_together():
    assert said(matrix())[0] == "会员中有 80.0% 属于A 类：40 位客户，高于随机水平"
    assert "调整兰德指数 0.23" in " ".join(said(matrix())[1])


def test_a_click_on_a_cell_picks_both_segments():
    assert picked_fields(matrix()) == ["first_segment", "second_segment"]


def test_a_hostile_segment_name_is_text():
    assert "<img" not in svg(matrix(names="</script><img src=x onerror=alert(1)>"))
