"""Satisfaction over time in a chart: what moved, what has not ended, what is missing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import vl_convert

from workbench.topics.satisfaction.chart_trend import score_trend
from workbench.topics.satisfaction.differences import TrendChange, TrendVerdict


def months(*values, half=5.0, incomplete=False, base=100):
    """Rows as `satisfaction_trend` returns them, from January 2025; None is a month without answers."""
    return pd.DataFrame(
        {
            "period": pd.date_range("2025-01-01", periods=len(values), freq="MS"),
            "value": values,
            "low": [None if value is None else value - half for value in values],
            "high": [None if value is None else value + half for value in values],
            "base": [0 if value is None else base for value in values],
            "effective_base": [None if value is None else float(base) for value in values],
            "is_small": [base < 30] * len(values),
            "is_hidden": [False] * len(values),
            "is_incomplete": [False] * (len(values) - 1) + [incomplete],
        }
    )


def title(chart) -> str:
    return chart.to_dict()["usermeta"]["title"]


def drawn(chart) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"width": 700}, vl_version="6.4")


def step(before: float, after: float) -> TrendVerdict:
    change = TrendChange("step", date(2025, 2, 1), date(2025, 4, 1), before=before, after=after, p_value=0.001)
    return TrendVerdict(change, is_told=True, is_without_seasons=False)


STEADY = TrendVerdict(None, is_told=True, is_without_seasons=False)
FELL = step(30, 10)


def test_a_shift_is_the_finding_whenever_it_happened():
    rows = months(30, 10, 10, 10)
    assert title(score_trend(rows, lang="zh", verdict=FELL)) == (
        "NPS 下降 20.0 点，最可能始于 2025 年 2 月：此前 +30.0，此后 +10.0"
    )
    assert title(score_trend(rows, lang="en", verdict=FELL)) == (
        "NPS fell by 20.0 points, most likely from February 2025: +30.0 before, +10.0 since"
    )
    rose = step(10, 30)
    assert title(score_trend(rows, lang="en", verdict=rose)).startswith("NPS rose by 20.0 points")


def test_a_shift_shows_both_levels_and_none_shows_none():
    rows = months(30, 10, 10, 10)
    assert 'stroke-dasharray="6,3"' in drawn(score_trend(rows, lang="zh", verdict=FELL))
    assert 'stroke-dasharray="6,3"' not in drawn(score_trend(rows, lang="zh", verdict=STEADY))


def test_without_a_shift_no_change_is_claimed_however_far_two_months_lie_apart():
    assert title(score_trend(months(30, 95), lang="zh", verdict=STEADY)) == "NPS 没有明显变化，2025 年 2 月为 +95.0"


def test_a_month_that_has_not_ended_is_drawn_apart_and_is_never_the_finding():
    chart = score_trend(months(30, 31, -80, incomplete=True), lang="zh", verdict=STEADY, as_of=date(2025, 3, 10))
    assert title(chart) == "NPS 没有明显变化，2025 年 2 月为 +31.0"
    assert "stroke-dasharray" in drawn(chart)
    assert "虚线空心点：期间未结束" in chart.to_dict()["usermeta"]["subtitle"][0]


def test_a_whole_last_month_is_drawn_like_the_others():
    assert "stroke-dasharray" not in drawn(score_trend(months(30, 31, 32), lang="zh", verdict=STEADY))


def test_a_month_without_answers_is_a_gap_and_not_nought():
    lines = [
        part
        for part in drawn(score_trend(months(50, 51, None, 52, 53), lang="zh", verdict=STEADY)).split("<path")
        if 'stroke-width="2.5"' in part
    ]
    assert any(part.split('d="')[1].split('"')[0].count("M") == 2 for part in lines)


def test_quarters_are_named_as_quarters():
    rows = months(30, 60).assign(period=pd.to_datetime(["2025-01-01", "2025-04-01"]))
    assert "2025 年第 2 季度" in title(score_trend(rows, lang="zh", verdict=STEADY, every="quarter"))


def test_the_subtitle_counts_the_periods_that_are_hidden():
    rows = months(30, None, 30).assign(is_hidden=[False, True, False])
    assert "1 个期间不显示" in score_trend(rows, lang="zh", verdict=STEADY).to_dict()["usermeta"]["subtitle"][0]


def test_one_month_is_said_without_a_comparison():
    assert title(score_trend(months(30), lang="en", verdict=STEADY)) == "NPS is +30.0 in January 2025"


def test_nobody_asked_is_said_in_words():
    chart = score_trend(months(30).head(0), lang="en", verdict=STEADY)
    assert title(chart) == "No NPS to show: too few answers"
    assert drawn(chart).startswith("<svg")
