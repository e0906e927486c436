"""Waterfall, structure and ARPU: titles that name what stands out and none of equals, bases, and bars that join."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from tests.charts.drawn import drawing_only, picked_fields, said, svg, words
from workbench.topics.transactions.arpu import arpu_by_month
from workbench.topics.transactions.chart import bridge_drawing
from workbench.topics.transactions.chart_arpu import arpu_chart
from workbench.topics.transactions.chart_structure import structure_drawing

NAMES = {"customers": "客户数", "order_value": "每单金额", "refunds": "退款等"}
NAN = float("nan")


def bridge(*amounts: float, before: float | None = 100.0, lang: str = "zh", **how: Any) -> Any:
    """Draw the parts customers, order_value and refunds with these amounts."""
    parts = pd.DataFrame(
        {
            "part": [*NAMES][: len(amounts)],
            "value_before": [10.0, 10.0, -5.0][: len(amounts)],
            "value_this": [12.0, 11.0, -9.0][: len(amounts)],
            "amount": amounts,
        }
    )
    this = sum(amounts) + (before or 0.0)
    return bridge_drawing(
        parts, lang, **{"this": this, "before": before, "against": "before", "names": NAMES, "base": 7} | how
    )


def test_the_title_says_the_change_and_with_what_most_of_it_stands():
    title, below = said(bridge(30.0, 10.0, -4.0, as_of=date(2025, 12, 31)).chart())
    assert title == "销售额 ¥136，比上期 +¥36。其中客户数 +¥30，退款等 −¥4"
    assert below[0] == "订单 7 笔 · 截至 2025 年 12 月 31 日"
    english = bridge(30.0, 10.0, lang="en", against="year", names={"customers": "customers", "order_value": "amount"})
    assert said(english.chart())[0] == "Revenue ¥140, +¥40 vs the year before. Of this, +¥30 from customers"


def test_equal_parts_are_not_told_apart_and_no_change_is_none():
    assert said(bridge(20.0, 20.0, -4.0).chart())[0] == "销售额 ¥136，比上期 +¥36。其中退款等 −¥4"
    assert said(bridge(20.0, 20.0).chart())[0] == "销售额 ¥140，比上期 +¥40"
    assert said(bridge(0.0, 0.0, 0.0).chart())[0] == "销售额 ¥100，与上期相同"
    assert said(bridge(5.0, -5.0).chart())[0] == "销售额 ¥100，与上期相同。其中客户数 +¥5，每单金额 −¥5"


def test_every_bar_begins_where_the_one_before_ends_and_the_last_is_the_whole_change():
    bars = bridge(30.0, 10.0, -4.0).frames["bars"]
    assert bars["begin"].tolist() == [0.0, 30.0, 40.0, 0.0]
    assert bars["end"].tolist() == [30.0, 40.0, 36.0, 36.0]
    drawn = words(svg(bridge(30.0, 10.0, -4.0).chart()))
    assert "客户数 10 → 12：+¥30" in drawn
    assert "销售额（上期 → 本期） ¥100 → ¥136：+¥36" in drawn


def test_without_a_period_before_there_is_the_revenue_and_no_bar():
    drawing = bridge(before=None)
    assert said(drawing.chart())[0] == "销售额 ¥0，数据没有覆盖上期"
    assert len(drawing.frames["bars"]) == 0


def test_other_amounts_keep_the_layout():
    assert drawing_only(bridge(30.0, 10.0, -4.0).chart()) == drawing_only(bridge(1.0, -2.0, 5.0).chart())


def structure(now: list[float], then: list[float], lang: str = "zh") -> Any:
    """Draw segments with these sales."""
    shares = [pd.Series(sales) / sum(sales) for sales in (now, then)]
    keys = [f"={name}" for name in ("保养", "配件", "保险")][: len(now)]
    rows = pd.DataFrame(
        {"segment_key": keys, "revenue": now, "change": [a - b for a, b in zip(now, then, strict=True)]}
    )
    rows = rows.assign(sales_share=shares[0], sales_share_before=shares[1], share_shift=shares[0] - shares[1])
    return structure_drawing(rows, lang, against="year", names={key: key[1:] for key in keys}, base=9)


def test_the_structure_names_whose_share_moved_most_and_nobody_among_equals():
    assert said(structure([60, 20, 20], [50, 30, 20]).chart())[0] == (
        "占比上升最多：保养，50.0% → 60.0%；下降最多：配件，30.0% → 20.0%"
    )
    assert said(structure([60, 20, 20], [50, 25, 25]).chart())[0] == "占比上升最多：保养，50.0% → 60.0%"
    assert said(structure([40, 30, 30], [50, 25, 25], "en").chart())[0] == "Share down most: 保养, 50.0% to 40.0%"
    assert said(structure([50, 50], [50, 50]).chart())[0] == "销售构成与上年同期相同"
    assert picked_fields(structure([60, 40], [50, 50]).chart()) == ["segment_key"]
    alone = structure([60, 40], [50, 50])
    assert "60.0%" in words(svg(alone.chart()))


def months(revenue: list[float], customers: list[int], *, begins: str = "2024-01-01") -> pd.DataFrame:
    """Make months as `revenue_by_month` gives them; the last has not ended."""
    frame = pd.DataFrame({"month": pd.date_range(begins, periods=len(revenue), freq="MS"), "revenue": revenue})
    return frame.assign(active_customers=customers, is_incomplete=[False] * (len(revenue) - 1) + [True])


def test_arpu_is_never_said_without_its_customers():
    rows = arpu_by_month(months([100.0] * 12 + [90.0, 5.0], [10] * 12 + [6, 1]))
    title, below = said(arpu_chart(rows, "zh", as_of=date(2025, 2, 10)))
    assert title == "2025 年 1 月 ARPU 为 ¥15，同比 +50.0%；购买客户数 −40.0%"
    assert "粗线：连续十二个整月合并" in below[0]
    assert rows["arpu_trend"].isna().tolist() == [True] * 11 + [False, False, True]
    assert rows["arpu_trend"].iloc[12] == 1190 / 116, "a month weighs as much as it had customers"
    young = arpu_by_month(months([100.0, 0.0, 5.0], [10, 0, 1]))
    title, below = said(arpu_chart(young, "en"))
    assert title == "ARPU in January 2024: ¥10, from 10 customers", "of a month of nobody there is no average"
    assert "No trend yet" in below[0]
    assert said(arpu_chart(young.tail(1), "en"))[0] == "No whole month with known customers yet"
