"""BG/NBD: customers buy at random, each at an own rate, and may leave after any purchase, each with an own chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import digamma, expit, gammaln

from workbench.analyses.arrays import Floats
from workbench.topics.lifetime_value.fit import Fit, LogLikelihood, maximum_likelihood
from workbench.topics.lifetime_value.histories import MANY_HISTORIES, Histories

_NODES = ((5.0, 24), (50.0, 64), (1_000.0, 192), (np.inf, 512))
"""How many points an average over the chances to leave takes, by how long the time ahead is against that behind."""
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class BgNbd:
    """Rates of purchase are gamma (`r`, `alpha` in the unit of time), chances to leave are beta (`a`, `b`).

    References
    ----------
    P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD
    model", Marketing Science 24 (2005).
    """

    r: float
    alpha: float
    a: float
    b: float

    def new_customer_purchases(self, times: Floats) -> Floats:
        """Return how many purchases after the first one are expected of a new customer within each time.

        >>> BgNbd(0.2426, 4.4136, 0.7929, 2.4259).new_customer_purchases(np.array([0.0, 52.0])).round(3).tolist()
        [0.0, 1.444]
        """
        return self._while_alive(np.zeros(1), np.zeros(1), np.atleast_1d(times)).ravel()

    def probability_alive(self, histories: Histories) -> Floats:
        """Return how likely it is that they have not left for good by the end of what is known.

        Who bought once is alive by this model's reading: leaving comes after a repeat purchase only.
        """
        x, again = histories.x, histories.x > 0
        silent = np.log((self.alpha + histories.observed) / (self.alpha + histories.t_x))
        with np.errstate(divide="ignore"):
            odds = np.log(self.a) - np.log(np.where(again, self.b + x - 1, 1.0)) + (self.r + x) * silent
        return np.where(again, expit(-odds), 1.0)

    def expected_purchases(self, histories: Histories, times: Floats) -> Floats:
        """Return how many purchases are expected of each history within each time ahead: a row for each history."""
        ahead = self._while_alive(histories.x, histories.observed, np.atleast_1d(times))
        return self.probability_alive(histories)[:, None] * ahead

    def drawn_purchases(self, histories: Histories, time: float, random: np.random.Generator) -> Floats:
        """Draw how many purchases one customer of each history makes within a time ahead."""
        x = histories.x
        is_alive = random.random(len(x)) < self.probability_alive(histories)
        rates = random.gamma(self.r + x) / (self.alpha + histories.observed)
        leaving = np.maximum(random.beta(self.a, self.b + x), np.finfo(float).tiny)
        until_left = np.ceil(np.log(random.random(len(x))) / np.log1p(-np.minimum(leaving, 1 - 1e-16)))
        return np.where(is_alive, np.minimum(random.poisson(rates * time), np.maximum(until_left, 1)), 0)

    def drawn_histories(self, observed: Floats, random: np.random.Generator) -> Histories:
        """Draw the history of a new customer for each time observed."""
        size = len(observed)
        wanted = random.poisson(random.gamma(self.r, size=size) / self.alpha * observed)
        made = np.minimum(wanted, random.geometric(np.maximum(random.beta(self.a, self.b, size), 1e-12)))
        share = random.beta(np.maximum(made, 1), wanted - made + 1)
        return Histories.of(made, np.where(made > 0, share * observed, 0.0), observed)

    def _while_alive(self, x: Floats, observed: Floats, times: Floats) -> Floats:
        """Average (1 − exp(−λpt)) / p over rates and chances as known, for those who have not left.

        Over the rates it has a closed form; over the chances it is a Gauss–Jacobi sum, which unlike the usual
        hypergeometric function stands for any number of purchases and any a.
        """
        ahead = np.zeros((len(x), len(times)))
        least = self.alpha + (float(np.min(observed)) if len(observed) else 0.0)
        furthest = float(np.max(times)) / least if len(times) else 0.0
        nodes = next(count for most, count in _NODES if furthest <= most)
        for bought in np.unique(x):
            chances, weights = beta_quadrature(self.a, self.b + bought, nodes)
            (rows,) = np.nonzero(x == bought)
            for part in np.array_split(rows, len(rows) // _ROWS_AT_ONCE + 1):
                for place, time in enumerate(times):
                    scaled = time / (self.alpha + observed[part])
                    made = -np.expm1(-(self.r + bought) * np.log1p(np.outer(scaled, chances)))
                    ahead[part, place] = made @ (weights / chances)
        return ahead


def beta_quadrature(a: float, b: float, nodes: int) -> tuple[Floats, Floats]:
    """Return points in (0, 1) and weights that add up to 1, for averages over a beta distribution (Golub–Welsch).

    >>> points, weights = beta_quadrature(0.8, 2.4, 8)
    >>> round(float(points @ weights), 6)
    0.25
    """
    left, right = a - 1, b - 1
    k = np.arange(1, nodes, dtype=float)
    double = 2 * k + left + right
    middle = np.concatenate([[(left - right) / (left + right + 2)], (left**2 - right**2) / (double * (double + 2))])
    # For k = 1 the general form is 0/0 where a + b = 1: its factor k + left + right is cancelled by hand.
    beside = 4 * k * (k + left) * (k + right) / double**2 / (double + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        beside *= np.where(k == 1, 1.0, (k + left + right) / (double - 1))
    points, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.clip((1 + points) / 2, np.finfo(float).tiny, 1.0), vectors[0] ** 2


def fit_bg_nbd(histories: Histories) -> Fit[BgNbd]:
    """Fit the model by maximum likelihood, each different history weighed by its customers.

    Raises
    ------
    NothingToShow
        Where there are too few customers, too few who came again, or no estimate to be had.
    """
    histories.check_enough()
    time = float(np.average(histories.observed, weights=histories.count)) or 1.0
    starts = [(0.5, time / 4, 1.0, 2.5), (1.0, time, 0.5, 5.0), (0.2, time / 10, 2.0, 2.0), (3.0, time, 0.3, 1.0)]
    return maximum_likelihood(
        bg_nbd_surface(histories),
        called="BG/NBD",
        make=BgNbd,
        names=("r", "alpha", "a", "b"),
        starts=starts,
        rough=bg_nbd_surface(histories.rounded()) if len(histories.x) > MANY_HISTORIES else None,
    )


def bg_nbd_surface(histories: Histories) -> LogLikelihood:
    """Return the log-likelihood of the histories and its gradient, as a function of the logs of r, alpha, a, b."""
    again = histories.x > 0
    numbers, first = np.unique(histories.x, return_inverse=True)
    customers = np.bincount(first, weights=histories.count)
    once, many = histories.observed[~again], histories.observed[again]
    once_count, count = histories.count[~again], histories.count[again]
    x, of_number = histories.x[again], first[again]
    # Times are whole days mostly: a logarithm for each different one, and not for each history, is half of the work.
    ends, of_end = np.unique(many, return_inverse=True)
    lasts, of_last = np.unique(histories.t_x[again], return_inverse=True)

    def surface(logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        base, bought = customers.sum(), r + numbers
        height = customers @ (
            gammaln(bought) + gammaln(a + b) + gammaln(b + numbers) - gammaln(a + b + numbers)
        ) + base * (r * np.log(alpha) - gammaln(r) - gammaln(b))
        whole, to_last, to_once = np.log(alpha + ends)[of_end], np.log(alpha + lasts)[of_last], np.log(alpha + once)
        stayed_chance = np.log(b + numbers - 1, where=numbers > 0, out=np.zeros(len(numbers)))
        odds = np.log(a) - stayed_chance[of_number] + (r + x) * (whole - to_last)
        smaller = np.exp(-np.abs(odds))
        either = np.maximum(odds, 0) + np.log1p(smaller)
        height += count @ (either - (r + x) * whole) - r * (once_count @ to_once)
        left = count * np.where(odds > 0, 1.0, smaller) / (1 + smaller)
        stayed = count - left
        mean = customers @ digamma(bought) - base * digamma(r) + base * np.log(alpha)
        by_r = mean - stayed @ whole - left @ to_last - once_count @ to_once
        by_alpha = base * r / alpha - (
            stayed @ ((r + x) * (1 / (alpha + ends))[of_end]) + left @ ((r + x) * (1 / (alpha + lasts))[of_last])
        )
        by_alpha -= r * (once_count @ (1 / (alpha + once)))
        together = base * digamma(a + b) - customers @ digamma(a + b + numbers)
        by_a = together + left.sum() / a
        by_b = together + customers @ digamma(b + numbers) - base * digamma(b) - left @ (1 / (b + x - 1))
        return float(height), np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b])

    return surface
