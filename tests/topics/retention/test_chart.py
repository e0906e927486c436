"""The triangle and the curve: titles that claim what the cells show, hatched cells, bases, and a standing layout."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from tests.charts.drawn import drawing_only, picked_fields, said, svg, words
from workbench.topics.retention.chart import curve_drawing, triangle_drawing
from workbench.topics.retention.curve import retention_curve

HOW: Any = {"every": "month", "definition": "exact"}


def cells(counts: dict[int, list[int]], *, opening: int = 0) -> pd.DataFrame:
    """Make the cells of cohorts by month of 2025: the last of each cohort has not ended."""
    rows = [
        (date(2025, month, 1), age, row[0], count, count / row[0], 10.0 * count, count / row[0], age == len(row) - 1)
        for month, row in counts.items()
        for age, count in enumerate(row)
    ]
    names = ["cohort", "age", "base", "active_customers", "retention_rate", "monetary", "monetary_rate"]
    frame = pd.DataFrame(rows, columns=[*names, "is_incomplete"])
    return frame.assign(is_opening=[begin.month == opening for begin in frame["cohort"]])


SHAPE = cells({1: [100, 40, 30, 9], 2: [50, 10, 2], 3: [40, 10, 1], 4: [80, 1]}, opening=1)
"""The first cohort holds older customers, and is in no title."""


def test_the_title_spans_the_cohorts_that_are_old_enough_and_the_base_stands_below():
    title, below = said(triangle_drawing(SHAPE, "zh", **HOW, as_of=date(2025, 4, 10)).chart())
    assert title == "首购后第 1 个月，各同期群有 20.0% 至 25.0% 的客户再来"
    assert "270 位" in below[0]
    assert said(triangle_drawing(SHAPE, "en", **HOW).chart())[0] == (
        "Between 20.0% and 25.0% of a cohort came again in month 1 after the first"
    )


def test_bases_are_written_and_unfinished_cells_hatched():
    drawn = words(svg(triangle_drawing(SHAPE, "en", **HOW).chart()))
    assert "January 2025* (100)" in drawn
    assert "April 2025 (80)" in drawn
    assert drawn.count("╱╱╱") == 4


def test_other_counts_of_the_same_cohorts_keep_the_layout_and_a_click_picks_a_cell():
    whole = triangle_drawing(SHAPE, "en", **HOW).chart()
    other = triangle_drawing(SHAPE.assign(active_customers=5, retention_rate=0.05), "en", **HOW).chart()
    assert drawing_only(whole) == drawing_only(other)
    assert picked_fields(whole) == ["cohort_key", "cohort_age"]


def test_equal_cohorts_have_no_range_and_young_ones_no_share():
    equal = cells({1: [10, 4, 1], 2: [20, 8, 1]})
    assert "40.0% of a cohort came again" in said(triangle_drawing(equal, "en", **HOW).chart())[0]
    young = cells({1: [10, 4]})
    assert said(triangle_drawing(young, "en", **HOW).chart())[0] == "No cohort is old enough to have come again"
    assert "No mean yet" in said(curve_drawing(retention_curve(cells({1: [10]})), "en", **HOW).chart())[0]


def test_the_curve_weighs_customers_alike_and_leaves_the_opening_cohort_out():
    curve = retention_curve(cells({1: [100, 90, 90, 1], 2: [60, 30, 6, 1], 3: [40, 10, 1]}, opening=1))
    assert curve["base"].tolist() == [100, 100, 60]
    assert curve["retention_rate"].tolist() == [1.0, 0.4, 0.1]
    assert (curve["low"] <= curve["retention_rate"]).all()
    assert (curve["high"] >= curve["retention_rate"]).all()
    title = said(curve_drawing(curve, "en", **HOW).chart())[0]
    assert title == "On average 40.0% came again in month 1 after the first, 10.0% in month 2 after the first"
    few = retention_curve(cells({2: [60, 30, 6, 1], 3: [100, 10, 1]}))
    assert "month 2" not in said(curve_drawing(few, "en", **HOW).chart())[0], "60 of 160 are too few to speak of"
