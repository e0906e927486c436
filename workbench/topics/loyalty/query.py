"""What the three groups of loyalty add up to, how long their customers have been silent, and who came since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from workbench.analyses.segment_sums import SUMS, segment_sums
from workbench.analyses.segmentation import Ground
from workbench.analyses.visit_rhythm import HUNDRED
from workbench.topics.loyalty.segmentation import LOYALTY, LoyaltySegmentation, group_of, in_hundredths, rhythm_evidence

LOYALTY_IDS = tuple(segment.id for segment in LOYALTY)
STEP, LONGEST_SILENCE = 0.25, 6.0
"""How wide a bin of silence is, and where the last begins, in usual intervals."""
ONCE = -1
"""The bin of those who came once, and have no interval of their own."""


def loyalty_measures(ground: Ground, rules: LoyaltySegmentation) -> ir.Table:
    """Set what customers add up to beside the evidence they are judged by, computed once (`ground.keep`).

    Of the rules only count_by, share_of, prior_weight and recent_days count here. Who came after the ground's day is
    looked up in the facts' last purchase: give facts of a later day to ask.
    """
    judged = rhythm_evidence(ground, rules).drop("return_limit_days")
    facts = ground.facts.select("customer_id", "monetary", "order_count", "recency_days", last_purchase_on="last_on")
    joined = judged.inner_join(facts, "customer_id")
    whole = ("visit_count", "span_days", "silent_days", "silence_ratio", f"{rules.share_of}_share")
    return ground.keep(
        joined.select(
            "interval_variation",
            **{name: joined[name].cast("int32") for name in whole},  # narrow columns are summed up faster
            cents=(joined.monetary * HUNDRED).cast("int64").fill_null(0),
            orders=joined.order_count.cast("int32"),
            recency=joined.recency_days.cast("int32"),
            came_later=(joined.last_purchase_on > ground.as_of).fill_null(False).cast("int8"),
        )
    )


def loyalty_counts(measures: ir.Table, rules: LoyaltySegmentation, *, return_limit: int | None) -> ir.Table:
    """Add up `loyalty_measures` by group and by silence in usual intervals: at most three rows for each bin.

    Returns
    -------
    segment, silence (the bin; ONCE for who came once), customers, cents, orders, recency.
    """
    sums = {name: _[name].sum().cast("int64") for name in SUMS}
    width, last = in_hundredths(STEP), round(LONGEST_SILENCE / STEP)
    ratio = measures.silence_ratio
    silence = ibis.ifelse(measures.visit_count > 1, ibis.least(ratio // width, last), ONCE).cast("int32")
    counted = _judged(measures, rules, return_limit).group_by("has_gone", "comes_regularly", silence=silence)
    grouped = counted.aggregate(customers=_.count(), **{name: sums[name] for name in SUMS if name != "customers"})
    return grouped.group_by("silence", segment=group_of(grouped.has_gone, grouped.comes_regularly)).aggregate(**sums)


def came_back(measures: ir.Table, rules: LoyaltySegmentation, *, return_limit: int | None) -> ir.Table:
    """Say who of each group came after the day it was judged on: segment, customers, came_count, came_share."""
    counted = _judged(measures, rules, return_limit).group_by("has_gone", "comes_regularly")
    grouped = counted.aggregate(customers=_.count(), came_count=_.came_later.sum().cast("int64"))
    groups = grouped.group_by(segment=group_of(grouped.has_gone, grouped.comes_regularly))
    sums = groups.aggregate(customers=_.customers.sum().cast("int64"), came_count=_.came_count.sum().cast("int64"))
    order = ibis.cases(
        *((sums.segment == name, place) for place, name in enumerate(LOYALTY_IDS)), else_=len(LOYALTY_IDS)
    )
    return sums.mutate(came_share=sums.came_count / sums.customers).order_by(order)


def _judged(measures: ir.Table, rules: LoyaltySegmentation, return_limit: int | None) -> ir.Table:
    """Judge everybody by two booleans: a million short texts would take longer to group."""
    known = measures.mutate(return_limit_days=ibis.literal(return_limit, "int64"))
    return known.mutate(has_gone=rules.has_gone(known), comes_regularly=rules.comes_regularly(known))


def loyalty_sizes(counts: pd.DataFrame) -> pd.DataFrame:
    """Sum up the three groups with the columns of `segment_sizes`; a group of nobody has a row of zeros."""
    return segment_sums(counts, LOYALTY_IDS)


def silences(counts: pd.DataFrame) -> pd.DataFrame:
    """Count who came twice or more by silence in usual intervals: silence (where a bin begins), segment, customers.

    The last bin takes all who are silent for longer than LONGEST_SILENCE intervals. A bin holds its lower edge.
    """
    often = counts[counts["silence"] != ONCE]
    placed = often.assign(silence=often["silence"] * STEP, place=often["segment"].map(LOYALTY_IDS.index))
    return placed.sort_values(["silence", "place"], ignore_index=True)[["silence", "segment", "customers"]]


def once_count(counts: pd.DataFrame) -> int:
    """Return how many came once, and have no rhythm of their own."""
    return int(counts.loc[counts["silence"] == ONCE, "customers"].sum())


def earlier(ground: Ground, day: date) -> Ground:
    """Return the ground as a judge on an earlier day would have seen it, with the facts of today beside it.

    Customers whose first purchase came later are not yet known. What became of the others is in their facts.
    """
    return replace(ground, as_of=day, facts=ground.facts.filter(ground.facts.first_on <= day))
