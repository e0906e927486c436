"""The panel of core customers: weights, the two ranks, and whom a click lists."""

from __future__ import annotations

import pytest

from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.core_customers.panel import core_customers_panel

HISTORY = (
    "INSERT INTO transactions (customer_id, order_id, day, category, amount, cost, is_cancelled, is_purchase) "
    "SELECT customer_id, order_id || 'x' || began, DATE '2023-10-10' - began, '美容', 300, 100, false, true "
    "FROM transactions, (VALUES (0), (1000)) AS years (began) WHERE day = DATE '2023-11-11'"
)


@pytest.fixture(scope="module")
def grown_store(make_store):
    """The small company with a purchase of 2022, so that C01 to C10 have a history, growing from C10 down to C01."""
    return make_store(HISTORY)


@pytest.fixture(scope="module")
def unasked_store(make_store):
    """The same company, which never asked anybody for a recommendation."""
    return make_store(HISTORY, "DELETE FROM surveys")


@pytest.fixture
def session(grown_store):
    return Session(grown_store, lang="zh")


@pytest.fixture
def panel(session):
    return core_customers_panel(session)


def test_everybody_with_a_history_has_a_place(panel):
    assert panel.rows["customer_count"].sum() == 10
    assert "10" in panel.widget.figures.value


def test_a_weight_moves_the_rank_by_core_and_not_the_rank_by_profit(panel):
    before = panel.rows
    panel.set(growth=100, revenue=0, influence=0)
    after = panel.rows
    assert not after.equals(before)
    by_profit = [rows.groupby("profit_tenth")["customer_count"].sum() for rows in (before, after)]
    assert by_profit[0].equals(by_profit[1])


def test_growth_cannot_be_left_out(panel):
    assert panel.controls["growth"].min == 1


def test_what_the_store_does_not_know_is_said_and_its_weight_goes_elsewhere(unasked_store, panel):
    unasked = core_customers_panel(Session(unasked_store, lang="zh"))
    assert "数据中没有口碑忠诚的信息，其权重按比例分给其他标准" in unasked.widget.summary.value
    assert "数据中没有" not in panel.widget.summary.value


def test_a_click_lists_the_customers_with_both_ranks_and_the_measures(panel):
    panel.views["ranks"].picked = [panel.rows.iloc[0][["profit_tenth", "core_tenth"]].astype(int).to_dict()]
    rows = panel.customers.table.rows
    assert len(rows) == panel.rows.iloc[0]["customer_count"]
    assert {"core_rank", "profit_rank", "rank_difference", "known_weight", "growth"} <= set(rows.columns)
    assert (rows["rank_difference"] == rows["profit_rank"] - rows["core_rank"]).all()


def test_a_click_on_a_kind_of_potential_lists_its_customers_with_the_reason(panel):
    sizes = panel.answer.potential_sizes.set_index("segment")["customer_count"]
    assert sizes.sum() == 10
    panel.views["potential"].picked = [{"segment": "high"}]
    rows = panel.customers.table.rows
    assert set(rows["customer_id"]) == {"C01", "C02"}
    assert {"purchases_1", "purchases_4", "slope", "likeness"} <= set(rows.columns)


@pytest.mark.parametrize("chosen", [{}, {"growth": 55, "share": 0, "days": 180}])
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)
    assert len(panel.code().partition("\n\n")[2].splitlines()) == 3


def test_where_nobody_has_a_history_the_panel_says_why_and_lives(session, panel):
    session.filters = Filters(until=session.as_of.replace(year=2022))
    assert "2 × 90 天" in panel.widget.message.value
    assert "wb-empty" in panel.widget._dom_classes
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_the_page_turns_to_english_without_computing_again(session, panel):
    before = panel.answer
    session.lang = "en"
    assert panel.answer is before
    assert "more than the rank by profit" in panel.widget.heading.value


def test_a_managers_page_shows_no_cell_of_fewer_than_five(published_store):
    panel = core_customers_panel(Session(published_store))
    panel.set(days=180)  # half as long as the default: the small company has no two years of history
    assert (panel.rows["customer_count"].dropna() >= 5).all()
    assert panel.rows["customer_count"].isna().any()
