"""k-means on points: seeded, on one thread, in pieces that can be followed and stopped."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from workbench.analyses.arrays import Floats
from workbench.errors import ChoiceError
from workbench.topics.clusters.points import Points

FIT_SEED = 20_240_601
START_BASE = 10_000
"""Most customers among whom the first centres are sought; the centres then move over all customers."""
STARTS = 10
PASSES_AT_ONCE = 10
"""Passes over all customers between two looks at whether somebody wants to stop."""
MOST_PIECES = 30
TOLERANCE = 1e-6
"""Centres that move less (as a share of the variance, squared) stand still."""
CENTRE_DIGITS, DISTANCE_DIGITS = 6, 9

ReportShare = Callable[[float], None]
"""Called with the share 0..1 that is done; what it raises stops the work."""


Function = TypeVar("Function", bound=Callable[..., Any])


def one_thread(function: Function) -> Function:
    """Let a function compute on one thread: sums add up in the same order everywhere, and the page keeps a core.

    scikit-learn is loaded first, since a limit holds only for the libraries that are there: without it, small fits ran
    on threads that waited for each other and took ten times as long.
    """

    @wraps(function)
    def alone(*arguments: Any, **named: Any) -> Any:
        import_module("sklearn.cluster")
        with threadpool_limits(limits=1):
            return function(*arguments, **named)

    return cast(Function, alone)


def report_nothing(_: float) -> None:
    """Follow nothing."""


def start_centres(points: Points, k: int, *, seed: int = FIT_SEED) -> Floats:
    """Find k centres among at most START_BASE customers: the best of ten k-means++ starts."""
    if not 2 <= k <= len(points.weights):
        raise ChoiceError("cluster_k", k=k, distinct=len(points.weights))
    rows, counts = points.sample(START_BASE, seed=seed)
    if len(rows) < k:  # nearly all customers are alike, and the sample missed the few others
        rows, counts = np.arange(len(points.weights)), points.weights
    return k_means(points.scaled[rows], counts, k, starts=STARTS, seed=seed)


def k_means(scaled: Floats, weights: NDArray[Any], k: int, *, starts: int, seed: int) -> Floats:
    """Return the best centres of several starts (k-means++); where there are no more points than k, the points."""
    if len(scaled) <= k:
        return scaled
    from sklearn.cluster import KMeans  # takes a second to import, which only pages with clusters should pay

    fitted = KMeans(k, n_init=starts, random_state=seed, tol=TOLERANCE).fit(scaled, sample_weight=weights)
    return np.asarray(fitted.cluster_centers_)


def settled(points: Points, centres: Floats, *, report: ReportShare = report_nothing) -> Floats:
    """Move centres over all customers until they stand still (Lloyd), and return them tidy, the largest cluster first.

    Full passes, not mini-batches: over a million customers with six features a pass takes about a tenth of a second,
    and mini-batches were slower and less exact.
    """
    from sklearn.cluster import KMeans

    k = len(centres)
    for piece in range(MOST_PIECES if k < len(points.scaled) else 0):
        report(piece / MOST_PIECES)
        moving = KMeans(k, init=centres, n_init=1, max_iter=PASSES_AT_ONCE, tol=TOLERANCE)
        moving.fit(points.scaled, sample_weight=points.weights)
        centres = np.asarray(moving.cluster_centers_)
        if moving.n_iter_ < PASSES_AT_ONCE:
            break
    tidy = np.round(centres, CENTRE_DIGITS) + 0.0  # no minus zero
    sizes = np.bincount(nearest(points.scaled, tidy)[0], weights=points.weights, minlength=k)
    order = np.lexsort([*tidy.T[::-1], -sizes])
    report(1.0)
    return tidy[order]


def nearest(scaled: Floats, centres: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return for every row the nearest centre, of equally near ones the first, and the distance to it.

    Squared distances are compared to nine digits, here as in the query, so that a tie is a tie on every machine.
    """
    best = np.full(len(scaled), np.inf)
    label = np.zeros(len(scaled), dtype=np.int64)
    for place, centre in enumerate(centres):
        squared = np.zeros(len(scaled))
        for column, middle in enumerate(centre):
            squared += (scaled[:, column] - middle) ** 2
        squared = np.round(squared, DISTANCE_DIGITS)
        is_nearer = squared < best
        label[is_nearer], best[is_nearer] = place, squared[is_nearer]
    return label, np.sqrt(best)
