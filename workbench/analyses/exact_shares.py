"""How many of a whole a share is, counted exactly: floats make 0.07 of 100 a little more than 7."""

from __future__ import annotations

import math
from fractions import Fraction

BILLIONTHS = 1_000_000_000
"""Shares of sums are compared in whole numbers, to a billionth: in floats 0.95 - 0.15 is below 0.80."""


def share_count(share: float, whole: float) -> int:
    """Return the smallest whole number that is at least `share` of `whole`, each taken as it is written.

    >>> share_count(0.07, 100), share_count(0.2, 11), share_count(0.0, 5)
    (7, 3, 0)
    """
    return math.ceil(Fraction(repr(float(share))) * Fraction(repr(float(whole))))
