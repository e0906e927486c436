"""Satisfaction in charts: what the title says, what is grey, what is hidden, what a click means."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import vl_convert

from workbench.charts.theme import JUDGEMENT, SMALL_BASE
from workbench.topics.satisfaction.chart import MOST_BARS, score_bars

MISSING = {"missing_blank": 2, "missing_sentinel": 1, "missing_out_of_range": 0}


def csat_row(touchpoint, value, half=0.05, base=100, *, hidden=False, stands=None):
    """One group as `csat` and `with_standing` return it; unless it is said how it stands, far values are clear."""
    clear = "below" if value < 0.74 else "above" if value > 0.84 else "unclear"
    known = None if hidden else 1
    return {
        "touchpoint": touchpoint,
        "base": known and base,
        "effective_base": known and float(base),
        "csat": known and value,
        "low": known and value - half,
        "high": known and value + half,
        **MISSING,
        "is_small": hidden or base < 30,
        "is_hidden": hidden,
        "stands": stands or clear,
    }


GROUPS = pd.DataFrame([csat_row("预约", 0.80), csat_row("结算", 0.61), csat_row("回访", 0.20, 0.3, base=12)])
WHOLE = pd.DataFrame([csat_row(None, 0.79, 0.02, base=2400)]).drop(columns="touchpoint")


def drawn(chart, width=900) -> str:
    """Return the chart as the reader gets it, in SVG."""
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"width": width}, vl_version="6.4")


def title(chart) -> str:
    return chart.to_dict()["usermeta"]["title"]


def csat_bars(rows=GROUPS, whole=WHOLE, lang="zh", **more):
    return score_bars(rows, whole, lang=lang, measure="csat", **more)


def test_the_title_names_the_touchpoint_that_is_lowest_and_by_how_much():
    assert title(csat_bars()) == "“结算”低于其余分组的总体水平：CSAT 61.0%，比整体低 18.0 个百分点"
    assert title(csat_bars(lang="en")) == (
        "结算 is below the rest: CSAT 61.0%, 18.0 percentage points below the overall figure"
    )


def test_a_worse_score_of_few_people_is_not_the_finding():
    assert "回访" not in title(csat_bars())


def test_no_finding_is_claimed_where_no_test_finds_one_however_far_a_group_lies():
    close = pd.DataFrame([csat_row("预约", 0.80), csat_row("结算", 0.56, stands="unclear")])
    assert title(csat_bars(close)) == "各触点之间没有明显差别，整体 CSAT 为 79.0%"


def test_where_none_is_worse_the_best_is_the_finding():
    good = pd.DataFrame([csat_row("预约", 0.90), csat_row("结算", 0.78)])
    assert title(csat_bars(good)).startswith("“预约”高于其余分组")


def test_effort_is_called_different_and_never_better_or_worse():
    rows = GROUPS.assign(
        ces=[4.0, 6.0, 5.0], low=[3.9, 5.8, 1.0], high=[4.1, 6.2, 7.0], stands=["unclear", "above", "unclear"]
    )
    whole = WHOLE.assign(ces=4.0)
    chart = score_bars(rows, whole, lang="zh", measure="ces")
    assert title(chart) == "“结算”高于其余分组的总体水平：CES 6.00，比整体高 2.00 分"
    assert JUDGEMENT["bad"] not in drawn(chart)


def test_colour_says_what_is_clearly_below_and_what_rests_on_few():
    svg = drawn(csat_bars())
    assert JUDGEMENT["bad"] in svg
    assert SMALL_BASE in svg


def test_the_group_most_in_need_comes_first():
    svg = drawn(csat_bars(pd.DataFrame([csat_row("预约", 0.80), csat_row("结算", 0.61), csat_row("维修", 0.70)])))
    assert svg.index(">结算<") < svg.index(">维修<") < svg.index(">预约<")


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "为保护客户隐私，不显示"), ("en", "not shown, to protect a small group")]
)
def test_a_hidden_group_is_named_and_has_no_figure(lang, words):
    rows = pd.DataFrame([*GROUPS.to_dict("records"), csat_row("投诉处理", 0.1, hidden=True)])
    svg = drawn(csat_bars(rows, lang=lang))
    assert ">投诉处理<" in svg
    assert words in svg
    assert "nan" not in svg.lower()


def test_answers_without_a_touchpoint_are_said_to_be_unknown():
    assert ">未知<" in drawn(csat_bars(pd.DataFrame([csat_row(None, 0.5), csat_row("结算", 0.61)])))


def test_every_bar_shows_its_base_and_the_subtitle_the_whole_one():
    chart = csat_bars(as_of=date(2025, 12, 31))
    assert "n = 12" in drawn(chart)
    assert chart.to_dict()["usermeta"]["subtitle"] == ["有效回答 2,400 份 · 缺失 3 份 · 截至 2025 年 12 月 31 日"]


def test_a_base_of_fewer_independent_respondents_says_what_it_is_worth():
    (subtitle,) = csat_bars(whole=WHOLE.assign(effective_base=1800.4)).to_dict()["usermeta"]["subtitle"]
    assert "相当于 1,800 位独立受访者" in subtitle


def test_a_click_picks_by_the_dimensions_name():
    spec = csat_bars().to_dict()
    (pick,) = [parameter for parameter in spec["params"] if parameter["name"].startswith("pick")]
    assert pick["name"] == "pick"
    assert pick["select"]["fields"] == ["touchpoint"]


def test_of_many_groups_those_with_most_answers_are_drawn_and_the_subtitle_says_so():
    many = pd.DataFrame([csat_row(f"登机口 {place}", 0.79, base=100 + place) for place in range(40)])
    chart = csat_bars(many)
    svg = drawn(chart)
    assert svg.count("登机口") >= MOST_BARS
    assert ">登机口 39<" in svg
    assert ">登机口 0<" not in svg
    assert "40 个触点中回答最多的 15 个" in chart.to_dict()["usermeta"]["subtitle"][0]


def test_nobody_asked_is_said_in_words():
    empty = pd.DataFrame([csat_row(None, 0.1, hidden=True)]).drop(columns="touchpoint")
    chart = csat_bars(GROUPS.head(0), empty)
    assert title(chart) == "回答太少，无法显示 CSAT"
    assert drawn(chart).startswith("<svg")


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "'); alert(1); ('", "{{7*7}}", "<img onerror=x>"]
)
def test_a_touchpoint_with_a_hostile_name_is_text(hostile):
    svg = drawn(csat_bars(pd.DataFrame([csat_row(hostile, 0.61), csat_row("预约", 0.8)]), lang="en"))
    assert "<script" not in svg
    assert "<img" not in svg
    assert hostile.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")[:12] in svg.replace(
        "&apos;", "&#39;"
    ).replace("'", "&#39;")


def test_drawing_changes_no_frame():
    rows, whole = GROUPS.copy(), WHOLE.copy()
    csat_bars(rows, whole)
    pd.testing.assert_frame_equal(rows, GROUPS)
    pd.testing.assert_frame_equal(whole, WHOLE)
