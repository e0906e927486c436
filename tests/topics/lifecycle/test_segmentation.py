"""Lifecycle stages: one for everyone, windows that include their last day, and the same in memory as by query."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records
from tests.analyses.segmentation_laws import assert_laws, ground
from workbench.analyses.calendar import month_ends
from workbench.analyses.segmentation import Ground, segment_sizes
from workbench.errors import ChoiceError
from workbench.store.rows import frame
from workbench.topics.lifecycle.query import LifecycleCounts, lifecycle_steps
from workbench.topics.lifecycle.segmentation import (
    STAGES,
    LifecycleSegmentation,
    lifecycle_state,
    purchase_steps,
)
from workbench.topics.lifecycle.twins import STAGE_HISTORY

AS_OF = date(2024, 12, 31)
LAWS = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
RULES = LifecycleSegmentation(new_days=30, return_days=60, at_risk_days=90, lapsed_days=180, compare_days=100)

SIX = (15, 25, 35, 45, 55, 65)

CUSTOMERS = st.lists(
    st.tuples(st.integers(0, 250), st.lists(st.integers(1, 250), max_size=5), st.integers(-300, 900)),
    min_size=1, max_size=8,
)  # fmt: skip
WINDOWS = st.builds(
    lambda short, more, most, back, growth_by, compare_days: LifecycleSegmentation(
        new_days=short, at_risk_days=short + more, lapsed_days=short + more + most, growth_by=growth_by,
        return_days=min(back, short + more), compare_days=compare_days,
    ),
    st.integers(1, 80), st.integers(0, 80), st.integers(1, 100), st.integers(1, 160),
    st.sampled_from(["monetary", "purchase_days"]), st.sampled_from([40, 90]),
)  # fmt: skip


def came(customer: str, *days_ago: int, amount: float = 100) -> list[dict]:
    return [bought(customer, str(AS_OF - timedelta(days=days)), amount) for days in days_ago]


def company(customers: list[tuple[int, list[int], int]]) -> Ground:
    lines = []
    for place, (silent, intervals, amount) in enumerate(customers):
        for nth, days in enumerate(accumulate([silent, *intervals])):
            lines += came(f"c{place}", days, amount=100 + 50 * nth)
        lines.append(bought(f"c{place}", str(AS_OF), amount, is_purchase=False))
    return ground(*lines, as_of=AS_OF)


def stages(*lines: dict, rules: LifecycleSegmentation = RULES) -> dict[str, str]:
    old = came("从前的客户", 900)  # the data reach back
    found = records(rules.assign(ground(*lines, *old, as_of=AS_OF)), "customer_id")
    return {key: row["segment"] for key, row in found.items() if key != "从前的客户"}


def in_memory(of: Ground, rules: LifecycleSegmentation, day: date | None = None) -> LifecycleCounts:
    found = lifecycle_steps(of, rules, as_of=day).to_pyarrow()
    return LifecycleCounts.read({name: found.column(name).to_numpy() for name in found.column_names})


@pytest.mark.parametrize(
    ("days_ago", "stage"),
    [
        ((30,), "new"),
        ((31,), "at_risk"),  # once, and no longer new
        ((5, 29), "new"),
        ((5, 40), "stable"),  # two purchases prove no growth
        ((5, *SIX, 206), "growing"),
        ((5, *SIX, 205), "stable"),  # the history begins within the earlier 100 days: nobody knows what came before
        ((5, *SIX[1:], 206), "stable"),  # the day that ends the window is not in it: five against none
        ((5, *SIX[1:], 105, 206), "growing"),  # the 100 days before the last purchase begin 105 days ago
        ((5, *SIX[1:], 106, 206), "stable"),
        ((90, *(85 + days for days in SIX), 291), "growing"),
        ((91, *(85 + days for days in SIX), 292), "at_risk"),
        ((180, 200), "at_risk"),
        ((181, 200), "lapsed"),
        ((0, 181), "reactivated"),
        ((0, 180), "stable"),
        ((59, 240), "reactivated"),
        ((60, 241), "stable"),  # came back, but not within the last 60 days
        ((5, 50, 240), "reactivated"),
    ],
)
def test_each_stage_holds_the_last_day_of_its_window(days_ago: tuple[int, ...], stage: str):
    assert stages(*came("王", *days_ago))["王"] == stage


def test_growth_is_by_money_or_by_days_of_purchase():
    """Twelve purchases in either window, the later ones of five times as much."""
    later, before = range(10, 106, 8), range(110, 206, 8)
    lines = [*came("王", 5), *came("王", *later, amount=500), *came("王", *before, 250)]
    assert stages(*lines)["王"] == "growing"
    assert stages(*lines, rules=replace(RULES, growth_by="purchase_days"))["王"] == "stable"


def test_exactly_the_growth_asked_for_is_not_more():
    rules = replace(RULES, least_growth=6)
    for amount, stage in ((10, "stable"), (10.01, "growing")):
        fourteen = [*came("王", *range(10, 101, 7), amount=10), *came("王", 104, amount=amount)]
        lines = [*came("王", 5), *fourteen, *came("王", 150, 160, 250, amount=10)]
        assert stages(*lines, rules=rules)["王"] == stage


def test_who_has_no_history_before_the_windows_is_not_growing_and_the_earlier_value_is_unknown():
    """Other customers' history is none of theirs."""
    of = ground(*came("王", 5, 50, 70), *came("李", 900), as_of=AS_OF)
    row = records(RULES.assign(of), "customer_id")["王"]
    assert (row["segment"], row["earlier_value"], row["recent_value"]) == ("stable", None, 200)


