"""Computed ABC: the two cut-offs taken from the curve itself instead of from a rule of thumb."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from workbench.analyses.rounding import BILLIONTHS
from workbench.errors import NothingToShow
from workbench.topics.pareto.query import Boundary


def computed_shares(values: ArrayLike, *, boundary: Boundary = "crossing") -> tuple[float, float]:
    """Return (a_share, b_share) for `abc_classes`, where the curve of cumulative share asks for them.

    x is the share of customers (highest value first), y the share of value they bring. Class A ends at the point
    nearest to the ideal (0, 1): all value from nobody. Should the break-even point, after which one more per cent of
    customers brings less than one per cent of value, come earlier, A ends there. The later of the two points gives
    x = B; class B ends at the point nearest to (B, 1). Points are whole customers (the paper's software draws a
    spline through them); values of zero and below count as customers who bring nothing.

    The shares are rounded to a billionth to the side that keeps the last customer of a class in it, as `boundary`
    reads them.

    Examples
    --------
    >>> computed_shares([60, 20, 8, 5, 3, 2, 1, 1, 0, 0])
    (0.8, 0.88)

    References
    ----------
    A. Ultsch, J. Lötsch, "Computed ABC Analysis for Rational Selection of Most Informative Variables in Multivariate
    Data", PLoS ONE 10(6), e0129767 (2015).
    """
    cents = np.rint(np.asarray(values, dtype=float) * 100)
    gains = np.sort(np.clip(cents[~np.isnan(cents)], 0, None))[::-1].astype(np.int64)
    whole = int(gains.sum())
    if whole == 0:
        raise NothingToShow("no_positive_value")

    added = gains.cumsum()
    x = np.arange(1, len(gains) + 1) / len(gains)
    y = added / whole
    nearest_ideal = int(np.argmin(x**2 + (1 - y) ** 2))
    break_even = max(int((gains * len(gains) > whole).sum()) - 1, 0)
    end_of_a, later = sorted((nearest_ideal, break_even))
    end_of_b = int(np.argmin((x - x[later]) ** 2 + (1 - y) ** 2))
    return _share(added[end_of_a], whole, boundary), _share(added[end_of_b], whole, boundary)


def _share(part: np.int64, whole: int, boundary: Boundary) -> float:
    """Round a share so that the customer at the cut-off stays on the same side of it."""
    exact = Fraction(int(part), whole) * BILLIONTHS
    whole_billionths = exact.numerator // exact.denominator
    if boundary == "inclusive" and whole_billionths < exact:
        whole_billionths += 1
    return whole_billionths / BILLIONTHS
