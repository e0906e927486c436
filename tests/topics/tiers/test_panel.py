"""The tier designer: tiers written by hand, moves, costs, and the reason for every downgrade."""

from __future__ import annotations

import json

import pytest

from workbench.panels import Session
from workbench.topics.tiers.panel import tier_designer_panel
from workbench.topics.tiers.segmentation import Tier


@pytest.fixture(scope="module")
def tiered_store(make_store):
    """The small company, where C01 and C06 are gold, C02 silver, and the others standard."""
    return make_store(
        "UPDATE customers SET tier = '普通'",
        "UPDATE customers SET tier = '金卡' WHERE customer_id IN ('C01', 'C06')",
        "UPDATE customers SET tier = '银卡' WHERE customer_id = 'C02'",
    )


@pytest.fixture
def panel(tiered_store):
    found = tier_designer_panel(Session(tiered_store, lang="zh"))
    write(found, "Gold/金卡, 3000, 200", "银卡，400，50")
    return found


def write(panel, *lines: str) -> None:
    editor = panel.controls["tiers"]
    for line, words in zip(editor.lines, [*lines, *[""] * 6], strict=False):
        line.value = words
    editor.apply.click()


def log(panel) -> list[dict]:
    path = panel.session.store.address / "audit.log"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def moves(panel) -> dict:
    return {(row.from_tier, row.segment): (row.move, row.customer_count) for row in panel.rows.itertuples()}


def test_tiers_are_proposed_until_somebody_writes_others(tiered_store):
    panel = tier_designer_panel(Session(tiered_store, lang="zh"))
    assert panel.arguments["tiers"] is None
    assert panel.controls["tiers"].lines[0].value == "Diamond/钻石, 5000, 500"


def test_moves_compare_with_the_tiers_in_the_data(panel):
    assert panel.arguments["tiers"] == (Tier("Gold", "金卡", 3000, 200), Tier("银卡", "银卡", 400, 50))
    assert moves(panel) == {
        ("金卡", "tier_1"): ("same", 1),
        ("金卡", "others"): ("down", 1),
        ("银卡", "tier_1"): ("up", 1),
        ("普通", "tier_2"): ("up", 2),
        ("普通", "others"): ("same", 5),
    }
    assert panel.answer.sizes["cost"].sum() == 2 * 200 + 2 * 50


def test_a_design_that_puts_somebody_down_asks_for_a_reason_and_is_logged(panel):
    approval = panel.controls["before"]
    before = len(log(panel))
    approval.button.click()
    assert "1 位客户降级" in approval.message.value
    assert panel.arguments["before"] is None
    assert len(log(panel)) == before
    approval.reason.value = "spend_fell"
    approval.button.click()
    noted = log(panel)[-1]
    assert (noted["action"], noted["count"], noted["reason"]) == ("downgrade", 1, "spend_fell")
    assert {move for move, _ in moves(panel).values()} == {"same"}


def test_after_a_design_is_adopted_moves_compare_with_its_thresholds(panel):
    panel.controls["before"].reason.value = "rule_changed"
    panel.controls["before"].button.click()
    write(panel, "金卡, 4000, 200", "银卡, 400, 50")
    assert moves(panel)["金卡", "tier_2"] == ("down", 1)
    panel.controls["before"].back.click()
    assert moves(panel)["银卡", "tier_2"] == ("same", 1)


def test_a_click_lists_who_moves_with_what_is_missing_to_the_next_tier(panel):
    panel.views["moves"].picked = [{"from_tier": "金卡", "segment": "others"}]
    row = panel.customers.table.rows.iloc[0]
    assert (row["customer_id"], row["new_tier"], row["to_next_tier"]) == ("C06", "普通", 300)
    assert panel.customers.table.heading.value == "由金卡到普通名单"


@pytest.mark.parametrize(
    "lines", [("金卡, 100", "银卡, 200"), ("金卡",), ("金卡, x",), (), ("普通, 5",), ("金卡, 1, 2, 3",), ("金卡, nan",)]
)
def test_contradictory_tiers_are_explained_and_change_nothing(panel, lines: tuple):
    before = panel.answer.rules
    write(panel, *lines)
    assert panel.controls["tiers"].message.value
    assert panel.answer.rules == before


def test_thresholds_of_another_measure_are_explained_and_the_last_answer_stays(panel):
    panel.controls["before"].reason.value = "budget"
    panel.controls["before"].button.click()
    before = panel.rows
    panel.controls["measure"].value = "order_count"
    assert "order_count" in panel.widget.message.value
    assert panel.rows.equals(before)


def test_the_code_shown_gives_the_rows_on_screen(panel, tiered_store, run_code):
    assert run_code(panel)["rows"].equals(panel.rows)
    proposed = tier_designer_panel(Session(tiered_store))
    assert run_code(proposed)["rows"].equals(proposed.rows)


def test_a_managers_page_shows_no_move_of_fewer_than_five(published_store):
    panel = tier_designer_panel(Session(published_store, lang="zh"))
    assert "少于 5 位" in panel.widget.message.value
    assert panel.widget.figures.value == ""
