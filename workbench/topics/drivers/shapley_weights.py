"""Shapley weights (LMG): what each item adds to R², averaged over all orders in which items can be added."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import ArrayLike

from workbench.analyses.arrays import Floats

LEAST_OWN_PART = 1e-9
"""An item whose variance is explained by others but for so little adds nothing to them: the rest is rounding."""


def lmg_weights(correlations: ArrayLike, outcome: ArrayLike) -> Floats:
    """Return the part of R² that falls to each item; the parts add up to R².

    φ_j = Σ_S |S|!(p−|S|−1)!/p! [R²(S∪j) − R²(S)] over all sets S of the other items. Arguments as in
    `johnson_weights`; an item that is linear in others adds nothing to a set that holds them.

    References
    ----------
    R. H. Lindeman, P. F. Merenda, R. Z. Gold, Introduction to bivariate and multivariate analysis (1980); S.
    Lipovetsky, M. Conklin, "Analysis of regression in game theory approach", Applied Stochastic Models in Business
    and Industry 17 (2001).

    Examples
    --------
    >>> lmg_weights([[1, 0], [0, 1]], [0.6, 0.3]).round(2).tolist()
    [0.36, 0.09]
    """
    explained = explained_by_subsets(correlations, outcome)
    items = explained.shape[-1].bit_length() - 1
    size = np.array([place.bit_count() for place in range(1 << (items - 1))])
    chance = np.array([1 / (items * comb(items - 1, count)) for count in range(items)])[size]
    parts = []
    for item in range(items):
        split = explained.reshape(*explained.shape[:-1], -1, 2, 1 << item)
        added = (split[..., 1, :] - split[..., 0, :]).reshape(*explained.shape[:-1], -1)
        parts.append(added @ chance)
    weights: Floats = np.stack(parts, axis=-1)
    return weights


def explained_by_subsets(correlations: ArrayLike, outcome: ArrayLike) -> Floats:
    """Return R² of every set of items, (…, 2^p): the bits of a place say which items are in, the first the lowest.

    One item after the other is taken into half of the sets: what is left of the others and of the outcome (their
    partial covariances) is half as much with each. So all sets together cost a few times their number.
    """
    matrices, with_outcome = np.asarray(correlations, dtype=float), np.asarray(outcome, dtype=float)
    items, many = with_outcome.shape[-1], with_outcome.shape[:-1]
    left = np.zeros((*many, 1, items + 1, items + 1))
    left[..., 0, :items, :items] = matrices
    left[..., 0, :items, items] = left[..., 0, items, :items] = with_outcome
    explained = np.zeros((*many, 1))
    for _ in range(items):
        own, rest = left[..., 0, 0], left[..., 0, 1:]
        is_own = own > LEAST_OWN_PART
        scaled = np.where(is_own[..., None], rest / np.where(is_own, own, 1.0)[..., None], 0.0)
        without = left[..., 1:, 1:]
        explained = np.concatenate([explained, explained + scaled[..., -1] * rest[..., -1]], axis=-1)
        left = np.concatenate([without, without - scaled[..., :, None] * rest[..., None, :]], axis=-3)
    result: Floats = explained
    return result