def test_refunds_and_cancelled_orders_move_no_stage():
    lines = [*came("王", 200, 230), *came("王", 3, amount=-50), bought("王", "2024-12-30", 9, is_cancelled=True)]
    assert stages(*lines)["王"] == "lapsed"


def test_the_evidence_says_which_silence_a_return_ended():
    of = ground(*came("王", 10, 300), as_of=AS_OF)
    row = records(RULES.assign(of), "customer_id")["王"]
    assert (row["segment"], row["returned_after_days"], row["silent_days"]) == ("reactivated", 290, 10)


@given(customers=CUSTOMERS, rules=WINDOWS)
@LAWS
def test_everyone_is_in_one_stage_and_the_sums_are_the_whole(customers, rules):
    assert_laws(rules, company(customers))


@given(customers=CUSTOMERS, rules=WINDOWS)
@LAWS
def test_equal_purchases_give_equal_stages_whatever_the_name(customers, rules):
    found = records(rules.assign(company([one for one in customers for _ in range(2)])), "customer_id")
    for place in range(len(customers)):
        assert found[f"c{2 * place}"]["segment"] == found[f"c{2 * place + 1}"]["segment"]


@given(customers=CUSTOMERS, rules=WINDOWS)
@LAWS
def test_the_stages_in_memory_are_those_of_the_query(customers, rules):
    of = company(customers)
    asked = records(segment_sizes(rules.assign(of), of.facts), "segment")
    rows = in_memory(of, rules).sizes(rules).set_index("segment")
    assert rows["customer_count"].sum() == len(customers)
    for stage, row in rows.iterrows():
        expected = asked.get(stage, {"customer_count": 0, "order_count": 0, "monetary": 0})
        assert (row["customer_count"], row["order_count"]) == (expected["customer_count"], expected["order_count"])
        assert row["monetary"] == pytest.approx(float(expected["monetary"]))
        if row["customer_count"]:
            assert row["average_recency_days"] == pytest.approx(expected["average_recency_days"])


@given(customers=CUSTOMERS, rules=WINDOWS, back=st.integers(1, 200))
@LAWS
def test_the_stages_of_an_earlier_day_are_what_that_day_would_have_said(customers, rules, back):
    day = AS_OF - timedelta(days=back)
    of = company(customers)
    then = records(rules.assign(replace(of, as_of=day, facts=of.facts.filter(of.facts.first_on <= day))))
    states = {day: lifecycle_state(purchase_steps(of, rules), rules, as_of=day)}
    for found in (
        STAGE_HISTORY.in_memory({day: in_memory(of, rules, day)}, rules),
        STAGE_HISTORY.by_query(lambda asked: frame(asked.to_pyarrow()), states, rules),
    ):
        counted = {row["segment"]: row["customer_count"] for row in found.to_dict("records") if row["customer_count"]}
        assert counted == {stage.id: n for stage in STAGES if (n := sum(row["segment"] == stage.id for row in then))}


def test_the_last_month_is_marked_by_a_day_that_is_no_month_end():
    assert month_ends(date(2025, 12, 18))[-2:] == [date(2025, 11, 30), date(2025, 12, 18)]
    assert len(month_ends(date(2025, 12, 18))) == 13
    assert len(month_ends(date(2025, 12, 31))) == 12


@pytest.mark.parametrize(
    "windows",
    [
        {"new_days": 300}, {"return_days": 300}, {"at_risk_days": 365}, {"lapsed_days": 100}, {"new_days": 0},
        {"compare_days": -5}, {"least_growth": -0.1}, {"growth_by": "visits"}, {"lapsed_days": 540.5},
    ],
)  # fmt: skip
def test_windows_that_contradict_each_other_are_refused_in_words(windows):
    with pytest.raises(ChoiceError) as refused:
        LifecycleSegmentation(**windows)
    assert refused.value.words("en")
    assert refused.value.words("zh")
