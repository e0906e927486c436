"""What a design of tiers means for everybody, by query: who is where, who was where before, where tiers could begin."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.exact_shares import BILLIONTHS
from workbench.analyses.segmentation import MONEY_TYPE, Ground
from workbench.topics.tiers.segmentation import TierMeasure, TierSegmentation, check_tier_measure

LOWEST_AMOUNT = -(2**63)
"""Stands for an unknown value in `tier_columns`: below every threshold."""


def tiers_before(ground: Ground, *, before: TierSegmentation | None = None) -> ir.Table:
    """Return the tier that customers have so far: the one in the data, or that of an earlier design.

    Returns
    -------
    customer_id, from_tier (the name in the data, "" where there is none; of a design the Chinese name).
    """
    if before is None:
        facts = ground.facts
        tier = facts.tier.fill_null("") if "tier" in facts.columns else ibis.literal("")
        return facts.select("customer_id", from_tier=tier)
    names = {segment.id: segment.names["zh"] for segment in before.segments}
    put = before.assign(ground)
    return put.select("customer_id", from_tier=put.segment.substitute(names))


def tier_changes(assigned: ir.Table, old: ir.Table) -> ir.Table:
    """Count customers by the tier they had and the one they get; nobody has no row.

    Parameters
    ----------
    assigned, old
        What `TierSegmentation.assign` and `tiers_before` give of the same customers.

    Returns
    -------
    from_tier, segment, customer_count.
    """
    both = assigned.select("customer_id", "segment").inner_join(old, "customer_id")
    return both.group_by("from_tier", "segment").aggregate(customer_count=_.count()).order_by("from_tier", "segment")


def tier_begins(facts: ir.Table, *, measure: TierMeasure = "monetary", shares: Sequence[float]) -> ir.Table:
    """Find the value at which the best customers make up each of these shares of all who have a value.

    It is the value of the customer at the end of the share, rounded up to a whole customer, who share it with their
    equals.

    Returns
    -------
    One row: begins_0, begins_1 … in hundredths, in the order of `shares`; null where nobody has a value.
    """
    check_tier_measure(facts, measure)
    valued = facts.select(value=(facts[measure].cast(MONEY_TYPE) * 100).cast("int64")).drop_null("value")
    steps = valued.group_by("value").aggregate(size=_.count().cast("int64"))
    counted = steps.mutate(
        heads=_.size.sum().over(ibis.cumulative_window(order_by=_.value.desc())).cast("int64"),
        everyone=_.size.sum().over(ibis.window()).cast("int64"),
    )
    reached = {
        f"begins_{place}": counted.heads * BILLIONTHS >= counted.everyone * round(share * BILLIONTHS)
        for place, share in enumerate(shares)
    }
    return counted.aggregate(**{name: counted.value.max(where=is_reached) for name, is_reached in reached.items()})


def tier_columns(facts: ir.Table, *, measure: TierMeasure = "monetary") -> ir.Table:
    """Condense the facts to what `TierField.read` takes: tier (of the data), and the measure in hundredths."""
    check_tier_measure(facts, measure)
    return facts.select(
        tier=facts.tier.nullif("") if "tier" in facts.columns else ibis.null("string"),
        hundredths=(facts[measure].cast(MONEY_TYPE) * 100).cast("int64").fill_null(LOWEST_AMOUNT),
    )
