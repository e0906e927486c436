"""A change taken apart: by hand, as laws (it adds up, prefers no order), and where there is nothing to divide by."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.topics.transactions.bridge import PeriodSales, SalesBridge, add_up, sales_bridge
from workbench.topics.transactions.structure import sales_structure

COLUMNS = [
    "period",
    "sales_segment",
    "is_known",
    "revenue",
    "gross_sales",
    "active_customers",
    "order_count",
    "item_count",
]
WITHOUT_COSTS = {"margin": float("nan"), "costed_revenue": float("nan")}


def rows(*lines: tuple[Any, ...]) -> pd.DataFrame:
    """Make rows as `sales_by_period` gives them."""
    return pd.DataFrame(list(lines), columns=COLUMNS).assign(**WITHOUT_COSTS)


def parts(bridge: SalesBridge) -> dict[str, float]:
    return dict(zip(bridge.parts["part"], bridge.parts["amount"], strict=True))


TOTALS = rows(
    ("before", None, True, 100.0, 100.0, 5, 10, 10.0),
    ("this", None, True, 270.0, 300.0, 10, 20, 40.0),
    ("this", None, False, 7.0, 7.0, 0, 1, 1.0),
)


def test_the_parts_are_those_done_by_hand():
    bridge = sales_bridge(PeriodSales(TOTALS))
    assert parts(bridge) == {
        "customers": 125.0, "orders_per_customer": 0.0, "order_value": 75.0, "nameless_sales": 7.0, "refunds": -30.0,
    }  # fmt: skip
    assert (bridge.before, bridge.this, bridge.change, bridge.dropped) == (100.0, 277.0, 177.0, ())
    with_items = sales_bridge(PeriodSales(TOTALS), itemized=PeriodSales(TOTALS)).parts.set_index("part")
    assert with_items.loc["price", ["value_before", "value_this"]].tolist() == [10.0, 7.5]
    assert with_items.loc["items_per_order", "value_this"] == 2.0
    assert with_items["amount"].sum() == 177.0


def test_more_of_the_dear_segment_is_mix_and_not_price():
    totals = rows(("before", None, True, 400, 400, 1, 1, 40), ("this", None, True, 700, 700, 1, 1, 40))
    segments = rows(
        ("before", "轮胎", True, 100, 100, 1, 1, 10), ("before", "机油", True, 300, 300, 1, 1, 30),
        ("this", "轮胎", True, 300, 300, 1, 1, 30), ("this", "机油", True, 400, 400, 1, 1, 10),
    )  # fmt: skip
    sales = PeriodSales(totals, segments)
    found = parts(sales_bridge(sales, itemized=sales))
    # Tyres stay at 10, oil rises from 10 to 40: the mix moves nothing at the old prices, 20 items by -30 at the new.
    assert (found["mix"], found["price"]) == (-300.0, 600.0)
    within = sales_bridge(sales, itemized=sales).parts.set_index("part").loc["price"]
    assert within[["value_before", "value_this"]].isna().all(), "the mean price moves with the mix as well"
    assert found["customers"] == found["orders_per_customer"] == found["items_per_order"] == 0


def test_a_segment_that_sold_in_one_period_alone_moves_the_mix():
    totals = rows(("before", None, True, 100, 100, 1, 1, 10), ("this", None, True, 150, 150, 1, 1, 10))
    segments = rows(
        ("before", "旧款", True, 100, 100, 1, 1, 10),
        ("this", "旧款", True, 50, 50, 1, 1, 5),
        ("this", None, True, 100, 100, 1, 1, 5),
    )
    sales = PeriodSales(totals, segments)
    assert parts(sales_bridge(sales, itemized=sales)) == {
        "customers": 0.0, "orders_per_customer": 0.0, "items_per_order": 0.0, "mix": 50.0, "price": 0.0,
    }  # fmt: skip


def test_sales_without_a_quantity_stand_beside_the_product():
    itemized = TOTALS[TOTALS["is_known"]].assign(gross_sales=[80.0, 200.0], revenue=[80.0, 200.0])
    found = parts(sales_bridge(PeriodSales(TOTALS), itemized=PeriodSales(itemized)))
    assert found["unitemized_sales"] == 80.0
    assert sum(found[name] for name in ("customers", "orders_per_customer", "items_per_order", "price")) == 120.0


def test_what_cannot_be_divided_is_dropped_and_said():
    nobody = TOTALS.assign(is_known=False, active_customers=0)
    bridge = sales_bridge(PeriodSales(nobody), itemized=PeriodSales(nobody))
    assert bridge.dropped == ("nobody_known",)
    assert [*parts(bridge)] == ["orders", "items_per_order", "price", "refunds"]
    new = TOTALS[TOTALS["period"] == "this"]
    assert sales_bridge(PeriodSales(new)).dropped == ("nothing_sold",)
    assert parts(sales_bridge(PeriodSales(new))) == {"sales": 300.0, "nameless_sales": 7.0, "refunds": -30.0}
    gone = sales_bridge(PeriodSales(TOTALS[TOTALS["period"] == "before"]), itemized=PeriodSales(TOTALS.iloc[:0]))
    assert (gone.change, parts(gone), gone.dropped) == (-100.0, {"sales": -100.0}, ("nothing_sold",))
    empty = sales_bridge(PeriodSales(TOTALS.iloc[:0]))
    assert (empty.change, parts(empty)) == (0.0, {})
    no_items = sales_bridge(PeriodSales(TOTALS), itemized=PeriodSales(TOTALS.assign(item_count=[10.0, 0.0, 0.0])))
    assert no_items.dropped == ("no_quantities",)
    assert no_items.parts.equals(sales_bridge(PeriodSales(TOTALS)).parts)
    only_returns = rows(("before", None, True, 50, 50, 1, 1, 1), ("this", None, True, -20, 0, 0, 0, 0))
    assert parts(sales_bridge(PeriodSales(only_returns))) == {"sales": -50.0, "refunds": -20.0}


CENTS = st.integers(1, 10**9)
SEGMENT = st.tuples(st.integers(1, 10**6), CENTS)
"""Thousandths of an item, cents."""
PERIOD = st.fixed_dictionaries(
    {
        "segments": st.dictionaries(st.sampled_from(["保养", "配件", "维修", "精品", None]), SEGMENT, min_size=1),
        "customers": st.integers(1, 50),
        "orders": st.integers(0, 400),
        "nameless": st.integers(0, 10**7),
        "refunds": st.integers(-(10**10), 0),
    }
)


def made(before: dict[str, Any], this: dict[str, Any]) -> PeriodSales:
    """Make the sums of two periods; refunds may be more than the sales."""
    totals, segments = [], []
    for name, period in (("before", before), ("this", this)):
        sales = sum(cents for _, cents in period["segments"].values())
        customers, orders = period["customers"], period["customers"] + period["orders"]
        items = sum(volume for volume, _ in period["segments"].values()) / 1000
        totals.append((name, None, True, (sales + period["refunds"]) / 100, sales / 100, customers, orders, items))
        nameless = period["nameless"] / 100
        totals.append((name, None, False, nameless, nameless, 0, int(nameless > 0), 1.0))
        segments += [
            (name, segment, True, cents / 100, cents / 100, customers, orders, volume / 1000)
            for segment, (volume, cents) in period["segments"].items()
        ]
    return PeriodSales(rows(*totals), rows(*segments))


@given(PERIOD, PERIOD)
@settings(max_examples=25)
def test_the_parts_add_up_to_the_cent_with_and_without_items_and_segments(before, this):
    sales = made(before, this)
    whole = PeriodSales(sales.totals)
    bridges = [
        sales_bridge(one, itemized=itemized)
        for one, itemized in ((sales, sales), (sales, None), (whole, whole), (whole, None))
    ]
    change = sum((1 if row.period == "this" else -1) * round(row.revenue * 100) for row in sales.totals.itertuples())
    for bridge in bridges:
        assert sum(round(amount * 100) for amount in bridge.parts["amount"]) == change == round(bridge.change * 100)
    split, plain = (bridge.parts.set_index("part")["amount"] for bridge in bridges[::2])
    for name in ("customers", "orders_per_customer", "items_per_order"):
        assert split[name] == pytest.approx(plain[name], abs=0.011), "the same whatever the segments"
    assert split["mix"] + split["price"] == pytest.approx(plain["price"], abs=0.021)


@given(PERIOD, PERIOD)
@settings(max_examples=20)
def test_a_part_is_the_average_over_all_orders_of_change_and_swapping_the_periods_turns_its_sign(before, this):
    sales = PeriodSales(made(before, this).totals)
    found = parts(sales_bridge(sales, itemized=sales))
    old, new = ([Fraction(value) for value in factors(sales.totals, name)] for name in ("before", "this"))
    for place, name in enumerate(("customers", "orders_per_customer", "items_per_order", "price")):
        moved = []
        for order in permutations(range(4)):
            changed = order[: order.index(place)]
            others = prod(new[one] if one in changed else old[one] for one in range(4) if one != place)
            moved.append(others * (new[place] - old[place]))
        assert abs(Fraction(Decimal(str(found[name]))) - sum(moved) / 24) < Fraction(1, 100)
    back = parts(sales_bridge(sales, itemized=sales, this="before", then="this"))
    assert back == pytest.approx({name: -amount for name, amount in found.items()}, abs=0.011)


def factors(totals: pd.DataFrame, period: str) -> tuple[Fraction, ...]:
    """Divide in fractions, from the cents and thousandths on."""
    row = totals[(totals["period"] == period) & totals["is_known"]].iloc[0]
    customers, orders = Fraction(int(row["active_customers"])), Fraction(int(row["order_count"]))
    items, sales = Fraction(round(row["item_count"] * 1000), 1000), Fraction(round(row["gross_sales"] * 100), 100)
    return customers, orders / customers, items / orders, sales / items


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8), st.integers(0, 7))
def test_rounded_parts_add_up_and_lie_within_one_of_the_exact(sevenths, extra):
    total = sum(sevenths) + extra
    exact = [Decimal(number) / 7 for number in [*sevenths, 7 * total - sum(sevenths)]]
    whole = add_up(exact, total)
    assert sum(whole) == total
    assert all(abs(one - other) < 1 for one, other in zip(whole, exact, strict=True))


@given(PERIOD, PERIOD)
@settings(max_examples=10)
def test_the_structure_adds_up_to_the_whole(before, this):
    structure = sales_structure(made(before, this).segments)
    assert structure["sales_share"].sum() == pytest.approx(1)
    assert structure["share_shift"].sum() == pytest.approx(0, abs=1e-9)
    assert len(structure) == len({*before["segments"], *this["segments"]})


def test_without_a_period_to_compare_with_nothing_is_compared():
    structure = sales_structure(rows(("this", "华东", True, 10, 10, 1, 1, 1)), then=None)
    assert structure[["change", "share_shift", "sales_share_before", "revenue_before"]].isna().all(axis=None)
    assert structure["sales_share"].tolist() == [1.0]
