"""Planted shapes against every headline: what it says, and that it never says the opposite of what its chart shows.

The rules stand in `docs/headlines.md`, made from what every topic declares. A shape here is what a query gives.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.drawn import said
from tests.topics.drivers.samples import ITEMS, as_answers, drawn_scores
from workbench.charts.segment_bars import LEAST_GAP, segment_bars_drawing, telling_segment
from workbench.charts.segment_matrix import Side
from workbench.discovery import topics
from workbench.i18n import topic_words
from workbench.panels import Filters, Session
from workbench.topics.clusters.chart import cluster_profile_drawing
from workbench.topics.core_customers.chart import core_ranks_drawing
from workbench.topics.drivers.chart import importance_drawing
from workbench.topics.drivers.chart_map import importance_map_drawing
from workbench.topics.drivers.importance import DriverImportance, driver_importance
from workbench.topics.drivers.priorities import importance_map
from workbench.topics.lifecycle.chart import stage_history_drawing
from workbench.topics.loyalty.chart import silence_drawing
from workbench.topics.movement.chart import movement_flow_drawing, movement_matrix_drawing
from workbench.topics.overlap.chart import segment_overlap_drawing
from workbench.topics.pareto.chart import pareto_drawing
from workbench.topics.pareto.chart_words import Top
from workbench.topics.pareto.panel import pareto_panel
from workbench.topics.profile.chart import segment_profile_drawing
from workbench.topics.questionnaire.chart import reliability_drawing
from workbench.topics.questionnaire.reliability import construct_reliability
from workbench.topics.relationship.chart import contact_matrix_drawing, relationship_matrix_drawing
from workbench.topics.revenue.chart import revenue_trend
from workbench.topics.revenue.panel import revenue_panel
from workbench.topics.revenue.panel_figures import KeyFigures
from workbench.topics.rfm.chart import rfm_grid_drawing
from workbench.topics.satisfaction.chart import score_bars
from workbench.topics.satisfaction.chart_trend import score_trend
from workbench.topics.satisfaction.differences import trend_verdict, with_standing
from workbench.topics.satisfaction.panel import satisfaction_panel
from workbench.topics.tiers.chart import tier_moves_drawing

NAN = float("nan")
AS_OF = date(2025, 12, 31)
WITHOUT_A_CHART = {"headlines.key_figures.row"}
WOBBLE = np.tile([0.01, -0.01, 0.0, 0.02, -0.02, 0.0], 10)
"""What chance moves from month to month, in shares."""


def headline(drawing: Any) -> str:
    """Return the title that readers see."""
    return said(drawing.chart() if hasattr(drawing, "chart") else drawing)[0]


def below(drawing: Any) -> str:
    """Return the lines below the title."""
    return " ".join(said(drawing.chart() if hasattr(drawing, "chart") else drawing)[1])


@pytest.mark.parametrize("name", topics())
def test_every_chart_of_a_topic_has_the_rule_of_its_headline(store, name: str):
    session, door = Session(store, lang="en"), import_module(f"workbench.topics.{name}")
    charts = {
        f"headlines.{panel.topic}.{view}"
        for panel in (getattr(door, make)(session) for make in topics()[name].panels)
        for view in panel.views
    }
    words = tomllib.loads(topic_words()[name].read_text(encoding="utf-8"))["headlines"]
    ruled = {f"headlines.{panel}.{view}" for panel, views in words.items() for view in views}
    assert ruled - WITHOUT_A_CHART == charts


# Satisfaction over time


def answered(shares: Any, *, base: int = 150, freq: str = "MS") -> pd.DataFrame:
    """Periods from January 2023, in which these shares of `base` respondents are satisfied."""
    level = np.rint(np.asarray(shares, dtype=float) * base) / base
    return pd.DataFrame(
        {
            "period": pd.date_range("2023-01-01", periods=len(level), freq=freq), "value": level, "low": level - 0.05,
            "high": level + 0.05, "base": base, "weight": float(base), "respondents": base,
            "effective_base": float(base), "squares": base * level * (1 - level),
            "cubes": base * level * (1 - level) * (1 - 2 * level), "is_small": base < 30, "is_hidden": False,
            "is_incomplete": False,
        }
    )  # fmt: skip


MONTHS = np.arange(30)
SEASON = 0.82 + 0.1 * np.sin(2 * np.pi * MONTHS / 12) + WOBBLE[:30]
TRENDS = {
    "a step a year ago that stayed, in quarters": (
        answered(np.r_[[0.88] * 4, [0.76] * 4] + WOBBLE[:8], freq="QS"), "quarter",
        "CSAT 下降 13.0 个百分点，最可能始于 2024 年第 1 季度：此前 88.5%，此后 75.5%",
        "CSAT fell by 13.0 percentage points, most likely from Q1 2024: 88.5% before, 75.5% since",
    ),
    "a step a year ago that stayed, in months": (
        answered(np.r_[[0.88] * 12, [0.76] * 12] + WOBBLE[:24]), "month",
        "CSAT 下降 12.0 个百分点，最可能始于 2024 年 1 月：此前 88.0%，此后 76.0%",
        "CSAT fell by 12.0 percentage points, most likely from January 2024: 88.0% before, 76.0% since",
    ),
    "drift": (
        answered(np.linspace(0.9, 0.74, 24) + WOBBLE[:24]), "month",
        "CSAT 逐步下降 16.2 个百分点：2023 年 1 月约为 90.1%，2024 年 12 月约为 73.9%",
        "CSAT fell little by little, by 16.2 percentage points: about 90.1% in January 2023, 73.9% in December 2024",
    ),
    "spike": (
        answered(np.where(np.arange(24) == 7, 0.6, 0.86) + WOBBLE[:24]), "month",
        "2023 年 8 月的 CSAT 比其余时间低 27.4 个百分点：58.7%，其余时间为 86.0%",
        "CSAT was 27.4 percentage points lower in August 2023 than otherwise: 58.7% against 86.0%",
    ),
    "a spell of three months": (
        answered(np.where((MONTHS >= 7) & (MONTHS < 10), 0.7, 0.86)[:18] + WOBBLE[:18]), "month",
        "2023 年 8 月至 2023 年 10 月的 CSAT 比其余时间低 15.7 个百分点：70.2%，其余时间为 85.9%",
        "CSAT was 15.7 percentage points lower in August 2023 to October 2023 than otherwise: 70.2% against 85.9%",
    ),
    "seasons alone": (
        answered(SEASON), "month", "CSAT 除季节起伏外没有明显变化，2025 年 6 月为 86.7%",
        "CSAT shows no clear change beyond the seasons: 86.7% in June 2025",
    ),
    "nothing but chance": (
        answered(0.8 + WOBBLE[:12]), "month", "CSAT 没有明显变化，2023 年 12 月为 80.0%",
        "CSAT shows no clear change: 80.0% in December 2023",
    ),
    "too few to tell": (
        answered([0.8, 0.5, 0.8], base=12), "month", "回答太少，无法判断 CSAT 是否变化，2023 年 3 月为 83.3%",
        "Too few answers to tell a change in CSAT: 83.3% in March 2023",
    ),
    "one month": (answered([0.8]), "month", "2023 年 1 月的 CSAT 为 80.0%", "CSAT is 80.0% in January 2023"),
}  # fmt: skip


@pytest.mark.parametrize("shape", TRENDS)
def test_a_trend_is_told_by_its_form_whenever_it_changed(shape: str):
    periods, every, *sentences = TRENDS[shape]
    verdict = trend_verdict(periods, "csat")
    titles = [
        headline(score_trend(periods, lang=lang, measure="csat", every=every, verdict=verdict)) for lang in ("zh", "en")
    ]
    assert titles == sentences


def test_a_trend_with_hidden_months_tells_no_sum_of_the_others():
    periods = answered([0.8] * 6).assign(is_hidden=[False, True, False, False, False, False])
    periods = periods.astype({"base": float})
    periods.loc[1, ["value", "low", "high", "base", "weight"]] = NAN
    lines = below(score_trend(periods, lang="zh", measure="csat", verdict=trend_verdict(periods, "csat")))
    assert lines == "为保护客户隐私，1 个期间不显示"


# Satisfaction by group


def regions(*groups: tuple[str, float, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each region a share of satisfied answers, and all together."""
    names, shares, bases = (list(column) for column in zip(*groups, strict=True))
    rows = answered([0.5] * len(groups)).drop(columns=["period", "value"])
    share, base = np.array(shares), np.array(bases)
    rows = rows.assign(
        region=names, csat=share, low=share - 0.05, high=share + 0.05, base=base, respondents=base,
        weight=base.astype(float), effective_base=base.astype(float), squares=base * share * (1 - share),
        cubes=base * share * (1 - share) * (1 - 2 * share), is_small=base < 30,
        missing_blank=0, missing_sentinel=0, missing_out_of_range=0,
    )  # fmt: skip
    whole = rows.head(1).assign(csat=np.average(share, weights=base), base=base.sum(), effective_base=float(base.sum()))
    return with_standing(rows, "csat"), whole


