"""The stages at the month-ends: shares that add up, and a month that has not ended marked."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import said, svg, words
from workbench.topics.lifecycle.chart import STAGE_COLOURS, stage_history_drawing

NAMES = {stage: stage.upper() for stage in STAGE_COLOURS}
HISTORY = pd.DataFrame(
    [
        (day, stage, count, count / 100)
        for day, counts in (
            (date(2025, 10, 31), (10, 20, 40, 0, 10, 20)),
            (date(2025, 11, 30), (10, 20, 30, 0, 10, 30)),
            (date(2025, 12, 18), (5, 20, 25, 0, 10, 40)),
        )
        for stage, count in zip(STAGE_COLOURS, counts, strict=True)
    ],
    columns=["day", "segment", "customer_count", "customer_share"],
)


def drawing(rows: pd.DataFrame = HISTORY, lang: str = "zh"):
    return stage_history_drawing(rows, lang, names=NAMES, as_of=date(2025, 12, 18))


def test_the_title_names_the_stage_whose_share_moved_farthest():
    assert said(drawing(lang="en").chart())[0] == (
        "LAPSED: from 20.0% of the customers in 2025-10 to 40.0% in 2025-12 (+100.0% in number)"
    )


def test_the_month_that_has_not_ended_is_paler_and_named():
    paler = {row["month"]: row["opacity"] for row in drawing().rows()["bars"]}
    assert (paler["2025-11"], paler["2025-12*"]) == (1.0, 0.45)
    assert "2025-12*：当月尚未结束" in " ".join(said(drawing().chart())[1])
    whole = drawing(HISTORY[HISTORY["day"] < date(2025, 12, 1)])
    assert {row["opacity"] for row in whole.rows()["bars"]} == {1.0}


@pytest.mark.parametrize("width", [380, 1000])
def test_every_stage_is_in_the_legend(width: int):
    assert set(NAMES.values()) <= set(words(svg(drawing().chart(), width)))


def test_hidden_months_and_no_history_are_said():
    hidden = HISTORY.assign(customer_share=HISTORY["customer_share"].where(HISTORY["day"] > date(2025, 11, 1)))
    assert "部分分组不显示数字" in " ".join(said(drawing(hidden).chart())[1])
    assert said(drawing(HISTORY.head(0)).chart())[0] == "月末数据太少，看不出变化"
