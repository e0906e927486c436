"""Tiers: thresholds that hold their value, costs that add up, and moves that leave nobody out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import records, table
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws
from workbench.analyses.segmentation import OTHERS, Ground
from workbench.errors import ChoiceError, NothingToShow
from workbench.store.rows import arrays
from workbench.topics.tiers.field import TierField, measured_tiers, move_of
from workbench.topics.tiers.query import tier_columns
from workbench.topics.tiers.segmentation import Tier, TierSegmentation

LAWS = settings(max_examples=15)
DESIGN = TierSegmentation(tiers=(Tier("Gold", "金卡", 1000, 200), Tier("Silver", "银卡", 100.5, 50)))
TIERS = st.sampled_from([None, "金卡", "银卡", "普通", "Silver", "贵宾"])
PEOPLE = st.lists(st.tuples(st.one_of(st.none(), st.integers(-5_000, 200_000)), TIERS), min_size=1, max_size=14)


def people(*rows: tuple[int | None, str | None]) -> Ground:
    """Customers with these cents of spend and a tier in the data."""
    columns = {
        "customer_id": "VARCHAR",
        "monetary": "DECIMAL(18,2)",
        "tier": "VARCHAR",
        "order_count": "BIGINT",
        "recency_days": "BIGINT",
    }
    filled = [
        (f"c{place:02}", None if cents is None else Decimal(cents) / 100, tier, 1, 10)
        for place, (cents, tier) in enumerate(rows)
    ]
    return Ground(date(2024, 12, 31), table("tiered", columns, filled), {}.__getitem__)


def held(where: Ground) -> TierField:
    return TierField.read(arrays(tier_columns(where.facts).to_pyarrow()))


def test_a_tier_holds_its_threshold_and_who_is_below_all_or_unknown_is_standard():
    where = people((100_000, None), (99_999, None), (10_050, None), (10_049, None), (-1, None), (None, None))
    found = records(DESIGN.assign(where), "customer_id")
    assert [found[key]["segment"] for key in sorted(found)] == ["tier_1", "tier_2", "tier_2", OTHERS, OTHERS, OTHERS]


def test_the_evidence_says_what_is_missing_to_the_next_tier():
    found = records(DESIGN.assign(people((100_000, None), (90_000, None), (10_000, None), (None, None))), "customer_id")
    assert [found[key]["to_next_tier"] for key in sorted(found)] == [None, Decimal(100), Decimal("0.50"), None]


def test_the_cost_is_members_times_budget():
    sizes = held(people((100_000, None), (200_000, None), (20_000, None), (5, None))).sizes(DESIGN)
    assert sizes["customer_count"].to_list() == [2, 1, 1]
    assert sizes["cost"].to_list() == [400, 50, 0]


def test_moves_go_by_the_names_of_tiers_in_either_language_and_a_foreign_tier_is_said_to_be_unknown():
    moves = held(people((200_000, "银卡"), (5, "金卡"), (20_000, "Silver"), (5, "贵宾"), (200_000, None))).moves(DESIGN)
    found = {(row.from_tier, row.segment): row.move for row in moves.itertuples()}
    assert found == {
        ("银卡", "tier_1"): "up",
        ("金卡", OTHERS): "down",
        ("Silver", "tier_2"): "same",
        ("贵宾", OTHERS): "unknown",
        ("", "tier_1"): "unknown",
    }


def test_moves_against_the_thresholds_before():
    before = TierSegmentation(tiers=(Tier("Gold", "金卡", 500), Tier("Silver", "银卡", 100)))
    moves = held(people((60_000, None), (120_000, None), (10_010, None), (5, None))).moves(DESIGN, before=before)
    found = {(row.from_tier, row.segment): (row.move, row.customer_count) for row in moves.itertuples()}
    assert found == {
        ("金卡", "tier_1"): ("same", 1),
        ("金卡", "tier_2"): ("down", 1),
        ("银卡", OTHERS): ("down", 1),
        ("普通", OTHERS): ("same", 1),
    }


@pytest.mark.parametrize(
    "tiers",
    [
        (),
        (Tier("Gold", "金卡", 100), Tier("Silver", "银卡", 100)),
        (Tier("Gold", "金卡", 100), Tier("Silver", "银卡", 200)),
        (Tier("Gold", "金卡", 200), Tier("Gold", "银卡", 100)),
        (Tier("Standard", "普通", 200),),
        (Tier(" ", "金", 200),),
        tuple(Tier(f"T{place}", f"等{place}", -place) for place in range(7)),
    ],
)
def test_contradictory_tiers_are_refused_in_words(tiers: tuple):
    with pytest.raises(ChoiceError) as raised:
        TierSegmentation(tiers=tiers)
    assert raised.value.words("zh") != raised.value.words("en")


@pytest.mark.parametrize("wrong", [{"begins": float("nan")}, {"begins": 1, "budget": -1}, {"begins": float("inf")}])
def test_a_threshold_is_a_number_and_a_budget_not_negative(wrong: dict):
    with pytest.raises(ChoiceError):
        Tier("Gold", "金卡", **wrong)


def test_another_measure_cannot_be_compared_by_thresholds_and_a_missing_one_is_named():
    where = people((1, None))
    visits = TierSegmentation(tiers=DESIGN.tiers, measure="order_count")
    with pytest.raises(ChoiceError) as raised:
        held(where).moves(DESIGN, before=visits)
    assert "order_count" in raised.value.words("zh")
    with pytest.raises(ChoiceError):
        TierSegmentation(tiers=DESIGN.tiers, measure="margin").assign(where)


def test_proposed_tiers_hold_their_share_and_equal_customers_make_one_tier():
    tiers = measured_tiers(held(people(*((cents * 100, None) for cents in range(1, 21)))))
    assert [tier.begins for tier in tiers] == [20, 17, 11]
    assert [tier.begins for tier in measured_tiers(held(people(*[(500, None)] * 4)))] == [5]
    hundred = held(people(*((cents * 100, None) for cents in range(1, 101))))
    assert measured_tiers(hundred, shares=(0.07, 0.20, 0.50))[0].begins == 94  # seven: 0.07 * 100 is above 7 in floats
    with pytest.raises(NothingToShow):
        measured_tiers(held(people((None, None))))


def test_the_share_of_proposed_tiers_is_counted_exactly():
    """7 % of 100 customers are 7, though floats make it a little more."""
    hundred = held(people(*((cents * 100, None) for cents in range(1, 101))))
    assert measured_tiers(hundred, shares=(0.07, 0.2, 0.5))[0].begins == 94


@LAWS
@given(rows=PEOPLE, begins=st.lists(st.integers(-100, 2000), min_size=1, max_size=4, unique=True))
def test_everyone_has_one_tier_and_memory_says_what_the_query_says(rows: list, begins: list[int]):
    tiers = tuple(
        Tier(f"T{place}", f"等{place}", value + 0.005, 10) for place, value in enumerate(sorted(begins, reverse=True))
    )
    design = TierSegmentation(tiers=tiers)
    where = people(*((cents or 0, tier) for cents, tier in rows))
    found = assert_laws(design, where)
    assert_equals_are_equal(design, where)
    field = held(where)
    sizes = field.sizes(design)
    counts = {segment.id: 0 for segment in design.segments}
    for row in found.values():
        counts[row["segment"]] += 1
    assert dict(zip(sizes["segment"], sizes["customer_count"], strict=True)) == counts
    for before in (None, DESIGN):
        moves = field.moves(design, before=before)
        assert moves["customer_count"].sum() == len(rows)
        assert moves.groupby("segment")["customer_count"].sum().to_dict() == {k: v for k, v in counts.items() if v}
    assert set(field.moves(design, before=design)["move"]) == {"same"}


@pytest.mark.parametrize(("old", "new", "move"), [(0, 0, "same"), (2, 1, "up"), (1, 2, "down"), (-1, 2, "unknown")])
def test_a_lower_place_is_a_higher_tier(old: int, new: int, move: str):
    assert move_of(old, new) == move
