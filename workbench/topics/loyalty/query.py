"""Loyalty held in memory, condensed, so that a rule that moves costs a look-up and not a query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.segmentation import Ground
from workbench.analyses.visit_rhythm import HUNDRED
from workbench.topics.loyalty.segmentation import LOYALTY, LoyaltySegmentation, in_hundredths, rhythm_evidence

Whole = NDArray[np.int64] | NDArray[np.int32]

NAMES = tuple(segment.id for segment in LOYALTY)
LOYAL, FLEXIBLE, LAPSED = range(3)
UNKNOWN = -1
"""Stands for an unknown number in the steps; numbers themselves are never below zero."""


@dataclass(frozen=True)
class LoyaltyCounts:
    """Customers who are alike in all that the rules look at, and what they add up to.

    `LoyaltySegmentation.assign`, then `segment_sizes`, give the same figures by a query; a property test holds the two
    together. Amounts are whole cents. Valid for the rules' count_by, prior_weight, share_of and recent_days; the
    other rules may move.

    Attributes
    ----------
    steps
        By group of equals: visit_count, silent_days, silence_ratio, variation, share (hundredths; -1 is unknown),
        customers, cents, orders, recency (sums), came_later (who came after the day, for `came_back`).
    waits
        wait and customers: how many came a second time after so many days.
    """

    steps: dict[str, Whole]
    waits: dict[str, Whole]

    @classmethod
    def read(cls, steps: dict[str, NDArray[Any]], waits: dict[str, NDArray[Any]]) -> LoyaltyCounts:
        """Build it from the columns that `loyalty_steps` and `return_waits` give."""
        order = np.argsort(waits["wait"])
        return cls(
            {name: _whole(values, narrow=name != "cents") for name, values in steps.items()},
            {name: values[order].astype(np.int64) for name, values in waits.items()},
        )

    @property
    def has_rhythm(self) -> bool:
        """Whether anybody came twice, so that there is a rhythm to judge by."""
        return len(self.waits["wait"]) > 0

    @property
    def once_count(self) -> int:
        """How many came once, and have no rhythm of their own."""
        return int(self.steps["customers"][self.steps["visit_count"] == 1].sum())

    def return_limit(self, share: float) -> int | None:
        """Return how long to wait for a second visit, as the analysis `return_limit` does."""
        if not self.has_rhythm:
            return None
        so_far = np.cumsum(self.waits["customers"])
        enough = so_far * HUNDRED >= so_far[-1] * round(share * HUNDRED)
        return int(self.waits["wait"][np.argmax(enough)])

    def groups(self, rules: LoyaltySegmentation) -> NDArray[np.int8]:
        """Return for every step the place of its segment in NAMES; the sums below are of these."""
        steps, limit = self.steps, self.return_limit(rules.return_share)
        often = steps["visit_count"] > 1
        gone = often & (steps["silence_ratio"] > in_hundredths(rules.patience))
        if limit is not None:
            gone |= ~often & (steps["silent_days"] > limit)
        enough = steps["share"] >= in_hundredths(rules.least_share)
        if rules.share_of == "rhythm":
            enough |= steps["share"] == UNKNOWN
        regular = (steps["variation"] != UNKNOWN) & (steps["variation"] <= in_hundredths(rules.most_variation))
        stays = (steps["visit_count"] >= rules.fewest_visits) & regular & enough
        return np.where(gone, LAPSED, np.where(stays, LOYAL, FLEXIBLE)).astype(np.int8)

    def sizes(self, groups: NDArray[np.int8]) -> pd.DataFrame:
        """Sum up the three groups with the columns of `segment_sizes`; a group of nobody has a row of zeros."""
        sums = {name: _summed(groups, self.steps[name]) for name in ("customers", "cents", "orders", "recency")}
        customers, cents = sums["customers"], sums["cents"]
        whole, everyone = int(cents.sum()), max(int(customers.sum()), 1)
        some = np.where(customers > 0, customers, np.nan)
        return pd.DataFrame(
            {
                "segment": NAMES,
                "customer_count": customers,
                "customer_share": customers / everyone,
                "order_count": sums["orders"],
                "monetary": cents / 100,
                "value_share": cents / whole if whole > 0 else np.nan,
                "average_order_value": cents / 100 / np.where(sums["orders"] > 0, sums["orders"], np.nan),
                "average_monetary": cents / 100 / some,
                "average_recency_days": sums["recency"] / some,
            }
        )

    def silence(self, groups: NDArray[np.int8], *, step: float = 0.25, most: float = 6.0) -> pd.DataFrame:
        """Count who came twice or more by silence in usual intervals: silence (where a bin begins), segment, customers.

        The last bin takes all who are silent for longer than `most` intervals. A bin holds its lower edge.
        """
        often = self.steps["visit_count"] > 1
        width, last = in_hundredths(step), round(most / step)
        bins = np.minimum(self.steps["silence_ratio"][often] // width, last)
        cells = bins * len(NAMES) + groups[often]
        counts = np.bincount(cells, weights=self.steps["customers"][often], minlength=(last + 1) * len(NAMES))
        place, group = np.divmod(np.arange(len(counts)), len(NAMES))
        shown = pd.DataFrame(
            {"silence": place * step, "segment": np.array(NAMES)[group], "customers": counts.astype(np.int64)}
        )
        return shown[shown["customers"] > 0].reset_index(drop=True)

    def came_back(self, groups: NDArray[np.int8]) -> pd.DataFrame:
        """Say who of each group came after the day it was judged on: segment, customers, came_count, came_share."""
        customers, came = (_summed(groups, self.steps[name]) for name in ("customers", "came_later"))
        share = came / np.where(customers > 0, customers, np.nan)
        return pd.DataFrame({"segment": NAMES, "customers": customers, "came_count": came, "came_share": share})


def _whole(values: NDArray[Any], *, narrow: bool) -> Whole:
    """Hold whole numbers in as little memory as they need."""
    return values.astype(np.int32) if narrow else values.astype(np.int64)


def _summed(groups: NDArray[np.int8], values: Whole) -> Whole:
    """Sum whole numbers by group; floats hold them exactly up to 9e15."""
    return np.bincount(groups, weights=values, minlength=len(NAMES)).astype(np.int64)


def loyalty_steps(ground: Ground, rules: LoyaltySegmentation) -> ir.Table:
    """Condense the evidence to what `LoyaltyCounts.read` takes as its steps, one row per group of equals.

    Who came after the ground's day is looked up in the facts' last purchase: give facts of a later day to ask.
    """
    judged = rhythm_evidence(ground, rules)
    facts = ground.facts.select("customer_id", "monetary", "order_count", "recency_days", last_purchase_on="last_on")
    joined = judged.inner_join(facts, "customer_id")
    return joined.group_by(
        visit_count=joined.visit_count.cast("int32"),
        silent_days=joined.silent_days.cast("int32"),
        silence_ratio=joined.silence_ratio.fill_null(UNKNOWN),
        variation=(joined.interval_variation * HUNDRED).round().cast("int64").fill_null(UNKNOWN),
        share=joined[f"{rules.share_of}_share"].fill_null(UNKNOWN),
    ).aggregate(
        customers=_.count(),
        cents=(_.monetary * HUNDRED).cast("int64").sum().cast("int64"),
        orders=_.order_count.sum().cast("int64"),
        recency=_.recency_days.sum().cast("int64"),
        came_later=(_.last_purchase_on > ground.as_of).sum().cast("int64"),
    )


def return_waits(rhythm: ir.Table) -> ir.Table:
    """Count after how many days customers came a second time: wait, customers."""
    waited = rhythm.filter(rhythm.first_interval_days.notnull())
    return waited.group_by(wait=waited.first_interval_days).aggregate(customers=_.count())


def earlier(ground: Ground, day: date) -> Ground:
    """Return the ground as a judge on an earlier day would have seen it, with the facts of today beside it.

    Customers whose first purchase came later are not yet known. What became of the others is in their facts.
    """
    return replace(ground, as_of=day, facts=ground.facts.filter(ground.facts.first_on <= day))
