"""Amounts as whole cents: what a cut point in money means for customers whose spend is a decimal."""

from __future__ import annotations

import math
from fractions import Fraction


def next_cent(cut: float) -> int:
    """Return the smallest amount that reaches a cut, in cents.

    >>> next_cent(10.1), next_cent(10.101), next_cent(-0.001)
    (1010, 1011, 0)
    """
    return math.ceil(Fraction(repr(float(cut))) * 100)
