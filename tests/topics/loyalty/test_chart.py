"""Silence in own intervals with the line of patience, and single customers' visits on a line of time."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.charts.drawn import picked_fields, said, svg, tooltip_fields, words
from workbench.topics.loyalty.chart import silence_drawing, timeline_drawing

AS_OF = date(2024, 12, 31)
NAMES = {
    "zh": {"loyal": "忠诚客户", "flexible": "弹性客户", "lapsed": "流失客户"},
    "en": {"loyal": "Loyal", "flexible": "Flexible", "lapsed": "Lapsed"},
}
SILENCE = pd.DataFrame(
    {
        "silence": [0.0, 0.25, 3.0, 6.0],
        "segment": ["loyal", "flexible", "lapsed", "lapsed"],
        "customers": [60, 20, 15, 5],
    }
)
VISITS = pd.DataFrame(
    {
        "customer_id": ["C1", "C1", "C2"],
        "name": ["</script><img src=x>", "</script><img src=x>", None],
        "segment": ["loyal", "loyal", "flexible"],
        "day": pd.to_datetime(["2024-10-01", "2024-12-01", "2024-11-05"]),
        "expected_on": pd.to_datetime(["2025-02-01", "2025-02-01", None]),
    }
)


def silence(lang: str = "zh", rows: pd.DataFrame = SILENCE, patience: float = 3.0) -> Any:
    return silence_drawing(rows, lang, names=NAMES[lang], patience=patience, once=7, as_of=AS_OF)


def test_the_title_says_who_is_beyond_the_line_and_the_subtitle_who_is_not_drawn():
    title, subtitle = said(silence("en").chart())
    assert title == "20.0% of repeat customers (20) have been silent for at least 3 of their own intervals"
    assert "100" in subtitle[0]
    assert "Not drawn: 7 customers who came once" in " ".join(subtitle)


@pytest.mark.parametrize("width", [380, 1000])
def test_the_groups_and_the_line_are_named(width: int):
    drawn = words(svg(silence().chart(), width))
    assert {"忠诚客户", "弹性客户", "流失客户", "超过 3 倍才可能流失"} <= set(drawn)


def test_a_moved_line_sends_rows_alone():
    assert silence(patience=2).key == silence(patience=3).key
    assert silence(patience=2).rows()["cut"] != silence(patience=3).rows()["cut"]


def test_a_click_picks_a_group():
    assert picked_fields(silence().chart()) == ["segment"]
    assert not tooltip_fields(silence().chart().to_dict()) & {"image", "title"}


def test_hidden_groups_and_nobody_are_said_without_nan():
    hidden = SILENCE.assign(customers=float("nan"))
    for rows, title in ((SILENCE.head(0), "没有客户来过两次"), (hidden, "客户的沉默时长（按自身间隔计）")):
        chart = silence("zh", rows).chart()
        assert said(chart)[0] == title
        assert "nan" not in svg(chart).lower()


def test_a_line_of_time_has_each_visit_and_the_day_the_next_is_due():
    drawing = timeline_drawing(VISITS, "zh", as_of=AS_OF)
    assert [row["day"] for row in drawing.rows()["days"]] == ["2024-10-01", "2024-12-01", "2024-11-05"]
    assert [row["day"] for row in drawing.rows()["due"]] == ["2025-02-01"]  # the other has no rhythm yet
    assert said(drawing.chart())[0] == "名单中 2 位客户的到店记录"


def test_a_hostile_name_on_the_line_of_time_is_text():
    assert "<img" not in svg(timeline_drawing(VISITS, "en", as_of=AS_OF).chart())


def test_every_bar_of_silence_has_a_width():
    chart = silence_drawing(SILENCE, "en", names=NAMES["en"], patience=3.0, once=3, as_of=AS_OF).chart()
    shapes = re.findall(r'aria-roledescription="bar" d="([^"]+)"', svg(chart))
    assert len(shapes) == len(SILENCE)
    assert all(float(width) > 5 for shape in shapes for width in re.findall(r"h(\d[\d.]*)v", shape))
    assert all(re.search(r"h\d[\d.]*v", shape) for shape in shapes)
