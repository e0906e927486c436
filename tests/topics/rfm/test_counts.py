"""RFM in memory says what the queries say, whatever the customers, the cut points and what F and M are."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import records
from tests.topics.rfm.rfm_facts import CUSTOMERS, HOW, KINDS, company, some_cuts
from workbench.analyses import segment_sizes
from workbench.errors import NothingToShow
from workbench.store.rows import arrays, frame
from workbench.topics.rfm import rfm_cells, rfm_cuts, rfm_scores
from workbench.topics.rfm.composite import Weights, rfm_ranking
from workbench.topics.rfm.counts import RfmCounts, rfm_condensed
from workbench.topics.rfm.segmentation import RfmSegmentation

TABLES = {2: "eight_groups", 5: "r_rfm_vignette"}
BY = st.sampled_from([("r_score", "f_score"), ("r_score", "f_score", "m_score"), ("m_score",), ("f_score", "m_score")])


def counts(facts, kinds: dict) -> RfmCounts:
    return RfmCounts.read(arrays(rfm_condensed(facts).to_pyarrow()), **kinds)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))


@given(customers=CUSTOMERS, how=HOW, kinds=KINDS, by=BY)
@settings(max_examples=15)
def test_cuts_cells_and_sizes_in_memory_are_those_of_the_queries(customers, how, kinds, by):
    facts = company(customers)
    held, cuts = counts(facts, kinds), some_cuts(facts, how, kinds)
    assert held.cuts(**how) == cuts
    found = held.totals(held.cells(cuts), cuts.bins)
    same(found.grid(by=by), frame(rfm_cells(rfm_scores(facts, cuts=cuts, **kinds), by=by).to_pyarrow()))
    for table in {TABLES.get(cuts.bins, "levels"), "levels"}:
        rules = RfmSegmentation(cuts, table=table, weights=Weights(0.6, 0.3, 0.1), **kinds)
        asked = frame(segment_sizes(rules.assign_facts(facts), facts).to_pyarrow())
        same(found.sizes(rules.codes(), [segment.id for segment in rules.segments]), asked)
    ranks = found.ranks(rules.weights)
    for row in records(rfm_ranking(rules.assign_facts(facts), weights=rules.weights)):
        assert row["composite_rank"] == ranks[row["r_score"] - 1, row["f_score"] - 1, row["m_score"] - 1]


@pytest.mark.parametrize("method", ["quantile", "nested", "natural", "mean"])
def test_nobody_at_all_is_said_in_words(method: str):
    facts = company([])
    with pytest.raises(NothingToShow, match="No customer has a purchase"):
        counts(facts, {}).cuts(method=method)
    with pytest.raises(NothingToShow, match="No customer has a purchase"):
        rfm_cuts(facts, method=method)


@pytest.mark.parametrize("method", ["quantile", "nested", "natural", "mean"])
@pytest.mark.parametrize(
    "customers", [[(3, 1, 0, 500)], [(3, 1, 0, 500)] * 7, [(3, 1, 0, -500), (9, 2, 0, -100), (9, 2, 0, 0)]]
)
def test_one_customer_all_equal_and_refunds_alone_are_scored(customers, method: str):
    facts = company(customers)
    held = counts(facts, {"money": "average"})
    cuts = held.cuts(method=method)
    found = held.totals(held.cells(cuts), cuts.bins)
    assert found.customers.sum() == len(customers)
    assert found.cents.sum() == sum(cents for *_, cents in customers)


def test_the_average_of_a_purchase_is_rounded_half_up_to_the_cent():
    """1.01 in two orders is 0.505, so 0.51; refunds of 1.01 in two are -0.51."""
    facts = company([(1, 2, 0, 101), (1, 2, 0, -101), (1, 3, 1, 1000)])
    assert sorted(counts(facts, {"money": "average"}).worth) == [-51, 51, 333]
    assert sorted(counts(facts, {"money": "average", "count_by": "day"}).worth) == [-51, 51, 500]
    found = rfm_scores(facts, cuts=rfm_cuts(facts, bins=2), money="average").order_by("customer_id").to_pyarrow()
    assert [float(value) for value in found["average_order_value"].to_pylist()] == [0.51, -0.51, 3.33]
