"""Clusters: customers who are alike in the features chosen, found by k-means, measured, worded and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats
from workbench.topics.clusters.means import ReportShare, nearest, one_thread, report_nothing, settled, start_centres
from workbench.topics.clusters.names import cluster_words, suggested_segments
from workbench.topics.clusters.points import Points
from workbench.topics.clusters.segmentation import ClusterSegmentation, renamed
from workbench.topics.clusters.tree import Tree, cluster_tree

__all__ = ["ClusterFit", "fit_clusters", "profile_rows"]


@dataclass(frozen=True)
class ClusterFit:
    """What one fit found: the segmentation to apply, and what is to be said about it.

    Attributes
    ----------
    profile
        segment, feature, customer_count, mean (in the feature's own unit, over those who have a value), difference
        (of the centre from the mean of all, in spreads): one row per cluster and feature.
    explained_share
        The share of the variance of the comparable features that lies between the clusters, 0..1.
    tree
        The clusters in words.
    customers, left_out, unknown
        How many customers were clustered; how many could not be; and, by feature, of how many it is unknown.
    """

    segmentation: ClusterSegmentation
    profile: pd.DataFrame
    explained_share: float
    tree: Tree
    customers: int
    left_out: int
    unknown: Mapping[str, int]

    def with_names(self, names: Mapping[str, Mapping[str, str]] | None) -> ClusterFit:
        """Return the same fit under the names that people chose, by cluster and language."""
        clusters = renamed(self.segmentation.clusters, names)
        return replace(self, segmentation=replace(self.segmentation, clusters=clusters))


@one_thread
def fit_clusters(
    points: Points,
    *,
    k: int = 4,
    start: Floats | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    report: ReportShare = report_nothing,
) -> ClusterFit:
    """Group customers into k clusters (k-means, Lloyd's algorithm over all customers, Euclidean distance).

    The first centres come from the best of ten seeded k-means++ starts among at most 10,000 customers spread evenly;
    they then move over all customers. The result depends on the customers' values alone: not on their order, their
    ids, or the number of processors. Clusters are numbered by size, the largest first.

    Parameters
    ----------
    points
        What `standardised` gave.
    start
        The first centres where they are known already (`Candidates.centres`).
    names
        Names that people chose, by cluster and language; the others are suggested.
    report
        Hears the share that is done; what it raises stops the fit.

    Raises
    ------
    ChoiceError
        More clusters than there are different customers.

    References
    ----------
    S. P. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982); D. Arthur, S. Vassilvitskii,
    "k-means++: the advantages of careful seeding" (2007).
    """
    centres = settled(points, start_centres(points, k) if start is None else start, report=report)
    labels, distances = nearest(points.scaled, centres)
    middle = np.average(points.scaled, axis=0, weights=points.weights)
    differences = centres - middle
    clusters = suggested_segments(points.features, differences)
    ids = [segment.id for segment in clusters][: len(centres)]
    tree = cluster_tree(points, labels, segments=ids)
    whole = float(np.average(((points.scaled - middle) ** 2).sum(axis=1), weights=points.weights))
    within = float(np.average(distances**2, weights=points.weights))
    return ClusterFit(
        segmentation=ClusterSegmentation(
            features=points.features,
            centres=tuple(tuple(float(value) for value in centre) for centre in centres),
            clusters=renamed(clusters, names),
            names=cluster_words()["name"],
            rules=tree.rules,
        ),
        profile=profile_rows(points, labels, ids=ids, differences=differences),
        explained_share=1 - within / whole,
        tree=tree,
        customers=points.customers,
        left_out=points.left_out,
        unknown=points.unknown,
    )


def profile_rows(points: Points, labels: NDArray[np.int64], *, ids: list[str], differences: Floats) -> pd.DataFrame:
    """Describe every cluster by the mean of every feature in its own unit, and by its centre's difference."""
    weights, k = points.weights.astype(float), len(ids)
    counts = np.bincount(labels, weights=weights, minlength=k).astype(int)
    parts = []
    for column, feature in enumerate(points.features):
        values = points.values[:, column]
        known = np.where(np.isnan(values), 0.0, weights)
        sums = np.bincount(labels, weights=known * np.nan_to_num(values), minlength=k)
        base = np.bincount(labels, weights=known, minlength=k)
        means = np.divide(sums, base, out=np.full(k, np.nan), where=base > 0)
        parts.append(
            pd.DataFrame(
                {
                    "segment": ids,
                    "feature": feature.name,
                    "customer_count": counts,
                    "mean": means,
                    "difference": differences[:, column],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
