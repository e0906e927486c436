"""Shifted-beta-geometric: contracts that are renewed or not, each customer with an own chance not to renew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma

from workbench.analyses.arrays import Floats
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.lifetime_value.fit import Fit, LogLikelihood, maximum_likelihood
from workbench.topics.lifetime_value.histories import FEWEST_REPEATED, FEWEST_TO_FIT

_LONGEST_LIFE = 1_000
"""Renewals after which a discounted life adds nothing that counts."""


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Chances not to renew are beta (`alpha`, `beta`); those who stay are ever more those who are likely to.

    References
    ----------
    P. S. Fader, B. G. S. Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (2007);
    of the same, "Customer-base valuation in a contractual setting", Marketing Science 29 (2010).
    """

    alpha: float
    beta: float

    def survival(self, renewals: ArrayLike) -> Floats:
        """Return the share that is still there after so many renewals.

        >>> ShiftedBetaGeometric(1.0, 1.0).survival([0, 1, 2]).round(4).tolist()
        [1.0, 0.5, 0.3333]
        """
        left = betaln(self.alpha, self.beta + np.asarray(renewals, dtype=float)) - betaln(self.alpha, self.beta)
        return np.asarray(np.exp(left), dtype=np.float64)

    def retention(self, renewals: ArrayLike) -> Floats:
        """Return the share of those there before that renews at this renewal, the first being 1."""
        before = np.asarray(renewals, dtype=float) - 1
        return (self.beta + before) / (self.alpha + self.beta + before)

    def residual_life(self, renewals: int, *, discount: float) -> float:
        """Return the discounted number of periods ahead of a customer who renewed so often, the next renewal undecided.

        `discount` is the rate of one period. A period ahead counts where it is renewed for, discounted from its begin.
        """
        if not discount > 0:
            raise ChoiceError("value_discount_above_zero", discount=discount)
        ahead = np.arange(1, _LONGEST_LIFE + 1)
        shares = self.survival(renewals + ahead) / self.survival(renewals)
        return float(shares @ (1 + discount) ** -(ahead - 1.0))


def fit_shifted_beta_geometric(
    renewals: ArrayLike, left: ArrayLike, still_there: ArrayLike
) -> Fit[ShiftedBetaGeometric]:
    """Fit the model to cohorts of contracts, of any ages together.

    Parameters
    ----------
    renewals
        1, 2, …: the renewal that each row speaks of.
    left
        Customers who did not renew at it.
    still_there
        Customers who did, and whose next renewal has not come.

    Raises
    ------
    ChoiceError
        Where a renewal is below 1 or a count below zero.
    NothingToShow
        Where there are too few customers, too few who left, one renewal alone, or no estimate to be had.
    """
    times, gone, here = (np.asarray(one, dtype=float) for one in (renewals, left, still_there))
    is_wrong = ~np.isfinite(times + gone + here) | (times < 1) | (times % 1 != 0) | (gone < 0) | (here < 0)
    if is_wrong.any():
        raise ChoiceError("value_renewals", count=int(is_wrong.sum()))
    customers = round(float(gone.sum() + here.sum()))
    if customers < FEWEST_TO_FIT:
        raise NothingToShow("value_few_to_fit", count=customers, least=FEWEST_TO_FIT)
    if gone.sum() < FEWEST_REPEATED:
        raise NothingToShow("value_few_left", count=round(float(gone.sum())), least=FEWEST_REPEATED)
    if times[(gone > 0) | (here > 0)].max() < 2:
        raise NothingToShow("value_one_renewal")
    return maximum_likelihood(
        _surface(times, gone, here),
        called="sBG",
        make=ShiftedBetaGeometric,
        names=("alpha", "beta"),
        starts=[(1.0, 1.0), (0.5, 2.0), (2.0, 8.0)],
    )


def _surface(times: Floats, gone: Floats, here: Floats) -> LogLikelihood:
    base = gone.sum() + here.sum()

    def surface(logs: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(logs)
        height = gone @ betaln(alpha + 1, beta + times - 1) + here @ betaln(alpha, beta + times)
        height -= base * betaln(alpha, beta)
        whole = digamma(alpha + beta + times)
        both = (gone + here) @ whole - base * digamma(alpha + beta)
        by_alpha = gone.sum() * digamma(alpha + 1) + here.sum() * digamma(alpha) - base * digamma(alpha) - both
        by_beta = gone @ digamma(beta + times - 1) + here @ digamma(beta + times) - base * digamma(beta) - both
        return float(height), np.array([by_alpha * alpha, by_beta * beta])

    return surface
