"""The filter bar: period, region and customer type reach the session, impossible periods do not."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.pages.filter_bar import FilterBar
from workbench.panels import Filters, Session


@pytest.fixture
def session(store):
    return Session(store)


@pytest.fixture
def bar(session):
    return FilterBar(session)


def test_a_region_and_a_type_become_filters(session, bar):
    bar.region.value, bar.customer_type.value = ("华南",), ("企业",)
    assert session.filters == Filters(regions=("华南",), customer_types=("企业",))
    bar.region.value = ()
    assert session.filters.regions == ()


def test_several_regions_and_types_are_ticked_and_stand_in_the_order_of_the_list(session, bar):
    bar.region.set_state({"ticked": [0, 1]})
    assert session.filters.regions == ("华东", "华南")
    assert bar.region.summary == "华东、华南"
    assert bar.fold.description == "筛选：全部数据 · 华东、华南"
    bar.region.value = ("华南", "华东")
    assert session.filters.regions == ("华东", "华南")
    buyers = session.transactions.aggregate(n=session.transactions.customer_id.nunique())
    assert session.store.collect(buyers)["n"].iloc[0] == 10
    assert "区域：华东、华南" in session.filter_words()
    bar.region.set_state({"ticked": []})
    assert (session.filters.regions, bar.region.summary) == ((), "全部")


def test_a_switch_compares_with_the_year_before(session, bar):
    assert (session.compares_years, session.compared_words()) == (False, "")
    bar.period.value = "last_12_months"
    bar.year_before.value = True
    assert session.compares_years
    assert session.compared_words() == "上年同期 2023-01-01 – 2023-12-31"
    bar.period.value = "all"
    assert session.compared_words() == "上年同月"


@pytest.mark.parametrize(("compares", "display"), [(True, ""), (False, "none")])
def test_the_switch_stands_where_something_is_compared(session, compares, display):
    assert FilterBar(session, compares=compares).year_before.layout.display == display


def test_a_named_period_ends_with_the_data(session, bar):
    bar.period.value = "last_12_months"
    assert session.filters == Filters(since=date(2024, 1, 1), until=date(2024, 12, 31))


def test_own_days_show_only_when_asked_for(session, bar):
    assert bar.since.layout.display == "none"
    bar.period.value = "custom"
    assert bar.since.layout.display == ""
    bar.since.value, bar.until.value = date(2024, 2, 1), date(2024, 3, 31)
    assert session.filters == Filters(since=date(2024, 2, 1), until=date(2024, 3, 31))


def test_a_period_that_cannot_be_is_explained_and_changes_nothing(session, bar):
    bar.period.value = "custom"
    bar.since.value, bar.until.value = date(2024, 5, 1), date(2024, 6, 1)
    before = session.filters
    bar.until.value = date(2024, 4, 1)
    assert session.filters == before
    assert "2024-05-01" in bar.message.value


def test_a_crafted_region_changes_nothing(session, bar):
    before = session.filters
    for state in ({"ticked": [99]}, {"ticked": [0, 0]}, {"ticked": ["华东"]}, {"value": ["西藏"]}, {"texts": ["西藏"]}):
        bar.region.set_state(state)
    assert session.filters == before


def test_the_bar_speaks_the_page_s_language(session, bar):
    session.lang = "en"
    bar.say()
    assert bar.period.description == "Period"
    assert (bar.region.label, bar.region.summary) == ("Region", "All")


def test_a_manager_chooses_whole_months_from_lists(make_store):
    every_month = (
        "INSERT INTO transactions BY NAME SELECT customer_id, customer_id || day AS order_id, day, 100 AS amount,"
        " false AS is_cancelled, true AS is_purchase FROM customers, (SELECT unnest(generate_series("
        "DATE '2024-01-10', DATE '2024-12-10', INTERVAL 1 MONTH))::DATE AS day)"
    )
    session = Session(make_store(every_month, published=True), lang="en")
    bar = FilterBar(session)
    assert bar.since.layout.display == bar.until.layout.display == "none"
    bar.period.value = "custom"
    assert bar.since.layout.display == bar.until.layout.display == ""
    assert session.filters == Filters(date(2024, 1, 1), date(2024, 12, 31)), "the last twelve"
    bar.since.value, bar.until.value = date(2024, 4, 1), date(2024, 9, 30)
    assert session.filters == Filters(date(2024, 4, 1), date(2024, 9, 30))
    assert bar.fold.description == "Filters: April 2024 – September 2024"
    buyers = session.transactions.aggregate(n=session.transactions.customer_id.nunique())
    assert session.store.collect(buyers)["n"].iloc[0] == 10
    bar.since.set_state({"index": 99})
    assert session.filters == Filters(date(2024, 4, 1), date(2024, 9, 30))
    bar.until.value = date(2024, 2, 29)
    assert session.filters == Filters(date(2024, 4, 1), date(2024, 9, 30)), "ends before it begins"
    assert "2024-04-01" in bar.message.value


def test_without_months_of_enough_customers_there_is_no_period_of_ones_own(make_store):
    few = "DELETE FROM transactions WHERE customer_id > 'C04'"
    bar = FilterBar(Session(make_store(few, published=True)))
    assert "custom" not in [value for _words, value in bar.period.options]
    assert bar.since.layout.display == bar.until.layout.display == "none"
