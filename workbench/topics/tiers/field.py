"""The measure of everybody held in memory, so that a threshold that moves costs a look-up and no query."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.exact_shares import BILLIONTHS
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.tiers.query import LOWEST_AMOUNT
from workbench.topics.tiers.segmentation import Tier, TierSegmentation, hundredths

TierMove = Literal["up", "down", "same", "unknown"]
Change = tuple[str, str, int]
"""The tier so far, the segment of the design, and how many customers."""

USUAL_SHARES = (0.05, 0.20, 0.50)
"""The parts of the customers that `measured_tiers` puts into the highest tiers, added up."""
USUAL_BUDGETS = (500, 200, 50)
USUAL_NAMES = (("Diamond", "钻石"), ("Gold", "金卡"), ("Silver", "银卡"))


@dataclass(frozen=True)
class TierField:
    """The measure of everybody by the tier they have in the data, sorted, so that a threshold is only looked up.

    Attributes
    ----------
    values
        By the tier's name in the data ("" where there is none): the values in hundredths, rising.
    """

    values: Mapping[str, NDArray[np.int64]]

    @classmethod
    def read(cls, columns: Mapping[str, NDArray[Any]]) -> TierField:
        """Build it from the columns that `tier_columns` gives; who has no value counts as lowest."""
        codes, names = pd.factorize(pd.Series(columns["tier"], dtype=object))
        named = {str(name): codes == code for code, name in enumerate(names)}
        if (codes < 0).any():
            named[""] = codes < 0
        return cls({name: np.sort(columns["hundredths"][chosen]) for name, chosen in named.items()})

    @property
    def everybody(self) -> NDArray[np.int64]:
        """The values of all, rising."""
        return np.sort(np.concatenate([*self.values.values(), np.zeros(0, dtype=np.int64)]))

    def sizes(self, design: TierSegmentation) -> pd.DataFrame:
        """Count the members of every tier, and what they cost: segment, customer_count, customer_share, cost."""
        return tier_sizes(self._changes(design, None), design)

    def moves(self, design: TierSegmentation, *, before: TierSegmentation | None = None) -> pd.DataFrame:
        """Count who moves from which tier to which: from_tier, segment, move, customer_count; nobody has no row.

        Without `before` the tiers in the data are the old ones, by their names; with it, its thresholds are.
        """
        return tier_moves(self._changes(design, before), design, before=before)

    def begins(self, shares: Sequence[float]) -> list[int | None]:
        """Find where the best customers make up these shares, as `tier_begins` does."""
        best_first = self.everybody[::-1]
        best_first = best_first[best_first > LOWEST_AMOUNT]
        places = [-(-len(best_first) * round(share * BILLIONTHS) // BILLIONTHS) for share in shares]
        return [int(best_first[max(place - 1, 0)]) if len(best_first) else None for place in places]

    def _changes(self, design: TierSegmentation, before: TierSegmentation | None) -> list[Change]:
        if before is None:
            groups = dict(self.values)
        else:
            names = [segment.names["zh"] for segment in before.segments]
            groups = dict(zip(names, _parts(self.everybody, before), strict=True))
        return [
            (name, segment.id, len(part))
            for name, values in groups.items()
            for segment, part in zip(design.segments, _parts(values, design), strict=True)
            if len(part)
        ]


def tier_sizes(changes: Iterable[Change], design: TierSegmentation) -> pd.DataFrame:
    """Lay out the members of every tier, and what they cost: segment, customer_count, customer_share, cost."""
    counts = {segment.id: 0 for segment in design.segments}
    for _from_tier, segment, count in changes:
        counts[segment] += count
    customers = np.array([*counts.values()], dtype=np.int64)
    budgets = [*(tier.budget for tier in design.tiers), 0.0]
    return pd.DataFrame(
        {
            "segment": [*counts],
            "customer_count": customers,
            "customer_share": customers / (int(customers.sum()) or math.nan),
            "cost": customers * np.array(budgets),
        }
    )


def tier_moves(
    changes: Iterable[Change], design: TierSegmentation, *, before: TierSegmentation | None = None
) -> pd.DataFrame:
    """Lay out who moves from which tier to which, the highest tier first: from_tier, segment, move, customer_count.

    `before` is the design that the old tiers are of; without it they are those in the data, known by their names.
    """
    if before is not None and before.measure != design.measure:
        raise ChoiceError("tier_measures", before=before.measure, now=design.measure)
    places = {segment.id: place for place, segment in enumerate(design.segments)}
    placed = [(_place(name, design, before), name, places[segment], count) for name, segment, count in changes]
    rows = [
        (name, design.segments[new].id, move_of(_old_place(old, design, before), new), count)
        for old, name, new, count in sorted(placed, key=lambda one: (one[0] < 0, *one[:3]))
    ]
    return pd.DataFrame(rows, columns=["from_tier", "segment", "move", "customer_count"])


def move_of(old: int, new: int) -> TierMove:
    """Say how a place moved; the highest tier is 0, and -1 is a tier the design does not know.

    >>> move_of(1, 0), move_of(0, 2), move_of(-1, 0)
    ('up', 'down', 'unknown')
    """
    if old < 0:
        return "unknown"
    return "same" if old == new else "up" if new < old else "down"


def measured_tiers(
    field: TierField, *, shares: Sequence[float] = USUAL_SHARES, budgets: Sequence[float] = USUAL_BUDGETS
) -> tuple[Tier, ...]:
    """Propose diamond, gold and silver so that they hold the first `shares` of the customers, as far as ties allow.

    A threshold is the value of the customer at the end of the share. Where equals make two thresholds one, the lower
    tier is left out.
    """
    return tiers_beginning(field.begins(shares), budgets=budgets)


def tiers_beginning(begins: Sequence[int | None], *, budgets: Sequence[float] = USUAL_BUDGETS) -> tuple[Tier, ...]:
    """Make diamond, gold and silver that begin at these hundredths; where two are one, the lower is left out."""
    tiers: list[Tier] = []
    for (name_en, name_zh), hundredth, budget in zip(USUAL_NAMES, begins, budgets, strict=True):
        if hundredth is None:
            raise NothingToShow("tier_nobody")
        if not tiers or hundredth / 100 < tiers[-1].begins:
            tiers.append(Tier(name_en, name_zh, hundredth / 100, budget))
    return tuple(tiers)


def _parts(rising: NDArray[np.int64], design: TierSegmentation) -> list[NDArray[np.int64]]:
    """Cut rising values into the tiers of a design, the highest first, standard last."""
    begins = [hundredths(tier.begins) for tier in design.tiers][::-1]
    return np.split(rising, np.searchsorted(rising, begins))[::-1]


def _place(name: str, design: TierSegmentation, before: TierSegmentation | None) -> int:
    """Find a tier so far by its name: among those of the design before, else among the new ones."""
    if before is not None:
        return [segment.names["zh"] for segment in before.segments].index(name)
    return design.place_of(name)


def _old_place(place: int, design: TierSegmentation, before: TierSegmentation | None) -> int:
    """Find an old tier among the new ones by name; where names changed, by its distance from standard."""
    if before is None:
        return place
    named = design.place_of(before.segments[place].names["zh"])
    return named if named >= 0 else max(len(design.segments) - len(before.segments) + place, 0)
