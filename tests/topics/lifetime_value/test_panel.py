"""The lifetime value panel: what it shows where a model may be used, what it keeps back else, and what it lacks."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.topics.lifetime_value.trade import AS_OF, LENGTH, as_sql, purchases
from workbench.discovery import needs_of
from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.panels.data_measures import measured
from workbench.topics.lifetime_value.panel import lifetime_value_panel


@pytest.fixture(scope="module")
def trade(make_store):
    """A company whose customers buy as the models hold."""
    return make_store(*as_sql(purchases()), as_of=AS_OF)


@pytest.fixture(scope="module")
def clocks(make_store):
    """A company whose customers buy like clocks."""
    return make_store(*as_sql(purchases(shape=8.0)), as_of=AS_OF)


@pytest.fixture(scope="module")
def session(trade):
    """One session, so that the models are fitted once."""
    return Session(trade, lang="en")


@pytest.fixture
def panel(session):
    session.lang = "en"
    return lifetime_value_panel(session)


def test_the_grade_stands_first_and_next_years_revenue_has_an_interval(panel):
    grade, revenue, value, alive = panel.figures
    assert grade.value[0] in "AB"
    assert revenue.label == "Revenue in the next 365 days"
    ahead = panel.answer.fits.ahead
    assert 0 < ahead.low < ahead.revenue < ahead.high
    assert "95 % interval" in revenue.note
    assert "off by" in revenue.note
    assert alive.note == "of 1,510 customers · by BG/NBD everybody who bought once is still there"
    assert "discounted at 10.0% a year" in value.note


def test_the_code_shown_gives_the_rows_on_screen_and_the_sql_those_that_came(panel, run_code):
    panel.set(model="pareto_nbd")
    assert panel.error is None
    assert run_code(panel)["rows"].equals(panel.rows)
    with panel.session.store._lock:
        by_sql = panel.session.store._backend.con.execute(panel.sql()).df()
    pd.testing.assert_frame_equal(by_sql, panel.rows[["repeat_count", "customer_count", "actual"]], check_dtype=False)


def test_a_bar_lists_its_customers_with_what_they_will_bring_most_first(panel):
    panel.views["frequency"].picked = [{"repeat_count": 2}]
    listed = panel.customers.table
    known = panel.answer.data.known
    meant = panel.session.store.collect(known.filter(known.repeat_count == 2))
    assert listed.length == min(200, len(meant))
    assert f"of {len(meant)} customers" in listed.heading.value
    assert (listed.rows["repeat_count"] == 2).all()
    assert listed.rows["expected_value"].is_monotonic_decreasing
    assert listed.rows["probability_alive"].between(0, 1).all()
    before = listed.rows["expected_value"].iloc[0]
    panel.set(horizon_months=36)
    assert panel.customers.table.rows["expected_value"].iloc[0] > before
    panel.set(discount=0.5)
    assert panel.customers.table.rows["expected_purchases"].iloc[0] > 0


def test_values_of_customers_add_up_to_what_stands_above(panel):
    panel.set(discount=0.0, horizon_months=12)
    count, values = panel.answer.values["customer_count"], panel.answer.values["expected_value"]
    assert count @ values == pytest.approx(panel.answer.fits.ahead.revenue, rel=1e-3), "365 days are twelve months"


def test_the_check_the_spreadsheets_and_the_cautions_stand_below_in_both_languages(panel):
    for words in ("what came", "last period again", "ARPU ÷ churn", "the model, within the horizon", "shape"):
        assert words in panel.summary
    panel.session.lang = "zh"
    for words in ("实际发生", "照搬上一期", "ARPU ÷ 流失率", "形状", "用已知数据检验"):
        assert words in panel.summary
    assert "{" not in panel.summary


def test_where_purchases_are_regular_no_customer_is_told_apart(clocks):
    panel = lifetime_value_panel(Session(clocks, lang="en"))
    assert panel.figures[0].value in ("C: rough sums only", "do not use")
    assert "Customers still there" not in [figure.label for figure in panel.figures]
    assert "more regular than the models hold" in panel.summary
    panel.views["frequency"].picked = [{"repeat_count": 2}]
    assert panel.customers.detail is None


def test_a_model_that_may_not_be_used_shows_no_figure_of_the_future(make_store):
    panel = lifetime_value_panel(Session(make_store(*as_sql(purchases(slowing=0.4)), as_of=AS_OF), lang="en"))
    assert [figure.value for figure in panel.figures] == ["do not use", "not given"]
    assert "within the horizon" not in panel.summary
    assert "ARPU ÷ churn" in panel.summary


def test_a_model_without_an_estimate_says_so_and_shows_nothing(trade, monkeypatch):
    def fails(*_, **__):
        raise NothingToShow("value_no_summit", model="BG/NBD")

    monkeypatch.setattr("workbench.topics.lifetime_value.panel_answer.fit_purchases", fails)
    panel = lifetime_value_panel(Session(trade, lang="en"))
    assert "BG/NBD gives no estimate" in panel.complaint


def test_what_is_missing_is_said_with_how_much(store, trade, published_store):
    assert "10 customers bought" in lifetime_value_panel(Session(store, lang="en")).complaint
    filtered = Session(trade, lang="en", filters=Filters(regions=("华南",)))
    assert "widen them" in lifetime_value_panel(filtered).complaint
    half_a_year = Session(trade, lang="en", filters=Filters(until=AS_OF.replace(year=2022, month=7)))
    assert half_a_year.first_day.year == 2022
    assert "widen them" in lifetime_value_panel(half_a_year).complaint
    months = needs_of("lifetime_value").must[-1]
    lately = Session(trade, lang="en", filters=Filters(since=AS_OF.replace(month=3)))
    assert measured(lately, "lifetime_value", months).count == 9, "older sales do not help a view of ten months"
    assert measured(Session(trade), "lifetime_value", months).count == 35
    assert "for analysts" in lifetime_value_panel(Session(published_store, lang="en")).complaint


def test_too_little_history_and_customers_who_came_once_are_said_in_words(make_store):
    drawn = purchases()
    half_a_year = drawn.assign(day=pd.Timestamp(AS_OF) - pd.to_timedelta((LENGTH - drawn["at"]) // 6, unit="D"))
    short = make_store("DELETE FROM transactions", *as_sql(half_a_year), as_of=AS_OF)
    assert "whole months" in lifetime_value_panel(Session(short, lang="en")).complaint
    once = make_store("DELETE FROM transactions", *as_sql(drawn.drop_duplicates("customer_id")), as_of=AS_OF)
    assert "0 customers bought on more than one day" in lifetime_value_panel(Session(once, lang="en")).complaint
