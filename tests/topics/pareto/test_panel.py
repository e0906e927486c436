"""The 80/20 panel: what a reader sees, moves and clicks, and that code repeats it."""

from __future__ import annotations

import pytest

from workbench.panels import Filters, Session
from workbench.topics.pareto.panel import pareto_panel


@pytest.fixture
def session(store):
    return Session(store, lang="zh")


@pytest.fixture
def panel(session):
    return pareto_panel(session)


def counts(panel) -> dict[str, int]:
    return dict(zip(panel.rows["abc_class"], panel.rows["customer_count"], strict=True))


def test_the_first_two_of_ten_customers_bring_eighty_percent(panel):
    assert counts(panel) == {"A": 2, "B": 3, "C": 5}
    assert "80.0%" in panel.widget.figures.value


def test_moving_a_boundary_changes_the_classes(panel):
    panel.controls["a_share"].value = 0.5
    assert counts(panel) == {"A": 1, "B": 4, "C": 5}


def test_a_preset_sets_both_boundaries_at_once(panel):
    panel._presets[0].buttons["handbook"].click()
    assert (panel.controls["a_share"].value, panel.controls["b_share"].value) == (0.55, 0.85)
    assert counts(panel) == {"A": 2, "B": 1, "C": 7}


def test_boundaries_in_the_wrong_order_are_explained_and_the_last_answer_stays(panel):
    before = panel.rows
    panel.set(a_share=0.99)
    assert panel.rows.equals(before)
    assert "99" in panel.widget.message.value
    panel.controls["a_share"].value = 0.6
    assert panel.widget.message.value == ""


def test_a_click_on_a_class_lists_its_customers_best_first(panel):
    panel.views["curve"].picked = [{"abc_class": "B"}]
    assert list(panel.customers.table.rows["customer_id"]) == ["C03", "C04", "C05"]
    assert panel.customers.table.heading.value == "B 类名单"


def test_a_hostile_name_is_text_in_the_list(panel):
    panel.views["curve"].picked = [{"abc_class": "B"}]
    html = panel.customers.table.grid.value
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in html
    assert "<script" not in html


def test_the_list_follows_when_a_boundary_moves(panel):
    panel.views["curve"].picked = [{"abc_class": "A"}]
    panel.controls["a_share"].value = 0.5
    assert list(panel.customers.table.rows["customer_id"]) == ["C01"]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"by": "margin", "a_share": 0.55, "b_share": 0.85, "boundary": "inclusive", "ties": "row_order"},
        {"dimension": "product_id"},
        {"dimension": "region", "by": "order_count"},
    ],
)
def test_the_code_shown_gives_the_rows_on_screen(panel, chosen, run_code):
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_code_shown_carries_the_filters(session, run_code):
    session.filters = Filters(regions=("华南",))
    panel = pareto_panel(session)
    assert "华南" in panel.code()
    assert run_code(panel)["rows"].equals(panel.rows)


def test_the_sql_shown_is_that_of_the_classes(panel):
    panel.controls["a_share"].value = 0.6
    assert "600000000" in panel.sql()


def test_the_page_turns_to_english_without_computing_again(session, panel):
    before = panel.answer
    session.lang = "en"
    assert panel.answer is before
    assert "who carries the business" in panel.widget.heading.value
    assert panel.controls["by"].description == "Ranked by"
    assert panel.controls["by"].value == "monetary"


def test_a_managers_page_shows_no_class_of_fewer_than_five(published_store):
    """A would be two customers; it ends at the next place of the ranking that leaves enough on either side."""
    panel = pareto_panel(Session(published_store))
    assert panel.rows["customer_count"].tolist() == [5, 0, 5]
    assert panel.answer.curve["rank_share"].tolist() == [0.5, 1.0]
    assert panel.answer.concentration.top_count == 5
    assert "—" in panel.widget.figures.value, "that two bring 80 % is not told"
    assert "lowest" not in panel.widget.summary.value


def test_managers_are_not_offered_shares_that_single_customers_make(session, published_store):
    offered = [pareto_panel(one)._presets[0].buttons for one in (session, Session(published_store))]
    assert ["computed" in buttons for buttons in offered] == [True, False]


def test_regions_are_refused_to_managers_where_one_has_too_few_customers(make_store):
    lonely = "UPDATE customers SET region = '海南' WHERE customer_id = 'C01'"
    panel = pareto_panel(Session(make_store(lonely, published=True)))
    panel.set(dimension="region")
    assert panel.error.key == "group_too_small"
    assert "5" in panel.widget.message.value
    analyst = pareto_panel(Session(make_store(lonely)))
    analyst.set(dimension="region")
    assert set(analyst.answer.curve["abc_class"]) <= {"A", "B", "C"}
    assert analyst.error is None


def test_of_few_products_the_best_are_named_and_no_fifth_of_three_is_told(store):
    panel = pareto_panel(Session(store, lang="en"))
    panel.set(dimension="product_id")
    assert panel.views["curve"].title == "Top 1 of 3 products: P1 – 55.5% of spend"
    assert panel.views["classes"].title == "Class A: 2 of 3 products, 88.5% of spend"
    assert "The top 1 of 3 bring" in panel.widget.figures.value
    assert "interval" not in panel.widget.figures.value


FIVE_CATEGORIES = (
    "UPDATE transactions SET category = '保养'",
    "INSERT INTO transactions BY NAME SELECT lines.* REPLACE (other.category AS category, amount * worth AS amount)"
    " FROM transactions AS lines, (VALUES ('维修', 0.5), ('轮胎', 0.2), ('美容', 0.1), ('保险', 0.05)) AS"
    " other(category, worth)",
)
"""Everybody buys of every category."""


@pytest.mark.parametrize("published", [False, True], ids=["analysts", "managers"])
def test_a_click_lists_which_categories_are_in_a_class_however_few(make_store, published):
    panel = pareto_panel(Session(make_store(*FIVE_CATEGORIES, published=published), lang="zh"))
    panel.set(dimension="category")
    classes = panel.rows.set_index("abc_class")["customer_count"]
    listed = []
    for name in classes[classes > 0].index:
        panel.views["curve"].picked = [{"abc_class": name}]
        assert panel.widget.message.value == ""
        rows = panel.customers.table.rows
        assert len(rows) == classes[name] < 5
        assert ("monetary" in rows.columns) is not published
        listed += rows["category"].tolist()
    assert sorted(listed) == sorted(["保养", "维修", "轮胎", "美容", "保险"])
    name, content = panel.customers.export.sheet("csv")  # of things, nobody is asked why
    assert name == "pareto_list_2024-12-31.csv"
    assert "品类" in content.decode("utf-8-sig")
    assert not (panel.session.store.address / "audit.log").exists()


def test_managers_do_not_read_the_names_of_what_a_few_customers_bought(make_store):
    alone = "UPDATE transactions SET category = '改装' WHERE customer_id = 'C10' AND category = '保险'"
    panel = pareto_panel(Session(make_store(*FIVE_CATEGORIES, alone, published=True), lang="zh"))
    panel.set(dimension="category")
    classes = panel.rows.set_index("abc_class")["customer_count"]
    last = classes[classes > 0].index[-1]
    panel.views["curve"].picked = [{"abc_class": last}]
    assert "购买客户不足 5 位" in panel.widget.message.value
    assert panel.customers.detail is None
    assert "改装" not in panel.customers.table.grid.value
