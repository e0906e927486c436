"""The matrix of two segmentations: figures in the cells, what goes together in the title."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.charts.drawn import picked_fields, said, svg, words
from workbench.charts.segment_matrix import Side
from workbench.topics.overlap.chart import segment_overlap_drawing

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
        "p_value": [0.001, 1.0, None],
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
    assert "部分分组不显示数字" in " ".join(said(matrix())[1])


def test_the_title_says_what_goes_together():
    assert said(matrix())[0] == "会员中有 80.0% 属于A 类：40 位客户，高于随机水平"
    assert "一致程度 0.23" in " ".join(said(matrix())[1])


def test_where_chance_would_give_as_many_the_title_claims_nothing():
    drawing = segment_overlap_drawing(
        CELLS.assign(p_value=[0.06, 1.0, None]), "zh",
        first=Side("first_segment", {"vip": "会员", "base": "普通"}, "会员等级"),
        second=Side("second_segment", {"A": "A 类", "B": "B 类"}, "ABC"),
        measure="customer_count", adjusted_rand=0.0, base=60,
    )  # fmt: skip
    assert said(drawing.chart())[0] == "图中没有哪两个分群的重合高于随机水平"


def test_a_click_on_a_cell_picks_both_segments():
    assert picked_fields(matrix()) == ["first_segment", "second_segment"]


def test_a_hostile_segment_name_is_text():
    assert "<img" not in svg(matrix(names="</script><img src=x onerror=alert(1)>"))
