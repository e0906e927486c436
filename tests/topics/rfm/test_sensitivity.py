"""Sensitivity: who changes segment when a cut moves by a tenth, counted as a query for each move would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.analyses.rows import records
from tests.topics.rfm.rfm_facts import CUSTOMERS, KINDS, company, some_cuts
from workbench.errors import ChoiceError
from workbench.store.rows import arrays
from workbench.topics.rfm import Cuts, NestedCuts
from workbench.topics.rfm.composite import Weights
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.cuts import RFM
from workbench.topics.rfm.moves import RfmMoves
from workbench.topics.rfm.segmentation import RfmSegmentation
from workbench.topics.rfm.sensitivity import ALL, Sensitivity, moved_cuts

CUTS = Cuts(recency_days=(30,), frequency=(3,), monetary=(100,))


def segments(rules: RfmSegmentation, facts) -> dict[str, str]:
    return {row["customer_id"]: row["segment"] for row in records(rules.assign_facts(facts))}


def measured(facts, rules: RfmSegmentation, **how) -> Sensitivity:
    columns = arrays(rfm_condensed(facts).to_pyarrow())
    held = RfmCounts.read(columns, count_by=rules.count_by, money=rules.money)
    return RfmMoves.of(held, rules.cuts, **how).sensitivity(rules.codes())


def test_only_those_between_the_old_cut_and_the_new_change():
    """R cut 30: 28 days lies above 27, 32 below 33. M cut 100: 95 and 109. F cut 3: up to 3.3, all with 3 fall."""
    facts = company([(28, 9, 0, 99_999), (32, 9, 0, 99_999), (1, 3, 0, 9500), (1, 3, 0, 10_900), (1, 1, 0, 5)])
    found = measured(facts, RfmSegmentation(CUTS, table="eight_groups"))
    by_cut = {row["measure"]: (row["lower_count"], row["higher_count"]) for row in found.rows.to_dict("records")}
    assert by_cut == {"recency_days": (1, 1), "frequency": (0, 2), "monetary": (1, 1)}
    assert found.any_count == 4
    assert found.any_share == 0.8
    assert found.together == {"lower": 2, "higher": 3}


@given(customers=CUSTOMERS, kinds=KINDS)
@settings(max_examples=5)
@pytest.mark.parametrize(("method", "bins"), [("quantile", 3), ("natural", 5), ("nested", 3), ("mean", 2)])
def test_every_move_counts_as_two_queries_would(customers, kinds, method, bins):
    facts = company([*customers, customers[0]])
    cuts = some_cuts(facts, {"method": method, "bins": bins}, kinds)
    rules = RfmSegmentation(cuts, table="levels", weights=Weights(0.5, 0.3, 0.2), **kinds)
    found = measured(facts, rules, by=0.3)
    now, touched = segments(rules, facts), set()

    def changed(**move) -> set[str]:
        moved = moved_cuts(cuts, **move)
        after = segments(RfmSegmentation(moved, table="levels", weights=rules.weights, **kinds), facts)
        return {customer for customer in now if now[customer] != after[customer]}

    for row in found.rows.to_dict("records"):
        for way, by in (("lower", -0.3), ("higher", 0.3)):
            who = changed(measure=row["measure"], place=row["place"], by=by)
            assert row[f"{way}_count"] == len(who), (row, way)
            touched |= who
    assert found.any_count == len(touched)
    assert found.together == {"lower": len(changed(by=-0.3)), "higher": len(changed(by=0.3))}
    assert len(found.rows) == len(RFM) * (cuts.bins - 1)


def test_a_cut_goes_no_farther_than_its_neighbours():
    cuts = Cuts((10, 11), (2, 4), (-100, 50))
    assert moved_cuts(cuts, measure="recency_days", place=1).recency_days == (11, 11)
    assert moved_cuts(cuts, measure="recency_days", place=2, by=-0.5).recency_days == (10, 10)


def test_up_is_up_for_cuts_below_zero():
    cuts = Cuts((10,), (2,), (-100,))
    assert moved_cuts(cuts, measure="monetary").monetary == (-90,)
    assert moved_cuts(cuts, measure=ALL, by=-0.1).monetary == (-110,)


def test_a_nested_cut_moves_in_every_parent():
    cuts = NestedCuts((30,), ((2,), (5,)), (((10,), (20,)), ((30,), (40,))))
    assert moved_cuts(cuts, measure="frequency").frequency == ((2.2,), (5.5,))
    assert moved_cuts(cuts, measure="monetary").monetary == (((11,), (22,)), ((33,), (44,)))


@pytest.mark.parametrize("wrong", [{"measure": "margin"}, {"measure": "monetary", "place": 2}])
def test_a_cut_that_does_not_exist_is_said_in_words(wrong):
    with pytest.raises(ChoiceError):
        moved_cuts(CUTS, **wrong)


def test_one_customer_and_equal_customers_have_a_sensitivity():
    for customers in ([(30, 3, 0, 10_000)], [(30, 3, 0, 10_000)] * 4):
        found = measured(company(customers), RfmSegmentation(CUTS, table="eight_groups"))
        assert found.any_count == len(customers)
        assert set(found.rows["lower_count"]) | set(found.rows["higher_count"]) <= {0, len(customers)}
