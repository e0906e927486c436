"""Movement: margins are the sizes at each date, the same date is a diagonal, and every move says what crossed what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, transactions
from workbench.analyses.facts import customer_facts
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.segmentation import Ground
from workbench.panels.segmentation_choice import ranked
from workbench.topics.clusters.segmentation import ClusterSegmentation
from workbench.topics.movement.query import (
    ABSENT,
    NOT_YET,
    crossings,
    directions,
    known_customers,
    movement,
    movement_matrix,
    thresholds,
)
from workbench.topics.pareto.segmentation import AbcSegmentation
from workbench.topics.rfm.cuts import Cuts
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.two_criteria.segmentation import GridCuts, TwoCriteriaAbc
from workbench.topics.value_segments.segmentation import ValueSegmentation

LAWS = settings(max_examples=20)
FIRST, SECOND = date(2023, 12, 31), date(2024, 12, 31)
RULE = AbcSegmentation(a_from=100, b_from=50)
ORDER = ("A", "B", "C", "D")

LINES = st.lists(
    st.tuples(
        st.sampled_from(["王", "李", "张", "赵"]),
        st.dates(date(2022, 6, 1), SECOND),
        st.integers(-3000, 12_000).map(lambda cents: Decimal(cents) / 100),
    ),
    min_size=1,
    max_size=14,
)


def moves(lines: list[tuple], *, first: date = FIRST, since: tuple[date | None, date | None] = (None, None), rule=RULE):
    """Everybody's move, and the facts at both dates."""
    sales = transactions(*[bought(name, str(day), amount) for name, day, amount in lines])
    facts = [customer_facts(sales, as_of=day, since=start) for day, start in zip((first, SECOND), since, strict=True)]
    before, after = (
        rule.assign(Ground(day, rows, lambda _: sales)) for day, rows in zip((first, SECOND), facts, strict=True)
    )
    known = known_customers(sales, before=first, after=SECOND)
    moved = movement(before, after, facts_before=facts[0], facts_after=facts[1], known=known, order=ORDER)
    return moved, facts


COMPANY = [
    ("王", date(2023, 3, 1), 40), ("王", date(2024, 3, 1), 80),
    ("李", date(2023, 3, 1), 120), ("李", date(2024, 3, 1), -60),
    ("张", date(2024, 5, 1), 30), ("赵", date(2023, 5, 1), 55),
]  # fmt: skip


def test_who_moved_where_and_in_which_direction():
    found = records(moves(COMPANY)[0], "customer_id")
    said = {name: (row["from_segment"], row["to_segment"], row["direction"]) for name, row in found.items()}
    assert said == {
        "王": ("C", "A", "better"), "李": ("A", "B", "worse"), "张": (NOT_YET, "C", "joined"), "赵": ("B", "B", "same"),
    }  # fmt: skip
    assert (found["王"]["monetary_before"], found["王"]["monetary_after"]) == (40, 120)


def test_with_a_period_to_look_back_on_customers_can_leave_and_return():
    lines = [
        ("王", date(2023, 3, 1), 40), ("李", date(2022, 3, 1), 90), ("李", date(2024, 3, 1), 60),
        ("张", date(2022, 2, 1), 30), ("赵", date(2024, 5, 1), 55),
    ]  # fmt: skip
    since = (date(2023, 1, 1), date(2024, 1, 1))
    found = records(moves(lines, since=since)[0], "customer_id")
    assert {name: (row["from_segment"], row["to_segment"], row["direction"]) for name, row in found.items()} == {
        "王": ("C", ABSENT, "left"), "李": (ABSENT, "B", "returned"),
        "张": (ABSENT, ABSENT, "away"), "赵": (NOT_YET, "B", "joined"),
    }  # fmt: skip
    assert found["王"]["monetary_after"] == 0


