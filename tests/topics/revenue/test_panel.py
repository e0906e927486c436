"""The revenue panel: months that add up to all that was sold, in both languages, and the code that repeats them."""

from __future__ import annotations

from datetime import date

import pytest

from workbench.panels import Filters, Session
from workbench.topics.revenue.panel import revenue_panel


@pytest.fixture
def panel(store):
    return revenue_panel(Session(store, lang="zh"))


def test_the_months_add_up_to_all_that_was_sold(panel):
    assert panel.rows["revenue"].sum() == 10_000
    november = panel.rows.set_index("month").loc["2023-11-01"]
    assert (november["revenue"], november["active_customers"]) == (5000, 10)


def test_the_code_shown_gives_the_months_on_screen(panel, run_code):
    assert run_code(panel)["rows"].equals(panel.rows)


def test_months_of_too_few_customers_lose_their_figures_on_a_managers_page(published_store):
    rows = revenue_panel(Session(published_store, lang="zh")).rows
    assert (rows["active_customers"].dropna().loc[lambda count: count > 0] >= 5).all()
    assert rows["active_customers"].isna().any()


def test_a_period_without_sales_is_said_in_words(panel):
    panel.session.filters = Filters(since=date(2022, 1, 1), until=date(2022, 12, 31))
    assert panel.error is not None
    assert "wb-message-text" in panel.widget.message.value
