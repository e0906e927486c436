"""Customer facts for the tests of RFM: days since the last purchase, orders, days with a purchase, money in cents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import ibis.expr.types as ir
from hypothesis import strategies as st

from tests.analyses.rows import table
from workbench.topics.rfm import Cuts, NestedCuts, rfm_cuts

FACTS = {
    "customer_id": "VARCHAR",
    "recency_days": "BIGINT",
    "frequency": "BIGINT",
    "order_count": "BIGINT",
    "purchase_days": "BIGINT",
    "monetary": "DECIMAL(18,2)",
}
CUSTOMERS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 6), st.integers(0, 3), st.integers(-3000, 20_000)),
    min_size=1,
    max_size=14,
)
"""Days, orders, how many orders fell on a day with another, cents."""
HOW = st.fixed_dictionaries(
    {"method": st.sampled_from(["quantile", "nested", "natural", "mean"]), "bins": st.integers(2, 5)}
)
KINDS = st.fixed_dictionaries(
    {"count_by": st.sampled_from(["order", "day"]), "money": st.sampled_from(["total", "average"])}
)


def company(customers: Sequence[tuple[int, int, int, int]]) -> ir.Table:
    """Make facts of customers c00, c01 …"""
    rows = [
        (f"c{place:02}", days, orders, orders, max(orders - shared, 1), Decimal(cents) / 100)
        for place, (days, orders, shared, cents) in enumerate(customers)
    ]
    return table("rfm_facts", FACTS, rows)


def some_cuts(facts: ir.Table, how: dict, kinds: dict) -> Cuts | NestedCuts:
    return rfm_cuts(facts, **how, **kinds)
