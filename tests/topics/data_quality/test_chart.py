"""The bars of a table's columns: what the title counts, what a hidden column leaves unsaid, a standing layout."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.charts.drawn import drawing_only, picked_fields, said, svg, words
from workbench.topics.data_quality.chart import column_fill_drawing

ROWS = pd.DataFrame(
    {
        "place": [0, 1, 2],
        "column_name": ["name", "phone", "email"],
        "row_count": [200, 200, 200],
        "filled_count": [200, 190, 0],
        "blank_count": [0, 10, 200],
        "filled_share": [1.0, 0.95, 0.0],
    }
)
NAMES = {"name": "客户名称", "phone": "联系电话", "email": "邮箱"}


def chart(lang: str = "zh", rows: pd.DataFrame = ROWS):
    return column_fill_drawing(rows, lang, names=NAMES, table="客户", as_of=date(2025, 12, 18)).chart()


def test_the_title_counts_full_and_empty_columns_and_the_base_stands_below():
    assert said(chart()) == (
        "客户：3 列中有 2 列的填写率不低于 95%，1 列完全空白",
        ["客户 200 行 · 截至 2025 年 12 月 18 日"],
    )
    assert said(chart("en"))[0] == "2 of 3 columns of 客户 are filled in at least 95 % of the rows, 1 in none"
    assert "完全空白" not in said(chart(rows=ROWS.head(2)))[0]


def test_just_below_is_not_full():
    low = ROWS.assign(filled_share=[1.0, 0.9499, 0.0], filled_count=[200, 189, 0])
    assert said(chart("en", low))[0].startswith("1 of 3 columns")


def test_a_hidden_column_leaves_the_count_unsaid_and_has_a_dash():
    hidden = ROWS.assign(**{name: [200, None, 0] for name in ("filled_count", "blank_count", "filled_share")})
    assert said(chart("en", hidden))[0] == "How completely the columns of 客户 are filled"
    assert "—" in words(svg(chart("en", hidden)))


def test_other_figures_keep_the_layout_and_a_click_picks_the_column():
    assert drawing_only(chart()) == drawing_only(chart(rows=ROWS.assign(filled_share=[0.5, 0.5, 0.5])))
    assert picked_fields(chart()) == ["column_name"]
