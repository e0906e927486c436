"""Tables changed by hand: painting is exact, order and names follow, and nothing is changed in place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.tables import BINS, SCORE_TABLES, table_from, table_of
from workbench.analyses import segment_table
from workbench.analyses.rules.audit import audit_segments
from workbench.analyses.rules.conditions import AllOf
from workbench.analyses.rules.rule_file import rules_text
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.rules.table_form import read_table
from workbench.analyses.segmentation import OTHERS
from workbench.errors import ChoiceError
from workbench.topics.segment_rules.painting import (
    add,
    blank_table,
    boxes,
    move,
    paint,
    painted_grid,
    remove_rule,
    rename,
    table_from_grid,
    unpainted,
    without_unpainted,
)

SCORE = st.integers(1, BINS)
ALL = (1, 4)


def segment_at(table: SegmentTable, *cell: int) -> str:
    place = painted_grid(table)[tuple(score - 1 for score in cell)]
    return [*(rule.id for rule in table.rules), OTHERS][place]


def read_back(table: SegmentTable) -> SegmentTable:
    return SegmentTable(**read_table(rules_text(table), table.id))


@given(SCORE_TABLES, st.lists(st.tuples(SCORE, SCORE, SCORE), max_size=6), st.integers(0, 4))
@settings(max_examples=30)
def test_a_painted_table_gives_the_painted_cells_and_leaves_all_others(
    table: SegmentTable, cells: list[tuple], number: int
):
    ids = [*(rule.id for rule in table.rules), OTHERS]
    segment = ids[number % len(ids)]
    expected = painted_grid(table).copy()
    for cell in cells:
        expected[tuple(score - 1 for score in cell)] = ids.index(segment)
    if (expected == len(table.rules)).all():
        with pytest.raises(ChoiceError, match="at least one cell"):
            paint(table, cells, segment)
        return
    painted = paint(table, cells, segment)
    assert (painted_grid(painted) == expected).all()
    assert audit_segments(painted).ambiguous == ()
    assert audit_segments(painted).uncovered == tuple(
        tuple(place + 1 for place in cell) for cell in np.argwhere(expected == len(table.rules)).tolist()
    )
    again = read_back(without_unpainted(painted))
    for cell in np.ndindex(*expected.shape):
        scores = [place + 1 for place in cell]
        assert segment_at(again, *scores) == segment_at(painted, *scores)


@given(st.lists(st.booleans(), min_size=27, max_size=27))
@settings(max_examples=30)
def test_boxes_cover_the_cells_exactly_once(flags: list[bool]):
    cells = np.array(flags).reshape(3, 3, 3)
    times = np.zeros((3, 3, 3), dtype=int)
    for box in boxes(cells):
        times[tuple(slice(test.value.low - 1, test.value.high) for test in box.parts)] += 1
    assert (times == cells).all()


def test_a_whole_grid_is_one_box_and_a_grid_without_a_corner_three():
    cells = np.ones((9, 9, 9), dtype=bool)
    assert len(boxes(cells)) == 1
    cells[8, 8, 8] = False
    assert len(boxes(cells)) == 3


@pytest.mark.parametrize("name", ["rf_map", "eight_groups", "eight_groups_deepen"])
def test_a_table_of_one_box_a_segment_comes_back_from_its_grid_as_it_was(name: str):
    table = segment_table(name)
    again = table_from_grid(table, painted_grid(table))
    assert all(isinstance(rule.when, AllOf) for rule in again.rules)
    assert (painted_grid(again) == painted_grid(table)).all()


def test_painting_over_the_last_cell_leaves_a_segment_that_nobody_has():
    table = table_of(((1, 1), (1, 1), (1, 1)), (ALL, ALL, ALL))
    painted = paint(table, [(1, 1, 1)], "rule_1")
    assert unpainted(painted) == ("rule_0",)
    assert audit_segments(painted).unreachable == ("rule_0",)
    assert [rule.id for rule in without_unpainted(painted).rules] == ["rule_1"]


def test_a_rule_moved_up_takes_what_both_fit():
    table = table_of(((1, 2), ALL, ALL), ((2, 3), ALL, ALL))
    assert segment_at(table, 2, 1, 1) == "rule_0"
    moved = move(table, "rule_1", -1)
    assert segment_at(moved, 2, 1, 1) == "rule_1"
    assert move(moved, "rule_1", -1) == moved
    assert [rule.id for rule in table.rules] == ["rule_0", "rule_1"]


def test_a_segment_removed_leaves_its_cells_to_the_next_rule_that_fits():
    table = table_of(((1, 2), ALL, ALL), (ALL, ALL, ALL))
    assert segment_at(remove_rule(table, "rule_0"), 1, 1, 1) == "rule_1"
    assert segment_at(remove_rule(table, "rule_1"), 4, 1, 1) == OTHERS


def test_the_last_segment_cannot_be_removed():
    with pytest.raises(ChoiceError, match="at least one segment"):
        remove_rule(table_of((ALL, ALL, ALL)), "rule_0")


def test_a_new_segment_has_an_id_of_its_own_and_no_cell():
    table = add(
        blank_table(3, names={"en": "New", "zh": "新表"}, segment={"en": "All", "zh": "全部"}), {"en": "B", "zh": "乙"}
    )
    assert [rule.id for rule in table.rules] == ["segment_1", "segment_2"]
    assert unpainted(table) == ("segment_2",)
    assert segment_at(paint(table, [(3, 3, 3)], "segment_2"), 3, 3, 3) == "segment_2"


def test_a_segment_and_the_others_are_renamed_in_one_language_at_a_time():
    table = rename(segment_table("rf_map"), "best", {"zh": "头号客户"}, {"zh": "给最好的"})
    assert (table.name("best", "zh"), table.name("best", "en")) == ("头号客户", "Best customers")
    assert table.rules[0].meanings["zh"] == "给最好的"
    assert rename(table, OTHERS, {"en": "Left over"}).name(OTHERS, "en") == "Left over"


@pytest.mark.parametrize("name", ["", "  ", "稳定回头客户", "a\nb", "x" * 300])
def test_a_name_that_is_empty_taken_or_no_line_of_text_is_refused(name: str):
    with pytest.raises(ChoiceError):
        rename(segment_table("rf_map"), "best", {"zh": name})


@pytest.mark.parametrize("cell", [(0, 1, 1), (1, 6, 1), (1, 1), (1, 1, True), ("1", 1, 1)])
def test_a_cell_outside_the_grid_is_refused_in_words(cell: tuple):
    with pytest.raises(ChoiceError, match="scores go from 1 to 5"):
        paint(segment_table("rf_map"), [cell], "best")


def test_a_segment_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ChoiceError, match="There are: best, steady"):
        paint(segment_table("rf_map"), [(1, 1, 1)], "vip")


def test_a_table_on_other_columns_is_not_painted_but_can_be_moved():
    table = table_from({"region": "华东"}, {"frequency": {"from": 3}})
    with pytest.raises(ChoiceError, match="rules on region, frequency"):
        paint(table, [(1, 1, 1)], "a")
    assert [rule.id for rule in move(table, "b", -1).rules] == ["b", "a"]
