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
    bar.region.value, bar.customer_type.value = "华南", "企业"
    assert session.filters == Filters(regions=("华南",), customer_types=("企业",))
    bar.region.value = ""
    assert session.filters.regions == ()


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
    bar.region.set_state({"index": 99})
    bar.region.set_state({"value": "西藏"})
    assert session.filters == before


def test_the_bar_speaks_the_page_s_language(session, bar):
    session.lang = "en"
    bar.say()
    assert bar.period.description == "Period"
    assert bar.region.options[0] == ("All", "")
