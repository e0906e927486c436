"""The charts of movement: a matrix whose stayers are framed, and streams that leave and arrive whole."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.charts.drawn import picked_fields, rows, said, svg, tooltip_fields, words
from workbench.topics.movement.chart import movement_flow_drawing, movement_matrix_drawing

CELLS = pd.DataFrame(
    [
        ("A", "A", "same", 30, 0.75, 9000.0, 9900.0),
        ("A", "B", "worse", 10, 0.25, 3000.0, 1000.0),
        ("B", "A", "better", 5, 0.1, 400.0, 2400.0),
        ("B", "B", "same", 45, 0.9, 4500.0, 4400.0),
        ("not_yet", "B", "joined", 20, 1.0, 0.0, 1900.0),
    ],
    columns=[
        "from_segment", "to_segment", "direction", "customer_count", "from_share", "monetary_before", "monetary_after",
    ],
).assign(monetary_change=lambda cells: cells["monetary_after"] - cells["monetary_before"])  # fmt: skip
NAMES = {"A": "重要", "B": "一般", "absent": "期内无消费", "not_yet": "尚未成为客户"}
DAYS = {"before": date(2024, 12, 18), "after": date(2025, 12, 18), "base": 110}


def matrix(lang: str = "zh", table: pd.DataFrame = CELLS, **chosen):
    return movement_matrix_drawing(table, lang, names=NAMES, **DAYS, **chosen).chart()


def flow(lang: str = "zh", table: pd.DataFrame = CELLS, names=NAMES):
    return movement_flow_drawing(table, lang, names=names, **DAYS).chart()


def test_the_title_states_who_rose_and_who_fell_of_those_who_were_customers():
    assert said(matrix())[0] == "90 位原有客户中，5.6% 上升，11.1% 下降"
    assert said(matrix("en"))[1][0] == "Rows: 18 December 2024; columns: 18 December 2025; framed: stayed"


def test_without_up_and_down_the_title_states_the_largest_move():
    unordered = CELLS.assign(direction=CELLS["direction"].replace({"better": "other", "worse": "other"}))
    assert said(matrix(table=unordered))[0] == "最大的变动：10 位客户由重要转为一般"
    assert said(matrix(table=CELLS[CELLS["direction"] == "same"]))[0] == "没有客户改变分群"
    assert said(flow(table=CELLS.head(0)))[0] == "没有可显示的客户"


@pytest.mark.parametrize(
    ("measure", "figure"), [("customer_count", "45"), ("monetary_change", "−¥2,000"), ("from_share", "90.0%")]
)
def test_a_cell_says_the_figure_chosen(measure: str, figure: str):
    assert figure in words(svg(matrix(measure=measure), 700))


def test_who_stayed_is_framed():
    marked = {(row["from_segment"], row["to_segment"]) for row in rows(matrix()) if row["is_marked"]}
    assert marked == {("A", "A"), ("B", "B")}


@pytest.mark.parametrize("width", [360, 1000])
def test_streams_name_both_ends_with_their_customers(width: int):
    drawn = words(svg(flow(), width))
    assert {"40 重要", "35 重要", "75 一般", "2025 年 12 月 18 日"} <= set(drawn)


def test_streams_fill_their_segments_on_both_sides_and_keep_their_width():
    streams = pd.DataFrame([row for row in rows(flow()) if "stream" in row])
    streams["width"] = streams["bottom"] - streams["top"]
    ends = streams[streams["x"].isin([0, 1])].merge(CELLS, on=["from_segment", "to_segment"])
    for side, x in (("from_segment", 0), ("to_segment", 1)):
        at = ends[ends["x"] == x]
        per_customer = at.groupby(side)["width"].sum() / at.groupby(side)["customer_count"].sum()
        assert per_customer.max() == pytest.approx(per_customer.min())
        for _, part in at.sort_values("top").groupby(side):
            assert part["bottom"].iloc[:-1].tolist() == pytest.approx(part["top"].iloc[1:].tolist())


def test_a_click_on_a_stream_or_a_cell_picks_the_same_move():
    assert picked_fields(flow()) == picked_fields(matrix()) == ["from_segment", "to_segment"]
    assert not tooltip_fields(flow().to_dict()) & {"image", "title"}


def test_hidden_cells_are_blank_in_both_and_the_subtitle_says_so():
    figures = ["customer_count", "from_share", "monetary_before", "monetary_after", "monetary_change"]
    hidden = CELLS.astype(dict.fromkeys(figures, float))
    hidden.loc[[1, 2], figures] = float("nan")
    for chart in (matrix(table=hidden), flow(table=hidden)):
        assert "部分分组不显示数字" in " ".join(said(chart)[1])
        assert "nan" not in svg(chart).lower()


def test_a_hostile_segment_name_is_text():
    assert "<img" not in svg(flow(names=NAMES | {"A": "</script><img src=x onerror=alert(1)>"}))