@LAWS
@given(LINES, st.booleans())
def test_margins_are_the_sizes_and_the_money_at_each_date(lines, has_period):
    since = (date(2023, 1, 1), date(2024, 1, 1)) if has_period else (None, None)
    moved, facts = moves(lines, since=since)
    cells = pd.DataFrame(records(movement_matrix(moved)), columns=movement_matrix(moved).columns)
    everyone = {name for name, _, amount in lines if amount > 0}
    assert cells["customer_count"].sum() == len(everyone)
    for side, when, rows in (("from_segment", "before", facts[0]), ("to_segment", "after", facts[1])):
        people = records(RULE.assign(Ground(SECOND, rows, {}.__getitem__)))
        sizes: dict[str, list] = {}
        for row in people:
            sizes.setdefault(row["segment"], []).append(row["monetary"])
        inside = cells[~cells[side].isin([NOT_YET, ABSENT])].groupby(side)
        assert inside["customer_count"].sum().to_dict() == {name: len(found) for name, found in sizes.items()}
        money = inside[f"monetary_{when}"].sum().to_dict()
        assert money == {name: sum(found) for name, found in sizes.items()}


@LAWS
@given(LINES)
def test_the_same_date_twice_leaves_everybody_where_he_is(lines):
    moved, _ = moves(lines, first=SECOND)
    assert all(row["from_segment"] == row["to_segment"] and row["direction"] == "same" for row in records(moved))


def test_a_move_says_which_cut_point_was_crossed():
    rows = records(crossings(moves(COMPANY)[0], thresholds(RULE)), "customer_id")
    assert {name: row["monetary_cut"] for name, row in rows.items()} == {"王": 100, "李": 100, "张": None, "赵": None}


def test_a_cut_point_belongs_to_the_interval_above_it():
    lines = [
        ("王", date(2023, 1, 1), 50),
        ("王", date(2024, 1, 1), 49),
        ("李", date(2023, 1, 1), 49),
        ("李", date(2024, 1, 1), 1),
    ]
    rows = records(crossings(moves(lines)[0], thresholds(RULE)), "customer_id")
    assert {name: row["monetary_cut"] for name, row in rows.items()} == {"王": None, "李": 50}


def test_without_an_order_nothing_is_better_or_worse():
    sales = transactions(*[bought(name, str(day), amount) for name, day, amount in COMPANY])
    facts = [customer_facts(sales, as_of=day) for day in (FIRST, SECOND)]
    sides = [RULE.assign(Ground(SECOND, rows, lambda _: sales)) for rows in facts]
    known = known_customers(sales, before=FIRST, after=SECOND)
    moved = movement(*sides, facts_before=facts[0], facts_after=facts[1], known=known)
    assert {row["direction"] for row in records(moved)} == {"other", "joined", "same"}


def test_directions_add_up_to_the_matrix():
    cells = pd.DataFrame(records(movement_matrix(moves(COMPANY)[0])))
    found = directions(cells)
    assert found["direction"].tolist() == ["better", "worse", "same", "joined"]
    assert found["customer_count"].sum() == 4


def test_one_customer_and_all_in_one_segment_are_a_matrix_of_one_cell():
    lines = [("王", date(2023, 3, 1), 5)]
    assert [(row["from_segment"], row["customer_count"]) for row in records(movement_matrix(moves(lines)[0]))] == [
        ("C", 1)
    ]


def test_kinds_that_cut_measures_say_where():
    cuts = Cuts((30,), (2,), (500,))
    assert thresholds(RfmSegmentation(cuts, "eight_groups")) == {
        "recency_days": (30,),
        "frequency": (2,),
        "monetary": (500,),
    }
    two = TwoCriteriaAbc(cuts=GridCuts((2, 5), (100, 900)))
    assert thresholds(two) == {"visit_count": (2, 5), "monetary": (100, 900)}
    assert thresholds(type("Rules", (), {})()) == {}


def test_kinds_without_better_and_worse_have_no_ranks():
    kinds = (ClusterSegmentation, ValueSegmentation, RuleSegmentation)
    assert [kind.is_ranked for kind in kinds] == [False, False, False]
    assert ranked(RULE) == ("A", "B", "C", "D")
