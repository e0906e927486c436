"""Correlations as other respondents would have given them: respondents drawn again and again, each with all answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats

MOST_DRAWN_UNITS = 2_000
"""More respondents than this are put together by chance into so many groups of equal size, and groups are drawn: the
spread of a sum over groups is that over respondents, and costs as little for a million of them."""

LEAST_VARIANCE = 1e-12
"""Of a variable whose variance is one: below this all answers drawn are alike."""


@dataclass(frozen=True)
class AnswerMoments:
    """Means, variances and correlations of standardised answers, of all respondents or of many draws of them.

    `means` and `covariances` are those of the variables in standard deviations of all respondents: of all they are 0
    and the correlations.
    """

    means: Floats
    covariances: Floats

    @property
    def correlations(self) -> Floats:
        """The correlations; unknown where all answers to an item are alike."""
        variances = np.diagonal(self.covariances, axis1=-2, axis2=-1)
        roots = np.sqrt(np.where(variances > LEAST_VARIANCE, variances, np.nan))
        correlations: Floats = self.covariances / (roots[..., :, None] * roots[..., None, :])
        return correlations


def standard_scores(values: NDArray[np.float64], weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the answers in standard deviations from their means, the means and the standard deviations."""
    means: Floats = np.average(values, axis=0, weights=weights)
    spreads: Floats = np.sqrt(np.average((values - means) ** 2, axis=0, weights=weights))
    return (values - means) / np.where(spreads > 0, spreads, 1.0), means, spreads


def answer_moments(scaled: Floats, weights: Floats) -> AnswerMoments:
    """Return the moments of all respondents."""
    shares = weights / weights.sum()
    return AnswerMoments(shares @ scaled, (scaled * shares[:, None]).T @ scaled)


def drawn_moments(scaled: Floats, weights: Floats, *, draws: int, seed: int) -> AnswerMoments:
    """Return the moments of `draws` samples of as many respondents, drawn with replacement from a fixed seed."""
    random = np.random.default_rng(seed)
    count, variables = scaled.shape
    first, second = np.triu_indices(variables)
    units = min(count, MOST_DRAWN_UNITS)
    sums = np.zeros((units, 1 + variables + len(first)))
    unit = random.permutation(count) % units
    products_of_two = (scaled[:, one] * scaled[:, other] for one, other in zip(first, second, strict=True))
    for place, row in enumerate((np.ones(count), *scaled.T, *products_of_two)):
        sums[:, place] = np.bincount(unit, weights=weights * row, minlength=units)
    times = random.multinomial(units, np.full(units, 1 / units), size=draws)
    drawn = times @ sums
    means = drawn[:, 1 : variables + 1] / drawn[:, :1]
    products = np.empty((draws, variables, variables))
    products[:, first, second] = products[:, second, first] = drawn[:, variables + 1 :] / drawn[:, :1]
    return AnswerMoments(means, products - means[:, :, None] * means[:, None, :])
