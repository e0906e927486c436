"""Whether two groups of questions measure two things: the heterotrait–monotrait ratio, tested against 1."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.analyses.arrays import Floats
from workbench.analyses.resampled_moments import answer_moments, drawn_moments, standard_scores
from workbench.topics.questionnaire.reliability import (
    FEWEST_FOR_RELIABILITY,
    NO_SPREAD,
    QUESTIONNAIRE_ERROR,
    RELIABILITY_DRAWS,
    RELIABILITY_SEED,
)

MOST_UNKNOWN_DRAWS = 0.05


def heterotrait_ratio(correlations: ArrayLike, *, first: int) -> Floats:
    """Return HTMT: the mean correlation of the questions of two groups with each other, by the mean within them.

    The `first` questions are the first group. One matrix or many, (…, k, k); unknown where the questions of a group do
    not go together on average, which leaves nothing to compare with.

    References
    ----------
    J. Henseler, C. M. Ringle, M. Sarstedt, "A new criterion for assessing discriminant validity in variance-based
    structural equation modeling", Journal of the Academy of Marketing Science 43 (2015).

    Examples
    --------
    >>> block = [[1, 0.5, 0.2, 0.2], [0.5, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.8], [0.2, 0.2, 0.8, 1]]
    >>> round(float(heterotrait_ratio(block, first=2)), 4)
    0.3162
    """
    matrices = np.asarray(correlations, dtype=float)
    across = matrices[..., :first, first:].mean(axis=(-1, -2))
    within = _mean_within(matrices[..., :first, :first]) * _mean_within(matrices[..., first:, first:])
    is_known = (within > 0) & (_mean_within(matrices[..., :first, :first]) > 0)
    ratios: Floats = across / np.sqrt(np.where(is_known, within, np.nan))
    return ratios


def construct_pairs(answers: Mapping[str, NDArray[np.float64]], *, draws: int = RELIABILITY_DRAWS) -> pd.DataFrame:
    """Compare every two groups of questions by those who answered both whole.

    `answers` as in `construct_reliability`, the rows of all groups being the same respondents. `stands` is "distinct"
    where the upper end of the interval lies below 1, else "unclear"; the upper ends of all pairs hold together in 95 %
    of cases (Bonferroni). Pairs that too few answered or whose ratio is unknown are "unknown".

    Returns
    -------
    first, second, respondents, ratio, ratio_high, stands.
    """
    pairs = list(combinations(answers, 2))
    level = QUESTIONNAIRE_ERROR / max(len(pairs), 1)
    rows = []
    for one, other in pairs:
        both = np.hstack([answers[one], answers[other]])
        complete = both[~np.isnan(both).any(axis=1)]
        ratio, high = np.nan, np.nan
        if len(complete) >= FEWEST_FOR_RELIABILITY and (complete.std(axis=0) >= NO_SPREAD).all():
            ratio, high = _ratio_with_end(complete, answers[one].shape[1], draws=draws, level=level)
        known = not (np.isnan(ratio) or np.isnan(high))
        stands = ("distinct" if high < 1 else "unclear") if known else "unknown"
        rows.append((one, other, len(complete), ratio, high, stands))
    return pd.DataFrame(rows, columns=["first", "second", "respondents", "ratio", "ratio_high", "stands"])


def _ratio_with_end(complete: NDArray[np.float64], first: int, *, draws: int, level: float) -> tuple[float, float]:
    """Return the ratio and the upper end of its interval; unknown where too many draws leave none."""
    ordered, weights = complete[np.lexsort(complete.T)], np.ones(len(complete))
    scaled, _, _ = standard_scores(ordered, weights)
    drawn = drawn_moments(scaled, weights, draws=draws, seed=RELIABILITY_SEED)
    ratios = heterotrait_ratio(drawn.correlations, first=first)
    is_known = np.isnan(ratios).mean() <= MOST_UNKNOWN_DRAWS
    ratio = float(heterotrait_ratio(answer_moments(scaled, weights).correlations, first=first))
    return ratio, float(np.nanquantile(ratios, 1 - level)) if is_known else np.nan


def _mean_within(matrices: Floats) -> Floats:
    count = matrices.shape[-1]
    if count < 2:
        return np.full(matrices.shape[:-2], np.nan)
    first, second = np.triu_indices(count, k=1)
    means: Floats = matrices[..., first, second].mean(axis=-1)
    return means
