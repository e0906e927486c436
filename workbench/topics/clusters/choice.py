"""How many clusters: how clearly they part (silhouette), whether they come back (stability), and if there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.adjusted_rand import adjusted_rand
from workbench.analyses.arrays import Floats
from workbench.errors import ChoiceError
from workbench.topics.clusters.means import (
    FIT_SEED,
    ReportShare,
    k_means,
    nearest,
    one_thread,
    report_nothing,
    start_centres,
)
from workbench.topics.clusters.points import Points

LOWEST, HIGHEST = 2, 10
SILHOUETTE_BASE = 3_000
STABILITY_BASE = 3_000
REFITS = 10
REFIT_STARTS = 3
REFERENCES, REFERENCE_BASE = 19, 400
"""So many companies without clusters are drawn: to exceed all of 19 is one chance in twenty."""
FEW_STEPS = 12
TRYING = 0.6
"""The part of the work that trying every k takes."""
STABLE = 0.8
"""A mean adjusted Rand index from here on counts as stable."""
WEAK, CLEAR = 0.25, 0.5
"""Silhouettes up to WEAK show no structure to speak of, above CLEAR a reasonable one (Kaufman and Rousseeuw)."""


@dataclass(frozen=True)
class Candidates:
    """What speaks for each number of clusters.

    Attributes
    ----------
    rows
        k, silhouette (-1..1; unknown where the sample holds one cluster only), stability, stability_low and
        stability_high (mean, 10 % and 90 % point of the adjusted Rand index over all pairs of refits), is_recommended
        (of none where there are no clusters).
    centres
        The first centres by k, found among at most START_BASE customers.
    silhouette_base, stability_base
        How many customers the two figures rest on.
    best
        The k that does best, whether there are clusters or not.
    is_stable
        Whether the best k is stable; where no k is, the most stable one is the best.
    has_clusters
        Whether customers part more clearly than they would without any clusters (`parts_beyond_chance`).
    """

    rows: pd.DataFrame
    centres: Mapping[int, Floats]
    best: int
    is_stable: bool
    has_clusters: bool
    customers: int
    silhouette_base: int
    stability_base: int
    refits: int = REFITS

    @property
    def recommended(self) -> int | None:
        """The best k where there are clusters; none is recommended where there are not."""
        return self.best if self.has_clusters else None


@one_thread
def cluster_candidates(
    points: Points, *, lowest: int = LOWEST, highest: int = HIGHEST, report: ReportShare = report_nothing
) -> Candidates:
    """Try every k and say how good it is.

    The silhouette compares, for each customer of a sample of at most 3,000, the mean distance to their own cluster with
    that to the nearest other one. For the stability ten bootstrap samples of at most 3,000 customers are clustered
    anew, and every pair of results is compared on these customers by the adjusted Rand index: 1 is the same grouping,
    0 no more than chance. Recommended is, among the k whose mean index is at least 0.8, the one with the highest
    silhouette, of equals the smallest; where none reaches 0.8, the most stable k. None is recommended where customers
    spread evenly, without clusters, would part as clearly (`parts_beyond_chance`). It is a recommendation: which groups
    are of use is for people to say.

    References
    ----------
    P. J. Rousseeuw, "Silhouettes", J. Comp. Appl. Math. 20 (1987); L. Hubert, P. Arabie, "Comparing partitions",
    J. Classification 2 (1985); S. Dolnicar, F. Leisch, "Evaluation of structure and reproducibility of cluster
    solutions using the bootstrap", Marketing Letters 21 (2010).
    """
    if not 2 <= lowest <= highest:
        raise ChoiceError("cluster_k", k=lowest, distinct=len(points.weights))
    highest = max(min(highest, len(points.weights) - 1), 2)
    tried = range(min(lowest, highest), highest + 1)
    apart = _Silhouette(points)
    again = _Refits(points)
    centres: dict[int, Floats] = {}
    figures = []
    for done, k in enumerate(tried):
        report(TRYING * done / len(tried))
        centres[k] = start_centres(points, k)
        low, mean, high = again.agreement(k, report=partial(_further, report, done, len(tried)))
        figures.append((k, apart.of(centres[k]), mean, low, high))
    rows = pd.DataFrame(figures, columns=["k", "silhouette", "stability", "stability_low", "stability_high"])
    best = _best(rows)
    is_stable = bool((rows.loc[rows["k"] == best, "stability"] >= STABLE).all())
    has_clusters = parts_beyond_chance(points, tried, report=lambda share: report(TRYING + (1 - TRYING) * share))
    rows["is_recommended"] = (rows["k"] == best) & has_clusters
    report(1.0)
    return Candidates(rows, centres, best, is_stable, has_clusters, points.customers, apart.base, again.base)


def _further(report: ReportShare, done: int, tried: int, share: float) -> None:
    """Tell how far all of it is, from how far one k is."""
    report(TRYING * (done + share) / tried)


@one_thread
def parts_beyond_chance(points: Points, tried: Sequence[int], *, report: ReportShare = report_nothing) -> bool:
    """Say whether customers part more clearly, at any k, than customers without clusters would.

    REFERENCES companies without clusters are drawn: as many customers (at most REFERENCE_BASE), spread evenly over the
    box in which the customers lie, turned as they are (along the principal components), with values that only occur in
    few steps rounded to steps as wide. Every one is clustered with the same numbers of clusters. There are clusters
    where the highest silhouette of the customers exceeds that of all REFERENCES: of companies without clusters 5 in 100
    would.

    References
    ----------
    R. Tibshirani, G. Walther, T. Hastie, "Estimating the number of clusters in a data set via the gap statistic",
    Journal of the Royal Statistical Society B 63 (2001), for the reference; M. Hope (1968) for the test by simulation.
    """
    rows, counts = points.sample(REFERENCE_BASE, seed=FIT_SEED + 3)
    customers = np.repeat(points.scaled[rows], counts, axis=0)
    clearest = _clearest(customers, tried)
    if not np.isfinite(clearest):
        return False
    for place in range(REFERENCES):
        report(place / REFERENCES)
        if not _clearest(_without_clusters(customers, np.random.default_rng([FIT_SEED, place])), tried) < clearest:
            return False
    return True


def _without_clusters(customers: Floats, chance: np.random.Generator) -> Floats:
    middle = customers.mean(axis=0)
    turned = np.linalg.svd(customers - middle, full_matrices=False)[2]
    seen = (customers - middle) @ turned.T
    drawn = np.asarray(chance.uniform(seen.min(axis=0), seen.max(axis=0), seen.shape) @ turned + middle)
    for column in range(drawn.shape[1]):
        steps = np.unique(customers[:, column])
        if 1 < len(steps) <= FEW_STEPS:  # an even ladder: the gaps between groups must not be in the reference
            step = float(np.median(np.diff(steps)))
            rungs = np.rint((drawn[:, column] - steps[0]) / step)
            drawn[:, column] = steps[0] + step * rungs.clip(0, np.rint((steps[-1] - steps[0]) / step))
    return drawn


def _clearest(customers: Floats, tried: Sequence[int]) -> float:
    """Return the highest silhouette of any k."""
    from sklearn.metrics import pairwise_distances, silhouette_score  # late, as in cluster_means

    distances, ones, best = pairwise_distances(customers), np.ones(len(customers)), -np.inf
    for k in tried:
        if k >= len(np.unique(customers, axis=0)):
            break
        centres = k_means(customers, ones, k, starts=REFIT_STARTS, seed=FIT_SEED)
        labels, _ = nearest(customers, centres)
        if 1 < len(np.unique(labels)) < len(customers):
            best = max(best, float(silhouette_score(distances, labels, metric="precomputed")))
    return float(best)


def _best(rows: pd.DataFrame) -> int:
    """Figures are compared to four digits, so that a k does not win by noise that nobody sees."""
    stable = rows[(rows["stability"] >= STABLE) & rows["silhouette"].notna()]
    eligible, figure = (rows, "stability") if stable.empty else (stable, "silhouette")
    best = int(np.argmax(eligible[figure].round(4).to_numpy()))
    return int(eligible["k"].to_numpy()[best])


class _Silhouette:
    """The distances among a sample of customers, measured once for every k."""

    def __init__(self, points: Points) -> None:
        from sklearn.metrics import pairwise_distances, silhouette_score  # late, as in cluster_means

        self._measure = silhouette_score
        rows, counts = points.sample(SILHOUETTE_BASE, seed=FIT_SEED + 1)
        self._customers = np.repeat(points.scaled[rows], counts, axis=0)
        self.base = len(self._customers)
        self._distances = pairwise_distances(self._customers)

    def of(self, centres: Floats) -> float:
        labels, _ = nearest(self._customers, centres)
        if not 1 < len(np.unique(labels)) < self.base:
            return float("nan")
        return float(self._measure(self._distances, labels, metric="precomputed"))


class _Refits:
    """A sample of customers that is drawn from, with replacement, and clustered again."""

    def __init__(self, points: Points) -> None:
        rows, self._counts = points.sample(STABILITY_BASE, seed=FIT_SEED + 2)
        self._scaled = points.scaled[rows]
        self.base = int(self._counts.sum())

    def agreement(self, k: int, *, report: ReportShare) -> tuple[float, float, float]:
        """Return the 10 % point, mean and 90 % point of the adjusted Rand index over all pairs of refits."""
        chance = np.random.default_rng(FIT_SEED + k)
        groupings: list[NDArray[np.int64]] = []
        for refit in range(REFITS):
            report(refit / REFITS)
            drawn = chance.multinomial(self.base, self._counts / self.base)
            held = drawn > 0
            centres = k_means(self._scaled[held], drawn[held], k, starts=REFIT_STARTS, seed=FIT_SEED + refit)
            groupings.append(nearest(self._scaled, centres)[0])
        agreements = [self._agree(one, other, k) for one, other in combinations(groupings, 2)]
        low, high = np.quantile(agreements, (0.1, 0.9))
        return float(low), float(np.mean(agreements)), float(high)

    def _agree(self, one: NDArray[np.int64], other: NDArray[np.int64], k: int) -> float:
        """Return the adjusted Rand index of two groupings; 1 where both put all customers together."""
        both = np.bincount(one * k + other, self._counts, k * k).astype(float).reshape(k, k)
        agreed = adjusted_rand(both, both.sum(axis=1), both.sum(axis=0))
        return 1.0 if np.isnan(agreed) else agreed
