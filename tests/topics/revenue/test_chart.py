"""Revenue by month and small lines: what the title compares, what is hollow."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import vl_convert

from workbench.topics.revenue.chart import revenue_trend


def months(*revenue, start="2024-11-01", incomplete=False) -> pd.DataFrame:
    """Rows as `revenue_by_month` returns them."""
    return pd.DataFrame(
        {
            "month": pd.date_range(start, periods=len(revenue), freq="MS"),
            "revenue": revenue,
            "order_count": [10] * len(revenue),
            "average_order_value": [amount / 10 for amount in revenue],
            "active_customers": [8] * len(revenue),
            "is_incomplete": [False] * (len(revenue) - 1) + [incomplete] if revenue else [],
        }
    )


def title(chart) -> str:
    return chart.to_dict()["usermeta"]["title"]


def drawn(chart) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"width": 700}, vl_version="6.4")


def test_the_title_compares_with_the_same_month_a_year_before():
    rows = months(*[400_000] * 12, 452_000)
    assert title(revenue_trend(rows, lang="zh")) == "2025 年 11 月销售额 ¥45.2万，同比 +13.0%"


def test_without_a_year_of_data_it_compares_with_the_month_before():
    expected = "Revenue in December 2024: ¥450k, −10.0% month on month"
    assert title(revenue_trend(months(500_000, 450_000), lang="en")) == expected


def test_a_month_that_is_not_whole_is_no_finding_and_is_hollow():
    chart = revenue_trend(months(500_000, 450_000, 20, incomplete=True), lang="zh", as_of=date(2025, 1, 2))
    assert "12 月" in title(chart)
    assert 'stroke-dasharray="4,3"' in drawn(chart)
    assert "月份不完整" in chart.to_dict()["usermeta"]["subtitle"][0]


def test_no_growth_is_claimed_over_a_month_of_nothing():
    assert title(revenue_trend(months(0, 450_000), lang="zh")) == "2024 年 12 月销售额 ¥45万"


@pytest.mark.parametrize("rows", [months(), months(5.0, incomplete=True)])
def test_without_a_whole_month_the_title_says_so(rows):
    chart = revenue_trend(rows, lang="zh")
    assert title(chart) == "还没有完整的月份"
    assert drawn(chart).startswith("<svg")


def test_a_month_of_refunds_goes_below_the_line():
    assert "−¥" in drawn(revenue_trend(months(100_000, -80_000), lang="zh"))


def test_no_month_after_the_last_bar_is_named():
    svg = drawn(revenue_trend(months(*[400_000] * 14, start="2024-11-01"), lang="zh"))
    assert ">2025年<" in svg
    assert ">2026年<" not in svg


def beside(*pairs: tuple[float, float | None]) -> pd.DataFrame:
    """Rows as `beside_year_before` returns them: revenue, and that of the same month a year before."""
    rows = months(*[now for now, _then in pairs])
    then = pd.Series([then for _now, then in pairs], dtype="float64")
    return rows.assign(revenue_year_before=then, revenue_change=rows["revenue"] / then.where(then > 0) - 1)


def test_with_the_year_before_the_title_compares_with_it_and_light_bars_show_it():
    chart = revenue_trend(beside((500_000, 400_000), (450_000, 360_000)), lang="zh", compares=True)
    assert title(chart) == "2024 年 12 月销售额 ¥45万，同比 +25.0%"
    assert "浅色柱：上年同月" in " ".join(chart.to_dict()["usermeta"]["subtitle"])
    svg = drawn(chart)
    assert svg.count('fill="#A9B4BF"') == 2
    assert "上年同月: ¥36万; 同比: +25.0%" in svg


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "2024 年 12 月销售额 ¥45万；数据自 2024 年 11 月 1 日开始，没有上年同月可比"),
        ("en", "Revenue in December 2024: ¥450k; no year earlier to compare with, the data begins on 1 November 2024"),
    ],
)
def test_where_last_year_has_no_data_the_title_says_so_and_compares_with_no_other_month(lang, said):
    rows = beside((500_000, None), (450_000, None))
    chart = revenue_trend(rows, lang=lang, compares=True, begins=date(2024, 11, 1))
    assert title(chart) == said
    assert 'fill="#A9B4BF"' not in drawn(chart)


def test_a_year_before_that_may_not_be_shown_is_said_to_be():
    chart = revenue_trend(months(500_000, 450_000), lang="en", compares=True, closed=True, begins=date(2020, 1, 1))
    assert title(chart) == "Revenue in December 2024: ¥450k"
    assert "The year before is not shown, to protect small groups" in " ".join(chart.to_dict()["usermeta"]["subtitle"])
