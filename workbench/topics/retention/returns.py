"""The curves of coming again, by segment: the largest segments, the others together, and the test between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from workbench.topics.retention.survival import LogRank, kaplan_meier, log_rank, median_wait

MOST_SEGMENT_LINES = 6
OTHER_SEGMENTS, NO_SEGMENT = "other_segments", "no_segment"
FEWEST_POINTS = 400
"""A line of more points looks no smoother."""


LEAST_SURE = 0.04
"""Segments are said to differ where the test gives less than this; chance alone says so in 4 to 6 % of cases then."""
FEWEST_TESTED = 30
"""Segments of fewer customers are tested together: with ten in each, chance alone sets them apart in 7 % of cases."""


@dataclass(frozen=True)
class ReturnCurves:
    """`curves` (segment, days, share, low, high, at_risk), customers by segment, the test, and the median of all.

    `soonest` is the segment whose customers come again sooner than those of every other one; None where none does.
    """

    curves: pd.DataFrame
    bases: Mapping[str, int]
    test: LogRank
    soonest: str | None
    half_days: float

    @property
    def differ(self) -> bool | None:
        """Say whether segments come again sooner or later by more than chance; None where there is no test."""
        return None if math.isnan(self.test.p_value) else self.test.p_value < LEAST_SURE


def return_curves(waits: pd.DataFrame) -> ReturnCurves:
    """Turn the rows of `waits_for_return` into the share that has come again by each day, for each segment.

    The five largest segments stand alone, all others are one; customers of none are another (NO_SEGMENT). The share is
    1 less the Kaplan–Meier estimate; the test is log-rank, between the segments drawn that have a name, those of fewer
    than FEWEST_TESTED customers together. One is soonest where it differs so from each other one as well.
    """
    grouped = waits.assign(segment=waits["segment"].astype(object).where(waits["segment"].notna(), NO_SEGMENT))
    sizes = grouped.groupby("segment")["customer_count"].sum().sort_values(ascending=False, kind="stable")
    if len(sizes) > MOST_SEGMENT_LINES:
        small = [*sizes.index[MOST_SEGMENT_LINES - 1 :]]
        grouped = grouped.assign(segment=grouped["segment"].mask(grouped["segment"].isin(small), OTHER_SEGMENTS))
        sizes = grouped.groupby("segment")["customer_count"].sum().sort_values(ascending=False, kind="stable")
    parts = [_shares(grouped[grouped["segment"] == segment]).assign(segment=segment) for segment in sizes.index]
    columns = ["segment", "days", "share", "low", "high", "at_risk"]
    curves = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    bases = {str(segment): int(size) for segment, size in sizes.items()}
    few = [*sizes.index[sizes < FEWEST_TESTED]]
    named = grouped[grouped["segment"] != NO_SEGMENT]
    named = named.assign(segment=named["segment"].mask(named["segment"].isin(few), OTHER_SEGMENTS))
    test = log_rank(named)
    return ReturnCurves(curves, bases, test, _soonest(named, test), median_wait(kaplan_meier(grouped)))


def _soonest(waits: pd.DataFrame, test: LogRank) -> str | None:
    """Name the segment with most more returns than if all were alike, if it differs beyond chance from each other one.

    That some differ does not yet say which: where one is slow, the others are not soonest, but alike.
    """
    ratio = test.rows["event_count"] / test.rows["expected_count"].where(test.rows["expected_count"] > 0)
    best = test.rows[(ratio == ratio.max()) & (ratio > 1)]["segment"].tolist()
    if len(best) != 1 or best[0] == OTHER_SEGMENTS or not test.p_value < LEAST_SURE:
        return None
    others = [segment for segment in test.rows["segment"] if segment != best[0]]
    pairs = (log_rank(waits[waits["segment"].isin([best[0], other])]) for other in others)
    return str(best[0]) if all(pair.p_value < LEAST_SURE for pair in pairs) else None


def _shares(waits: pd.DataFrame) -> pd.DataFrame:
    curve = kaplan_meier(waits)
    step = -(-len(curve) // FEWEST_POINTS)
    is_kept = pd.Series(range(len(curve))) % step == 0
    thinned = curve[is_kept.to_numpy() | (curve.index == len(curve) - 1)]
    shares = thinned.assign(share=1 - thinned["survival"], low=1 - thinned["high"], high=1 - thinned["low"])
    begin = pd.DataFrame({"days": [0], "share": [0.0], "at_risk": [waits["customer_count"].sum()]})
    return pd.concat([begin, shares], ignore_index=True)
