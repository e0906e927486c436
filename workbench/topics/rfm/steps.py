"""What flat and nested cut points share: checked numbers, and the least whole unit that reaches a cut."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ChoiceError

BINS = range(2, 10)
FARTHEST = 2**62
"""Cuts beyond what a whole number holds are reached by nobody, or by all."""

Steps = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Days (k), purchases by R score (bins, k), cents by R and F score (bins, bins, k); k is bins - 1."""


def reaching(cut: float, unit: int = 1) -> int:
    """Return the smallest whole number of units (cents: 100 to one) that reaches a cut.

    >>> reaching(2.5), reaching(255.804, 100), reaching(3.0)
    (3, 25581, 3)
    """
    return max(-FARTHEST, min(FARTHEST, math.ceil(Fraction(repr(float(cut))) * unit)))


def checked_cuts(name: str, values: Any, bins: int | None = None) -> tuple[float, ...]:
    """Return cut points as numbers; a ChoiceError where they do not rise, or are too few or too many."""
    try:
        cuts = tuple(float(cut) for cut in values)
    except (TypeError, ValueError):
        raise ChoiceError("rfm_cuts", name=name, value=values) from None
    counted = len(cuts) + 1 in BINS and (bins is None or len(cuts) + 1 == bins)
    if not counted or not all(map(math.isfinite, cuts)) or list(cuts) != sorted(cuts):
        raise ChoiceError("rfm_cuts", name=name, value=cuts)
    return cuts
