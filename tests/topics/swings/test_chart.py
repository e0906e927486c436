"""The bars of scores: what the title claims, what stands below it, what chance would give, and a standing layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, said, svg, words
from workbench.topics.swings.chart import Swung, swing_bars, swings_drawing

COUNTS = pd.DataFrame(
    [(1, 0.0, 8, 100), (1, 1.2, 2, 20), (4, -9.1, 1, 0), (4, 0.0, 9, 110), (4, 0.7, 0, 10)],
    columns=["activity_group", "score", "last_count", "earlier_count"],
)
SWUNG = Swung(
    customers=20, risen=0, fallen=1, begin=date(2025, 11, 1), every="month", history=12, level=0.1, is_lasting=False
)


def chart(lang: str = "zh", swung: Swung = SWUNG, counts: pd.DataFrame = COUNTS):
    return swings_drawing(counts, lang, swung=swung, as_of=date(2025, 12, 18)).chart()


def test_the_title_says_who_swung_and_below_stand_base_period_and_what_may_be_chance():
    assert said(chart()) == (
        "1 位客户明显少于平常，没有人明显多于平常",
        [
            "客户 20 位 · 截至 2025 年 12 月 18 日",
            "2025 年 11 月，与每位客户自己的以往相比；短横线：偶然会有",
            "所列客户中至多约 10.0% 可能出于偶然",
        ],
    )


@pytest.mark.parametrize(
    ("risen", "fallen", "title"),
    [
        (0, 0, "No single customer's change stands out from chance"),
        (3, 0, "3 customers bought far more than usual, none far less"),
        (3, 2, "2 customers bought far less than usual, 3 far more"),
    ],
)
def test_titles_say_what_was_found(risen: int, fallen: int, title: str):
    heading, notes = said(chart("en", replace(SWUNG, risen=risen, fallen=fallen)))
    assert heading == title
    assert len(notes) == (3 if risen + fallen else 2)


def test_of_what_lasts_the_title_says_so():
    lasting = replace(SWUNG, risen=2, is_lasting=True)
    assert said(chart("en", lasting))[0] == "1 customers buy less since some time, 2 more"
    assert said(chart("zh", lasting))[1][1] == "截至 2025 年 11 月的各期，后段与前段相比；短横线：偶然会有"


def test_bars_hold_all_customers_and_the_marks_as_many():
    bars = swing_bars(COUNTS, "en")
    assert bars["label"].tolist() == ["−8 or less", "0", "+1"]
    assert bars["customer_count"].tolist() == [1, 17, 2]
    assert bars["expected"].sum() == pytest.approx(20)
    assert bars["expected"].tolist() == pytest.approx([0, 100 / 12 + 110 / 12, 20 / 12 + 10 / 12])


def test_a_quarter_is_named_and_the_layout_stands_whatever_the_counts():
    drawn = chart("en", replace(SWUNG, begin=date(2025, 7, 1), every="quarter"))
    assert "Q3 2025, against each customer's own past; marks: by chance" in said(drawn)[1]
    assert drawing_only(chart()) == drawing_only(chart(counts=COUNTS.head(2)))
    assert picked_fields(chart()) == ["score"]
    assert "−8 及以下" in words(svg(chart()))
