"""Effect sizes from counts: how far two groups differ, whatever their size, and whether chance alone could do it.

Every function takes the counts of the two groups in the same bins, so that a million customers cost as much as ten.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from workbench.analyses.respondent_errors import ROUNDING

DELTA_STEPS = (0.147, 0.33, 0.474)
"""From which Cliff's delta on a difference is small, medium, large (Romano et al., 2006)."""
V_STEPS = (0.1, 0.3, 0.5)
"""From which Cramér's V on, with two groups, a difference is small, medium, large (Cohen, 1988)."""
RARE = 5
"""Below so many expected in a cell the chi-square approximation is not used."""
PERMUTATIONS = 1999
PERMUTATION_SEED = 20
EFFECT_SIZES = ("negligible", "small", "medium", "large")


def cliffs_delta(this: ArrayLike, other: ArrayLike) -> float:
    """Return how much likelier one of `this` lies above one of `other` than below: -1 (always below) to 1.

    The counts of each group stand in rising order of the measure; who lies in the same bin is equal. Nobody in a
    group: unknown. It looks at ranks alone, so that one giant customer moves it no more than any other, unlike the
    means and Cohen's d.

    References
    ----------
    N. Cliff, "Dominance statistics: ordinal analyses to answer ordinal questions", Psychological Bulletin 114 (1993).

    Examples
    --------
    >>> cliffs_delta([0, 0, 2], [1, 1, 0]), cliffs_delta([1, 1], [2, 2]), cliffs_delta([1, 1], [0, 0])
    (1.0, 0.0, nan)
    """
    a, b = _counts(this), _counts(other)
    pairs = a.sum() * b.sum()
    return float((2 * _wins(a, b) - pairs) / pairs) if pairs else float("nan")


def rank_test(this: ArrayLike, other: ArrayLike) -> float:
    """Return the two-sided p-value of the rank test: could two samples of one population differ as much?

    Mann and Whitney's U with the correction for ties and for continuity, by the normal approximation, which is rough
    below eight in a group. Nobody in a group: unknown. All equal: 1.

    References
    ----------
    H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is stochastically larger than the
    other", Annals of Mathematical Statistics 18 (1947).
    """
    a, b = _counts(this), _counts(other)
    n, m = a.sum(), b.sum()
    if not n * m:
        return float("nan")
    whole, ties = n + m, a + b
    spread = n * m / 12 * (whole + 1 - (ties**3 - ties).sum() / (whole * max(whole - 1, 1)))
    if spread <= 0:
        return 1.0
    z = (abs(_wins(a, b) - n * m / 2) - 0.5) / np.sqrt(spread)
    return float(min(1.0, 2 * stats.norm.sf(z)))


def cramers_v(this: ArrayLike, other: ArrayLike) -> float:
    """Return how strongly a category goes with the group: 0 (the same shares) to 1 (no value in common).

    Corrected for bias, so that a column of many values does not look telling by chance. Nobody in a group: unknown.

    References
    ----------
    H. Cramér, Mathematical Methods of Statistics (1946); W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's
    T", Journal of the Korean Statistical Society 42 (2013).
    """
    table = _table(this, other)
    if not table.sum(axis=1).all():
        return float("nan")
    n, values = table.sum(), table.shape[1]
    if values < 2 or n < 2:
        return 0.0
    freedom = values - 1
    by_chance = freedom / (n - 1)
    phi = _chi_square(table) / n - by_chance
    if phi < ROUNDING * by_chance:  # the root of what floats leave of zero would be a V of its own
        return 0.0
    rows, columns = 2 - 1 / (n - 1), values - freedom**2 / (n - 1)
    smaller = min(rows, columns) - 1
    return float(min(1.0, np.sqrt(phi / smaller))) if smaller > 0 else 0.0


