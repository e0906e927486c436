"""The 80/20 charts: what their titles state, what can be clicked, what a phone and a hidden group do to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.pareto.chart import pareto_drawing
from workbench.topics.pareto.chart_bars import abc_bars_drawing
from workbench.topics.pareto.chart_words import Top

CURVE = pd.DataFrame(
    {
        "rank_share": [0.1, 0.3, 0.6, 0.9, 1.0],
        "cumulative_share": [0.5, 0.8, 0.95, 1.0, 1.0],
        "abc_class": ["A", "A", "B", "C", "D"],
        "value": [50.0, 15, 5, 2, -1],
    }
)


def summary(**changes: Any) -> pd.DataFrame:
    figures = {
        "abc_class": ["A", "B", "C", "D"],
        "customer_count": [300.0, 300.0, 300.0, 100.0],
        "customer_share": [0.3, 0.3, 0.3, 0.1],
        "value": [800_000.0, 150_000, 50_000, -1_000],
        "value_share": [0.8, 0.15, 0.05, -0.001],
        "lowest_value": [1500.0, 500, 2, -100],
        "is_empty": pd.Series([False] * 4, dtype=object),
    }
    return pd.DataFrame(figures | changes)


def curve(lang: str = "en", **choices: Any) -> Any:
    return pareto_drawing(CURVE, lang, **{"summary": summary(), "as_of": date(2024, 12, 31)} | choices).chart()


def bars(table: pd.DataFrame, lang: str) -> Any:
    return abc_bars_drawing(table, lang).chart()


def test_the_title_states_what_the_top_bring():
    assert said(curve("en", top=Top(0.2, 0.746)))[0] == "The top 20% of customers bring 74.6% of spend"
    assert said(curve("zh", top=Top(0.2, 0.746)))[0] == "前 20% 的客户贡献了 74.6% 的消费金额"


def test_of_few_items_the_best_are_named_and_counted_and_marked_where_they_end():
    six = summary(customer_count=[3, 2, 1, 0])
    two = Top(2 / 6, 0.777, ("保养", "保险"), 2, 6)
    drawn = pareto_drawing(CURVE, "en", summary=six, unit="categories", top=two)
    assert drawn.title == "Top 2 of 6 categories: 保养, 保险 – 77.7% of spend"
    assert said(curve("zh", summary=six, unit="categories", top=two))[0] == (
        "6 个品类中的前 2 个（保养、保险）贡献了 77.7% 的消费金额"
    )
    mark = next(row for row in drawn.rows()["marks"] if row["kind"] == "top")
    assert (mark["rank_share"], mark["words"]) == (2 / 6, "top 2 of 6: 77.7%")
    assert said(bars(six, "en"))[0] == "Class A: 3 of 6 customers, 80.0% of spend"
    assert abc_bars_drawing(six, "en", unit="categories").title == "Class A: 3 of 6 categories, 80.0% of spend"


def test_without_a_top_the_title_states_what_class_a_brings():
    assert said(curve("zh", by="margin", unit="products"))[0] == "A 类：30.0% 的商品贡献了 80.0% 的毛利"


def test_the_subtitle_says_the_base_the_day_the_total_and_who_brings_nothing():
    assert said(curve("en"))[1] == [
        "Customers: 1,000 · As of 31 December 2024 · Total ¥999k",
        "Not above zero (D): 100",
    ]
    assert said(curve("zh"))[1][0] == "客户 1,000 位 · 截至 2024 年 12 月 31 日 · 合计 ¥99.9万"


def test_an_empty_class_a_is_the_headline():
    empty = summary(customer_count=[0, 1, 300, 0], is_empty=pd.Series([True, False, False, False], dtype=object))
    title, subtitle = said(curve("en", summary=empty, top=Top(0.2, 0.9)))
    assert title == "No class A: the first of the customers alone exceeds the 80% line"
    assert subtitle[1].startswith("Class A is empty")


def test_counts_are_not_said_as_money():
    assert "Total 999,000" in said(curve("en", by="order_count"))[1][0]


@pytest.mark.parametrize("width", [380, 1000])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_drawing_names_the_classes_the_cut_offs_and_the_top(lang: str, width: int):
    drawn = words(svg(curve(lang, top=Top(0.2, 0.7)), width))
    expected = {
        "en": ["A up to 80%", "B up to 95%", "top 20%: 70.0%"],
        "zh": ["A 类线 80%", "B 类线 95%", "前 20%：70.0%"],
    }
    assert {"A", "B", "C", "D", *expected[lang]} <= set(drawn)


def test_a_class_is_as_wide_as_its_customers_and_too_narrow_a_one_bears_no_letter():
    thin = CURVE.assign(rank_share=[0.01, 0.02, 0.6, 0.9, 1.0])
    drawn = words(svg(pareto_drawing(thin, "en", summary=summary()).chart()))
    assert "A" not in drawn
    assert "B" in drawn


def test_the_areas_of_neighbouring_classes_touch():
    points = [row for row in rows(curve()) if row.keys() == {"rank_share", "cumulative_share", "abc_class"}]
    starts = {name: next(row for row in points if row["abc_class"] == name) for name in "ABCD"}
    assert (starts["A"]["rank_share"], starts["A"]["cumulative_share"]) == (0, 0)
    assert (starts["B"]["rank_share"], starts["B"]["cumulative_share"]) == (0.3, 0.8)
    assert (starts["D"]["rank_share"], starts["D"]["cumulative_share"]) == (0.9, 1)


def test_moving_a_cut_off_changes_rows_and_words_but_not_the_drawing():
    moved = pareto_drawing(
        CURVE.assign(abc_class=["A", "B", "B", "C", "D"]), "en", summary=summary(customer_share=[0.1, 0.5, 0.3, 0.1]),
        a_share=0.5, b_share=0.9, top=Top(0.1, 0.5),
    ).chart()  # fmt: skip
    assert drawing_only(moved) == drawing_only(curve(top=Top(0.2, 0.7)))


@pytest.mark.parametrize("chart", [curve(), bars(summary(), "en")], ids=["curve", "bars"])
def test_a_click_picks_a_class_that_is_among_the_rows(chart: Any):
    assert picked_fields(chart) == ["abc_class"]
    assert {"A", "B", "C", "D"} <= {row.get("abc_class") for row in rows(chart)}
    assert not tooltip_fields(chart.to_dict()) & {"image", "title"}


def test_hidden_small_groups_show_a_dash_and_no_sum_without_them():
    hidden = summary(
        customer_count=[300, 300, np.nan, np.nan], customer_share=[0.3, 0.3, np.nan, np.nan],
        value=[800_000, 150_000, np.nan, np.nan], value_share=[0.8, 0.15, np.nan, np.nan],
    )  # fmt: skip
    title, subtitle = said(curve("en", summary=hidden))
    assert title == "Class A: 30.0% of customers bring 80.0% of spend"
    assert subtitle[0] == "As of 31 December 2024"
    assert "— · —" in words(svg(bars(hidden, "en")))


def test_the_bars_say_customers_and_money_with_their_shares():
    drawn = words(svg(bars(summary(), "zh"), 380))
    assert {"300 · 30.0%", "¥80万 · 80.0%", "−¥1,000 · −0.1%"} <= set(drawn)


def test_nobody_of_value_is_said_in_words():
    nobody = summary(customer_count=[0, 0, 0, 5], value=[0, 0, 0, -9], customer_share=[0, 0, 0, 1.0])
    chart = pareto_drawing(CURVE.head(0), "en", summary=nobody).chart()
    assert said(chart)[0] == "No spend above zero"
    assert "nan" not in svg(chart).lower()
