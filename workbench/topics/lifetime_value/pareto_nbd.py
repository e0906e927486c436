"""Pareto/NBD: customers buy at random, each at an own rate, and leave at any time, each after an own span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, exprel, gammaln, logsumexp

from workbench.analyses.arrays import Floats
from workbench.topics.lifetime_value.fit import Fit, LogLikelihood, maximum_likelihood
from workbench.topics.lifetime_value.histories import MANY_HISTORIES, Histories

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_NEGLIGIBLE = 40.0
"""Powers of e that an integrand may fall before the rest of it counts for nothing."""


@dataclass(frozen=True)
class ParetoNbd:
    """Rates of purchase are gamma (`r`, `alpha`), rates of leaving are gamma (`s`, `beta`); times in one unit.

    References
    ----------
    D. C. Schmittlein, D. G. Morrison, R. Colombo, "Counting your customers: who are they and what will they do next?",
    Management Science 33 (1987); P. S. Fader, B. G. S. Hardie, "A note on deriving the Pareto/NBD model and related
    expressions" (2005).
    """

    r: float
    alpha: float
    s: float
    beta: float

    def new_customer_purchases(self, times: Floats) -> Floats:
        """Return how many purchases after the first one are expected of a new customer within each time."""
        return self.r / self.alpha * self._time_alive(self.beta, np.atleast_1d(times))

    def probability_alive(self, histories: Histories) -> Floats:
        """Return how likely it is that they have not left for good by the end of what is known."""
        stayed, left, _ = _log_parts(self, histories)
        return np.asarray(expit(stayed - left), dtype=np.float64)

    def expected_purchases(self, histories: Histories, times: Floats) -> Floats:
        """Return how many purchases are expected of each history within each time ahead: a row for each history."""
        rates = (self.r + histories.x) / (self.alpha + histories.observed)
        ahead = self._time_alive((self.beta + histories.observed)[:, None], np.atleast_1d(times)[None, :])
        return (self.probability_alive(histories) * rates)[:, None] * ahead

    def drawn_purchases(self, histories: Histories, time: float, random: np.random.Generator) -> Floats:
        """Draw how many purchases one customer of each history makes within a time ahead."""
        size = len(histories.x)
        is_alive = random.random(size) < self.probability_alive(histories)
        rates = random.gamma(self.r + histories.x) / (self.alpha + histories.observed)
        stays = random.exponential(size=size) * (self.beta + histories.observed) / random.gamma(self.s, size=size)
        return np.where(is_alive, random.poisson(rates * np.minimum(stays, time)), 0)

    def drawn_histories(self, observed: Floats, random: np.random.Generator) -> Histories:
        """Draw the history of a new customer for each time observed."""
        size = len(observed)
        stays = random.exponential(size=size) * self.beta / random.gamma(self.s, size=size)
        there = np.minimum(stays, observed)
        made = random.poisson(random.gamma(self.r, size=size) / self.alpha * there)
        last = there * random.beta(np.maximum(made, 1), 1)
        return Histories.of(made, np.where(made > 0, last, 0.0), observed)

    def _time_alive(self, behind: Floats | float, ahead: Floats) -> Floats:
        """Return the mean time alive within what lies ahead, for those alive after `behind` − so also where s is 1."""
        span = np.log1p(ahead / behind)
        return np.asarray(behind * span * exprel(-(self.s - 1) * span), dtype=np.float64)


def _log_parts(model: ParetoNbd, histories: Histories) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
    """Return the logs of how likely a history is with the customer still there, and gone since the last purchase.

    Gone is an integral over the days since, which stands where the usual hypergeometric functions cancel. The third
    part are the points of the integral as logs of alpha + y and of beta + y, and their shares in it.
    """
    x, last, end = histories.x, histories.t_x, histories.observed
    begin = np.log(model.alpha + last)
    span = np.log(model.alpha + end) - begin
    falls = model.r + x - 1
    with np.errstate(divide="ignore"):
        span = np.where(falls > 0, np.minimum(span, _NEGLIGIBLE / np.maximum(falls, 1e-12)), span)
    to_alpha = begin[:, None] + span[:, None] * (1 + _POINTS) / 2
    to_beta = np.log(np.exp(to_alpha) - model.alpha + model.beta)
    with np.errstate(divide="ignore"):
        sizes = np.log(_WEIGHTS / 2) - falls[:, None] * to_alpha - (model.s + 1) * to_beta + np.log(span)[:, None]
    whole = logsumexp(sizes, axis=1)
    shares = np.exp(sizes - np.where(np.isfinite(whole), whole, 0.0)[:, None])
    stayed = -(model.r + x) * np.log(model.alpha + end) - model.s * np.log(model.beta + end)
    return stayed, np.log(model.s) + whole, (to_alpha, to_beta, shares)


def fit_pareto_nbd(histories: Histories) -> Fit[ParetoNbd]:
    """Fit the model by maximum likelihood, each different history weighed by its customers.

    Raises
    ------
    NothingToShow
        Where there are too few customers, too few who came again, or no estimate to be had.
    """
    histories.check_enough()
    time = float(np.average(histories.observed, weights=histories.count)) or 1.0
    starts = [
        (0.5, time / 3, 0.5, time / 3),
        (1.0, time, 1.0, time),
        (0.3, time / 10, 0.3, time),
        (2.0, time, 2.0, 3 * time),
    ]
    return maximum_likelihood(
        pareto_nbd_surface(histories),
        called="Pareto/NBD",
        make=ParetoNbd,
        names=("r", "alpha", "s", "beta"),
        starts=starts,
        rough=pareto_nbd_surface(histories.rounded()) if len(histories.x) > MANY_HISTORIES // len(_POINTS) else None,
    )


def pareto_nbd_surface(histories: Histories) -> LogLikelihood:
    """Return the log-likelihood of the histories and its gradient, as a function of the logs of r, alpha, s, beta."""
    numbers, of_number = np.unique(histories.x, return_inverse=True)
    customers = np.bincount(of_number, weights=histories.count)
    x, end, count = histories.x, histories.observed, histories.count
    base = customers.sum()

    def surface(logs: Floats) -> tuple[float, Floats]:
        r, alpha, s, beta = np.exp(logs)
        stayed, left, (to_alpha, to_beta, shares) = _log_parts(ParetoNbd(r, alpha, s, beta), histories)
        height = customers @ gammaln(r + numbers) - base * gammaln(r)
        height += base * (r * np.log(alpha) + s * np.log(beta)) + count @ np.logaddexp(stayed, left)
        gone = count * expit(left - stayed)
        here = count - gone
        by_r = customers @ digamma(r + numbers) - base * digamma(r) + base * np.log(alpha)
        by_r -= here @ np.log(alpha + end) + gone @ (shares * to_alpha).sum(axis=1)
        by_alpha = base * r / alpha - here @ ((r + x) / (alpha + end))
        by_alpha -= gone @ ((r + x) * (shares * np.exp(-to_alpha)).sum(axis=1))
        by_s = base * np.log(beta) - here @ np.log(beta + end)
        by_s += gone.sum() / s - gone @ (shares * to_beta).sum(axis=1)
        by_beta = base * s / beta - s * (here @ (1 / (beta + end)))
        by_beta -= (s + 1) * (gone @ (shares * np.exp(-to_beta)).sum(axis=1))
        return float(height), np.array([by_r * r, by_alpha * alpha, by_s * s, by_beta * beta])

    return surface
