"""The two-criteria panel: cells, policies, paint and cuts, and the customers behind a click."""

from __future__ import annotations

import pytest

from workbench.panels import Filters, Session
from workbench.topics.two_criteria.panel import two_criteria_panel
from workbench.topics.two_criteria.segmentation import GridCuts


@pytest.fixture(scope="module")
def busy_store(make_store):
    """The small company, where C01 to C03 and C08 came on further days without buying."""
    visits = [
        f"INSERT INTO interactions (customer_id, day, kind) VALUES ('{who}', DATE '2024-05-{day:02}', '进店')"  # noqa: S608
        for who, times in (("C01", 6), ("C02", 6), ("C03", 2), ("C08", 6))
        for day in range(1, times + 1)
    ]
    return make_store(*visits)


@pytest.fixture
def session(busy_store):
    return Session(busy_store, lang="zh")


@pytest.fixture
def panel(session):
    found = two_criteria_panel(session)
    found.controls["cuts"].lines["visits"].value = "3, 8"
    found.controls["cuts"].lines["spend"].value = "200，1000"
    found.controls["cuts"].apply.click()
    return found


def counts(panel) -> dict[str, int]:
    return dict(zip(panel.answer.classes["segment"], panel.answer.classes["customer_count"], strict=True))


def click(panel, visits: str, spend: str) -> None:
    panel.views["grid"].picked = [{"visit_level": visits, "spend_level": spend}]


def test_written_cuts_turn_the_panel_to_fixed_cuts(panel):
    assert panel.arguments["cut_by"] == "fixed"
    assert panel.answer.rules.cuts == GridCuts(visits=(3, 8), spend=(200, 1000))
    assert counts(panel) == {"A": 2, "B": 0, "C": 4, "open": 4}


def test_open_customers_are_in_no_class_until_a_policy_is_chosen(panel):
    assert "未定" in panel.widget.summary.value
    panel.controls["policy"].value = "better"
    assert counts(panel) == {"A": 4, "B": 2, "C": 4}
    assert "未定" not in panel.widget.summary.value


def test_a_click_and_a_press_paint_a_cell(panel):
    click(panel, "middle", "high")
    painter = panel.controls["painted"]
    assert "进店中 × 消费高" in painter.hint.value
    painter.paints["A"].click()
    assert panel.arguments["painted"] == {"middle_high": "A"}
    assert counts(panel) == {"A": 3, "B": 0, "C": 4, "open": 3}
    painter.paints["policy"].click()
    assert counts(panel)["open"] == 4


def test_the_cells_of_the_rule_cannot_be_painted(panel):
    click(panel, "high", "high")
    painter = panel.controls["painted"]
    assert painter.paints["C"].disabled
    painter.paint("C")
    assert panel.arguments["painted"] == {}


def test_a_click_lists_the_customers_with_the_reason(panel):
    click(panel, "middle", "high")
    assert list(panel.customers.table.rows["customer_id"]) == ["C03"]
    assert set(panel.customers.table.rows.columns) >= {
        "visit_count",
        "monetary",
        "visit_level",
        "spend_level",
        "segment",
    }
    assert panel.customers.table.heading.value == "进店中、消费高（未定）名单"


def test_choosing_fixed_cuts_keeps_those_on_screen(session):
    panel = two_criteria_panel(session)
    before = panel.answer.rules.cuts
    panel.controls["cut_by"].value = "fixed"
    assert panel.answer.rules.cuts == before
    session.filters = Filters(until=panel.answer.as_of.replace(month=6, day=30))
    assert panel.answer.rules.cuts == before


@pytest.mark.parametrize("written", ["a, b", "8, 3", "5", "1, 2, 3", "1, inf"])
def test_cuts_that_cannot_be_are_explained_and_change_nothing(panel, written: str):
    before = panel.answer.rules.cuts
    editor = panel.controls["cuts"]
    editor.lines["visits"].value = written
    editor.apply.click()
    assert editor.message.value
    assert panel.answer.rules.cuts == before


def test_shares_in_the_wrong_order_are_explained_and_the_last_answer_stays(session):
    panel = two_criteria_panel(session)
    panel.set(cut_by="cumulative")
    before = panel.rows
    panel.set(a_share=0.99)
    assert panel.widget.message.value
    assert panel.rows.equals(before)


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"cut_by": "fixed", "policy": "worse", "painted": {"high_low": "B"}},
        {"visits": "order_count", "spend": "margin", "cut_by": "cumulative", "a_share": 0.6},
    ],
)
def test_the_code_shown_gives_the_rows_on_screen(session, chosen, run_code):
    panel = two_criteria_panel(session)
    panel.set(**chosen)
    assert run_code(panel)["rows"].equals(panel.rows)
    assert len(panel.code().partition("\n\n")[2].splitlines()) == 3


def test_equal_customers_make_the_cuts_coincide_and_the_panel_says_so(session):
    panel = two_criteria_panel(session)
    panel.set(visits="order_count")
    assert "订单数的两个分界点重合" in panel.widget.summary.value
    assert "订单数没有客户处于「中、高」档" in panel.widget.summary.value


def test_the_page_turns_to_english_without_computing_again(session, panel):
    before = panel.answer
    session.lang = "en"
    assert panel.answer is before
    assert "ABC by two criteria" in panel.widget.heading.value
    assert panel.controls["painted"].paints["open"].description == "Leave open"


def test_nobody_is_said_in_words(session):
    session.filters = Filters(regions=("nowhere",))
    panel = two_criteria_panel(session)
    assert panel.widget.message.value


def test_a_managers_page_shows_no_cell_of_fewer_than_five_also_not_by_subtraction(published_store):
    answer = two_criteria_panel(Session(published_store)).answer
    hidden = answer.rows[answer.rows["customer_count"].isna()]
    assert (answer.rows["customer_count"].dropna() >= 5).all()
    assert len(hidden) > 1
    classes = answer.classes.set_index("segment")["customer_count"]
    assert classes.loc[hidden["segment"].unique()].isna().all()