def independence_test(this: ArrayLike, other: ArrayLike) -> float:
    """Return the p-value of Pearson's chi-square test that both groups have the same shares of every value.

    Where a value is so rare that fewer than five of it would be expected in a group, the approximation is off (its 5 %
    are up to 16 %); the customers are then shuffled between the groups PERMUTATIONS times, from a fixed seed, and the
    p-value is the share of shuffles that differ as much, the groups as they are counted with them.

    References
    ----------
    K. Pearson (1900); W. G. Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10 (1954), for
    the five; B. Phipson, G. K. Smyth, "Permutation p-values should never be zero", Statistical Applications in
    Genetics and Molecular Biology 9 (2010).
    """
    table = _table(this, other)
    if not table.sum(axis=1).all():
        return float("nan")
    freedom = table.shape[1] - 1
    if not freedom:
        return 1.0
    observed, columns, first = _chi_square(table), table.sum(axis=0), table[0].sum()
    expected = np.outer(table.sum(axis=1), columns) / table.sum()
    if expected.min() >= RARE:
        return float(stats.chi2.sf(observed, freedom))
    chance = np.random.default_rng(PERMUTATION_SEED)
    drawn = chance.multivariate_hypergeometric(
        columns.astype(np.int64), int(first), size=PERMUTATIONS, method="marginals"
    )
    shuffled = ((drawn - expected[0]) ** 2 * (1 / expected[0] + 1 / expected[1])).sum(axis=1)
    return float((1 + (shuffled >= observed * (1 - 1e-9)).sum()) / (1 + PERMUTATIONS))


def more_together(both: ArrayLike, first: ArrayLike, second: ArrayLike, *, whole: int) -> NDArray[np.float64]:
    """Return, for each pair of groups, the p-value of Fisher's exact test that no more are in both than chance gives.

    Parameters
    ----------
    both, first, second
        How many are in both groups of a pair, in its first and in its second; unknown (NaN) stays unknown.
    whole
        How many there are in all.

    References
    ----------
    R. A. Fisher, "The logic of inductive inference", Journal of the Royal Statistical Society 98 (1935).

    Examples
    --------
    >>> more_together([3, 1], [3, 2], [3, 3], whole=6).round(2).tolist()
    [0.05, 0.8]
    """
    return np.asarray(stats.hypergeom.sf(_counts(both) - 1, whole, _counts(first), _counts(second)), dtype=float)


def q_values(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Correct p-values for having asked many questions: among those with q below 0.05, 5 % are expected to be false.

    Unknown p-values (NaN) are no questions asked and stay unknown.

    References
    ----------
    Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57
    (1995).

    Examples
    --------
    >>> q_values([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    probabilities = np.asarray(p_values, dtype=float)
    known = ~np.isnan(probabilities)
    corrected = probabilities.copy()
    if known.any():
        corrected[known] = stats.false_discovery_control(probabilities[known], method="bh")
    return corrected


def holm_values(p_values: ArrayLike) -> NDArray[np.float64]:
    """Correct p-values for their number: where nothing is there, any of them is below 0.05 in 5 of 100 cases at most.

    Unknown p-values (NaN) are no questions asked and stay unknown.

    References
    ----------
    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).

    Examples
    --------
    >>> holm_values([0.01, float("nan"), 0.04, 0.03]).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    probabilities = np.asarray(p_values, dtype=float)
    corrected = np.full(len(probabilities), np.nan)
    known = np.flatnonzero(~np.isnan(probabilities))
    order = known[np.argsort(probabilities[known], kind="stable")]
    left = len(order) - np.arange(len(order))
    corrected[order] = np.minimum(np.maximum.accumulate(probabilities[order] * left), 1)
    return corrected


def size_word(effect: float, *, steps: Sequence[float] = DELTA_STEPS) -> str:
    """Name the size of an effect; unknown has no name.

    >>> size_word(-0.4), size_word(0.2, steps=V_STEPS), size_word(float("nan"))
    ('medium', 'small', '')
    """
    return "" if np.isnan(effect) else EFFECT_SIZES[int(np.searchsorted(steps, abs(effect), side="right"))]


def _counts(counts: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(counts, dtype=float)


def _wins(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Count the pairs in which one of `a` lies above one of `b`; half of those who are equal."""
    below = np.cumsum(b) - b
    return float((a * (below + b / 2)).sum())


def _table(this: ArrayLike, other: ArrayLike) -> NDArray[np.float64]:
    table = np.vstack([_counts(this), _counts(other)])
    return table[:, table.sum(axis=0) > 0]


def _chi_square(table: NDArray[np.float64]) -> float:
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())
