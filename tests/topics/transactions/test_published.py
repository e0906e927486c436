"""A real shop and the sample company taken apart a second time, in pandas alone, from the raw file and the lines."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from math import prod
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.analyses.raw_files import ONLINE_RETAIL, loaded
from workbench.panels import Session
from workbench.store import collect, open_store
from workbench.topics.transactions.bridge import PeriodSales, sales_bridge
from workbench.topics.transactions.panel_sums import period_sales
from workbench.topics.transactions.query import sales_by_period

PERIODS = {"before": (date(2011, 6, 1), date(2011, 8, 31)), "this": (date(2011, 9, 1), date(2011, 11, 30))}
CENT = Decimal("0.01")


def averaged(old: list[float], new: list[float], place: int) -> float:
    """What one factor's change adds, averaged over all orders in which they could change."""
    moved = []
    for order in permutations(range(len(old))):
        changed = order[: order.index(place)]
        others = prod(new[one] if one in changed else old[one] for one in range(len(old)) if one != place)
        moved.append(others * (new[place] - old[place]))
    return sum(moved) / len(moved)


def taken_apart(lines: dict[str, pd.DataFrame], by: str) -> dict[str, float]:
    """Take sales to known customers apart: lines with customer_id, order, quantity, amount and the column `by`."""
    factors, shares, prices = {}, {}, {}
    for name, rows in lines.items():
        customers, orders = rows["customer_id"].nunique(), rows.groupby(["customer_id", "order"]).ngroups
        items, sales = rows["quantity"].sum(), rows["amount"].sum()
        factors[name] = [customers, orders / customers, items / orders, sales / items]
        sums = rows.groupby(by, dropna=False)[["quantity", "amount"]].sum()
        shares[name], prices[name] = sums["quantity"] / items, sums["amount"] / sums["quantity"]
    old, new = factors["before"], factors["this"]
    names = ["customers", "orders_per_customer", "items_per_order", "price"]
    found = {name: averaged(old, new, place) for place, name in enumerate(names)}
    segments = shares["before"].index.union(shares["this"].index)
    mix = {name: one.reindex(segments).fillna(0) for name, one in shares.items()}
    price = {name: one.reindex(segments) for name, one in prices.items()}
    price = {"before": price["before"].fillna(price["this"]), "this": price["this"].fillna(price["before"])}
    moved = ((mix["this"] - mix["before"]) * (price["before"] + price["this"]) / 2).sum()
    found["mix"] = found["price"] * moved / (new[3] - old[3])
    found["price"] -= found["mix"]
    return found


def test_a_real_shop_is_taken_apart_as_in_pandas(shared_data: Path, tmp_path: Path):
    file = shared_data / "online_retail" / "onlineretail.parquet"
    raw = pd.read_parquet(file)
    raw = raw[~raw["InvoiceNo"].astype(str).str.startswith("C")]
    raw = raw[pd.to_datetime(raw["InvoiceDate"]).between("2011-06-01", "2011-12-01", inclusive="left")]
    day = pd.to_datetime(raw["InvoiceDate"]).dt.date
    rows = pd.DataFrame(
        {
            "day": day, "customer_id": raw["CustomerID"], "order": raw["InvoiceNo"].astype(str),
            "region": raw["Country"], "quantity": raw["Quantity"].astype(int),
            # A price too low for a cent is a sale all the same.
            "is_sale": (raw["Quantity"] > 0) & (raw["UnitPrice"] > 0),
            "amount": [
                (int(count) * Decimal(str(price))).quantize(CENT, ROUND_HALF_UP)
                for count, price in zip(raw["Quantity"], raw["UnitPrice"], strict=True)
            ],
        }
    )  # fmt: skip
    inside = {name: rows[rows["day"].between(*days)] for name, days in PERIODS.items()}
    known = {name: one[one["is_sale"] & one["customer_id"].notna()] for name, one in inside.items()}
    wanted = taken_apart(
        {name: one.assign(amount=one["amount"].astype(float)) for name, one in known.items()}, by="region"
    )
    revenue = {name: one["amount"].sum() for name, one in inside.items()}

    with loaded(file, ONLINE_RETAIL, tmp_path) as store:
        totals = collect(sales_by_period(store.transactions, periods=PERIODS))
        segments = collect(sales_by_period(store.transactions, periods=PERIODS, by="region"))
        sales = PeriodSales(totals, segments)
        bridge = sales_bridge(sales, itemized=sales)
    found = dict(zip(bridge.parts["part"], bridge.parts["amount"], strict=True))
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=0.011)
    assert Decimal(str(bridge.change)) == revenue["this"] - revenue["before"]
    assert sum(Decimal(str(amount)) for amount in found.values()) == revenue["this"] - revenue["before"]


def test_the_sample_company_is_taken_apart_as_in_pandas(sample_store: Path):
    with open_store(sample_store) as store:
        session = Session(store)
        lines = store._backend.con.execute("SELECT * FROM transactions WHERE NOT is_cancelled").df()
        parts: dict[str, Any] = {"by": "category", "span": "year"}
        sales, itemized = (period_sales(session, **parts, itemized=only) for only in (False, True))
        bridge = sales_bridge(sales, itemized=itemized)
    periods = {"before": ("2023-12-01", "2024-11-30"), "this": ("2024-12-01", "2025-11-30")}
    inside = {name: lines[lines["day"].between(*map(pd.Timestamp, days))] for name, days in periods.items()}
    known = {
        name: one[one["is_purchase"] & one["quantity"].notna()].assign(
            order=one["order_id"], amount=one["amount"].astype(float)
        )
        for name, one in inside.items()
    }
    assert all(one["order"].notna().all() for one in known.values())
    found = dict(zip(bridge.parts["part"], bridge.parts["amount"], strict=True))
    wanted = taken_apart(known, by="category")
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=0.011)
    assert bridge.change == pytest.approx(inside["this"]["amount"].sum() - inside["before"]["amount"].sum(), abs=0.001)
    assert sum(round(amount * 100) for amount in found.values()) == round(bridge.change * 100)
