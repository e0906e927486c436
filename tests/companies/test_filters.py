"""The filters of a page on companies unlike the demo: controls that can be used, or none, and a sentence."""

from __future__ import annotations

import logging

import pytest

from tests.companies.reading import unworded
from workbench.pages import page
from workbench.panels import Session
from workbench.panels.periods import PERIODS
from workbench.topics.revenue import revenue_panel


@pytest.fixture
def made(opened, request, caplog):
    """An overview of a company for a role; at the end nothing failed that nobody foresaw."""
    caplog.set_level(logging.WARNING, logger="workbench")
    yield lambda company, role: page(Session(opened(company, role), lang="en"), "overview", [revenue_panel])
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("role", ["analyst", "manager"])
@pytest.mark.parametrize(
    "company", ["surveys only", "sales without customers", "one customer", "one month", "no regions, no products"]
)
def test_every_filter_can_be_moved_and_put_back(company: str, role: str, made):
    shown = made(company, role)
    bar, session = shown.filters, shown.session
    before = session.filters
    bar.year_before.value = True
    for _words, period in bar.period.options:
        bar.period.value = period
        assert unworded(shown) == [], period
        if shown.key_figures.error is None:
            assert len(shown.key_figures.sentences) == 1
    for ticking in (bar.region, bar.customer_type):
        ticking.value = [value for _words, value in ticking.options]
        assert unworded(shown) == []
        assert ticking.layout.display == ("" if len(ticking.options) > 1 else "none")
    bar.reset.click()
    assert session.filters == before
    assert not session.compares_years


def test_a_company_of_one_month_offers_that_month_or_none(made):
    bar = made("one month", "manager").filters
    assert [value for _words, value in bar.period.options][: len(PERIODS)] == [*PERIODS]
    assert len(bar.since.options) <= 1


def test_a_company_without_regions_has_no_list_of_them(made):
    for role in ("analyst", "manager"):
        assert made("no regions, no products", role).filters.region.layout.display == "none"


def test_without_sales_the_sentence_speaks_of_the_answers(made):
    shown = made("surveys only", "analyst")
    shown.filters.year_before.value = True
    shown.filters.period.value = "last_12_months"
    (sentence,) = shown.key_figures.sentences
    assert "begin on 31 December 2024" not in sentence
