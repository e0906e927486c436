"""Nested cut points: F cut within R, M within both, kept per parent, equals equal."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

from tests.analyses.rows import records
from tests.topics.rfm.rfm_facts import CUSTOMERS, KINDS, company
from workbench.errors import ChoiceError
from workbench.topics.rfm import NestedCuts, rfm_cuts, rfm_scores
from workbench.topics.rfm.cuts import cuts_from

TWO = NestedCuts((30,), ((2,), (5,)), (((10,), (20,)), ((30,), (40,))))


def scores(facts, **how) -> dict[str, int]:
    return {row["customer_id"]: row["rfm_score"] for row in records(rfm_scores(facts, **how))}


def test_f_is_compared_within_r_and_m_within_both():
    """R 2 is below 30 days: there F is cut at 5; R 1 cuts F at 2. Money: (1,1) 10, (1,2) 20, (2,1) 30, (2,2) 40."""
    facts = company([(5, 4, 0, 3999), (5, 5, 0, 3999), (5, 5, 0, 4000), (40, 4, 0, 1999), (40, 1, 0, 1000)])
    assert list(scores(facts, cuts=TWO).values()) == [212, 221, 222, 121, 112]


def test_nested_cuts_part_every_parent_evenly_where_independent_ones_do_not():
    """Who came lately bought often: eight recent customers with 5 to 12 orders, eight old ones with 1 to 4."""
    recent = [(day, 5 + day, 0, 100 * day) for day in range(8)]
    old = [(100 + day, 1 + day % 4, 0, 100 * day) for day in range(8)]
    facts = company([*recent, *old])
    nested = scores(facts, cuts=rfm_cuts(facts, bins=2, method="nested"))
    flat = scores(facts, cuts=rfm_cuts(facts, bins=2))
    assert sorted(score // 10 for score in nested.values()) == [11] * 4 + [12] * 4 + [21] * 4 + [22] * 4
    assert sorted(score // 10 for score in flat.values()) == [11] * 8 + [22] * 8


@given(customers=CUSTOMERS, kinds=KINDS)
@settings(max_examples=8)
def test_each_parent_is_cut_by_the_quantiles_of_its_own_customers(customers, kinds):
    """Where a quantile parts nobody it goes to the next value; two cuts, so two cases: at the least, or repeated."""

    def parts(values: list) -> list:
        low, high = np.quantile(values, [1 / 3, 2 / 3])
        least, unit = min(values), 1 if isinstance(values[0], int) else 0.01

        def above(cut: float) -> float:
            return min((one for one in values if one > cut + 1e-6), default=cut + unit if cut <= least + 1e-6 else cut)

        first = above(low) if low <= least + 1e-6 else low
        return [first, max(first, above(high) if high <= least + 1e-6 or abs(high - low) < 1e-6 else high)]

    facts = company(customers)
    cuts = rfm_cuts(facts, bins=3, method="nested", **kinds)
    rows = records(rfm_scores(facts, cuts=cuts, **kinds))
    for r in {row["r_score"] for row in rows}:
        within = [row for row in rows if row["r_score"] == r]
        assert cuts.frequency[r - 1] == pytest.approx(parts([row["frequency"] for row in within]))
        for f in {row["f_score"] for row in within}:
            named = "average_order_value" if kinds["money"] == "average" else "monetary"
            money = [float(row[named]) for row in within if row["f_score"] == f]
            assert cuts.monetary[r - 1][f - 1] == pytest.approx(parts(money))


@given(customers=CUSTOMERS)
@settings(max_examples=20)
def test_equal_customers_get_equal_nested_scores(customers):
    facts = company([*customers, *customers])
    found = list(scores(facts, cuts=rfm_cuts(facts, bins=4, method="nested")).values())
    assert found[: len(customers)] == found[len(customers) :]


def test_a_parent_nobody_is_in_takes_the_cuts_of_its_own_parent():
    """All three came on one day: nobody has R 2, so R 2 cuts F as all three do; it is ready for a later period."""
    facts = company([(9, 1, 0, 100), (9, 2, 0, 300), (9, 3, 0, 500)])
    cuts = rfm_cuts(facts, bins=2, method="nested")
    assert cuts.frequency == ((2,), (2,))
    assert cuts.monetary[0] == cuts.monetary[1] == ((1.01,), (4,))


def test_one_customer_is_cut_and_scored():
    facts = company([(7, 1, 0, 999)])
    assert list(scores(facts, cuts=rfm_cuts(facts, method="nested")).values()) == [511]


def test_nested_cuts_are_kept_as_data_and_read_back():
    cuts = rfm_cuts(company([(d, 1 + d % 3, 0, 70 * d) for d in range(30)]), bins=3, method="nested")
    assert cuts_from(json.loads(json.dumps(cuts.as_dict()))) == cuts
    assert cuts.bins == 3


def test_parents_with_equal_customers_are_named():
    assert TWO.repeated == ()
    assert rfm_cuts(company([(1, 1, 0, 100), (9, 1, 0, 200)]), bins=4, method="nested").repeated == (
        "frequency",
        "monetary",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency": ((2,),)},
        {"frequency": (2, 3)},
        {"monetary": (((10,),), ((30,), (40,)))},
        {"monetary": (((10,), (20, 30)), ((30,), (40,)))},
        {"frequency": ((2,), ("x",))},
        {"recency_days": (float("nan"),)},
    ],
)
def test_incomplete_nested_cuts_are_refused_in_words(wrong):
    given = {"recency_days": (30,), "frequency": ((2,), (5,)), "monetary": (((10,), (20,)), ((30,), (40,)))} | wrong
    with pytest.raises(ChoiceError) as refusal:
        NestedCuts(**given)
    assert "分界点" in refusal.value.words("zh")
