"""A page: one language, one snapshot, shared filters, and key figures against the period before."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.pages import page
from workbench.panels import Filters, Session
from workbench.panels.periods import PERIODS, period_before
from workbench.topics.revenue import revenue_panel
from workbench.topics.revenue.panel_figures import KeyFigures


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def shown(session):
    return page(session, "overview", [revenue_panel(session)])


def test_the_header_names_company_day_and_page(shown):
    for words in ("总览", "示例汽车", "2024 年 12 月 31 日"):
        assert words in shown.head.value


def test_the_footer_names_the_snapshot_and_its_rows(shown, store):
    assert store.snapshot.id in shown.foot.value
    assert shown.banner.snapshot == store.snapshot.id


def test_the_whole_page_turns_to_english(shown, session):
    shown.language.value = "en"
    assert session.lang == "en"
    assert "Overview" in shown.head.value
    assert shown.filters.period.description == "Period"
    assert "Revenue" in shown.key_figures.figures.value
    assert "Revenue by month" in shown.panels[0].widget.heading.value
    assert shown.banner.lang == "en"


def test_a_filter_reaches_figures_and_panels(shown):
    before = shown.panels[0].rows["revenue"].sum()
    shown.filters.region.value = ("华南",)
    assert shown.panels[0].rows["revenue"].sum() == before - (5000 + 1000 + 200 + 100 + 50)
    assert "¥3,650" in shown.key_figures.figures.value


def test_paper_says_company_filters_day_and_snapshot_and_follows_them(shown, store):
    shown.filters.region.value = ("华南",)
    for words in ("示例汽车", "区域：华南", "客户类型：全部", "数据截止日：2024-12-31", store.snapshot.id):
        assert words in shown.on_paper.value
    shown.language.value = "en"
    assert "Region: 华南" in shown.on_paper.value.replace("region", "Region")


def test_only_the_overview_begins_with_the_company_the_others_with_their_answer(session):
    assert page(session, "overview", []).key_figures is not None
    assert page(session, "pareto", []).key_figures is None


def test_the_line_that_folds_the_filters_says_what_is_chosen_in_both_languages(shown, session):
    assert shown.filters.fold.description == "筛选：全部数据"
    shown.filters.region.value = ("华南",)
    assert shown.filters.fold.description == "筛选：全部数据 · 华南"
    session.lang = "en"
    assert shown.filters.fold.description == "Filters: All data · 华南"


def test_a_hostile_company_name_is_text(make_store):
    store = make_store("UPDATE customers SET region = '<img src=x onerror=alert(1)>'")
    made = page(Session(store), "overview", [])
    assert "<img" not in made.head.value + made.foot.value + made.key_figures.figures.value


def test_links_to_other_pages_stand_only_where_they_are_served(session, monkeypatch):
    assert "<nav" not in page(session, "overview", []).head.value
    monkeypatch.setenv("WORKBENCH_PUBLISHED", "1")
    head = page(session, "overview", []).head.value
    assert 'href="pareto?lang=zh"' in head
    assert head.count("aria-current") == 1


def test_the_change_is_measured_against_the_period_before(store):
    figures = KeyFigures(Session(store, filters=Filters(since=date(2024, 7, 1))))
    row = figures.rows.set_index("figure").loc["revenue"]
    assert (row["value"], row["before"]) == (150, 4850), "customers 7 to 10 came after June, 1 to 6 before"
    assert "−96.9%" in figures.figures.value
    assert "上期 ¥4,850" in figures.figures.value


def test_without_a_period_there_is_no_change_and_the_page_says_how_to_see_one(session):
    html = KeyFigures(session).figures.value
    assert "选择一个统计期间" in html
    assert "%" not in html.split("满意度")[0]


def test_a_period_before_the_data_gives_no_change(store):
    figures = KeyFigures(Session(store, filters=Filters(since=date(2023, 1, 1), until=date(2023, 12, 31))))
    assert figures.rows.set_index("figure")["change"].isna()["revenue"]


def test_figures_of_fewer_than_five_customers_are_not_shown_to_managers(published_store):
    figures = KeyFigures(Session(published_store, period="last_90_days"))
    assert figures.figures.value == ""
    assert "少于 5 位" in figures.message.value


def test_key_figures_leave_scores_out_where_too_few_answered_between_two_settings(make_store):
    one_answer_of_december = (
        "INSERT INTO transactions SELECT * REPLACE ('X' || order_id AS order_id, DATE '2024-12-10' AS day)"
        " FROM transactions WHERE day < DATE '2024-01-01'",
        "UPDATE surveys SET day = DATE '2024-12-15' WHERE customer_id = 'C10'",
    )
    figures = KeyFigures(Session(make_store(*one_answer_of_december, published=True), period="last_30_days"))
    shown = figures.rows.set_index("figure")["value"]
    assert shown["active_customers"] == 10
    assert shown[["nps", "csat"]].isna().all()
    assert figures.message.value == ""


def test_named_periods_end_with_the_data_or_before():
    as_of = date(2025, 12, 18)
    for name, period in PERIODS.items():
        since, until = period(as_of)
        assert name == "all" or since <= until <= as_of


def test_a_year_is_compared_with_the_year_before_also_over_a_leap_day():
    assert period_before(date(2024, 3, 1), date(2025, 2, 28)) == (date(2023, 3, 1), date(2024, 2, 29))
    assert period_before(date(2025, 9, 20), date(2025, 12, 18)) == (date(2025, 6, 22), date(2025, 9, 19))


def test_revenue_says_how_much_of_it_no_customer_is_known_for(make_store):
    """Otherwise nobody understands why the customers' money adds up to less."""
    one = "UPDATE transactions SET customer_id = NULL WHERE order_id = 'C03-1'"
    shown = KeyFigures(Session(make_store(one), lang="en"))
    assert "including ¥500 from unknown customers" in shown.figures.value
    assert "unknown customers" not in KeyFigures(Session(make_store(), lang="en")).figures.value
