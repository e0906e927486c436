"""Value segments: respondents grouped by what they put above other things, as a survey's battery of items tells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from workbench.analyses.answer_matrix import item_column
from workbench.analyses.arrays import Floats
from workbench.analyses.segmentation import OTHERS, Ground, Segment, register
from workbench.topics.clusters.means import ReportShare, nearest, one_thread, report_nothing, settled, start_centres
from workbench.topics.clusters.names import NOTABLE, WordsByLanguage, suggested_segments
from workbench.topics.clusters.points import Feature, Points
from workbench.topics.clusters.query import profile_rows
from workbench.topics.clusters.segmentation import (
    Centre,
    frozen_centres,
    renamed,
    segment_dict,
    segment_of,
    with_nearest,
)
from workbench.topics.value_segments.query import MIN_ANSWERED, answers_needed, respondent_rows

LONGEST_ITEM = 16
"""Characters of an item that go into a name."""


@dataclass(frozen=True)
class ValueSegmentation:
    """Each respondent is in the segment with the nearest centre; who was not asked, or rated too little, is OTHERS.

    Attributes
    ----------
    features
        The items, each with its mean and standard deviation over the respondents of the fit.
    centred
        Whether a respondent's own mean is subtracted from their scores first.
    min_answered
        The share of the items that must be rated.
    clusters
        The segments, in the order of the centres, then OTHERS.
    """

    features: tuple[Feature, ...]
    centres: tuple[Centre, ...]
    clusters: tuple[Segment, ...]
    names: Mapping[str, str]
    centred: bool = True
    min_answered: float = MIN_ANSWERED
    kind: ClassVar[str] = "value_segments"
    is_ranked: ClassVar[bool] = False

    @property
    def segments(self) -> Sequence[Segment]:
        """The segments, the largest at the time of the fit first, then OTHERS."""
        return self.clusters

    @property
    def evidence(self) -> Sequence[str]:
        """How much was answered, what stands out, and the distance to the centre (in spreads)."""
        return ("answered_items", "highest_item", "lowest_item", "cluster_distance")

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment, answered_items (0: not asked), highest_item, lowest_item, cluster_distance.

        The highest item is the one rated highest beside what the respondents of the fit gave it; of equals the first.
        """
        placed = self._placed(ground.table("surveys"))
        joined = ground.facts.select("customer_id").left_join(placed, "customer_id")
        return joined.select(
            "customer_id",
            segment=joined.segment.fill_null(OTHERS),
            answered_items=joined.answered_items.fill_null(0),
            highest_item=joined.highest_item,
            lowest_item=joined.lowest_item,
            cluster_distance=joined.cluster_distance,
        )

    def _placed(self, surveys: ir.Table) -> ir.Table:
        """Give a segment to every customer who rated enough."""
        items = [feature.name for feature in self.features]
        names = [item_column(place) for place in range(len(items))]
        rated = respondent_rows(surveys, items=items)
        rated = rated.filter(rated.customer_id.notnull())
        known = [rated[name] for name in names]
        mean = sum((one.fill_null(0.0) for one in known[1:]), known[0].fill_null(0.0)) / rated.answered_items
        own = mean if self.centred else ibis.literal(0.0)
        features = dict(zip(names, self.features, strict=True))
        measured = rated.select(
            "customer_id",
            "answered_items",
            **{
                f"seen_{name}": replace(one, fill=None).scaled_column(rated[name] - own)
                for name, one in features.items()
            },
            **{f"scaled_{name}": one.scaled_column(rated[name] - own) for name, one in features.items()},
        )
        near = with_nearest(
            measured, [f"scaled_{name}" for name in names], self.centres, [segment.id for segment in self.clusters]
        )
        is_enough = near.answered_items >= answers_needed(len(items), self.min_answered)
        seen = {item: near[f"seen_{name}"] for item, name in zip(items, names, strict=True)}
        return near.select(
            "customer_id",
            "answered_items",
            segment=is_enough.ifelse(near.segment, OTHERS),
            cluster_distance=is_enough.ifelse(near.cluster_distance, ibis.null("float64")),
            highest_item=_item_at(seen, ibis.greatest(*seen.values())),
            lowest_item=_item_at(seen, ibis.least(*seen.values())),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; `from_dict` reads them back."""
        return {
            "kind": self.kind,
            "names": dict(self.names),
            "features": [feature.as_dict() for feature in self.features],
            "centres": [list(centre) for centre in self.centres],
            "clusters": [segment_dict(segment) for segment in self.clusters],
            "centred": self.centred,
            "min_answered": self.min_answered,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> ValueSegmentation:
        """Read back what `as_dict` gave."""
        features, centres = frozen_centres(plain)
        answers_needed(len(features), plain["min_answered"])
        clusters = tuple(segment_of(one) for one in plain["clusters"])
        return cls(features, centres, clusters, plain["names"], plain["centred"], plain["min_answered"])


@dataclass(frozen=True)
class ValueFit:
    """What one fit found: the segmentation, and what is to be said about it.

    Attributes
    ----------
    profile
        segment, feature (the item), customer_count (respondents), mean (score), difference (in spreads).
    explained_share
        The share of the variance of the comparable ratings that lies between the segments, 0..1.
    respondents, left_out, unknown
        Who was grouped; who rated too few items; and, by item, how many of those grouped did not rate it.
    """

    segmentation: ValueSegmentation
    profile: pd.DataFrame
    explained_share: float
    respondents: int
    left_out: int
    unknown: Mapping[str, int]

    def with_names(self, names: Mapping[str, Mapping[str, str]] | None) -> ValueFit:
        """Return the same fit under the names that people chose, by segment and language."""
        clusters = renamed(self.segmentation.clusters, names)
        return replace(self, segmentation=replace(self.segmentation, clusters=clusters))


@one_thread
def fit_value_segments(
    points: Points,
    *,
    k: int = 3,
    centred: bool = True,
    min_answered: float = MIN_ANSWERED,
    start: Floats | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    report: ReportShare = report_nothing,
) -> ValueFit:
    """Group respondents into k segments by k-means, as `fit_clusters` groups customers.

    Parameters
    ----------
    points
        What `battery_points` gave; `centred` and `min_answered` are those it was asked with.
    k
        Three unless chosen otherwise: relationship, price and performance, time and efficiency
        (情感关系、性价比、时间效率) is what such a battery is usually asked for. It need not be what is found.

    Notes
    -----
    Every respondent counts once; survey weights are left aside. Names come from the items a segment puts above
    others: words such as 价格 or "wait" in the strongest items give the usual names, else the items do.
    """
    centres = settled(points, start_centres(points, k) if start is None else start, report=report)
    labels, distances = nearest(points.scaled, centres)
    middle = np.average(points.scaled, axis=0, weights=points.weights)
    differences = centres - middle
    clusters = suggested_segments(
        points.features,
        _above_first(differences),
        words=item_words,
        middling=value_words()["middling"],
        others=_others(),
    )
    whole = float(np.average(((points.scaled - middle) ** 2).sum(axis=1), weights=points.weights))
    ids = [segment.id for segment in clusters][: len(centres)]
    return ValueFit(
        segmentation=ValueSegmentation(
            features=points.features,
            centres=tuple(tuple(float(value) for value in centre) for centre in centres),
            clusters=renamed(clusters, names),
            names=value_words()["name"],
            centred=centred,
            min_answered=min_answered,
        ),
        profile=profile_rows(points, labels, ids=ids, differences=differences),
        explained_share=1 - float(np.average(distances**2, weights=points.weights)) / whole,
        respondents=points.customers,
        left_out=points.left_out,
        unknown=points.unknown,
    )


@cache
def value_words() -> Mapping[str, Any]:
    """Return the words that come with the workbench."""
    source = files("workbench.topics.value_segments").joinpath("value_words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def item_words(item: str, is_high: bool) -> WordsByLanguage:
    """Say that a segment rates an item higher, or lower, than others do.

    >>> item_words("等待时间短", True)["zh"], item_words("P07", True)["en"], item_words("P07", False)["zh"]
    ('时间效率型', 'values P07', '不看重「P07」')
    """
    words = value_words()
    if is_high:
        for one in words["type"]:
            if any(part in item.lower() for part in one["found_in"]):
                name: WordsByLanguage = one["name"]
                return name
    short = item if len(item) <= LONGEST_ITEM else f"{item[: LONGEST_ITEM - 1]}…"
    return {lang: said.replace("{item}", short) for lang, said in words["high" if is_high else "low"].items()}


def _above_first(differences: Floats) -> Floats:
    """Let a segment be named after what it puts above others, and only failing that after what it cares less for."""
    has_high = (differences >= NOTABLE).any(axis=1, keepdims=True)
    return np.where(has_high, np.clip(differences, 0, None), differences)


def _others() -> Segment:
    words = value_words()
    return Segment(OTHERS, words["others"], words["others_meaning"])


def _item_at(seen: Mapping[str, ir.FloatingColumn], end: ir.FloatingColumn) -> ir.StringColumn:
    """Name the first item whose rating is the highest, or the lowest."""
    return ibis.cases(*((value == end, item) for item, value in seen.items()), else_=ibis.null("string"))


register(ValueSegmentation.kind, ValueSegmentation.from_dict)