GROUPS = {
    "one group only": (
        [("华东", 0.8, 100)], "全部回答只来自一个区域“华东”：CSAT 80.0%",
        "All answers are from one region, 华东: CSAT 80.0%",
    ),
    "too few in every group": (
        [("华东", 0.9, 20), ("华南", 0.2, 20)], "各区域的回答太少，无法比较，整体 CSAT 为 55.0%",
        "Too few answers to compare by region; CSAT is 55.0% overall",
    ),
    "equal groups": (
        [("华东", 0.8, 100), ("华南", 0.8, 100), ("华北", 0.79, 100)], "各区域之间没有明显差别，整体 CSAT 为 79.7%",
        "No clear difference by region; CSAT is 79.7% overall",
    ),
    "one group below, a smaller one lower still": (
        [("华东", 0.85, 200), ("华南", 0.6, 200), ("西北", 0.3, 20), ("华北", 0.85, 200)],
        "“华南”低于其余分组的总体水平：CSAT 60.0%，比整体低 15.2 个百分点",
        "华南 is below the rest: CSAT 60.0%, 15.2 percentage points below the overall figure",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", GROUPS)
def test_a_group_is_named_only_where_groups_were_compared(shape: str):
    groups, *sentences = GROUPS[shape]
    rows, whole = regions(*groups)
    titles = [headline(score_bars(rows, whole, lang=lang, measure="csat", by="region")) for lang in ("zh", "en")]
    assert titles == sentences


def test_a_group_that_differs_is_drawn_however_few_answered():
    others = [(f"区域{place}", 0.85, 300) for place in range(16)]
    rows, whole = regions(*others, ("海南", 0.3, 60))
    chart = score_bars(rows, whole, lang="zh", measure="csat", by="region")
    assert headline(chart).startswith("“海南”低于其余分组的总体水平")
    assert "海南" in str(chart.to_dict()["datasets"])


def test_what_is_hidden_is_not_said_to_be_nought(make_store):
    three = "DELETE FROM surveys WHERE response_id NOT IN ('R1', 'R2', 'R3')"
    panel = satisfaction_panel(Session(make_store(three, published=True), lang="en"))
    assert "could be worked out from it, has fewer than 5" in panel.widget.message.value
    assert (panel.widget.figures.value, panel.widget.summary.value) == ("", "")


# Segments: share of money beside share of customers


def segments(*parts: tuple[float, float], counts: bool = True) -> pd.DataFrame:
    """Segments by share of customers and share of money."""
    customers, money = (np.array(column, dtype=float) for column in zip(*parts, strict=True))
    return pd.DataFrame(
        {
            "segment": [f"s{place}" for place in range(len(parts))],
            "customer_count": np.rint(customers * 1000) if counts else NAN,
            "customer_share": customers if counts else NAN,
            "monetary": money * 1e6,
            "value_share": money,
            "average_order_value": 100.0,
        }
    )


def bars(rows: pd.DataFrame, lang: str) -> str:
    names = {segment: segment.upper() for segment in rows["segment"]}
    return headline(segment_bars_drawing(rows, lang, names=names, as_of=AS_OF))


SIZES = {
    "the largest brings the most because it is the largest": (
        segments((0.463, 0.428), (0.464, 0.169), (0.073, 0.403)), "S2：7.3% 的客户带来 40.3% 的消费金额",
        "S2: 7.3% of customers bring 40.3% of spend",
    ),
    "equal segments": (
        segments((0.5, 0.51), (0.5, 0.49)), "图中没有哪个分群的金额占比明显高于其客户占比（高出 5 个百分点及以上）",
        "No segment shown brings clearly more than its share of customers (5 points or more)",
    ),
    "one segment": (segments((1.0, 1.0)), "全部客户同属一个分群：S0", "All customers are in one segment: S0"),
    "no money": (
        segments((0.5, NAN), (0.5, NAN)).assign(monetary=0.0), "消费金额合计不大于零，无法计算占比",
        "Spend is not above zero here, so there are no shares of it",
    ),
    "no amounts, equal in number": (
        segments((0.5, NAN), (0.5, NAN)), "没有哪个分群的客户最多：2 个人数相同",
        "No segment has the most customers: 2 are equal",
    ),
    "no amounts": (
        segments((0.3, NAN), (0.7, NAN)), "S1：客户最多，占 70.0%", "S1 has the most customers: 70.0%",
    ),
    "all hidden": (
        segments((0.5, NAN), (0.5, NAN), counts=False), "为保护人数少的分组，各分组均不显示",
        "No group is shown, to protect small ones",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SIZES)
def test_a_segment_is_named_for_what_it_brings_beyond_its_number(shape: str):
    rows, *sentences = SIZES[shape]
    assert [bars(rows, lang) for lang in ("zh", "en")] == sentences


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(-50, 5000)), min_size=2, max_size=9))
def test_no_other_segment_brings_farther_beyond_its_number(parts: list[tuple[int, int]]):
    customers, money = (np.array(column, dtype=float) for column in zip(*parts, strict=True))
    if money.sum() <= 0:
        return
    rows = segments(*zip(customers / customers.sum(), money / money.sum(), strict=True))
    gaps, telling = rows["value_share"] - rows["customer_share"], telling_segment(rows)
    if telling is None:
        assert gaps.max() < LEAST_GAP
    else:
        assert telling["value_share"] - telling["customer_share"] == gaps.max() >= LEAST_GAP


