"""RFM as one segmentation: everybody in one segment, the same at any date, kept as data, the reason beside it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from tests.topics.rfm.rfm_facts import CUSTOMERS, KINDS, company, some_cuts
from workbench.analyses import segment_table
from workbench.analyses.segmentation import segmentation_from
from workbench.errors import ChoiceError
from workbench.topics.rfm import Cuts, NestedCuts, rfm_cuts
from workbench.topics.rfm.composite import Weights
from workbench.topics.rfm.segmentation import RfmSegmentation

TODAY = date(2024, 12, 31)
CUTS = Cuts((30,), (3,), (100,))
DAYS = st.dates(date(2024, 1, 1), TODAY).map(date.isoformat)
LINES = st.lists(
    st.tuples(st.sampled_from("王李张刘陈"), DAYS, st.sampled_from([10, 10, 99.99, 500, -300]), st.integers(1, 3)),
    max_size=12,
)


@given(lines=LINES, kinds=KINDS, method=st.sampled_from(["quantile", "nested", "natural"]), bins=st.integers(2, 5))
@settings(max_examples=8)
def test_every_rfm_segmentation_keeps_the_laws(lines, kinds, method, bins):
    made = [
        bought(who, day, amount, order_id=f"{who}{order}")
        for who, day, amount, order in [*lines, ("王", "2024-05-05", 50, 9)]
    ]
    here = ground(*made, as_of=TODAY)
    cuts = rfm_cuts(here.facts, method=method, bins=bins, **kinds)
    table = {2: "eight_groups", 5: "r_rfm_vignette"}.get(bins, "levels")
    rules = RfmSegmentation(cuts, table=table, weights=Weights(0.2, 0.3, 0.5), **kinds)
    assert_laws(rules, here)
    assert_equals_are_equal(rules, here)
    assert segmentation_from(json.loads(json.dumps(rules.as_dict()))) == rules


def test_the_reason_stands_beside_the_segment():
    lines = [bought("王", "2024-12-30", 200, order_id="1"), bought("王", "2024-12-30", 100, order_id="2")]
    rules = RfmSegmentation(CUTS, table="eight_groups", count_by="day", money="average", weights=Weights(0.5, 0.5, 0))
    row = assert_laws(rules, ground(*lines, as_of=TODAY))["王"]
    assert row == {
        "customer_id": "王",
        "segment": "important_develop",
        "recency_days": 1,
        "frequency": 1,
        "monetary": Decimal(300),
        "average_order_value": Decimal(300),
        "r_score": 2,
        "f_score": 1,
        "m_score": 2,
        "composite_score": 1.5,
    }


def test_the_same_rules_at_another_date_move_the_customer_alone():
    lines = [bought("王", "2024-10-01", 200, order_id="1")]
    rules = RfmSegmentation(CUTS, table="eight_groups")
    early, late = (assert_laws(rules, ground(*lines, as_of=day)) for day in (date(2024, 10, 5), TODAY))
    assert (early["王"]["segment"], late["王"]["segment"]) == ("important_develop", "important_retain")


def test_a_table_of_ones_own_travels_inside_the_rules():
    own = segment_table("eight_groups")
    rules = RfmSegmentation(CUTS, table=own)
    assert isinstance(rules.as_dict()["table"], dict)
    again = segmentation_from(json.loads(json.dumps(rules.as_dict())))
    assert [segment.names for segment in again.segments] == [segment.names for segment in rules.segments]


def test_the_best_level_comes_first_and_everybody_has_one():
    rules = RfmSegmentation(NestedCuts((30,), ((2,), (5,)), (((10,), (20,)), ((30,), (40,)))), table="levels")
    assert [segment.id for segment in rules.segments] == ["level_2", "level_1"]
    assert rules.names == {"en": "RFM: composite score", "zh": "RFM：综合得分"}


@given(customers=CUSTOMERS, kinds=KINDS)
@settings(max_examples=5)
def test_nine_scores_need_no_table(customers, kinds):
    facts = company(customers)
    rules = RfmSegmentation(some_cuts(facts, {"bins": 9}, kinds), table="levels", **kinds)
    assert {f"level_{number}" for number in range(1, 10)} == {segment.id for segment in rules.segments}
    assert rules.codes().shape == (9, 9, 9)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "rfm"}, "cuts"),
        ({"kind": "rfm", "cuts": 3, "table": "levels"}, "cuts"),
        ({"kind": "rfm", "cuts": CUTS.as_dict(), "table": "no_such"}, "eight_groups"),
        ({"kind": "rfm", "cuts": CUTS.as_dict(), "table": "r_rfm_vignette"}, "5"),
        ({"kind": "rfm", "cuts": CUTS.as_dict(), "table": "levels", "weights": [1, 1, 1]}, "300"),
        ({"kind": "rfm", "cuts": CUTS.as_dict(), "table": "levels", "money": "margin"}, "average"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_words(given, says: str):
    with pytest.raises(ChoiceError) as refusal:
        segmentation_from(given)
    assert says in refusal.value.words("zh")
