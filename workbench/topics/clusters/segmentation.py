"""Clusters frozen: features, how they are made comparable, and centres; a customer belongs to the nearest one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir

from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import OTHERS, Ground, Segment, register
from workbench.errors import ChoiceError
from workbench.topics.clusters.means import DISTANCE_DIGITS
from workbench.topics.clusters.points import Feature
from workbench.topics.clusters.tree import Branch

__all__ = ["ClusterSegmentation", "renamed"]

Centre = tuple[float, ...]


@dataclass(frozen=True)
class ClusterSegmentation:
    """Each customer is in the cluster with the nearest centre; of equally near ones in the first.

    The centres, and what makes the features comparable, are numbers that were measured once: applied to another day
    they say who is where now by the same yardstick. Customers of whom a feature is unknown, and has no stand-in, are
    OTHERS.

    Attributes
    ----------
    centres
        One row per cluster, in the units of the comparable features.
    clusters
        The clusters, in the order of the centres, then OTHERS.
    rules
        The tree that says the clusters in words; a rule is given as the reason only where it names the cluster.
    """

    features: tuple[Feature, ...]
    centres: tuple[Centre, ...]
    clusters: tuple[Segment, ...]
    names: Mapping[str, str]
    rules: tuple[Branch, ...] = ()
    kind: ClassVar[str] = "clusters"
    is_ranked: ClassVar[bool] = False

    @property
    def segments(self) -> Sequence[Segment]:
        """The clusters, the largest at the time of the fit first, then OTHERS."""
        return self.clusters

    @property
    def evidence(self) -> Sequence[str]:
        """The features, the distance to the centre (in spreads), and the rule that says the same in words."""
        return (*(feature.name for feature in self.features), "cluster_distance", "cluster_rule")

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, the features, cluster_distance, cluster_rule (null: by the distance alone)."""
        facts = ground.facts
        gone = [feature.name for feature in self.features if feature.name not in facts.columns]
        if gone:
            raise ChoiceError("cluster_feature_gone", feature=gone[0], known=facts.columns)
        names = [feature.name for feature in self.features]
        scaled = {f"scaled_{one.name}": one.scaled_column(facts[one.name]) for one in self.features}
        filled = {f"filled_{one.name}": one.filled_column(facts[one.name]) for one in self.features}
        measured = facts.select("customer_id", *names, **scaled, **filled)
        placed = with_nearest(measured, [*scaled], self.centres, [segment.id for segment in self.clusters])
        return placed.select("customer_id", "segment", *names, "cluster_distance", cluster_rule=self._rule(placed))

    def _rule(self, placed: ir.Table) -> ir.StringValue:
        """Say the rule that holds, where it leads to the customer's own cluster."""
        cases = []
        for rule in self.rules:
            holds = [bound.condition(placed[f"filled_{bound.feature}"]) for bound in rule.bounds]
            cases.append((ibis.and_(placed.segment == rule.segment, *holds), ibis.literal(str(rule))))
        return ibis.cases(*cases, else_=ibis.null("string")) if cases else ibis.null("string")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; `from_dict` reads them back."""
        return {
            "kind": self.kind,
            "names": dict(self.names),
            "features": [feature.as_dict() for feature in self.features],
            "centres": [list(centre) for centre in self.centres],
            "clusters": [segment_dict(segment) for segment in self.clusters],
            "rules": [rule.as_dict() for rule in self.rules],
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> ClusterSegmentation:
        """Read back what `as_dict` gave."""
        features, centres = frozen_centres(plain)
        return cls(
            features=features,
            centres=centres,
            clusters=tuple(segment_of(one) for one in plain["clusters"]),
            names=plain["names"],
            rules=tuple(Branch.from_dict(rule) for rule in plain.get("rules", ())),
        )


def with_nearest(
    measured: ir.Table, scaled: Sequence[str], centres: Sequence[Centre], segments: Sequence[str]
) -> ir.Table:
    """Add segment and cluster_distance to rows whose columns `scaled` are comparable; OTHERS where one is unknown."""
    squared = {}
    for place, centre in enumerate(centres):
        parts = [
            (measured[name] - middle) * (measured[name] - middle) for name, middle in zip(scaled, centre, strict=True)
        ]
        squared[f"squared_{place}"] = rounded(sum(parts[1:], parts[0]), DISTANCE_DIGITS)
    near = measured.mutate(**squared)
    near = near.mutate(least_squared=ibis.least(*(near[name] for name in squared)))
    cases = [(near[name] == near.least_squared, segment) for name, segment in zip(squared, segments, strict=False)]
    return near.mutate(segment=ibis.cases(*cases, else_=OTHERS), cluster_distance=near.least_squared.sqrt())


def renamed(segments: Sequence[Segment], names: Mapping[str, Mapping[str, str]] | None) -> tuple[Segment, ...]:
    """Give segments the names that people chose, by id and language; what they left alone stays.

    >>> segment = Segment("cluster_1", {"en": "Recent", "zh": "近期消费"}, {"en": "", "zh": ""})
    >>> renamed([segment], {"cluster_1": {"zh": "常客"}})[0].names
    {'en': 'Recent', 'zh': '常客'}
    """
    chosen = names or {}
    return tuple(replace(one, names={**one.names, **chosen.get(one.id, {})}) for one in segments)


def segment_dict(segment: Segment) -> dict[str, Any]:
    """Return a segment as plain values."""
    return {"id": segment.id, "names": dict(segment.names), "meanings": dict(segment.meanings)}


def segment_of(plain: Mapping[str, Any]) -> Segment:
    """Read back a segment."""
    return Segment(plain["id"], plain["names"], plain["meanings"])


def frozen_centres(plain: Mapping[str, Any]) -> tuple[tuple[Feature, ...], tuple[Centre, ...]]:
    """Read back features and centres; a ChoiceError where they do not go together."""
    features = tuple(Feature(**one) for one in plain["features"])
    centres = tuple(tuple(float(value) for value in centre) for centre in plain["centres"])
    clusters = [one["id"] for one in plain["clusters"] if one["id"] != OTHERS]
    fits = all(len(centre) == len(features) for centre in centres) and all(one.spread > 0 for one in features)
    if not (fits and len(centres) >= 2 and len(clusters) == len(set(clusters)) == len(centres)):
        raise ChoiceError("cluster_file", features=len(features), centres=len(centres), clusters=len(clusters))
    return features, centres


register(ClusterSegmentation.kind, ClusterSegmentation.from_dict)
