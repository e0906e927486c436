"""Invented customers whose purchases fall as chance has it, at a rate that stays or that rises."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tests.analyses.rows import CONNECTION, DATABASE, table
from workbench.analyses.facts import customer_facts
from workbench.analyses.segmentation import Ground

AS_OF = date(2024, 12, 31)


def random_trade(
    seed: int,
    customers: int,
    *,
    history_days: int = 1460,
    interval_days: tuple[float, float] = (15, 200),
    rises: float = 1.0,
    rises_in: int = 365,
) -> Ground:
    """Make customers who come by chance (a Poisson process), each at a rate of their own, and are still active.

    Each begins on a day of their own in `history_days`, spends amounts of a wide spread, and in the last `rises_in`
    days buys `rises` times as often as before: 1 is a constant customer.
    """
    draw = np.random.default_rng(seed)
    frames = []
    for number in range(customers):
        tenure = draw.uniform(1, history_days)
        mean = np.exp(draw.uniform(*np.log(interval_days)))
        later = min(tenure, rises_in)
        ago = [tenure]  # the first purchase is when a customer begins
        ago += [*draw.uniform(later, tenure, draw.poisson((tenure - later) / mean))]
        ago += [*draw.uniform(0, later, draw.poisson(later * rises / mean))]
        frames.append(pd.DataFrame({"customer_id": f"c{number:05}", "ago": np.floor(ago).astype(int)}))
    lines = pd.concat(frames, ignore_index=True)
    lines["amount"] = np.round(np.exp(draw.normal(5, 1, len(lines))), 2)
    lines["day"] = [AS_OF - timedelta(days=int(ago)) for ago in lines["ago"]]
    CONNECTION.register("random_lines", lines)
    CONNECTION.execute(
        """CREATE OR REPLACE TABLE random_trade AS
        SELECT customer_id, customer_id || '-' || row_number() OVER () AS order_id, NULL::VARCHAR AS product_id,
            NULL::VARCHAR AS region, day::DATE AS day, amount::DECIMAL(18,2) AS amount,
            NULL::DECIMAL(18,2) AS cost, false AS is_cancelled, true AS is_purchase
        FROM random_lines"""
    )
    CONNECTION.unregister("random_lines")
    sales = DATABASE.table("random_trade")
    nobody = {"customer_id": "VARCHAR", "day": "DATE", "kind": "VARCHAR", "score": "DOUBLE"}
    tables = {
        "transactions": sales,
        "interactions": table("interactions", nobody, ()),
        "surveys": table("surveys", nobody, ()),
        "customers": table("customers", {"customer_id": "VARCHAR"}, ()),
    }
    return Ground(AS_OF, customer_facts(sales, as_of=AS_OF), tables.__getitem__)
