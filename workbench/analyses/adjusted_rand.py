"""How far two ways of grouping the same customers agree, beyond chance."""

from __future__ import annotations

import numpy as np

from workbench.analyses.arrays import Floats


def adjusted_rand(counts: Floats, first: Floats, second: Floats) -> float:
    """Return the adjusted Rand index of two groupings: 1 where they are the same, about 0 where chance would do.

    Parameters
    ----------
    counts
        How many customers are in each group of one and each group of the other, in any order and shape; groups that
        share nobody may be left out.
    first, second
        How many are in each group of the one and of the other.

    Returns
    -------
    float
        At most 1; unknown where both put all customers together, or all of them apart: then nothing can disagree.

    References
    ----------
    L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2 (1985).

    Examples
    --------
    >>> adjusted_rand(np.array([3.0, 2.0]), np.array([3.0, 2.0]), np.array([3.0, 2.0]))
    1.0
    """
    together, within, beside = (float((sizes * (sizes - 1)).sum()) / 2 for sizes in (counts, first, second))
    n = float(np.sum(counts))
    pairs = n * (n - 1) / 2
    expected = within * beside / pairs if pairs else np.nan
    possible = (within + beside) / 2 - expected
    return (together - expected) / possible if pairs and not np.isclose(possible, 0) else float("nan")
