"""The panel of swings: everybody who is followed, the list behind a bar, the code that repeats it, managers' pages."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from workbench.analyses.calendar import months_before
from workbench.errors import NothingToShow
from workbench.panels import Session
from workbench.topics.swings.panel import swings_panel

LIVELY, GONE = 60, 6
LAST = date(2024, 12, 1)


def sales() -> str:
    """Sixty customers who come about ten times a month; the first six do not in the last month."""
    chance, rows = np.random.default_rng(3), list[str]()
    for number in range(LIVELY):
        for back in range(16):
            visits = 0 if back == 0 and number < GONE else chance.poisson(10)
            month = months_before(LAST, back)
            for place in range(visits + (back == 15)):
                day = month.replace(day=1 + (place * 2 + number) % 28)
                rows.append(f"('L{number:02}', 'L{number}-{back}-{place}', '{day}', {100 + number}, false, true)")
    columns = "customer_id, order_id, day, amount, is_cancelled, is_purchase"
    return f"INSERT INTO transactions ({columns}) VALUES {', '.join(rows)}"  # noqa: S608  our own rows


@pytest.fixture(scope="module")
def lively(make_store):
    return make_store(sales())


@pytest.fixture
def panel(lively):
    made = swings_panel(Session(lively, lang="zh"))
    made.set(change="last")
    return made


def test_who_came_no_more_is_named_and_everybody_followed_is_counted(panel):
    assert panel.answer.swung.begin == LAST
    assert panel.rows.set_index("swing")["customer_count"].to_dict()["fallen"] == GONE
    assert panel.rows["customer_count"].sum() == panel.answer.swung.customers >= LIVELY
    assert [figure.value for figure in panel.figures] == ["6", str(panel.answer.swung.risen)]
    assert panel.answer.swung.risen <= 1


def test_a_click_lists_the_customers_of_a_bar_with_what_was_usual_and_since_when(panel):
    members = panel.answer.table
    fallen = panel.session.store.collect(members.filter(members.swing == "fallen"))
    assert sorted(fallen["customer_id"]) == [f"L{number:02}" for number in range(GONE)]
    assert set(fallen["last_value"]) == {0}
    assert (fallen["changed_since"].dt.date == LAST).sum() >= GONE - 1
    score = float(fallen["own_score"].clip(-8, 8).round().iloc[0])
    panel.views["chart"].picked = [{"score": score}]
    assert panel.customers.table.length == int((fallen["own_score"].clip(-8, 8).round() == score).sum()) > 0


@pytest.mark.parametrize("how", [{}, {"measure": "purchase_days", "level": 0.2}, {"history": 8}, {"change": "lasting"}])
def test_the_code_shown_gives_the_rows_on_screen(panel, run_code, how):
    panel.set(**how)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_what_lasts_is_looked_for_first_and_names_nobody_whose_one_month_was_missing(lively):
    panel = swings_panel(Session(lively, lang="en"))
    assert panel.answer.swung.is_lasting
    assert panel.answer.swung.customers >= LIVELY
    assert panel.figures[0].label == "Buy less since some time"


def test_as_many_periods_are_followed_as_the_data_reach(panel):
    panel.set(history=24)
    assert panel.answer.swung.history == 14


def test_quarters_need_longer_data_and_the_panel_says_so(panel):
    panel.set(every="quarter")
    assert isinstance(panel.error, NothingToShow)
    assert "改为按月比较" in panel.complaint


def test_a_managers_page_says_why_it_shows_no_swings(published_store):
    panel = swings_panel(Session(published_store, lang="en"))
    assert "for analysts" in panel.complaint
