"""The audit of a segment table: gaps, overlaps, rules that never speak, and what the order decides."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.tables import BINS, SCORE_TABLES, table_from, table_of
from workbench.analyses import segment_table
from workbench.analyses.rules.audit import Swap, audit_segments, check_holes, check_holes_of
from workbench.analyses.rules.conditions import AnyOf
from workbench.analyses.rules.table import SegmentTable
from workbench.errors import ChoiceError
from workbench.topics.loyalty.segmentation import LoyaltySegmentation
from workbench.topics.rfm.cuts import Cuts
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.segment_rules.segmentation import TableSegmentation

ALL = (1, 4)


def brute(table: SegmentTable) -> dict[tuple[int, int, int], list[str]]:
    """Every combination of scores with the rules that fit it, by hand."""

    def holds(box, cell) -> bool:
        return all(test.value.low <= score <= test.value.high for test, score in zip(box.parts, cell, strict=True))

    def boxes(when) -> tuple:
        return when.parts if isinstance(when, AnyOf) else (when,)

    cells = product(range(1, table.bins + 1), repeat=3)
    return {
        cell: [rule.id for rule in table.rules if any(holds(box, cell) for box in boxes(rule.when))] for cell in cells
    }


def test_the_published_table_leaves_10_cells_open_and_58_to_the_order_of_its_rules():
    audit = audit_segments(segment_table("r_rfm_vignette"))
    assert (len(audit.uncovered), len(audit.ambiguous), audit.cell_count) == (10, 58, 125)
    assert audit.covered_share == pytest.approx(115 / 125)
    assert audit.unreachable == ()
    assert audit.has_holes


def test_a_rule_behind_a_wider_one_is_never_reached():
    assert audit_segments(table_of((ALL, ALL, ALL), ((2, 3), (1, 1), (1, 1)))).unreachable == ("rule_1",)


def test_customers_in_open_and_ambiguous_cells_and_behind_the_order_are_counted():
    cells = pd.DataFrame(
        {"r_score": [1, 2, 4], "f_score": [1, 1, 4], "m_score": [1, 1, 4], "customer_count": [5, 7, 11]}
    )
    audit = audit_segments(table_of(((1, 2), ALL, ALL), ((2, 3), ALL, ALL)), cells=cells)
    assert (audit.customer_count, audit.uncovered_customers, audit.ambiguous_customers) == (23, 11, 7)
    assert audit.swaps == (Swap("rule_0", "rule_1", 16, 7),)


def test_a_rule_that_could_speak_but_has_nobody_is_idle_not_unreachable():
    cells = pd.DataFrame({"r_score": [1], "f_score": [1], "m_score": [1], "customer_count": [5]})
    audit = audit_segments(table_of(((1, 2), ALL, ALL), ((3, 4), ALL, ALL)), cells=cells)
    assert (audit.idle, audit.unreachable) == (("rule_1",), ())


@given(SCORE_TABLES)
@settings(max_examples=30)
def test_the_audit_agrees_with_trying_every_cell(table: SegmentTable):
    audit, fitting = audit_segments(table), brute(table)
    assert audit.cell_count == BINS**3
    assert set(audit.uncovered) == {cell for cell, rules in fitting.items() if not rules}
    assert set(audit.ambiguous) == {cell for cell, rules in fitting.items() if len(rules) > 1}
    first = {rules[0] for rules in fitting.values() if rules}
    assert audit.unreachable == tuple(rule.id for rule in table.rules if rule.id not in first)


@given(SCORE_TABLES, st.integers(0, 2))
@settings(max_examples=30)
def test_a_swap_changes_as_many_cells_as_the_audit_says(table: SegmentTable, place: int):
    rules = list(table.rules)
    if place + 1 >= len(rules):
        return
    rules[place], rules[place + 1] = rules[place + 1], rules[place]
    before, after = brute(table), brute(replace(table, rules=tuple(rules)))
    changed = sum(before[cell][:1] != after[cell][:1] for cell in before)
    pair = (table.rules[place].id, table.rules[place + 1].id)
    said = {(swap.first, swap.second): swap.cell_count for swap in audit_segments(table).swaps}
    assert said.get(pair, 0) == changed


def test_rules_on_any_columns_make_their_own_combinations():
    table = table_from(
        {"region": ["华东", "华南"], "monetary": {"from": 1000}},
        {"monetary": {"below": 1000}},
        {"region": {"unknown": True}, "monetary": {"from": 500}},
    )
    audit = audit_segments(table)
    # region: 华东, 华南, another, unknown; money: below 500, to 1000, above
    assert audit.columns == ("region", "monetary")
    assert audit.cell_count == 4 * 3
    assert [tuple(part.kind for part in cell) for cell in audit.uncovered] == [("rest", "range")]
    assert [tuple(part.kind for part in cell) for cell in audit.ambiguous] == [("unknown", "range")]
    assert [(swap.first, swap.second, swap.cell_count) for swap in audit.swaps] == [("b", "c", 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"frequency": {"to": 3}}, {"frequency": {"from": 4}}),
        ({"monetary": {"to": 99.99}}, {"monetary": {"from": 100}}),
        ({"first_on": {"to": "2024-02-29"}}, {"first_on": {"from": "2024-03-01"}}),
        ({"recency_days": {"from": 0, "to": 30}}, {"recency_days": {"above": 30}}),
    ],
)
def test_there_is_no_hole_between_neighbouring_whole_numbers_cents_and_days(first: dict, second: dict):
    assert not audit_segments(table_from(first, second)).has_holes


def test_between_two_averages_there_is_always_another():
    table = table_from({"average_order_value": {"to": 99.99}}, {"average_order_value": {"from": 100}})
    assert len(audit_segments(table).uncovered) == 1


def test_an_unknown_margin_fits_no_range_and_is_a_hole():
    audit = audit_segments(table_from({"margin": {"below": 0}}, {"margin": {"from": 0}}))
    assert [cell[0].kind for cell in audit.uncovered] == ["unknown"]


def test_a_rule_for_everyone_closes_every_hole():
    assert not audit_segments(table_from({"region": "华东"}, {"everyone": True})).has_holes


def test_a_table_with_holes_is_not_ready_until_somebody_says_that_he_knows():
    table = table_of(((1, 2), ALL, ALL))
    with pytest.raises(ChoiceError, match="32 of 64 combinations fit no rule"):
        check_holes(table)
    check_holes(replace(table, holes_acknowledged=True))
    check_holes(segment_table("rf_map"))


def test_holes_are_asked_about_whatever_kind_of_segmentation_goes_by_the_table():
    cuts = Cuts((1, 2, 3), (1, 2, 3), (1, 2, 3))
    table = table_of(((1, 2), ALL, ALL))
    for segmentation in (TableSegmentation(table, cuts), RfmSegmentation(cuts, table)):
        with pytest.raises(ChoiceError, match="32 of 64"):
            check_holes_of(segmentation)
    check_holes_of(LoyaltySegmentation())


def test_a_column_compared_with_names_and_numbers_is_refused_in_words():
    table = table_from({"tier": "金"}, {"tier": {"from": 3}})
    with pytest.raises(ChoiceError, match="tier is compared with names in one rule and with numbers"):
        audit_segments(table)


def test_too_many_combinations_are_refused_in_words():
    many = [{"in": list(range(1, 200, 2))}, {"in": list(range(1, 200, 3))}, {"in": list(range(1, 200, 4))}]
    table = table_from(dict(zip(("frequency", "recency_days", "visit_count"), many, strict=True)))
    with pytest.raises(ChoiceError, match="combinations, too many to try each"):
        audit_segments(table)
