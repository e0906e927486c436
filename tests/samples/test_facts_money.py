"""The planted facts about money, from the raw files by pandas alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from tests.samples.raw import AS_OF, Raw

TAXI_GROUP = "启明星出租汽车集团"


def top(spend: pd.Series, percent: int) -> pd.Series:
    """The first so many percent of the customers, rounded up."""
    return spend.iloc[: -(-len(spend) * percent // 100)]


def share(part: pd.Series, whole: pd.Series) -> float:
    return float(part.sum() / whole.sum())


def worth(spend: pd.Series) -> pd.Series:
    """The spend of those above zero: the whole that shares are taken of."""
    return spend[spend > 0]


def test_the_top_fifth_brings_exactly_74_percent(raw: Raw, facts: dict):
    found = share(top(raw.spend, 20), worth(raw.spend))
    assert found == pytest.approx(0.74, abs=1e-6)
    assert facts["top_share"] == {
        "customers": len(raw.spend),
        "top": len(top(raw.spend, 20)),
        "share": pytest.approx(found),
        "total": float(worth(raw.spend).sum()),
    }


def test_so_many_customers_bring_80_percent(raw: Raw, facts: dict):
    reached = raw.spend.cumsum() * 100 >= worth(raw.spend).sum() * 80
    needed = int(reached.to_numpy().argmax()) + 1
    assert facts["needed_for_target"] == {"count": needed, "share": needed / len(raw.spend)}


def test_the_lorenz_curve_runs_through_the_stated_points(raw: Raw, facts: dict):
    points = {f"top_{percent}": share(top(raw.spend, percent), worth(raw.spend)) for percent in (1, 5, 10, 50)}
    assert facts["lorenz_points"] == pytest.approx(points)


def test_the_taxi_group_carries_exactly_12_percent(raw: Raw, facts: dict):
    branches = raw.archive.index[raw.archive["客户名称"].str.startswith(TAXI_GROUP)]
    found = share(raw.spend[raw.spend.index.isin(branches)], worth(raw.spend))
    assert found == pytest.approx(0.12, abs=1e-6)
    assert facts["taxi_group"] == {"group": TAXI_GROUP, "branches": len(branches), "share": pytest.approx(found)}


def test_two_equal_customers_stand_where_80_percent_are_reached(raw: Raw, facts: dict):
    fact = facts["tied_pair"]
    place = facts["needed_for_target"]["count"] - 1
    tied = raw.spend[raw.spend == raw.spend.iloc[place]]
    assert sorted(tied.index) == [fact["first"], fact["second"]]
    assert set(raw.spend.iloc[place : place + 2].index) == set(tied.index)
    assert (fact["tied"], fact["amount"], fact["rank"]) == (2, float(tied.iloc[0]), place + 1)


def test_one_customer_got_back_more_than_he_paid(raw: Raw, facts: dict):
    below = raw.spend[raw.spend <= 0]
    (customer,) = below.index
    amounts = raw.sales[raw.sales.customer == customer].amount
    assert facts["net_negative"] == {"customer_id": customer, "count": 1, "sale": 680, "refund": 1080, "net": -400}
    assert sorted(amounts) == [Decimal(-1080), Decimal(680)]


def test_insurance_is_much_revenue_and_little_margin(raw: Raw, facts: dict):
    costed = raw.sales[raw.sales.cost.notna()]  # the web shop does not say what its goods cost
    own, margins = raw.sales[raw.sales.category == "保险"], costed.amount - costed.cost
    assert facts["insurance"]["revenue_share"] == pytest.approx(share(own.amount, raw.sales.amount))
    assert facts["insurance"]["margin_share"] == pytest.approx(share(margins[own.index], margins))
    assert facts["insurance"]["margin_share"] < facts["insurance"]["revenue_share"] / 4


def test_only_services_become_dearer_and_all_on_one_day(raw: Raw, facts: dict):
    listed = raw.settled[~raw.settled["product"].isin(["HT001"]) & (raw.settled["渠道"] != "")]
    fact = facts["price_rise"]
    assert fact["day"] == date(2024, 7, 1)
    dearer = set()
    for product, own in listed.groupby("product"):
        before, after = (set(own[early].unit_price) for early in (own.day < fact["day"], own.day >= fact["day"]))
        if product.startswith("BY") and before and after:
            assert max(before) < min(after)
            dearer.add(product)
        else:
            assert len(before | after) == 1, product
    assert len(dearer) == fact["products"]
    small = listed[listed["product"] == fact["product_id"]]
    assert set(small[small.day < fact["day"]].unit_price) == {fact["before"]}
    assert set(small[small.day >= fact["day"]].unit_price) == {fact["after"]}


def test_the_last_month_is_not_over(raw: Raw, facts: dict):
    month = pd.Series([f"{day:%Y-%m}" for day in raw.sales.day], index=raw.sales.index)
    sums = raw.sales.amount.groupby(month).sum()
    last, before = float(sums.iloc[-1]), float(sums.iloc[-2])
    assert raw.sales.day.max() <= AS_OF
    assert facts["incomplete_month"] == {
        "month": sums.index[-1],
        "days": AS_OF.day,
        "amount": pytest.approx(last),
        "before": pytest.approx(before),
        "change": pytest.approx(last / before - 1),
    }


def test_february_is_weak_because_of_the_spring_festival(raw: Raw, facts: dict):
    orders = raw.sales[raw.sales.amount > 0].drop_duplicates("order")
    months = pd.Series([day.month for day in orders.day]).value_counts()
    assert facts["spring_festival"]["january"] == months[1]
    assert facts["spring_festival"]["february"] == months[2]
    assert months[2] < 0.75 * months[1]


def test_nobody_buys_while_the_shops_are_closed(raw: Raw):
    for festival in (date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29)):
        holiday = {festival + timedelta(days=shift) for shift in range(7)}
        assert not holiday & set(raw.sales.day)


def test_walk_ins_have_no_customer_number(raw: Raw, facts: dict):
    own = raw.sales[raw.sales.customer == ""]
    assert facts["walk_ins"] == {"lines": len(own), "amount": float(own.amount.sum())}


def test_cancelled_orders_are_written_again(raw: Raw, facts: dict):
    own = raw.cancelled
    found = {"orders": own.order.nunique(), "lines": len(own), "amount": pytest.approx(float(own.amount.sum()))}
    assert facts["cancelled"] == found
    again = own.merge(raw.sales, on=["customer", "day", "product", "amount"], how="left", indicator=True)
    assert (again["_merge"] == "both").all()


def test_a_page_of_2023_stands_there_twice(raw: Raw, facts: dict):
    assert facts["repeated_lines"]["lines"] == raw.unreadable["repeated"]


def test_wrong_rows_are_as_many_as_stated(raw: Raw, facts: dict):
    unreadable = {name: count for name, count in raw.unreadable.items() if name != "repeated"}
    assert facts["wrong_rows"] == unreadable