# 80/20

SUMMARY = pd.DataFrame(
    {
        "abc_class": ["A", "B", "C"], "customer_count": [2, 2, 2], "customer_share": [1 / 3] * 3,
        "value": [779.0, 150.0, 71.0], "value_share": [0.779, 0.15, 0.071], "lowest_value": [300.0, 70, 30],
        "is_empty": pd.Series([False] * 3, dtype=object),
    }
)  # fmt: skip
CURVE = pd.DataFrame(
    {
        "rank_share": [1 / 3, 2 / 3, 1.0], "cumulative_share": [0.779, 0.929, 1.0], "abc_class": ["A", "B", "C"],
        "value": [300.0, 70, 30],
    }
)  # fmt: skip
TOPS = {
    "two of six regions": (
        Top(2 / 6, 0.779, ("华东", "华南"), 2, 6), "regions",
        "6 个区域中的前 2 个（华东、华南）贡献了 77.9% 的消费金额",
        "Top 2 of 6 regions: 华东, 华南 – 77.9% of spend",
    ),
    "two of six customers, and ties": (
        Top(2 / 6, 0.779, (), 2, 6), "customers", "6 个客户中的前 2 个贡献了 77.9% 的消费金额",
        "The top 2 of 6 customers bring 77.9% of spend",
    ),
    "all equal": (
        Top(2 / 6, 2 / 6, (), 2, 6), "products", "6 个商品的消费金额完全相同，没有突出者",
        "None of the 6 products stands out: all bring the same spend",
    ),
    "all equal, and many": (
        Top(0.2, 0.2, (), 100, 500), "customers", "500 个客户的消费金额完全相同，没有突出者",
        "None of the 500 customers stands out: all bring the same spend",
    ),
    "all, where no smaller number may be told": (
        Top(1.0, 1.0, (), 9, 9), "customers", "为保护客户隐私，不显示 9 个客户的消费金额如何分布",
        "Which of the 9 customers bring the most spend is not shown, to protect small groups",
    ),
    "one alone": (
        Top(1.0, 1.0, ("门店",), 1, 1), "channels", "只有一个渠道，无从比较",
        "Nothing to compare: there is only one of the channels",
    ),
    "many": (
        Top(0.2, 0.779, (), 100, 500), "customers", "前 20% 的客户贡献了 77.9% 的消费金额",
        "The top 20% of customers bring 77.9% of spend",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", TOPS)
def test_the_best_are_counted_where_they_are_few_and_none_is_best_among_equals(shape: str):
    top, unit, *sentences = TOPS[shape]
    titles = [headline(pareto_drawing(CURVE, lang, summary=SUMMARY, unit=unit, top=top)) for lang in ("zh", "en")]
    assert titles == sentences


TIED_CATEGORIES = (
    "UPDATE transactions SET category = '保养'",
    "INSERT INTO transactions BY NAME SELECT lines.* REPLACE (other.category AS category)"
    " FROM transactions AS lines, (VALUES ('维修'), ('轮胎')) AS other(category)",
)


def test_of_equal_items_none_is_called_the_best(make_store):
    panel = pareto_panel(Session(make_store(*TIED_CATEGORIES), lang="zh"))
    panel.set(dimension="category")
    assert panel.views["curve"].title == "3 个品类的消费金额完全相同，没有突出者"
    assert panel.answer.best == ()


def test_why_the_number_needed_is_not_told_is_said(published_store):
    panel = pareto_panel(Session(published_store, lang="zh"))
    assert "人数会暴露少数客户，本页不显示" in panel.widget.figures.value
    assert "not shown on this page" in pareto_panel(Session(published_store, lang="en")).widget.figures.value


@pytest.mark.parametrize(("lang", "customers"), [("zh", "客户"), ("en", "customer")])
def test_what_80_20_says_of_products_does_not_call_them_customers(store, lang: str, customers: str):
    panel = pareto_panel(Session(store, lang=lang))
    panel.set(dimension="product_id")
    widget = panel.widget
    shown = (panel.views["curve"].title, panel.views["classes"].title, widget.figures.value, widget.heading.value)
    assert [part for part in shown if customers in part.lower()] == []


# Revenue and key figures


def revenue(*amounts: float, hidden: tuple[int, ...] = ()) -> pd.DataFrame:
    """Months from January 2024 with 10 orders each; hidden ones without figures."""
    rows = pd.DataFrame(
        {
            "month": pd.date_range("2024-01-01", periods=len(amounts), freq="MS"), "revenue": amounts,
            "order_count": 10.0, "is_incomplete": False,
        }
    )  # fmt: skip
    rows.loc[list(hidden), ["revenue", "order_count"]] = NAN
    return rows


def test_revenue_tells_no_orders_of_a_part_of_the_months_and_says_why():
    chart = revenue_trend(revenue(100, 200, 300, hidden=(0, 1, 2)), lang="en", as_of=AS_OF)
    assert headline(chart) == "Revenue in March 2024 is not shown, to protect small groups"
    assert below(chart) == "As of 31 December 2025 · Months not shown to protect small groups: 3"
    chinese = revenue_trend(revenue(100, 200, 300, hidden=(0,)), lang="zh")
    assert (headline(chinese), below(chinese)) == (
        "2024 年 3 月销售额 ¥300，环比 +50.0%",
        "为保护客户隐私，1 个月份不显示",
    )


SEASONAL = [float(round(100_000 + 40_000 * np.sin(np.pi * month / 6))) for month in range(24)]
REVENUES = {
    "seasons alone": (
        SEASONAL, "2025 年 12 月销售额 ¥8万，与上年同月持平",
        "Revenue in December 2025: ¥80k, the same as a year earlier",
    ),
    "a step a year ago that stayed": (
        [100_000] * 12 + [80_000] * 12, "2025 年 12 月销售额 ¥8万，同比 −20.0%",
        "Revenue in December 2025: ¥80k, −20.0% year on year",
    ),
    "a spike a year ago": (
        [100_000] * 11 + [200_000] + [100_000] * 12, "2025 年 12 月销售额 ¥10万，同比 −50.0%",
        "Revenue in December 2025: ¥100k, −50.0% year on year",
    ),
    "two equal months": (
        [100_000, 100_000], "2024 年 2 月销售额 ¥10万，与上月持平",
        "Revenue in February 2024: ¥100k, the same as the month before",
    ),
    "nothing, then something": ([0, 100_000], "2024 年 2 月销售额 ¥10万", "Revenue in February 2024: ¥100k"),
}  # fmt: skip


@pytest.mark.parametrize("shape", REVENUES)
def test_revenue_is_compared_with_the_same_month_so_that_no_season_is_growth(shape: str):
    amounts, *sentences = REVENUES[shape]
    assert [headline(revenue_trend(revenue(*amounts), lang=lang)) for lang in ("zh", "en")] == sentences


def test_a_managers_page_counts_no_orders_beside_hidden_months(published_store):
    panel = revenue_panel(Session(published_store, lang="en"))
    assert panel.rows["order_count"].isna().any()
    lines = below(revenue_trend(panel.rows, lang="en", as_of=panel.answer.as_of))
    assert "Orders" not in lines
    assert "Months not shown to protect small groups" in lines


def test_key_figures_say_why_nothing_is_compared(store):
    session = Session(store, lang="en")
    figures = KeyFigures(session)
    assert "Choose a period to compare it" in figures.figures.value
    session.filters = Filters(since=date(2023, 1, 1))
    assert (
        "does not cover the previous period, 1 January 2021 to 31 December 2022, so no change" in figures.figures.value
    )
    assert "Choose a period" not in figures.figures.value
    session.lang = "zh"
    assert "没有覆盖上期（2021 年 1 月 1 日至 2022 年 12 月 31 日）" in figures.figures.value


@pytest.mark.parametrize(
    ("value", "judgement"), [(10_004, "neutral"), (9_996, "neutral"), (10_100, "good"), (9_000, "bad")]
)
def test_a_change_that_is_written_as_nought_is_neither_good_nor_bad(store, value: int, judgement: str):
    figures = KeyFigures(Session(store, lang="en"))
    change = value / 10_000 - 1
    figures.rows = pd.DataFrame([{"figure": "revenue", "value": value, "before": 10_000, "change": change}])
    figures.say()
    assert f"wb-change wb-{judgement}" in figures.figures.value


# What sets a segment apart


def compared(*columns: tuple[str, float, float, bool]) -> pd.DataFrame:
    """Columns by name, effect, q-value, and whether they define the segment; the greatest effect first."""
    names, effects, chances, evidence = (list(part) for part in zip(*columns, strict=True))
    return pd.DataFrame(
        {
            "column": names, "kind": "number", "effect": effects, "size": "large", "direction": "higher",
            "this_mean": 20.0, "other_mean": 10.0, "value": None, "this_share": NAN, "other_share": NAN,
            "q_value": chances, "is_evidence": evidence,
        }
    )  # fmt: skip


DIFFERENCES = {
    "the longest bar": (
        [("margin", 0.8, 0.01, False), ("visits", 0.4, 0.01, False)], "甲与乙差别最大：margin：¥20 对 ¥10",
        "甲 and 乙 differ most in margin: ¥20 vs ¥10",
    ),
    "a longer bar that the rules made": (
        [("visits", 0.9, NAN, True), ("margin", 0.8, 0.01, False)], "除划分依据外，甲与乙差别最大：margin：¥20 对 ¥10",
        "Apart from what defines them, 甲 and 乙 differ most in margin: ¥20 vs ¥10",
    ),
    "a longer bar of a few customers": (
        [("visits", 0.9, 0.4, False), ("margin", 0.8, 0.01, False)],
        "甲与乙在超出偶然的差别中，最大的是margin：¥20 对 ¥10",
        "甲 and 乙: the largest difference beyond chance is margin: ¥20 vs ¥10",
    ),
    "chance alone": (
        [("visits", 0.9, 0.4, False)], "甲：除划分依据外没有超出偶然的差别",
        "甲: apart from what defines the segment, no difference beyond chance",
    ),
    "nothing but the rules": (
        [("visits", 0.9, NAN, True)], "甲：除划分依据外没有其他资料",
        "甲: nothing is known apart from what defines the segment",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", DIFFERENCES)
def test_a_longer_bar_than_the_one_named_is_spoken_of(shape: str):
    columns, *sentences = DIFFERENCES[shape]
    titles = [
        headline(segment_profile_drawing(compared(*columns), lang, this="甲", other="乙", name=str, base=100))
        for lang in ("zh", "en")
    ]
    assert titles == sentences


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.sampled_from([0.001, 0.04, 0.3]), st.booleans()), min_size=1, max_size=8)
)
def test_no_longer_bar_goes_unspoken_of(columns: list[tuple[float, float, bool]]):
    ordered = sorted(columns, key=lambda one: -abs(one[0]))
    rows = compared(*((f"c{place}", *one) for place, one in enumerate(ordered)))
    title = segment_profile_drawing(rows, "en", this="甲", other="乙", name=str, base=100).title
    named = next((row for row in rows.to_dict("records") if f"{row['column']}:" in title), None)
    clear = rows[~rows["is_evidence"] & (rows["q_value"] <= 0.05)]
    assert (named is None) == clear.empty
    if named:
        longer = rows[rows["effect"].abs() > abs(named["effect"])]
        assert abs(named["effect"]) == clear["effect"].abs().max()
        assert title.startswith("甲 and 乙 differ most") == longer.empty
        assert title.startswith("Apart from what defines them") == (len(longer) > 0 and longer["is_evidence"].all())


def test_what_the_title_names_is_drawn():
    columns = [(f"c{place}", 0.9 - place / 100, 0.5, False) for place in range(14)]
    drawing = segment_profile_drawing(
        compared(*columns, ("margin", 0.5, 0.01, False)), "en", this="甲", other="乙", name=str, base=100
    )
    assert "margin" in drawing.title
    assert "margin" in [row["column"] for row in drawing.rows()["bars"]]


# RFM


def cells(*counts: float) -> pd.DataFrame:
    """Cells R1 F1, R2 F2, ... of so many customers, who spend 100 each."""
    count = np.array(counts, dtype=float)
    places = range(1, len(counts) + 1)
    return pd.DataFrame(
        {
            "r_score": places, "f_score": places, "customer_count": count, "customer_share": count / np.nansum(count),
            "monetary": count * 100, "average_monetary": np.where(np.isnan(count), NAN, 100.0),
        }
    )  # fmt: skip


GRIDS = {
    "one cell stands out": (
        (10, 30, 20), "customer_count", "R2 F2 的客户最多：30 位，占 50.0%",
        "R2 F2 holds the most customers: 30, 50.0% of all",
    ),
    "equal cells": (
        (30, 30, 20), "customer_count", "没有突出的组合：2 格的客户数相同",
        "No combination stands out: 2 are equal in customers",
    ),
    "equal averages": (
        (30, 10, 20), "average_monetary", "没有突出的组合：3 格的人均消费金额相同",
        "No combination stands out: 3 are equal in spend per customer",
    ),
    "one cell alone": ((30,), "customer_count", "全部客户都在 R1 F1", "All customers are in R1 F1"),
    "a hidden cell": (
        (10, 30, NAN), "monetary", "图中 R2 F2 贡献最多：30 位客户带来 ¥3,000",
        "R2 F2 brings the most of those shown: ¥3,000 from 30 customers",
    ),
    "all hidden": (
        (NAN, NAN), "monetary", "为保护人数少的分组，各分组均不显示",
        "No group is shown, to protect small ones",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", GRIDS)
def test_a_cell_is_named_only_where_no_other_is_as_strong(shape: str):
    counts, measure, *sentences = GRIDS[shape]
    titles = [headline(rfm_grid_drawing(cells(*counts), lang, measure=measure)) for lang in ("zh", "en")]
    assert titles == sentences


@given(st.lists(st.integers(1, 9), min_size=2, max_size=9), st.booleans())
def test_the_cell_named_has_more_than_any_other(counts: list[int], is_hidden: bool):
    known = [*counts, NAN] if is_hidden else counts
    title = rfm_grid_drawing(cells(*known), "en", measure="customer_count").title
    best = max(counts)
    if counts.count(best) > 1:
        assert title == f"No combination stands out: {counts.count(best)} are equal in customers"
    else:
        place = counts.index(best) + 1
        assert title.startswith(f"R{place} F{place} holds the most customers")
        assert ("of those shown" in title) == is_hidden


# Lifecycle


def stages(*shares: tuple[float, ...]) -> pd.DataFrame:
    """Shares of growing, stable and lapsed of 100 customers, month-end by month-end."""
    days = [stamp.date() for stamp in pd.date_range("2025-01-31", periods=len(shares), freq="ME")]
    return pd.DataFrame(
        [
            (day, stage, share * 100, share)
            for day, row in zip(days, shares, strict=True)
            for stage, share in zip(("growing", "stable", "lapsed"), row, strict=True)
        ],
        columns=["day", "segment", "customer_count", "customer_share"],
    )


HISTORIES = {
    "the lapsed stay, another stage halves": (
        stages((0.4, 0.3, 0.3), (0.3, 0.4, 0.3), (0.2, 0.5, 0.3)),
        "GROWING客户占比由 2025-01 的 40.0% 变为 2025-03 的 20.0%（人数 −50.0%）",
        "GROWING: from 40.0% of the customers in 2025-01 to 20.0% in 2025-03 (−50.0% in number)",
    ),
    "hardly a move": (
        stages((0.4, 0.3, 0.3), (0.39, 0.31, 0.3)), "2025-01 至 2025-02，图中各阶段的客户占比变化都不到 5 个百分点",
        "No stage shown changed by 5 percentage points of customers or more from 2025-01 to 2025-02",
    ),
    "from nobody": (
        stages((0.0, 0.6, 0.4), (0.6, 0.3, 0.1)), "GROWING客户在 2025-01 为 0.0%，2025-02 占 60.0%",
        "GROWING: from 0.0% of the customers in 2025-01 to 60.0% in 2025-02",
    ),
    "one month-end": (stages((0.4, 0.3, 0.3)), "月末数据太少，看不出变化", "Too few month-ends for a history"),
}  # fmt: skip


@pytest.mark.parametrize("shape", HISTORIES)
def test_the_stage_that_moved_farthest_is_named(shape: str):
    rows, *sentences = HISTORIES[shape]
    every = ("new", "growing", "stable", "reactivated", "at_risk", "lapsed")
    names = {stage: stage.upper() for stage in every}
    assert [headline(stage_history_drawing(rows, lang, names=names, as_of=AS_OF)) for lang in ("zh", "en")] == sentences


# Loyalty


@pytest.mark.parametrize(
    ("customers", "patience", "zh", "en"),
    [
        ([80, 20], 3.0, "来过两次及以上的客户中，20.0%（20 位）已沉默 3 个自身间隔及以上",
         "20.0% of repeat customers (20) have been silent for at least 3 of their own intervals"),
        ([80, 20], 5.0, "来过两次及以上的客户中，没有人沉默达到 5 个自身间隔",
         "No repeat customer has been silent for 5 of their own intervals or more"),
        ([80, NAN], 3.0, "客户的沉默时长（按自身间隔计）",
         "How long customers have been silent, in their own usual intervals"),
        ([], 3.0, "没有客户来过两次", "Nobody has come twice"),
    ],
)  # fmt: skip
def test_silence_is_told_of_all_or_of_nobody(customers: list[float], patience: float, zh: str, en: str):
    rows = pd.DataFrame({"silence": [0.0, 4.0], "segment": ["loyal", "lapsed"]}).head(len(customers))
    rows = rows.assign(customers=np.array(customers, dtype=float))
    names = {"loyal": "L", "flexible": "F", "lapsed": "X"}
    drawings = [
        silence_drawing(rows, lang, names=names, patience=patience, once=7, as_of=AS_OF) for lang in ("zh", "en")
    ]
    assert [headline(drawing) for drawing in drawings] == [zh, en]
    assert ("100" in below(drawings[0])) == (customers == [80, 20])


# Relationship levels


def test_a_level_with_a_hidden_cell_is_never_the_one_with_the_most_money():
    cells = pd.DataFrame(
        {
            "worth_level": ["high", "high", "low"], "crowd_level": ["many", "few", "many"],
            "level": ["accountable", "partnership", "basic"], "customer_count": [40.0, 10, 50],
            "customer_share": [0.4, 0.1, 0.5], "monetary": [50.0, 30, 20], "value_share": [0.5, 0.3, 0.2],
        }
    )  # fmt: skip
    names = {name: name.upper() for name in ("basic", "reactive", "accountable", "proactive", "partnership")}
    how: dict[str, Any] = {"names": names, "worth": "margin", "as_of": AS_OF}
    assert headline(relationship_matrix_drawing(cells, "en", **how)) == (
        "ACCOUNTABLE has the most spend of the levels recommended: 40.0% of customers, 50.0% of spend"
    )
    equal = cells.assign(value_share=[0.4, 0.4, 0.2])
    assert headline(relationship_matrix_drawing(equal, "zh", **how)) == "没有突出的水平：2 种水平涉及的消费金额相同"
    cells.loc[0, ["customer_count", "customer_share", "monetary", "value_share"]] = NAN
    assert headline(relationship_matrix_drawing(cells, "zh", **how)) == (
        "在完整显示的水平中，PARTNERSHIP涉及的消费金额最多：建议用于 10.0% 的客户，其消费金额占 30.0%"
    )


@pytest.mark.parametrize(
    ("services", "counts", "zh", "en"),
    [
        (["under", "fits"], [60.0, 40], "60.0% 的客户联系不足，0.0% 的客户联系过多",
         "60.0% of customers are contacted less than recommended, 0.0% more"),
        (["fits", "fits"], [60.0, 40], "图中客户的联系水平都符合建议",
         "All customers shown are contacted as recommended"),
        (["under", "fits"], [NAN, 40], "建议水平与实际联系水平对照", "Recommended and actual contact"),
        (["under", "fits"], [0.0, 0], "没有联系记录，无法与建议的水平比较",
         "No contacts are known, so actual contact cannot be compared"),
    ],
)  # fmt: skip
def test_contact_is_judged_of_all_or_not_at_all(services: list[str], counts: list[float], zh: str, en: str):
    cells = pd.DataFrame(
        {
            "level": ["partnership", "basic"], "contact_level": ["basic", "basic"], "service": services,
            "customer_count": counts, "monetary": counts,
        }
    )  # fmt: skip
    names = {name: name.upper() for name in ("basic", "reactive", "accountable", "proactive", "partnership")}
    drawn = [contact_matrix_drawing(cells, lang, names=names, as_of=AS_OF) for lang in ("zh", "en")]
    assert [headline(one) for one in drawn] == [zh, en]


# Core customers


@pytest.mark.parametrize(
    ("tenths", "zh", "en"),
    [
        ([(1, 1, 30), (4, 1, 10), (10, 10, 60)], "核心评分前一成的 40 位客户中，25.0%（10 位）不在利润前一成",
         "Of the top tenth by core score (40), 25.0% (10) are not in the top tenth by profit"),
        ([(1, 1, 10), (10, 10, 90)], "核心评分前一成的 10 位客户都在利润前一成",
         "All of the top tenth by core score (10) are in the top tenth by profit"),
        ([(1, 1, 50), (10, 1, 50)], "100 位客户的核心评分相同，没有前一成",
         "No top tenth: all 100 customers have the same core score"),
        ([(1, 1, 1), (10, 10, 5)], "同时有两项排名的客户不足 20 位，无法分成十等分",
         "Fewer than 20 customers have both ranks: too few for tenths"),
    ],
)  # fmt: skip
def test_the_best_tenth_is_spoken_of_where_there_is_one(tenths: list[tuple[int, int, int]], zh: str, en: str):
    rows = pd.DataFrame(tenths, columns=["profit_tenth", "core_tenth", "customer_count"])
    assert [headline(core_ranks_drawing(rows, lang, as_of=AS_OF)) for lang in ("zh", "en")] == [zh, en]


# Movement

MOVES = ["from_segment", "to_segment", "direction", "customer_count"]


def moved(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=MOVES).assign(
        from_share=0.5, monetary_before=1.0, monetary_after=1.0, monetary_change=0.0
    )


MOVEMENTS = {
    "few customers": (
        [("A", "B", "worse", 1), ("B", "B", "same", 2)], "3 位原有客户中，0 位上升，1 位下降",
        "Of 3 customers then, 0 moved up and 1 down",
    ),
    "many customers": (
        [("A", "B", "worse", 10), ("B", "B", "same", 30)], "40 位原有客户中，0.0% 上升，25.0% 下降",
        "Of 40 customers then, 0.0% moved up and 25.0% down",
    ),
    "equal moves": (
        [("A", "B", "other", 7), ("B", "A", "other", 7)], "没有突出的变动：2 种变动各有 7 位客户",
        "No move stands out: 2 moves of 7 customers each",
    ),
    "nobody moved": ([("A", "A", "same", 9)], "没有客户改变分群", "Nobody changed segment"),
    "moves that are hidden": (
        [("A", "A", "same", 9), ("A", "B", "other", NAN)], "各分群客户的去向",
        "Where the customers of each segment went",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", MOVEMENTS)
def test_movement_says_nothing_that_a_hidden_or_an_equal_move_contradicts(shape: str):
    rows, *sentences = MOVEMENTS[shape]
    how: dict[str, Any] = {"names": {"A": "甲", "B": "乙"}, "before": AS_OF, "after": AS_OF, "base": None}
    for drawing in (movement_matrix_drawing, movement_flow_drawing):
        assert [headline(drawing(moved(*rows), lang, **how)) for lang in ("zh", "en")] == sentences


# Overlap, tiers, clusters


def test_segments_overlap_only_where_there_are_two_to_compare():
    cells = pd.DataFrame(
        {
            "first_segment": ["a", "b"], "second_segment": ["x", "x"], "customer_count": [40.0, 60.0],
            "monetary": [1.0, 1.0], "smaller_share": [1.0, 1.0], "jaccard": [0.4, 0.6], "first_share": [1.0, 1.0],
            "p_value": [1.0, 1.0],
        }
    )  # fmt: skip
    first, second = (Side("first_segment", {"a": "甲", "b": "乙"}, "一"), Side("second_segment", {"x": "丙"}, "二"))
    how: dict[str, Any] = {"first": first, "second": second, "measure": "customer_count", "adjusted_rand": 0.0}
    titles = [headline(segment_overlap_drawing(cells, lang, base=100, **how)) for lang in ("zh", "en")]
    assert titles == [
        "有一种分群只有一个分群，无从比较",
        "One of the two has a single segment, so there is nothing to compare",
    ]


@pytest.mark.parametrize(
    ("moves", "zh", "en"),
    [
        ({"up": 1, "same": 5}, "1 位客户升级，0 位降级", "Customers moving up: 1, moving down: 0"),
        ({"same": 5}, "没有客户升级或降级", "No customer moves up or down"),
        ({"unknown": 5}, "客户原先都没有对应的等级，无升降可比",
         "No customer had a tier with these names before, so nobody moves up or down"),
    ],
)  # fmt: skip
def test_tiers_count_moves_or_say_that_there_are_none(moves: dict[str, int], zh: str, en: str):
    rows = pd.DataFrame(
        {"from_tier": list(moves), "segment": "gold", "move": list(moves), "customer_count": list(moves.values())}
    )
    drawn = [tier_moves_drawing(rows, lang, names={"gold": "金卡"}, as_of=AS_OF) for lang in ("zh", "en")]
    assert [headline(one) for one in drawn] == [zh, en]


def test_clusters_that_do_not_lie_apart_have_no_strongest_difference():
    profile = pd.DataFrame(
        {
            "segment": ["cluster_1", "cluster_2"], "feature": ["spend", "spend"], "customer_count": [50.0, 50.0],
            "mean": [100.0, 100.0], "difference": [0.01, -0.01],
        }
    )  # fmt: skip
    names = {"cluster_1": "一", "cluster_2": "二"}
    how: dict[str, Any] = {"names": names, "features": {"spend": "M"}, "forms": {"spend": "money"}, "base": 100}
    titles = [headline(cluster_profile_drawing(profile, lang, **how)) for lang in ("zh", "en")]
    assert titles == ["没有哪一类偏离全体均值", "No cluster differs from the overall mean"]


# Drivers


def importance(slopes: tuple[float, ...], *, count: int = 400, twice: bool = False) -> DriverImportance:
    """What goes with an outcome of these slopes; `twice` asks the first question again in the second's place."""
    scores = drawn_scores(np.random.default_rng(8), count, slopes, alike=0.0, shift=[-1, 1, -1, 1])
    if twice:
        scores[:, 1] = scores[:, 0]
    return driver_importance(as_answers(scores), items=ITEMS, draws=300)


def driver_headlines(importance: DriverImportance) -> tuple[str, str]:
    scales = pd.DataFrame({"item": ITEMS, "scale_low": 1.0, "scale_high": 5.0, "scale_count": 1})
    facts = {"r_squared": importance.r_squared, "base": importance.base, "left_out": 0}
    bars = importance_drawing(importance.rows, "en", outcome="总体", leading=importance.leading, **facts)
    placed = importance_map_drawing(importance_map(importance, scales=scales), "en", outcome="总体", base=400)
    return headline(bars), headline(placed)


@pytest.mark.parametrize(
    ("world", "bars", "placed"),
    [
        ({"slopes": (1.5, 0.3, 0.0, 0.0)}, "“接待” goes with “总体” most closely", "look here first: “接待”"),
        ({"slopes": (0.6, 0.6, 0.6, 0.6)}, "4 of 4; none clearly more", "No question can be placed for certain"),
        ({"slopes": (0.8, 0.0, 0.0, 0.0), "twice": True}, "none clearly more than all others", ""),
        ({"slopes": (0.0, 0.0, 0.0, 0.0)}, "No question goes with “总体” beyond chance", "No question can be placed"),
        ({"slopes": (0.5, 0.4, 0.4, 0.4), "count": 60}, "none clearly more", "No question can be placed for certain"),
    ],
)
def test_drivers_name_a_question_only_where_it_exceeds_all_others(world: dict[str, Any], bars: str, placed: str):
    said_of = driver_headlines(importance(**world))
    assert bars in said_of[0]
    assert placed in said_of[1]


# Questionnaires


def alike_answers(alike: float, *, count: int = 400, seed: int = 1) -> Any:
    """Three questions whose answers go together so closely."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, 1)) * alike**0.5 + random.normal(size=(count, 3)) * (1 - alike) ** 0.5


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        ({"信任": alike_answers(0.7), "等候": alike_answers(0.1)}, "Not reliable: “等候”"),
        (
            {"信任": alike_answers(0.7), "等候": alike_answers(0.7, seed=2)},
            "Every group of questions is reliable (2 of 2)",
        ),
        (
            {"信任": alike_answers(0.7), "等候": alike_answers(0.44, count=60)},
            "1 of 2; for the others it cannot be told",
        ),
        ({"信任": alike_answers(0.44, count=60)}, "Whether the questions measure reliably cannot be told"),
        ({"信任": alike_answers(0.9, count=29)}, "Whether the questions measure reliably cannot be told"),
    ],
)
def test_a_group_of_questions_is_judged_only_where_its_interval_lies_on_one_side(groups: dict[str, Any], title: str):
    assert headline(reliability_drawing(construct_reliability(groups, draws=300).rows, "en")).endswith(title)
