"""Cut points where many customers are equal: whoever is equal at the bottom belongs to the lowest part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def parted_at_ties(cuts: Sequence[Fraction], values: NDArray[np.int64]) -> list[Fraction]:
    """Move every cut that parts nobody to the next value above: equals at the bottom get the lowest score.

    Where one value fills several parts, its cuts coincide, and whoever has it would get all their scores at once: of 13
    who bought once and one who bought twice all would have the highest score. So a score begins only once at a value:
    the lowest score at the smallest one, the next at the first cut; another cut at the same value goes to the next
    value that somebody has. Where nobody has more, a repeated cut stays, so that equals at the top keep the highest
    score; a cut at the smallest value goes one unit up, and nobody reaches it.

    `values` are those that occur, in any order, once or more often.

    >>> [int(cut) for cut in parted_at_ties([Fraction(1), Fraction(1), Fraction(3)], np.array([1, 1, 2, 3]))]
    [2, 2, 3]
    >>> [int(cut) for cut in parted_at_ties([Fraction(2), Fraction(2)], np.array([1, 2, 2, 5]))]
    [2, 5]
    """
    begun, moved = Fraction(int(np.min(values))), list[Fraction]()
    for place, cut in enumerate(cuts):
        parts = cut
        if cut <= begun or cut in cuts[:place]:
            above = values[values > int(cut)]
            parts = Fraction(int(np.min(above))) if len(above) else max(cut, begun + 1)
        moved.append(max(parts, *moved[-1:]) if moved else parts)
    return moved
