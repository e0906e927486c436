"""The transactions panel: parts that add up, periods that the data cover, lists of customers, and managers' pages."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from openpyxl import load_workbook

from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.pareto.segmentation import measured_abc
from workbench.topics.transactions.panel import compared_with, transactions_panel
from workbench.topics.transactions.panel_periods import compared_periods, usual_span
from workbench.topics.transactions.panel_words import part_names_with_base

QUARTER = Filters(since=date(2024, 4, 1), until=date(2024, 6, 30))


@pytest.fixture
def panel(store):
    return transactions_panel(Session(store, lang="zh"))


def test_the_periods_are_whole_months_and_those_before_are_there_where_the_data_cover_them(store):
    session = Session(store)  # from 11 November 2023 to the end of 2024
    assert usual_span(session) == "quarter"
    assert compared_periods(session, span="year") == {"this": (date(2024, 1, 1), date(2024, 12, 31))}
    assert compared_periods(session, span="quarter") == {
        "this": (date(2024, 10, 1), date(2024, 12, 31)), "before": (date(2024, 7, 1), date(2024, 9, 30)),
    }  # fmt: skip
    month = compared_periods(session, span="month")
    assert month["year"] == (date(2023, 12, 1), date(2023, 12, 31))
    filtered = compared_periods(Session(store, filters=Filters(since=date(2024, 2, 10), until=date(2024, 2, 19))))
    assert filtered["before"] == (date(2024, 1, 31), date(2024, 2, 9))
    short = compared_periods(Session(store, filters=Filters(until=date(2023, 11, 20))), span="quarter")
    assert short == {"this": (date(2023, 11, 11), date(2023, 11, 20))}, "no whole month: all days"


def test_what_is_not_covered_is_not_compared_with(store):
    periods = compared_periods(Session(store), span="quarter")
    assert compared_with(periods, against="before") == "before"
    assert compared_with(periods, against="year") is None
    same = {"this": (date(2024, 1, 1), date(2024, 12, 31)), "before": (date(2023, 1, 1), date(2023, 12, 31))}
    assert compared_with(same, against="year") == "before", "a year's period before is the year before"


def test_the_parts_add_up_and_the_revenue_is_that_of_the_period(panel):
    bridge = panel.answer.bridge
    # C10 to C12's months: customers 10 bought on 15 October; 7, 8 and 9 in the quarter before.
    assert (bridge.this, bridge.before) == (25.0, 125.0)
    assert bridge.parts["amount"].sum() == pytest.approx(-100.0)
    assert bridge.parts.set_index("part").loc["customers", ["value_before", "value_this"]].tolist() == [3, 1]
    assert "−¥100.00" in panel.summary
    assert panel.figures[0].change == "−80.0%"


def test_the_code_shown_gives_the_rows_and_the_parts_on_screen(panel, run_code):
    panel.set(by="region")
    names = run_code(panel)
    assert names["rows"].equals(panel.rows)
    assert names["bridge"].equals(panel.answer.bridge.parts)


def test_an_excel_file_has_the_parts_on_a_sheet_whose_sum_is_live(panel):
    panel.set(by="region")
    book = load_workbook(io.BytesIO(panel.downloads.sheet("xlsx")[1]))
    assert book.sheetnames[1:] == ["变化拆解", "销售构成", "交易状况：变化多少，体现在哪里"]
    rows = [[cell for cell in row if cell is not None] for row in book["变化拆解"].iter_rows(values_only=True)]
    assert ["部分", "对比期的值", "本期的值", "金额"] in rows
    assert ["客户数", 3, 1, panel.answer.bridge.parts["amount"].iloc[0]] in rows
    assert any(str(cell).startswith("=SUBTOTAL") for row in rows for cell in row)


def test_a_click_lists_the_customers_of_a_segment_by_the_change_of_their_spend(panel):
    panel.set(by="region", span="quarter")
    panel.views["structure"].picked = [{"segment_key": "=华东"}]
    assert panel.customers.table.length == 2
    assert panel.customers.table.rows["customer_id"].tolist() == ["C07", "C09"]
    assert panel.customers.table.rows["change"].tolist() == [-50.0, -25.0]


def test_a_year_before_that_the_data_do_not_cover_is_said_and_nothing_drawn(panel):
    panel.set(against="year")
    assert panel.answer.bridge is None
    assert panel.views["bridge"].title == "销售额 ¥25，数据没有覆盖上年同期"
    assert "2023 年 11 月 11 日开始" in "".join(panel.views["bridge"].subtitle)
    assert "上期" in panel.summary, "the figures of the period before stand in the table all the same"


def test_filters_name_the_period_and_regions(store):
    panel = transactions_panel(Session(store, lang="en", filters=Filters(QUARTER.since, QUARTER.until, ("华东",))))
    assert panel.answer.bridge.this == 100.0, "of C05 in May"
    assert panel.answer.periods["before"] == (date(2024, 1, 1), date(2024, 3, 31))


def test_segments_past_the_largest_are_added_up_in_one_bar_that_lists_their_customers(store, monkeypatch):
    monkeypatch.setattr("workbench.topics.transactions.panel_answer.SEGMENTS_DRAWN", 1)
    panel = transactions_panel(Session(store, lang="en"))
    panel.set(by="product_id", span="year")
    drawn, whole = panel.answer.drawn, panel.answer.structure
    assert drawn["segment_key"].tolist() == ["=P1", "others"]
    assert drawn["sales_share"].sum() == pytest.approx(1)
    assert drawn["revenue"].tolist() == [whole["revenue"].iloc[0], whole["revenue"].iloc[1:].sum()]
    panel.views["structure"].picked = [{"segment_key": "others"}]
    assert panel.customers.table.length == 6, "C02, C03, C05, C06, C08, C09"


@pytest.mark.parametrize(
    ("by", "revenue"),
    [("customer_type", {"企业": 4800.0, "个人": 200.0}), ("region", {"华东": 3175.0, "华南": 1825.0}), ("none", {})],
)
def test_sales_are_told_apart_by_what_the_customers_table_says(panel, by, revenue):
    panel.set(by=by, span="year")
    found = panel.answer.structure.set_index("sales_segment")["revenue"]
    assert found.to_dict() == (revenue or {None: 5000.0})


def test_segments_of_a_segmentation_are_the_same_customers_in_all_periods(make_store):
    store = make_store()
    session = Session(store, lang="en")
    session.save_segmentation("ours", measured_abc(session.facts))
    session.filters = Filters(segmentation="ours", segments=("A",))
    panel = transactions_panel(session)
    panel.set(span="year", by="none")
    members = set(store.collect(session.members)["customer_id"])
    assert members == {"C01", "C02"}
    assert panel.answer.sales.totals["revenue"].sum() == 4000.0


@pytest.mark.parametrize(
    ("beside", "name"),
    [
        ([], "人均订单数"),
        (["unitemized_sales"], "人均订单数（注明数量的销售）"),
        (["nameless_sales"], "人均订单数（已知客户）"),
        (["unitemized_sales", "nameless_sales"], "人均订单数（已知客户、注明数量的销售）"),
    ],
)
def test_a_factor_of_a_part_of_the_sales_says_of_which(beside, name):
    parts = pd.DataFrame({"part": ["customers", "orders_per_customer", "mix", *beside, "refunds"]})
    answer = SimpleNamespace(by="region", bridge=SimpleNamespace(parts=parts))
    names = part_names_with_base(answer, "zh")
    assert names["orders_per_customer"] == name, "the table of figures has another value under the plain name"
    assert (names["mix"], names["refunds"]) == ("区域结构", "退款等")


def test_a_managers_page_says_why_it_shows_none(published_store):
    panel = transactions_panel(Session(published_store, lang="en"))
    assert isinstance(panel.error, NothingToShow)
    assert "for analysts" in panel.complaint
