"""Clusters in words: a small decision tree on the features in their own units, and how often it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from workbench.analyses.arrays import Floats
from workbench.topics.clusters.means import FIT_SEED
from workbench.topics.clusters.points import Points

DEPTH = 3
TREE_BASE = 50_000
"""Most customers from whom the tree is grown; its fidelity is measured on all."""
SMALLEST_LEAF = 5
LEAF_SHARE = 0.005
THRESHOLD_DIGITS = 3
"""Significant figures to which a threshold is rounded, to be said in words."""
NO_BOUNDS = "everyone"
"""The rule of a tree without questions."""


@dataclass(frozen=True)
class FeatureRange:
    """A feature lies above one value, up to another, or between both: `above` < value <= `up_to`."""

    feature: str
    above: float | None = None
    up_to: float | None = None

    def holds(self, values: Floats) -> NDArray[np.bool_]:
        """Say where it holds."""
        held = np.ones(len(values), dtype=bool)
        if self.above is not None:
            held &= values > self.above
        if self.up_to is not None:
            held &= values <= self.up_to
        return held

    def condition(self, value: ir.FloatingColumn) -> ir.BooleanColumn:
        """The same as a query."""
        parts = [value > self.above] if self.above is not None else []
        parts += [value <= self.up_to] if self.up_to is not None else []
        return ibis.and_(*parts)

    def __str__(self) -> str:
        low = "" if self.above is None else f"{self.feature} > {self.above:g}"
        high = "" if self.up_to is None else f"{self.feature} <= {self.up_to:g}"
        return "; ".join(part for part in (low, high) if part)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; an open end is left out."""
        ends = {"above": self.above, "up_to": self.up_to}
        return {"feature": self.feature} | {name: end for name, end in ends.items() if end is not None}


@dataclass(frozen=True)
class Branch:
    """One branch of the tree: all `bounds` hold. `right` of its `customers` are in the cluster it names."""

    segment: str
    bounds: tuple[FeatureRange, ...]
    customers: int
    right: int

    def __str__(self) -> str:
        return "; ".join(str(bound) for bound in self.bounds) or NO_BOUNDS

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        plain = {"segment": self.segment, "customers": self.customers, "right": self.right}
        return plain | {"bounds": [bound.as_dict() for bound in self.bounds]}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Branch:
        """Read back what `as_dict` gave."""
        bounds = tuple(FeatureRange(**bound) for bound in plain["bounds"])
        return cls(plain["segment"], bounds, plain["customers"], plain["right"])


@dataclass(frozen=True)
class Tree:
    """The rules, of which exactly one fits a customer whose features are known, and how far they tell the truth.

    Attributes
    ----------
    fidelity
        Share of all clustered customers whom the rules put in the same cluster as the nearest centre does.
    customers, grown_from
        How many customers the fidelity was measured on, and from how many the tree was grown.
    without_rule
        Clusters that no rule names: too small, or not distinguishable by so few questions.
    """

    rules: tuple[Branch, ...]
    fidelity: float
    customers: int
    grown_from: int
    without_rule: tuple[str, ...]


def cluster_tree(points: Points, labels: NDArray[np.int64], *, segments: Sequence[str], depth: int = DEPTH) -> Tree:
    """Grow a tree of at most `depth` questions that tells the clusters apart, and measure it on all customers.

    The questions ask for the features as they are (days, money), not scaled. Thresholds are rounded to whole days and
    counts or to three figures, and the fidelity is that of the rounded rules. A branch holds at least five customers
    and 0.5 % of those it is grown from. Branches that lead to the same cluster are joined.

    Parameters
    ----------
    labels
        The cluster of every row of `points`, as a position in `segments`.
    """
    from sklearn.tree import DecisionTreeClassifier  # late, as in cluster_means

    rows, counts = points.sample(TREE_BASE, seed=FIT_SEED + 3)
    grown_from = int(counts.sum())
    filled = np.column_stack([feature.filled(points.values[:, place]) for place, feature in enumerate(points.features)])
    model = DecisionTreeClassifier(max_depth=depth, min_weight_fraction_leaf=_least(grown_from), random_state=FIT_SEED)
    model.fit(filled[rows], labels[rows], sample_weight=counts)
    thresholds = _rounded(filled[rows], model.tree_)
    names = [feature.name for feature in points.features]
    rules, right = [], 0
    for cluster, box in _branches(model, thresholds, node=0):
        bounds = _bounds(names, box)
        held = np.ones(len(filled), dtype=bool)
        for bound in bounds:
            held &= bound.holds(filled[:, names.index(bound.feature)])
        inside = int(points.weights[held].sum())
        fits = int(points.weights[held & (labels == cluster)].sum())
        right += fits
        if inside:
            rules.append(Branch(segments[cluster], bounds, inside, fits))
    rules.sort(key=lambda rule: segments.index(rule.segment))
    named = {rule.segment for rule in rules}
    without = tuple(segment for segment in segments if segment not in named)
    return Tree(tuple(rules), right / points.customers, points.customers, grown_from, without)


Box = dict[int, tuple[float, float]]


def _least(customers: int) -> float:
    """The smallest share of the customers that a branch may hold."""
    return min(max(SMALLEST_LEAF / customers, LEAF_SHARE), 0.2)


def _branches(model: Any, thresholds: NDArray[np.float64], *, node: int) -> Iterator[tuple[int, Box]]:
    """Return the branches below a node: the cluster each leads to, and the box of values it takes in."""
    tree = model.tree_
    cluster = int(model.classes_[int(np.argmax(tree.value[node][0]))])
    if tree.children_left[node] < 0:
        yield cluster, {}
        return
    feature, threshold = int(tree.feature[node]), float(thresholds[node])
    low = list(_branches(model, thresholds, node=int(tree.children_left[node])))
    high = list(_branches(model, thresholds, node=int(tree.children_right[node])))
    if len(low) == len(high) == 1 and low[0][0] == high[0][0]:
        yield low[0][0], {}
        return
    for leads_to, box in low:
        above, up_to = box.get(feature, (-np.inf, np.inf))
        yield leads_to, box | {feature: (above, min(up_to, threshold))}
    for leads_to, box in high:
        above, up_to = box.get(feature, (-np.inf, np.inf))
        yield leads_to, box | {feature: (max(above, threshold), up_to)}


def _rounded(filled: Floats, tree: Any) -> NDArray[np.float64]:
    """Round the thresholds: a whole number for what is counted in whole numbers, three figures for the rest."""
    is_whole = (filled % 1 == 0).all(axis=0)
    rounded = np.array(tree.threshold, dtype=float)
    for node, feature in enumerate(tree.feature):
        if feature >= 0:
            value = float(tree.threshold[node])
            is_small = bool(is_whole[feature]) and abs(value) < 10**THRESHOLD_DIGITS
            rounded[node] = np.floor(value) if is_small else float(f"{value:.{THRESHOLD_DIGITS}g}")
    return rounded


def _bounds(names: Sequence[str], box: Box) -> tuple[FeatureRange, ...]:
    """Write a box as bounds, in the order of the features."""
    ends = {place: [None if np.isinf(end) else float(end) for end in box[place]] for place in sorted(box)}
    return tuple(FeatureRange(names[place], low, high) for place, (low, high) in ends.items())
