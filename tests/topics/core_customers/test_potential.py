"""Potential high value: growing on a base, alike by a stated measure, and never who is of high value already."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought
from tests.analyses.segmentation_laws import assert_laws, ground
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.core_customers.potential import PotentialSegmentation, high_value_from

AS_OF = date(2024, 12, 31)
RULE = PotentialSegmentation(high_from=1000)


def orders(name: str, *per_span: int, amount: float = 10) -> list[dict]:
    """So many orders in each of the four spans of 90 days, the oldest first."""
    return [
        bought(name, str(AS_OF - timedelta(days=90 * (3 - span) + 1 + place)), amount, order_id=f"{name}{span}{place}")
        for span, count in enumerate(per_span)
        for place in range(count)
    ]


def test_rising_purchases_on_a_base_are_growing_and_the_four_counts_are_the_reason():
    long_ago = [bought(name, "2023-01-05", 10) for name in ("up", "down")]
    lines = [*orders("up", 0, 1, 2, 4), *orders("down", 4, 2, 1, 0), *long_ago]
    found = assert_laws(RULE, ground(*lines, as_of=AS_OF))
    assert found["up"]["segment"] == "growing"
    assert [found["up"][f"purchases_{place}"] for place in (1, 2, 3, 4)] == [0, 1, 2, 4]
    assert (found["up"]["slope"], found["up"]["purchases"], found["down"]["slope"]) == (1.3, 7, -1.3)
    assert found["down"]["segment"] == "ordinary"


def test_a_newcomer_and_too_small_a_base_have_no_trend():
    lines = [*orders("new", 0, 0, 0, 5), *orders("young", 0, 1, 2, 4), *orders("few", 0, 0, 1, 2)]
    found = assert_laws(RULE, ground(*lines, bought("few", "2023-01-05", 10), as_of=AS_OF))
    assert {row["segment"] for row in found.values()} == {"ordinary"}


def test_who_is_of_high_value_already_has_no_potential_left_to_find():
    found = assert_laws(RULE, ground(*orders("rich", 0, 1, 2, 3, amount=500), as_of=AS_OF))
    assert found["rich"]["segment"] == "high"


def test_the_likeness_is_the_mean_lift_of_the_profile():
    """40 companies of which 20 are of high value, 40 persons of which none is; one region for all: (2 + 1) / 2."""
    people = [(f"k{place}", "企业" if place < 40 else "个人", "东") for place in range(80)]
    lines = [bought(f"k{place}", "2022-01-01", 2000 if place < 20 else 5) for place in range(80)]
    found = assert_laws(RULE, ground(*lines, as_of=AS_OF, people=people))
    assert (found["k0"]["likeness"], found["k30"]["likeness"], found["k50"]["likeness"]) == (1.5, 1.5, 0.5)
    segments = [found[f"k{place}"]["segment"] for place in (0, 30, 50)]
    assert segments == ["high", "alike", "ordinary"]


def test_a_value_of_few_customers_says_nothing():
    people = [(f"k{place}", "企业" if place < 4 else "个人", None) for place in range(40)]
    lines = [bought(f"k{place}", "2022-01-01", 2000 if place < 4 else 5) for place in range(40)]
    found = assert_laws(RULE, ground(*lines, as_of=AS_OF, people=people))
    assert found["k0"]["likeness"] == 1.0


@pytest.mark.parametrize("wrong", [{"period_days": 0}, {"least_slope": 0}, {"alike_from": float("nan")}])
def test_values_by_which_nothing_can_be_judged_are_named(wrong: dict):
    with pytest.raises(ChoiceError) as raised:
        PotentialSegmentation(high_from=1, **wrong)
    assert next(iter(wrong)) in raised.value.words("zh")


def test_high_value_begins_with_the_last_of_the_first_fifth():
    lines = [bought(f"k{place}", "2024-01-01", place + 1) for place in range(10)]
    assert high_value_from(ground(*lines, as_of=AS_OF).facts) == 9
    with pytest.raises(NothingToShow):
        high_value_from(ground(as_of=AS_OF).facts)


def test_the_first_seven_of_a_hundred_are_seven_whatever_floats_make_of_it():
    lines = [bought(f"k{place:02}", "2024-01-01", place + 1) for place in range(100)]
    assert high_value_from(ground(*lines, as_of=AS_OF).facts, share=0.07) == 94


@settings(max_examples=10)
@given(
    purchases=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(-900, 90_000).filter(bool)),
        min_size=1,
        max_size=10,
    )
)
def test_everyone_has_one_segment_and_clones_are_together(purchases: list):
    lines = [
        bought(name + twin, str(AS_OF - timedelta(days=ago)), cents / 100, order_id=f"{name}{twin}{place}")
        for place, (name, ago, cents) in enumerate(purchases)
        for twin in ("", "2")
    ]
    found = assert_laws(PotentialSegmentation(high_from=300), ground(*lines, as_of=AS_OF))
    for name, row in found.items():
        assert row["segment"] == found.get(f"{name}2", row)["segment"]
        assert (row["segment"] == "high") == (row["monetary"] >= 300)
