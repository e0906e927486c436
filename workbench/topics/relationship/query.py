"""Relationship levels held in memory, condensed, so that a repainted cell or a moved cut costs a look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.segmentation import OTHERS, Ground
from workbench.analyses.visit_rhythm import HUNDRED
from workbench.topics.relationship.segmentation import (
    CROWDS,
    LEVELS,
    SERVICES,
    WORTHS,
    RelationshipSegmentation,
    relationship_ground,
)

Whole = NDArray[np.int64]

NAMES = (*LEVELS, OTHERS)
UNKNOWN = -1
CELLS = len(WORTHS) * len(CROWDS)
"""The place of those whose margin is unknown, after the cells of the matrix."""


@dataclass(frozen=True)
class Placed:
    """Where each step stands: cell of the matrix, recommended level, actual level (place in NAMES), both as numbers."""

    cell: Whole
    wanted: Whole
    actual: Whole


@dataclass(frozen=True)
class RelationshipCounts:
    """Customers alike in market, worth and contacts, and what they add up to.

    `RelationshipSegmentation.assign` gives the same by a query; a property test holds the two together. Valid for the
    rules' worth, market and contact_days; thresholds, cuts and cells may move.

    Attributes
    ----------
    market
        The place of each step's market among all markets.
    steps
        worth (cents), is_known, contacts (-1: unknown), customers, cents, orders, recency (sums).
    """

    market: Whole
    steps: dict[str, Whole]

    @classmethod
    def read(cls, steps: dict[str, NDArray[Any]]) -> RelationshipCounts:
        """Build it from the columns that `relationship_steps` gives."""
        codes, _found = pd.factorize(steps["market"], use_na_sentinel=False)
        rest = {name: values.astype(np.int64) for name, values in steps.items() if name != "market"}
        return cls(codes.astype(np.int64), rest)

    @property
    def has_worth(self) -> bool:
        """Whether anybody's worth is known."""
        return bool(self.steps["is_known"].any())

    @property
    def has_contacts(self) -> bool:
        """Whether the contacts are known."""
        return bool((self.steps["contacts"] != UNKNOWN).any())

    def placed(self, rules: RelationshipSegmentation) -> Placed:
        """Place every step in the matrix and among the contact levels."""
        steps, known = self.steps, self.steps["is_known"] == 1
        edges = np.array([round(rules.medium_from * HUNDRED), round(rules.high_from * HUNDRED)])
        worth = len(WORTHS) - 1 - np.searchsorted(edges, steps["worth"], side="right")  # high is 0, low is 2
        group = self.market * (len(WORTHS) + 1) + np.where(known, worth, len(WORTHS))
        crowds = np.bincount(group, weights=steps["customers"])[group]
        crowd = np.where(crowds >= rules.many_from, 0, np.where(crowds < rules.few_below, 2, 1))
        cell = np.where(known, worth * len(CROWDS) + crowd, CELLS)
        levels = [LEVELS.index(level) for row in rules.matrix for level in row]
        wanted = np.array([*levels, len(LEVELS)])[cell]
        rate = steps["contacts"] * 365 / rules.contact_days
        actual = np.searchsorted(np.array(rules.contact_cuts), rate, side="right")
        return Placed(cell, wanted, np.where(steps["contacts"] == UNKNOWN, len(LEVELS), actual))

    def cells(self, rules: RelationshipSegmentation, placed: Placed) -> pd.DataFrame:
        """Sum up the nine cells: worth_level, crowd_level, level, and customers and money as in `segment_sizes`."""
        levels = [level for row in rules.matrix for level in row]
        named = pd.DataFrame(
            {
                "worth_level": np.repeat(WORTHS, len(CROWDS)),
                "crowd_level": np.tile(CROWDS, len(WORTHS)),
                "level": levels,
            }
        )
        return pd.concat([named, self._sums(placed.cell, CELLS + 1).iloc[:CELLS]], axis=1)

    def sizes(self, placed: Placed) -> pd.DataFrame:
        """Sum up the recommended levels with the columns of `segment_sizes`, most contact first."""
        sums = self._sums(placed.wanted, len(NAMES))
        sums.insert(0, "segment", NAMES)
        order = [*range(len(LEVELS))[::-1], len(LEVELS)]
        return sums.iloc[order].reset_index(drop=True)

    def contact_cells(self, placed: Placed) -> pd.DataFrame:
        """Cross recommended and actual levels: level, contact_level, service, and sums; unknown levels have no row."""
        width = len(LEVELS) + 1
        sums = self._sums(placed.wanted * width + placed.actual, width * width)
        wanted, actual = np.divmod(np.arange(width * width), width)
        both = (wanted < len(LEVELS)) & (actual < len(LEVELS))
        named = np.array(NAMES)
        service = np.array(SERVICES)[np.sign(actual - wanted) + 1]
        crossed = pd.DataFrame({"level": named[wanted], "contact_level": named[actual], "service": service})
        return pd.concat([crossed, sums], axis=1)[both].reset_index(drop=True)

    def service(self, placed: Placed) -> pd.DataFrame:
        """Sum up who is under-served, served as recommended, over-served, or unknown: service, and sums."""
        unknown = (placed.wanted == len(LEVELS)) | (placed.actual == len(LEVELS))
        sums = self._sums(
            np.where(unknown, len(SERVICES) - 1, np.sign(placed.actual - placed.wanted) + 1), len(SERVICES)
        )
        sums.insert(0, "service", SERVICES)
        return sums

    def _sums(self, groups: Whole, count: int) -> pd.DataFrame:
        """Sum customers and money by group, exactly, with the shares and averages of `segment_sizes`."""
        steps = self.steps
        customers = np.bincount(groups, weights=steps["customers"], minlength=count).astype(np.int64)
        orders = np.bincount(groups, weights=steps["orders"], minlength=count)
        recency = np.bincount(groups, weights=steps["recency"], minlength=count)
        money = np.bincount(groups, weights=steps["cents"], minlength=count) / HUNDRED  # whole cents below 2^53: exact
        whole, some = money.sum(), np.where(customers > 0, customers, np.nan)
        return pd.DataFrame(
            {
                "customer_count": customers,
                "customer_share": customers / max(int(customers.sum()), 1),
                "order_count": orders.astype(np.int64),
                "monetary": money,
                "value_share": money / whole if whole > 0 else np.nan,
                "average_order_value": money / np.where(orders > 0, orders, np.nan),
                "average_monetary": money / some,
                "average_recency_days": recency / some,
            }
        )


def relationship_steps(ground: Ground, rules: RelationshipSegmentation) -> ir.Table:
    """Condense the ground to what `RelationshipCounts.read` takes, one row per group of equals."""
    known = relationship_ground(ground, rules)
    joined = known.inner_join(
        ground.facts.select("customer_id", "monetary", "order_count", "recency_days"), "customer_id"
    )
    return joined.group_by(
        market=joined.market,
        worth=joined.worth.fill_null(0),
        is_known=joined.worth.notnull().cast("int8"),
        contacts=joined.contacts.fill_null(UNKNOWN),
    ).aggregate(
        customers=_.count(),
        cents=(_.monetary * HUNDRED).cast("int64").sum().cast("int64"),
        orders=_.order_count.sum().cast("int64"),
        recency=_.recency_days.sum().cast("int64"),
    )
