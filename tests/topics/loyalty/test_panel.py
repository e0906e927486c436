"""The loyalty panel: rules that move, groups behind a click with evidence and visits, and a check on the past."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.errors import NothingToShow
from workbench.panels import Filters, Session
from workbench.topics.loyalty.panel import loyalty_panel

CLOCK = """INSERT INTO transactions (customer_id, order_id, day, amount, cost, is_cancelled, is_purchase)
SELECT 'C' || lpad(n::VARCHAR, 2, '0'), 'M' || n || m, DATE '2024-12-20' - CAST(30 * m AS INTEGER), 100, 50, false, true
FROM range(1, 7) a(n), range(0, 12) b(m)"""
"""Six customers come every thirty days."""


@pytest.fixture(scope="module")
def monthly(make_store):
    return make_store(CLOCK)


@pytest.fixture
def session(monthly):
    return Session(monthly, lang="zh")


@pytest.fixture
def panel(session):
    return loyalty_panel(session)


def counts(panel) -> dict[str, int]:
    return dict(zip(panel.rows["segment"], panel.rows["customer_count"], strict=True))


def test_everyone_is_in_one_group(panel):
    assert sum(counts(panel).values()) == 10
    assert counts(panel)["loyal"] > 0


def test_less_patience_makes_more_customers_lapse(panel):
    before = counts(panel).get("lapsed", 0)
    panel.controls["patience"].value = 0.5
    assert counts(panel)["lapsed"] > before


def test_stricter_regularity_leaves_nobody_loyal(panel):
    panel.set(most_variation=0.0, fewest_visits=20)
    assert "loyal" not in counts(panel)


def test_a_click_lists_the_group_with_the_reason_and_draws_their_visits(panel):
    panel.views["segments"].picked = [{"segment": "loyal"}]
    rows = panel.customers.table.rows
    assert len(rows) == counts(panel)["loyal"]
    assert {"usual_interval_days", "interval_variation", "visit_share", "limit_days", "expected_on"} <= set(rows)
    timeline = panel.customers.children[-1]
    assert timeline.layout.display == ""
    assert str(len(rows)) in timeline.view.title
    panel.session.lang = "en"
    assert "visits" in timeline.view.title


def test_the_figures_say_who_came_since_an_earlier_judgement(panel):
    assert "半年前判为忠诚客户" in panel.widget.figures.value


@pytest.mark.parametrize(
    "chosen", [{}, {"patience": 0.5, "share_of": "place"}, {"count_by": "purchase", "prior_weight": 0.0}]
)
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    pd.testing.assert_frame_equal(run_code(panel)["rows"], panel.rows)


def test_the_sql_shown_runs_over_the_visits(panel):
    assert "usual_interval_days" in panel.sql()


def test_where_nobody_came_twice_a_sentence_says_so_and_the_page_lives(make_store):
    panel = loyalty_panel(Session(make_store("DELETE FROM transactions WHERE order_id LIKE '%-2'"), lang="zh"))
    assert "来过两次" in panel.widget.message.value


def test_a_filter_nobody_passes_is_said(session):
    panel = loyalty_panel(session)
    session.filters = Filters(regions=("火星",))
    assert panel.widget.message.value
    assert "wb-empty" in panel.widget._dom_classes
    with pytest.raises(NothingToShow):
        _ = panel.rows


def test_a_managers_page_shows_no_group_of_fewer_than_five_and_no_single_visits(make_store):
    panel = loyalty_panel(Session(make_store(CLOCK, published=True)))
    answer = panel.answer
    shown = answer.rows["customer_count"].dropna()
    assert (shown >= 5).all()
    assert answer.silence["customers"].dropna().ge(5).all()
    assert answer.came_back.empty
    if len(shown):
        panel.views["segments"].picked = [{"segment": answer.rows.dropna()["segment"].iloc[0]}]
        assert panel.customers.children[-1].layout.display == "none"
