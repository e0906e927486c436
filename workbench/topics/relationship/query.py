"""What the customers of every market, level of worth and level of contact add up to, and the levels made of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.analyses.segmentation import OTHERS, Ground
from workbench.analyses.visit_rhythm import HUNDRED
from workbench.topics.relationship.segmentation import (
    CROWDS,
    RELATIONSHIP_LEVELS,
    SERVICES,
    WORTHS,
    RelationshipSegmentation,
    contact_place,
    relationship_ground,
)

LEVEL_IDS = (*RELATIONSHIP_LEVELS, OTHERS)
UNKNOWN_PLACE = -1
MATRIX_CELLS = len(WORTHS) * len(CROWDS)
"""The place of those whose margin is unknown, after the cells of the matrix."""


@dataclass(frozen=True)
class Placed:
    """Where each row stands: cell of the matrix, recommended level, actual level (place in LEVEL_IDS), as numbers."""

    cell: Integers
    wanted: Integers
    actual: Integers


@dataclass(frozen=True)
class RelationshipCounts:
    """Customers of the same market, level of worth and level of contact, and what they add up to.

    `RelationshipSegmentation.assign` gives the same customer by customer; a property test holds the two together. The
    thresholds and the contact cuts are those the rows were asked with; how many make a crowd, and the cells, may move.

    Attributes
    ----------
    market
        The place of each row's market among all markets.
    rows
        worth (place in WORTHS; -1: unknown), contact (place in RELATIONSHIP_LEVELS; -1: unknown), customers, cents,
        orders, recency (sums).
    """

    market: Integers
    rows: dict[str, Integers]

    @classmethod
    def read(cls, rows: dict[str, NDArray[Any]]) -> RelationshipCounts:
        """Build it from the columns that `relationship_counts` gives."""
        codes, _markets = pd.factorize(rows["market"], use_na_sentinel=False)
        rest = {name: values.astype(np.int64) for name, values in rows.items() if name != "market"}
        return cls(codes.astype(np.int64), rest)

    @property
    def has_worth(self) -> bool:
        """Whether anybody's worth is known."""
        return bool((self.rows["worth"] != UNKNOWN_PLACE).any())

    @property
    def has_contacts(self) -> bool:
        """Whether the contacts are known."""
        return bool((self.rows["contact"] != UNKNOWN_PLACE).any())

    def placed(self, rules: RelationshipSegmentation) -> Placed:
        """Place every row in the matrix and among the contact levels."""
        worth, contact = self.rows["worth"], self.rows["contact"]
        group = self.market * (len(WORTHS) + 1) + worth + 1
        crowds = np.bincount(group, weights=self.rows["customers"])[group]
        crowd = np.where(crowds >= rules.many_from, 0, np.where(crowds < rules.few_below, 2, 1))
        cell = np.where(worth != UNKNOWN_PLACE, worth * len(CROWDS) + crowd, MATRIX_CELLS)
        levels = [RELATIONSHIP_LEVELS.index(level) for row in rules.matrix for level in row]
        wanted = np.array([*levels, len(RELATIONSHIP_LEVELS)])[cell]
        return Placed(cell, wanted, np.where(contact == UNKNOWN_PLACE, len(RELATIONSHIP_LEVELS), contact))

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
        return pd.concat([named, self._sums(placed.cell, MATRIX_CELLS + 1).iloc[:MATRIX_CELLS]], axis=1)

    def sizes(self, placed: Placed) -> pd.DataFrame:
        """Sum up the recommended levels with the columns of `segment_sizes`, most contact first."""
        sums = self._sums(placed.wanted, len(LEVEL_IDS))
        sums.insert(0, "segment", LEVEL_IDS)
        order = [*range(len(RELATIONSHIP_LEVELS))[::-1], len(RELATIONSHIP_LEVELS)]
        return sums.iloc[order].reset_index(drop=True)

    def contact_cells(self, placed: Placed) -> pd.DataFrame:
        """Cross recommended and actual levels: level, contact_level, service, and sums; unknown levels have no row."""
        width = len(RELATIONSHIP_LEVELS) + 1
        sums = self._sums(placed.wanted * width + placed.actual, width * width)
        wanted, actual = np.divmod(np.arange(width * width), width)
        both = (wanted < len(RELATIONSHIP_LEVELS)) & (actual < len(RELATIONSHIP_LEVELS))
        named = np.array(LEVEL_IDS)
        service = np.array(SERVICES)[np.sign(actual - wanted) + 1]
        crossed = pd.DataFrame({"level": named[wanted], "contact_level": named[actual], "service": service})
        return pd.concat([crossed, sums], axis=1)[both].reset_index(drop=True)

    def service(self, placed: Placed) -> pd.DataFrame:
        """Sum up who is under-served, served as recommended, over-served, or unknown: service, and sums."""
        unknown = (placed.wanted == len(RELATIONSHIP_LEVELS)) | (placed.actual == len(RELATIONSHIP_LEVELS))
        sums = self._sums(
            np.where(unknown, len(SERVICES) - 1, np.sign(placed.actual - placed.wanted) + 1), len(SERVICES)
        )
        sums.insert(0, "service", SERVICES)
        return sums

    def _sums(self, groups: Integers, count: int) -> pd.DataFrame:
        """Sum customers and money by group, exactly, with the shares and averages of `segment_sizes`."""
        rows = self.rows
        customers = np.bincount(groups, weights=rows["customers"], minlength=count).astype(np.int64)
        orders = np.bincount(groups, weights=rows["orders"], minlength=count)
        recency = np.bincount(groups, weights=rows["recency"], minlength=count)
        money = np.bincount(groups, weights=rows["cents"], minlength=count) / HUNDRED  # whole cents below 2^53: exact
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


def relationship_measures(ground: Ground, rules: RelationshipSegmentation) -> ir.Table:
    """Set what customers add up to beside the `relationship_ground`, computed once (`ground.keep`).

    Of the rules only worth, market and contact_days count here.

    Returns
    -------
    market, worth (cents), contacts, monetary (cents), order_count, recency_days: one row per customer.
    """
    facts = ground.facts.select("customer_id", "monetary", "order_count", "recency_days")
    joined = relationship_ground(ground, rules).inner_join(facts, "customer_id")
    money = (joined.monetary * HUNDRED).cast("int64")
    return ground.keep(joined.select("market", "worth", "contacts", "order_count", "recency_days", monetary=money))


def relationship_counts(measures: ir.Table, rules: RelationshipSegmentation) -> ir.Table:
    """Add up `relationship_measures` by market, level of worth and level of contact, as `RelationshipCounts` reads."""
    begins = zip(WORTHS, (rules.high_from, rules.medium_from), strict=False)
    reached = [(measures.worth >= round(begin * HUNDRED), WORTHS.index(level)) for level, begin in begins]
    worth = ibis.cases((measures.worth.isnull(), UNKNOWN_PLACE), *reached, else_=len(WORTHS) - 1)
    contact = contact_place(measures.contacts * 365 / rules.contact_days, rules.contact_cuts)
    return measures.group_by(
        market=measures.market, worth=worth.cast("int8"), contact=contact.fill_null(UNKNOWN_PLACE).cast("int8")
    ).aggregate(
        customers=_.count(),
        cents=_.monetary.sum().cast("int64"),
        orders=_.order_count.sum().cast("int64"),
        recency=_.recency_days.sum().cast("int64"),
    )
