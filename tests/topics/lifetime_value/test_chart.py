"""The hold-out drawn: titles that claim what came and what was expected, pale bars of few, and a standing layout."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.charts.drawn import drawing_only, picked_fields, said, svg, words
from workbench.topics.lifetime_value.chart import frequency_drawing, tracking_drawing

SPLIT, AS_OF = date(2024, 12, 30), date(2025, 12, 30)
ROWS = pd.DataFrame(
    {"repeat_count": [0, 1, 7], "customer_count": [100, 50, 10], "actual": [0.5, 1.0, 5.0], "expected": [0.6, 1.2, 5.0]}
)
WEEKS = pd.DataFrame(
    {
        "day": [SPLIT + timedelta(days=7 * place) for place in (-1, 0, 1, 2)],
        "actual": [10.0, 20.0, 28.0, 31.0],
        "expected": [11.0, 19.0, 30.0, 41.0],
    }
)


def frequency(lang: str = "en", rows: pd.DataFrame = ROWS, grade: str = "B"):
    return frequency_drawing(rows, lang, split_on=SPLIT, as_of=AS_OF, grade=grade, most=7).chart()


def tracking(lang: str = "en", rows: pd.DataFrame = WEEKS):
    return tracking_drawing(rows, lang, split_on=SPLIT, as_of=AS_OF, base=160).chart()


def test_the_title_says_by_how_much_the_model_missed_and_the_grade_stands_below():
    title, below = said(frequency())
    assert title == "The model expected 13.3% more purchases than came (170, 150 came)"
    assert below == [
        "Customers: 160 · grade B: fair",
        "held out: after 30 December 2024 to 30 December 2025",
        "pale: fewer than 30 customers",
    ]
    assert said(frequency("zh"))[0] == "模型预计的购买次数比实际多 13.3%（预计 170，实际 150）"


@pytest.mark.parametrize(
    ("factor", "begin"),
    [(0.5, "The model expected 43.3% fewer"), (0.0, "The model expected 100% fewer")],
)
def test_fewer_is_said_where_fewer_were_expected(factor, begin):
    assert said(frequency(rows=ROWS.assign(expected=ROWS["expected"] * factor)))[0].startswith(begin)


def test_as_many_and_nobody_have_words_of_their_own():
    assert said(frequency(rows=ROWS.assign(expected=ROWS["actual"])))[0].startswith("The model expected as many")
    assert said(frequency(rows=ROWS.assign(actual=0.0)))[0].startswith("Nobody bought")


def test_other_rows_keep_the_layout_and_a_click_picks_the_group():
    assert drawing_only(frequency()) == drawing_only(frequency(rows=ROWS.head(2), grade="A"))
    assert picked_fields(frequency()) == ["repeat_count"]
    assert "7 or more" in words(svg(frequency()))
    assert "pale" not in " ".join(said(frequency(rows=ROWS.head(2)))[1])


def test_the_track_claims_what_came_after_the_cut_alone():
    assert said(tracking())[0] == "After 30 December 2024, 11 repeat purchases came; 22 were expected"
    assert "Customers: 160" in said(tracking())[1][0]
    assert "held out from here" in words(svg(tracking()))
    assert said(tracking("zh"))[0] == "2024 年 12 月 30 日之后实际复购 11 次，预计 22 次"
    assert said(tracking(rows=WEEKS.head(2)))[0] == "Less than a week was held out"
    assert drawing_only(tracking()) == drawing_only(tracking(rows=WEEKS.head(3)))
