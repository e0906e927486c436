"""The points of the core score held in memory, so that a weight that moves costs an addition and no query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from workbench.topics.core_customers.query import CRITERIA, FULL, CoreWeights

UNKNOWN = -1
TENTHS = 10


@dataclass(frozen=True)
class CoreField:
    """Everybody's points by criterion, and rank by profit; nobody's name.

    `core_scores` and `core_tenths` give the same figures by a query; a property test holds the two together.

    Attributes
    ----------
    points
        By criterion, 0 to 10,000, -1 where unknown.
    profit_rank
        1 is the best, 0 where the profit is unknown.
    """

    points: Mapping[str, NDArray[np.int32]]
    profit_rank: NDArray[np.int32]

    @classmethod
    def read(cls, columns: Mapping[str, NDArray[Any]]) -> CoreField:
        """Build it from the columns that `core_columns` gives."""
        points: dict[str, NDArray[np.int32]] = {name: columns[name].astype(np.int32) for name in CRITERIA}
        return cls(points, columns["profit_rank"].astype(np.int32))

    @property
    def customer_count(self) -> int:
        """Everybody, those without a score included."""
        return len(self.profit_rank)

    @cached_property
    def known(self) -> dict[str, int]:
        """Of how many customers each criterion is known."""
        return {name: int((self.points[name] != UNKNOWN).sum()) for name in CRITERIA}

    def scores(self, weights: CoreWeights) -> NDArray[np.int32]:
        """Return everybody's score in whole points, -1 where growth is unknown."""
        earned, counted = np.zeros((2, self.customer_count), dtype=np.int32)
        for name, weight in asdict(weights).items():
            if weight:
                earned += self._earned[name] * np.int32(weight)
                counted += self._is_known[name] * np.int32(weight)
        scores = (2 * earned + counted) // np.maximum(2 * counted, 1)
        scores[~self._is_known["growth"]] = UNKNOWN
        return scores

    def tenths(self, weights: CoreWeights) -> pd.DataFrame:
        """Count the customers by tenth of profit and of core score, as `core_tenths` does."""
        by_score, is_scored = self._score_tenths(self.scores(weights))
        cells = np.bincount(self._profit_tenth * (TENTHS + 1) + by_score * is_scored, minlength=(TENTHS + 1) ** 2)
        grid = cells.reshape(TENTHS + 1, TENTHS + 1)[1:, 1:]
        profit, core = np.nonzero(grid)
        return pd.DataFrame({"profit_tenth": profit + 1, "core_tenth": core + 1, "customer_count": grid[profit, core]})

    def scored_count(self) -> int:
        """How many have a score."""
        return int(self._is_known["growth"].sum())

    def _score_tenths(self, scores: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The tenth of the rank of each score; scores are few, so they are counted and not sorted."""
        is_scored = self._is_known["growth"]
        heads = np.bincount(scores[is_scored], minlength=FULL + 1)
        above = heads.sum() - np.cumsum(heads)
        tenth = above * TENTHS // max(int(heads.sum()), 1) + 1
        return tenth[np.maximum(scores, 0)], is_scored

    @cached_property
    def _is_known(self) -> dict[str, NDArray[np.bool_]]:
        return {name: points != UNKNOWN for name, points in self.points.items()}

    @cached_property
    def _earned(self) -> dict[str, NDArray[np.int32]]:
        return {name: np.maximum(points, 0) for name, points in self.points.items()}

    @cached_property
    def _profit_tenth(self) -> NDArray[np.int64]:
        ranked = self.profit_rank > 0
        return np.where(ranked, (self.profit_rank.astype(np.int64) - 1) * TENTHS // max(int(ranked.sum()), 1) + 1, 0)


def core_columns(points: ir.Table) -> ir.Table:
    """Condense `core_points` to what `CoreField.read` takes: points with -1 and ranks with 0 for unknown."""
    return points.select(
        **{name: points[f"{name}_points"].fill_null(UNKNOWN).cast("int32") for name in CRITERIA},
        profit_rank=_.profit_rank.fill_null(0).cast("int32"),
    )
