"""Johnson's relative weights: how much of what all items explain together falls to each, correlated as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workbench.analyses.arrays import Floats

SMALLEST_EIGENVALUE = 1e-10
"""Below this an eigenvalue of a correlation matrix is a sum of roundings: some item says nothing of its own."""


def johnson_weights(correlations: ArrayLike, outcome: ArrayLike) -> Floats:
    """Return the part of R² that falls to each item; the parts add up to R².

    The items are replaced by the uncorrelated variables nearest to them, L = QΛ^½Q' of their correlations R = QΛQ';
    the outcome is regressed on these (β* = L⁻¹r), and what each explains is handed back to the items by their share
    in it: ε = L∘² β*∘². Where items are linear in each other, Λ has zeros and L⁻¹ is the pseudo-inverse: the parts
    still add up to R², and items that are alike get alike parts.

    Parameters
    ----------
    correlations
        Of the items with each other, (…, p, p); one matrix or many.
    outcome
        Of the items with the outcome, (…, p).

    References
    ----------
    J. W. Johnson, "A heuristic method for estimating the relative weight of predictor variables in multiple
    regression", Multivariate Behavioral Research 35 (2000).

    Examples
    --------
    >>> johnson_weights([[1, 0], [0, 1]], [0.6, 0.3]).round(2).tolist()
    [0.36, 0.09]
    >>> johnson_weights([[1, 1], [1, 1]], [0.6, 0.6]).round(2).tolist()
    [0.18, 0.18]
    """
    matrices, with_outcome = np.asarray(correlations, dtype=float), np.asarray(outcome, dtype=float)
    values, vectors = np.linalg.eigh(matrices)
    is_own = values > SMALLEST_EIGENVALUE * values[..., -1:]
    roots = np.sqrt(np.where(is_own, values, 0.0))
    inverse = np.where(is_own, 1 / np.where(is_own, roots, 1.0), 0.0)
    nearest = (vectors * roots[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    projected = (np.swapaxes(vectors, -1, -2) @ with_outcome[..., None])[..., 0]
    slopes = (vectors @ (inverse * projected)[..., None])[..., 0]
    weights: Floats = (nearest**2 @ (slopes**2)[..., None])[..., 0]
    return weights
