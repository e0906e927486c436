"""The revenue panel: months that add up to all that was sold, in both languages, and the code that repeats them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.company import crowd
from workbench.panels import Filters, Session
from workbench.topics.revenue.panel import revenue_panel, same_months_a_year_before
from workbench.topics.revenue.panel_figures import KeyFigures


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


@pytest.fixture(scope="module")
def traded(make_store):
    """The company with a crowd that bought for about two years."""
    return make_store(*crowd(seed=1, customers=400))


@pytest.fixture(scope="module")
def traded_public(make_store):
    return make_store(*crowd(seed=1, customers=400), published=True)


PERIODS = [Filters(), Filters(date(2024, 1, 1), date(2024, 12, 31)), Filters(date(2024, 7, 1), date(2024, 9, 30))]


@pytest.mark.parametrize("filters", PERIODS, ids=["all", "year", "months"])
def test_each_whole_month_stands_beside_the_same_month_a_year_before(traded, run_code, filters):
    session = Session(traded, lang="en", filters=filters, compares_years=True)
    panel = revenue_panel(session)
    every = revenue_panel(Session(traded)).rows.set_index("month")
    known = panel.rows.dropna(subset=["revenue_year_before"])
    assert len(known) > 2
    for row in known.to_dict("records"):
        then = every.loc[row["month"] - pd.DateOffset(years=1), "revenue"]
        assert row["revenue_year_before"] == pytest.approx(then)
        grew = row["revenue"] / then - 1 if then > 0 else float("nan")
        assert row["revenue_change"] == pytest.approx(grew, nan_ok=True)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_switch_asks_anew_and_says_so_on_sheets_and_pictures(traded):
    panel = revenue_panel(Session(traded, lang="en", filters=PERIODS[1]))
    assert "revenue_year_before" not in panel.rows
    panel.session.compares_years = True
    assert "revenue_year_before" in panel.rows
    name, content = panel.downloads.sheet("csv")
    assert name == "revenue_2024-12-31.csv"
    words = content.decode("utf-8-sig")
    assert "Compared with: the year before · 2023-01-01 – 2023-12-31" in words
    assert "Revenue a year before" in words
    assert "Change from the year before" in words


def test_a_managers_page_shows_of_a_year_before_what_it_shows_when_that_year_is_chosen(traded_public):
    for filters in (*PERIODS, Filters(regions=("华东", "华南"))):
        session = Session(traded_public, filters=filters, compares_years=True)
        panel = revenue_panel(session)
        rows = panel.rows
        if "revenue_year_before" not in rows:
            assert panel.answer.closed
            continue
        then = revenue_panel(same_months_a_year_before(session)).rows.set_index("month")["revenue"]
        now = rows.set_index("month")["revenue"]
        for row in rows.dropna(subset=["revenue_year_before"]).to_dict("records"):
            month = row["month"] - pd.DateOffset(years=1)
            assert then[month] == pytest.approx(row["revenue_year_before"])
            assert month not in now.index or pd.notna(now[month]), "hidden above, shown beside"


def test_key_figures_say_the_days_they_are_compared_with(traded):
    figures = KeyFigures(Session(traded, lang="en", filters=PERIODS[2]))
    assert figures.sentences == ["Compared with the previous period, 1 April 2024 to 30 June 2024."]
    then = figures.rows.set_index("figure")["before"]["revenue"]
    figures._session.compares_years = True
    assert figures.sentences == ["Compared with the same days a year earlier, 1 July 2023 to 30 September 2023."]
    year = figures.rows.set_index("figure").loc["revenue"]
    assert year["before"] != then
    alone = KeyFigures(Session(traded, filters=Filters(date(2023, 7, 1), date(2023, 9, 30)))).rows.set_index("figure")
    assert year["before"] == alone.loc["revenue", "value"]
    assert "a year earlier " in figures.shown[0].note
    figures._session.filters = Filters(date(2020, 7, 1), date(2020, 9, 30))
    assert "does not cover the same days a year earlier, 1 July 2019 to 30 September 2019" in figures.sentences[0]
