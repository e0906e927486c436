"""The composite RFM score: a weighted mean of the three scores, the ranking it gives, and its levels as segments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.segmentation import Segment
from workbench.errors import ChoiceError

COMPOSITE_LEVELS = "levels"
"""What stands in place of a segment table's name where the composite score itself makes the segments."""

FINEST = 10_000
"""Weights count in whole parts of ten thousand, so that a composite score is a fraction and equals are equal."""
LEEWAY = 0.0011
"""How far a sum may be off 1, so that three times 0.333 are thirds."""


@dataclass(frozen=True)
class Weights:
    """How much R, F and M count in the composite score; shares that add up to 1, by default a third each."""

    recency: float = 1 / 3
    frequency: float = 1 / 3
    monetary: float = 1 / 3

    def __post_init__(self) -> None:
        shares = astuple(self)
        if not all(isinstance(one, (int, float)) and math.isfinite(one) and one >= 0 for one in shares):
            raise ChoiceError("rfm_weights", value=shares)
        if abs(sum(shares) - 1) > LEEWAY:
            raise ChoiceError("rfm_weights_sum", value=shares, total=round(100 * sum(shares), 2))

    @property
    def parts(self) -> tuple[int, int, int]:
        """The weights as whole parts; their sum is about FINEST.

        >>> Weights(0.5, 0.25, 0.25).parts
        (5000, 2500, 2500)
        """
        r, f, m = (round(one * FINEST) for one in astuple(self))
        return r, f, m

    @property
    def without_money(self) -> Weights:
        """R and F in the same proportion, where M does not count; halves where M alone did.

        >>> Weights(0.5, 0.25, 0.25).without_money.frequency
        0.3333333333333333
        """
        both = self.recency + self.frequency
        return Weights(self.recency / both, self.frequency / both, 0) if both else Weights(0.5, 0.5, 0)

    @classmethod
    def of(cls, weights: Weights | Sequence[float]) -> Weights:
        """Read three numbers as weights."""
        if isinstance(weights, Weights):
            return weights
        if not isinstance(weights, (list, tuple)) or len(weights) != 3:
            raise ChoiceError("rfm_weights", value=weights)
        return cls(*weights)


def _weighed(r: Any, f: Any, m: Any, weights: Weights) -> Any:
    in_r, in_f, in_m = weights.parts
    return r * in_r + f * in_f + m * in_m


def composite(r: Any, f: Any, m: Any, weights: Weights) -> Any:
    """Return the weighted mean of three scores, numbers or columns.

    >>> composite(5, 3, 1, Weights(0.5, 0.25, 0.25))
    3.5
    """
    return _weighed(r, f, m, weights) / sum(weights.parts)


def level(r: Any, f: Any, m: Any, weights: Weights) -> Any:
    """Return the composite score rounded half up to a whole score, without a float.

    >>> level(5, 3, 1, Weights(0.5, 0.25, 0.25)), level(4, 3, 1, Weights(0.5, 0.25, 0.25))
    (4, 3)
    """
    whole = sum(weights.parts)
    return (2 * _weighed(r, f, m, weights) + whole) // (2 * whole)


def level_id(number: int) -> str:
    """Return the id of a level's segment."""
    return f"level_{number}"


def level_segments(bins: int) -> tuple[Segment, ...]:
    """Return the segments of the levels, the best first.

    >>> [segment.id for segment in level_segments(3)]
    ['level_3', 'level_2', 'level_1']
    """
    return tuple(
        Segment(
            level_id(number),
            {"en": f"Level {number}", "zh": f"{number} 级"},
            {
                "en": f"The weighted mean of the R, F and M scores rounds to {number} of {bins}.",
                "zh": f"R、F、M 得分的加权平均四舍五入后为 {number} 分（满分 {bins} 分）。",
            },
        )
        for number in range(bins, 0, -1)
    )


def rfm_composite(scores: ir.Table, *, weights: Weights = Weights()) -> ir.Table:
    """Add the weighted mean of the three scores.

    Returns
    -------
    The columns of `scores`, and composite_score (between 1 and the highest score).

    Examples
    --------
    >>> scores = ibis.table({"customer_id": "string", "r_score": "int32", "f_score": "int32", "m_score": "int32"})
    >>> rfm_composite(scores, weights=Weights(0.5, 0.25, 0.25)).columns[-1]
    'composite_score'
    """
    return scores.mutate(composite_score=_composite(scores, weights))


def _composite(scores: ir.Table, weights: Weights) -> ir.FloatingValue:
    weighed = _weighed(scores.r_score, scores.f_score, scores.m_score, weights)
    return weighed.cast("float64") / sum(weights.parts)


def rfm_ranking(scores: ir.Table, *, weights: Weights = Weights()) -> ir.Table:
    """Add the composite score and the place it gives among all; equals share the best place.

    Returns
    -------
    The columns of `scores`, composite_score, and composite_rank (1 is the best).
    """
    ranked = rfm_composite(scores.drop("composite_score") if "composite_score" in scores.columns else scores,
                           weights=weights)  # fmt: skip
    return ranked.mutate(composite_rank=ibis.rank().over(order_by=_.composite_score.desc()) + 1)


def rfm_levels(scores: ir.Table, *, weights: Weights = Weights()) -> ir.Table:
    """Make the whole levels of the composite score the segments: no table of rules is needed, whatever the bins.

    Returns
    -------
    The columns of `scores`, and segment ("level_1" … ).
    """
    number = level(scores.r_score, scores.f_score, scores.m_score, weights).cast("int32")
    return scores.mutate(segment=ibis.literal("level_") + number.cast("string"))
