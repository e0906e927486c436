"""ABC with frozen amounts: the same classes as by shares on the same facts, and the same amounts at a later date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, worth
from tests.analyses.segmentation_laws import assert_equals_are_equal, assert_laws, ground
from workbench.analyses.segmentation import Ground
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.pareto.query import abc_classes
from workbench.topics.pareto.segmentation import AbcSegmentation, measured_abc

LAWS = settings(max_examples=20)
DAY = date(2024, 12, 31)


def classes(rule: AbcSegmentation, facts) -> dict[str, str]:
    rows = rule.assign(Ground(DAY, facts, lambda _: facts))
    return {row["customer_id"]: row["segment"] for row in records(rows)}


@LAWS
@given(st.lists(st.integers(-300, 9000).map(lambda cents: Decimal(cents) / 100), min_size=1, max_size=12))
def test_on_the_same_facts_the_amounts_give_the_classes_of_the_shares(values):
    facts = worth(*values)
    if max(values) <= 0:
        with pytest.raises(NothingToShow):
            measured_abc(facts)
        return
    by_share = {row["customer_id"]: row["abc_class"] for row in records(abc_classes(facts))}
    assert classes(measured_abc(facts), facts) == by_share


def test_a_class_holds_its_lower_boundary_and_nothing_or_less_is_d():
    found = classes(AbcSegmentation(a_from=100, b_from=10), worth(100, "99.99", 10, "9.99", 0, -5, None))
    assert list(found.values()) == ["A", "B", "B", "C", "D", "D", "others"]


def test_everybody_is_in_one_class_and_equals_are_equal():
    company = ground(*[bought(f"c{n % 4}", f"2024-0{n + 1}-01", 100 * (n % 4)) for n in range(8)], as_of=DAY)
    rule = measured_abc(company.facts)
    assert_laws(rule, company)
    assert_equals_are_equal(rule, company)


@pytest.mark.parametrize(("a_from", "b_from"), [(10, 20), (10, 0), (-5, -10)])
def test_amounts_out_of_order_are_explained(a_from, b_from):
    with pytest.raises(ChoiceError) as refusal:
        AbcSegmentation(a_from=a_from, b_from=b_from)
    assert "A" in refusal.value.words("en")
