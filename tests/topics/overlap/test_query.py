"""Overlap: who is in both segments, what share of the smaller that is, and how far two segmentations agree."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from tests.analyses.rows import records, table
from workbench.topics.overlap.query import agreement, segment_overlap, segment_pairs

LAWS = settings(max_examples=20)
PEOPLE = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(-500, 90_000)), min_size=1, max_size=15
)


def cells(*people: tuple) -> pd.DataFrame:
    """Overlap of customers given as (first segment, second segment, money)."""
    rows = [(f"c{place:02}", *row[:2], Decimal(row[2])) for place, row in enumerate(people)]
    facts = table(
        "overlapping", {"customer_id": "VARCHAR", "a": "VARCHAR", "b": "VARCHAR", "monetary": "DECIMAL(18,2)"}, rows
    )
    first, second = (facts.select("customer_id", segment=facts[name]) for name in "ab")
    return pd.DataFrame(records(segment_overlap(segment_pairs(first, second, facts))))


COMPANY = cells(("vip", "A", 900), ("vip", "A", 600), ("vip", "B", 100), ("base", "B", 50), ("base", "C", 10))


def cell(first: str, second: str) -> dict:
    return COMPANY.set_index(["first_segment", "second_segment"]).loc[(first, second)].to_dict()


def test_the_smaller_segment_lies_wholly_inside_the_larger():
    found = cell("vip", "A")
    assert (found["customer_count"], found["monetary"]) == (2, 1500)
    assert (found["first_share"], found["second_share"], found["smaller_share"]) == (pytest.approx(2 / 3), 1, 1)
    assert found["jaccard"] == pytest.approx(2 / 3)
    assert found["lift"] == pytest.approx(2 / (3 * 2 / 5))


@LAWS
@given(PEOPLE)
def test_sums_over_the_cells_are_the_whole_and_shares_add_up(people):
    found = cells(*people)
    assert found["customer_count"].sum() == len(people)
    assert sum(found["monetary"]) == sum(money for *_, money in people)
    assert found.groupby("first_segment")["first_share"].sum().tolist() == pytest.approx(
        [1] * found["first_segment"].nunique()
    )
    assert ((found["jaccard"] <= found["smaller_share"]) & (found["smaller_share"] <= 1)).all()


@LAWS
@given(PEOPLE)
def test_the_agreement_is_hubert_and_arabies(people):
    found = agreement(cells(*people))
    first, second = [row[0] for row in people], [row[1] for row in people]
    if math.isnan(found.adjusted_rand):
        assert len(set(first)) in (1, len(people))
        return
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(first, second))
    assert found.base == len(people)


def test_all_in_one_segment_or_one_customer_has_no_agreement_to_measure():
    assert math.isnan(agreement(cells(("a", "x", 1), ("a", "x", 2))).adjusted_rand)
    assert math.isnan(agreement(cells(("a", "x", 1))).adjusted_rand)
    assert math.isnan(agreement(COMPANY.head(0)).adjusted_rand)
