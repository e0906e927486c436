"""The exercises on transactions: a part of a change that does not hang on the order, and a share that rose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import prod

from workbench.panels.exercise import Exercise
from workbench.panels.session import Session
from workbench.topics.transactions.bridge import sales_bridge
from workbench.topics.transactions.panel_sums import period_sales
from workbench.topics.transactions.structure import sales_structure


def _with_customers(session: Session, *, how: str = "average") -> int:
    bridge = sales_bridge(period_sales(session, span="year"))
    parts = {row["part"]: row for row in bridge.parts.to_dict("records")}
    customers = parts["customers"]
    if how in ("whole", "average"):
        return round(bridge.change if how == "whole" else float(customers["amount"]))
    others = [parts[name]["value_before" if how == "first" else "value_this"] for name in OTHER_FACTORS]
    return round(float(prod([customers["value_this"] - customers["value_before"], *others])))


def _category(session: Session, *, largest: str = "share_shift") -> str:
    rows = sales_structure(period_sales(session, span="year", by="category").rows)
    return str(rows["sales_segment"].iloc[int(rows[largest].argmax())])


OTHER_FACTORS = ("orders_per_customer", "order_value")
EXERCISES: Mapping[str, Exercise] = {
    "transactions-1": Exercise(
        _with_customers,
        {how: partial(_with_customers, how=how) for how in ("whole", "first", "last")},
        tolerance=1.0,
    ),
    "transactions-2": Exercise(_category, {"largest": partial(_category, largest="sales_share")}),
}
