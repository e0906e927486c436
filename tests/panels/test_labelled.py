"""Results of code are read: headings in words above the names code uses, numbers without the noise of floats."""

from __future__ import annotations

import re

import pandas as pd

from workbench.panels.labelled import MOST_ROWS, labelled

SALES = pd.DataFrame(
    {
        "customer_id": ["K001", "K002"],
        "monetary": [1234.5000000001, 0.1 + 0.2],
        "customer_share": [0.25, None],
        "first_on": pd.to_datetime(["2024-02-29", None]),
        "是否在保": [True, False],
        "每月里程": [1 / 3, 12345.678],
    }
)


def cells(html: str, tag: str) -> list[str]:
    return [re.sub("<br>", " / ", cell) for cell in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html)]


def test_a_heading_says_the_column_and_the_name_that_code_uses():
    assert cells(labelled(SALES, "zh")._repr_html_(), "th") == [
        "客户代号 / <code>customer_id</code>",
        "消费金额 / <code>monetary</code>",
        "客户占比 / <code>customer_share</code>",
        "首次消费日 / <code>first_on</code>",
        "<code>是否在保</code>",
        "<code>每月里程</code>",
    ]
    assert cells(labelled(SALES, "en")._repr_html_(), "th")[0] == "Customer id / <code>customer_id</code>"


def test_values_are_written_without_noise():
    assert cells(labelled(SALES, "zh")._repr_html_(), "td") == [
        *("K001", "¥1,235", "25.0%", "2024-02-29", "是", "0.3333"),
        *("K002", "¥0.30", "—", "—", "否", "12,346"),
    ]


def test_a_long_table_says_how_many_rows_follow():
    html = labelled(pd.DataFrame({"customer_id": range(MOST_ROWS + 70)}), "en")._repr_html_()
    assert len(cells(html, "td")) == MOST_ROWS
    assert "and 70 more rows" in html


def test_an_index_with_a_name_is_a_column():
    assert "客户代号" in labelled(SALES.set_index("customer_id"), "zh")._repr_html_()


def test_what_stands_in_the_data_is_text():
    html = labelled(pd.DataFrame({"<b>门店</b>": ["<script>alert(1)</script>"]}), "zh")._repr_html_()
    assert "<script" not in html
    assert "<b>" not in html


def test_reasons_and_tables_are_said_in_words():
    rows = pd.DataFrame({"table": ["customers"], "reason": ["future_date"], "segment": ["at_risk"]})
    assert cells(labelled(rows, "zh")._repr_html_(), "td") == ["客户", "日期在未来", "at_risk"]
