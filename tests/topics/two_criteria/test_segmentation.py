"""Two-criteria ABC: three cells by rule, six open ones that are never silently in a class."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from workbench.analyses.segmentation import OPEN, OTHERS, Ground, segmentation_from
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.pareto.query import abc_classes
from workbench.topics.two_criteria.query import two_criteria_cuts
from workbench.topics.two_criteria.segmentation import (
    CRITERION_LEVELS,
    OPEN_CELLS,
    GridCuts,
    TwoCriteriaAbc,
    two_criteria_cells,
)

AS_OF = date(2024, 12, 31)
CUTS = GridCuts(visits=(2, 4), spend=(100, 1000))
LAWS = settings(max_examples=25)
PEOPLE = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 6)), st.one_of(st.none(), st.integers(-30_000, 200_000))),
    min_size=1,
    max_size=14,
)
PAIRS = st.tuples(st.integers(0, 7), st.integers(0, 7)).map(sorted)
RULES = st.builds(
    lambda visits, spend, policy, painted: TwoCriteriaAbc(
        cuts=GridCuts(visits=tuple(visits), spend=tuple(cut * 250.005 for cut in spend)), policy=policy, painted=painted
    ),
    PAIRS,
    PAIRS,
    st.sampled_from(["none", "better", "worse", "rank_sum"]),
    st.dictionaries(st.sampled_from(OPEN_CELLS), st.sampled_from(["A", "B", "C", OPEN])),
)


def people(*pairs: tuple[int | None, int | None]) -> Ground:
    """Customers with these visits and cents of spend; one order each 10 days ago."""
    rows = [
        (f"c{place:02}", visits, None if cents is None else Decimal(cents) / 100, 1, 10)
        for place, (visits, cents) in enumerate(pairs)
    ]
    columns = {
        "customer_id": "VARCHAR",
        "visit_count": "BIGINT",
        "monetary": "DECIMAL(18,2)",
        "order_count": "BIGINT",
        "recency_days": "BIGINT",
    }
    return Ground(AS_OF, table("people", columns, rows), {}.__getitem__)


def segments(rule: TwoCriteriaAbc, *pairs: tuple) -> list[str]:
    found = records(rule.assign(people(*pairs)), "customer_id")
    return [found[key]["segment"] for key in sorted(found)]


def test_high_in_both_is_a_middle_b_low_c_and_nothing_else_is_said():
    rule = TwoCriteriaAbc(cuts=CUTS)
    assert segments(rule, (4, 100_000), (2, 10_000), (1, 9_999)) == ["A", "B", "C"]
    others = [(4, 50_000), (4, 0), (2, 100_000), (2, 0), (1, 100_000), (1, 50_000)]
    assert segments(rule, *others) == [OPEN] * 6


@pytest.mark.parametrize(
    ("policy", "classes"),
    [
        ("better", {"high_middle": "A", "high_low": "A", "middle_low": "B"}),
        ("worse", {"high_middle": "B", "high_low": "C", "middle_low": "C"}),
        ("rank_sum", {"high_middle": "A", "high_low": "B", "middle_low": "C"}),
    ],
)
def test_a_policy_decides_all_six_and_knows_no_difference_between_visits_and_spend(policy: str, classes: dict):
    rule = TwoCriteriaAbc(cuts=CUTS, policy=policy)
    for cell, expected in classes.items():
        first, second = cell.split("_")
        assert rule.cell(first, second) == rule.cell(second, first) == expected
    assert OPEN not in {segment.id for segment in rule.segments}


def test_a_painted_cell_goes_before_the_policy_and_can_be_left_open():
    rule = TwoCriteriaAbc(cuts=CUTS, policy="better", painted={"high_low": "C", "low_high": OPEN})
    assert segments(rule, (4, 0), (1, 100_000), (4, 50_000)) == ["C", OPEN, "A"]


@pytest.mark.parametrize("cell", ["high_high", "middle_middle", "low_low", "top_low"])
def test_the_cells_of_the_source_rule_are_not_painted(cell: str):
    with pytest.raises(ChoiceError) as raised:
        TwoCriteriaAbc(cuts=CUTS, painted={cell: "B"})
    assert "high_middle" in raised.value.words("en")
    assert cell in raised.value.words("zh")


@pytest.mark.parametrize(
    "wrong", [{"painted": {"high_low": "D"}}, {"policy": "best"}, {"visits": "calls"}, {"spend": "x"}]
)
def test_a_choice_that_does_not_exist_is_refused_in_words(wrong: dict):
    with pytest.raises(ChoiceError) as raised:
        TwoCriteriaAbc(cuts=CUTS, **wrong)
    assert raised.value.words("zh")


@pytest.mark.parametrize("cuts", [(4, 2), (1, math.nan), (1, math.inf), (1, 2, 3)])
def test_contradictory_cuts_are_refused_in_words(cuts: tuple):
    with pytest.raises(ChoiceError) as raised:
        GridCuts(visits=cuts, spend=(1, 2))
    assert "visits" in raised.value.words("en")


def test_who_has_no_value_is_unknown_and_a_negative_net_value_is_low():
    assert segments(TwoCriteriaAbc(cuts=CUTS), (None, 100), (1, None), (1, -5_000)) == [OTHERS, OTHERS, "C"]


def test_a_column_that_vanished_is_named():
    with pytest.raises(ChoiceError) as raised:
        TwoCriteriaAbc(cuts=CUTS, spend="margin").assign(people((1, 1)))
    assert "margin" in raised.value.words("zh")


def test_the_evidence_is_both_measures_with_their_levels():
    rows = records(TwoCriteriaAbc(cuts=CUTS).assign(people((4, 50_000))))
    assert rows == [
        {
            "customer_id": "c00",
            "segment": OPEN,
            "visit_count": 4,
            "monetary": Decimal(500),
            "visit_level": "high",
            "spend_level": "middle",
        }
    ]


def test_thirds_are_plain_quantiles():
    """Four customers: a third and two thirds of the way through the places 0..3 are the places 1 and 2."""
    cuts = two_criteria_cuts(people((1, 1_000), (2, 2_000), (3, 3_050), (9, 9_900)).facts)
    assert cuts == GridCuts(visits=(2, 3), spend=(20, 30.5))


@LAWS
@given(
    cents=st.lists(st.integers(-500, 5000), min_size=1, max_size=12).filter(lambda values: max(values) > 0),
    a_share=st.sampled_from([0.5, 0.8]),
)
def test_cutting_by_share_is_the_abc_rule(cents: list[int], a_share: float):
    where = people(*((1, cent) for cent in cents))
    cuts = two_criteria_cuts(where.facts, cut_by="cumulative", a_share=a_share, b_share=0.95)
    classes = records(abc_classes(where.facts, a_share=a_share, b_share=0.95), "customer_id")
    levels = records(TwoCriteriaAbc(cuts=cuts).assign(where), "customer_id")
    names = {"A": "high", "B": "middle", "C": "low", "D": "low"}
    assert {key: names[row["abc_class"]] for key, row in classes.items()} == {
        key: row["spend_level"] for key, row in levels.items()
    }


@pytest.mark.parametrize(("cut_by", "segment"), [("thirds", "C"), ("cumulative", "A")])
def test_one_customer_and_all_equal_are_low_by_thirds_and_bring_the_first_share(cut_by: str, segment: str):
    for pairs in ([(3, 500)], [(3, 500)] * 4):
        cuts = two_criteria_cuts(people(*pairs).facts, cut_by=cut_by)
        assert cuts.repeated == ("visits", "spend")
        assert set(segments(TwoCriteriaAbc(cuts=cuts), *pairs)) == {segment}


def test_those_who_came_once_are_low_however_many_they_are():
    pairs = [(1, 500)] * 13 + [(2, 900)]
    cuts = two_criteria_cuts(people(*pairs).facts, cut_by="thirds")
    assert segments(TwoCriteriaAbc(cuts=cuts), *pairs) == ["C"] * 13 + ["A"]
    assert (cuts.visits, cuts.spend) == ((2.0, 2.0), (9.0, 9.0))


def test_nobody_and_no_value_are_said_in_words():
    for pairs in ([], [(None, 5), (3, None)]):
        with pytest.raises(NothingToShow) as raised:
            two_criteria_cuts(people(*pairs).facts)
        assert str(len(pairs)) in raised.value.words("zh")
    with pytest.raises(NothingToShow) as raised:
        two_criteria_cuts(people((1, 0), (2, -5)).facts, cut_by="cumulative")
    assert "spend" in raised.value.words("en")
    assert two_criteria_cuts(people((1, 0), (2, -5)).facts).spend == pytest.approx((-0.05 + 0.05 / 3, -0.05 + 0.1 / 3))


def test_fixed_cuts_must_be_given():
    with pytest.raises(ChoiceError):
        two_criteria_cuts(people((1, 1)).facts, cut_by="fixed")
    assert two_criteria_cuts(people((1, 1)).facts, cut_by="fixed", cuts=CUTS) == CUTS


@LAWS
@given(pairs=PEOPLE, rule=RULES)
def test_everyone_is_in_one_segment_and_the_sums_are_the_whole(pairs: list, rule: TwoCriteriaAbc):
    where = people(*((visits, cents or 0) for visits, cents in pairs))
    found = assert_laws(rule, where)
    assert_equals_are_equal(rule, where)
    assert segmentation_from(rule.as_dict()) == rule
    for row in found.values():
        if row["segment"] == OPEN:
            assert row["visit_level"] != row["spend_level"]
        if row["visit_level"] == row["spend_level"] and row["visit_level"]:
            assert row["segment"] == dict(zip(CRITERION_LEVELS, "CBA", strict=True))[row["visit_level"]]


@LAWS
@given(pairs=PEOPLE, rule=RULES)
def test_without_a_policy_and_paint_the_six_cells_are_open(pairs: list, rule: TwoCriteriaAbc):
    plain = TwoCriteriaAbc(cuts=rule.cuts)
    for row in records(plain.assign(people(*pairs))):
        levels = {row["visit_level"], row["spend_level"]}
        assert (row["segment"] == OPEN) == (len(levels) > 1 and None not in levels)


@LAWS
@given(pairs=PEOPLE, rule=RULES)
def test_the_cells_add_up_everyone_in_the_class_of_their_cell(pairs: list, rule: TwoCriteriaAbc):
    where = people(*pairs)
    assigned = records(rule.assign(where))
    cells = records(two_criteria_cells(rule.assign(where)))
    assert sum(cell["customer_count"] for cell in cells) == len(pairs)
    for cell in cells:
        levels = tuple(None if cell["segment"] == OTHERS else cell[name] for name in ("visit_level", "spend_level"))
        assert cell["segment"] == (OTHERS if None in levels else rule.cell(*levels))
        of_class = [row for row in assigned if row["segment"] == cell["segment"]]
        assert sum(one["customer_count"] for one in cells if one["segment"] == cell["segment"]) == len(of_class)
        if cell["segment"] != OTHERS:
            there = [row for row in of_class if (row["visit_level"], row["spend_level"]) == levels]
            assert (cell["customer_count"], cell["value"]) == (len(there), sum(row["monetary"] for row in there))


def test_visits_and_spend_come_from_the_facts_of_a_company():
    lines = [bought("a", f"2024-0{month}-01", 400, order_id=f"a{month}") for month in range(1, 7)]
    lines += [bought("b", "2024-03-01", 20, order_id="b1"), bought("c", "2024-03-01", 5000, order_id="c1")]
    where = ground(*lines, as_of=AS_OF)
    rule = TwoCriteriaAbc(visits="purchase_days", cuts=GridCuts(visits=(2, 5), spend=(100, 2000)))
    found = assert_laws(rule, where)
    assert {key: row["segment"] for key, row in found.items()} == {"a": "A", "b": "C", "c": OPEN}
    assert_equals_are_equal(rule, where)
