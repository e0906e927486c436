"""Constant customers have no growth, in the core score and as potential; a rise is found."""

from __future__ import annotations

import pytest

from tests.analyses.random_trade import random_trade
from tests.analyses.rows import records
from workbench.topics.core_customers.potential import PotentialSegmentation
from workbench.topics.core_customers.query import core_measures

RULE = PotentialSegmentation(high_from=1e9)


def test_the_growth_of_constant_customers_is_0_but_for_5_in_100_and_0_on_average(trials):
    known = [
        row["growth"]
        for row in records(core_measures(random_trade(3, trials(3000))))
        if row["growth"] is not None
    ]  # fmt: skip
    assert len(known) > 0.2 * trials(3000)
    assert sum(growth != 0 for growth in known) <= 0.05 * len(known)
    assert sum(known) / len(known) == pytest.approx(0, abs=0.02)


def test_the_growth_of_customers_who_grow_is_known(trials):
    grown = random_trade(4, trials(1000), interval_days=(15, 40), rises=3)
    known = [row["growth"] for row in records(core_measures(grown)) if row["growth"] is not None]
    assert sum(growth > 0.2 for growth in known) >= 0.4 * len(known)


def test_at_most_5_in_100_constant_customers_are_growing_potential(trials):
    rows = records(RULE.assign(random_trade(5, trials(3000))))
    assert sum(row["segment"] == "growing" for row in rows) <= 0.05 * len(rows)


def test_customers_who_come_four_times_as_often_are_growing_potential(trials):
    rows = records(RULE.assign(random_trade(6, trials(1000), interval_days=(20, 60), rises=4, rises_in=180)))
    older = [row for row in rows if row["purchases"] >= 6]
    assert sum(row["segment"] == "growing" for row in older) >= 0.5 * len(older)
