"""Gamma-Gamma: what customers spend on a purchase, each about an own mean; few purchases are drawn to that of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from workbench.analyses.arrays import Floats
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.lifetime_value.fit import Fit, LogLikelihood, maximum_likelihood
from workbench.topics.lifetime_value.histories import FEWEST_REPEATED


@dataclass(frozen=True)
class GammaGamma:
    """Spend on a purchase is gamma with shape `p` and a rate that is gamma over customers (`q`, `v` in money).

    References
    ----------
    P. S. Fader, B. G. S. Hardie, "The gamma-gamma model of monetary value" (2013).
    """

    p: float
    q: float
    v: float

    @property
    def mean_spend(self) -> float:
        """What customers of whom nothing is known spend on a purchase."""
        return self.p * self.v / (self.q - 1)

    def expected_spend(self, x: Floats, mean_spend: Floats) -> Floats:
        """Return what a purchase of customers brings who spent so much, on average, on each of `x` purchases.

        It is linear in their mean: the mean of a group stands for the group, where all bought as often.
        """
        return self.p * (self.v + x * mean_spend) / (self.p * x + self.q - 1)

    def drawn_spend(self, x: Floats, mean_spend: Floats, purchases: Floats, random: np.random.Generator) -> Floats:
        """Draw what these customers spend on so many purchases ahead."""
        rates = random.gamma(self.p * x + self.q) / (self.v + x * mean_spend)
        return np.where(purchases > 0, random.gamma(self.p * np.maximum(purchases, 1)) / rates, 0.0)


def fit_gamma_gamma(x: ArrayLike, mean_spend: ArrayLike, count: ArrayLike | None = None) -> Fit[GammaGamma]:
    """Fit the model to customers who made `x` repeat purchases and spent `mean_spend` on each, on average.

    Raises
    ------
    ChoiceError
        Where somebody made no purchase or spent nothing: the model knows spend above zero alone.
    NothingToShow
        Where there are too few customers, all spend alike, or no estimate or no mean is to be had.
    """
    bought, spent = np.asarray(x, dtype=float), np.asarray(mean_spend, dtype=float)
    customers = np.ones(len(bought)) if count is None else np.asarray(count, dtype=float)
    is_wrong = ~(np.isfinite(bought) & np.isfinite(spent)) | (bought < 1) | (spent <= 0)
    if is_wrong.any():
        raise ChoiceError("value_spend", count=int(is_wrong.sum()))
    if customers.sum() < FEWEST_REPEATED:
        raise NothingToShow("value_few_spend", count=round(float(customers.sum())), least=FEWEST_REPEATED)
    if np.ptp(spent) <= 1e-9 * spent.max():
        raise NothingToShow("value_equal_spend")
    mean = float(np.average(spent, weights=customers))
    fit = maximum_likelihood(
        _surface(bought, spent, customers),
        called="Gamma-Gamma",
        make=GammaGamma,
        names=("p", "q", "v"),
        starts=[(2.0, 3.0, mean), (6.0, 4.0, mean / 2), (1.0, 2.0, mean), (20.0, 10.0, mean / 2)],
    )
    if fit.model.q <= 1:
        raise NothingToShow("value_no_mean_spend")
    return fit


def _surface(x: Floats, spent: Floats, count: Floats) -> LogLikelihood:
    numbers, of_number = np.unique(x, return_inverse=True)
    customers = np.bincount(of_number, weights=count)
    base, total, logs_of_spend = count.sum(), x * spent, np.log(spent)
    weighted = count * x
    scale = weighted @ (logs_of_spend + np.log(x))
    constant = -count @ logs_of_spend

    def surface(logs: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(logs)
        shape = p * numbers + q
        above = np.log(total + v)
        height = customers @ (gammaln(shape) - gammaln(p * numbers)) + base * (q * np.log(v) - gammaln(q))
        height += constant + p * scale - count @ ((p * x + q) * above)
        by_p = (customers * numbers) @ (digamma(shape) - digamma(p * numbers)) + scale - weighted @ above
        by_q = customers @ digamma(shape) - base * digamma(q) + base * np.log(v) - count @ above
        by_v = base * q / v - count @ ((p * x + q) / (total + v))
        return float(height), np.array([by_p * p, by_q * q, by_v * v])

    return surface
