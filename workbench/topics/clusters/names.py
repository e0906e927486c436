"""Names for clusters, suggested from what sets each apart, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from workbench.analyses.arrays import Floats
from workbench.analyses.segmentation import OTHERS, Segment
from workbench.schema import NAME_LANGUAGES
from workbench.topics.clusters.points import Feature

NOTABLE = 0.5
"""A feature is worth a word where the cluster lies this many spreads from the mean of all."""
MOST_WORDS = 2

WordsByLanguage = Mapping[str, str]
Wording = Callable[[str, bool], WordsByLanguage]
"""What to say of a feature (or survey item) that is high (true) or low."""


@cache
def cluster_words() -> Mapping[str, Any]:
    """Return the words that come with the workbench: by feature, those for high and for low."""
    source = files("workbench.topics.clusters").joinpath("cluster_words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def feature_words(name: str, is_high: bool) -> WordsByLanguage:
    """Say that a feature of the customer facts is high or low.

    >>> feature_words("monetary", True)["zh"]
    '消费高'
    """
    words: WordsByLanguage = cluster_words()[name]["high" if is_high else "low"]
    return words


def suggested_segments(
    features: Sequence[Feature],
    profile: Floats,
    *,
    words: Wording = feature_words,
    middling: WordsByLanguage | None = None,
    others: Segment | None = None,
) -> tuple[Segment, ...]:
    """Name every cluster after its one or two strongest differences from the mean of all customers.

    Parameters
    ----------
    profile
        One row per cluster, one column per feature: how many spreads it lies above (or below) the mean of all.
        A feature within half a spread is not worth a word; a cluster without such a feature is average.
    middling
        What to call a cluster that differs in nothing.
    others
        The segment of those whom no cluster takes in, put last.

    Returns
    -------
    Segments cluster_1, cluster_2 …; names that would be the same are told apart by a third difference, else a number.
    """
    plain = middling or cluster_words()["middling"]
    short, long = (
        [_name(features, row, words, plain, most) for row in profile] for most in (MOST_WORDS, MOST_WORDS + 1)
    )
    names = _distinct(short, long)
    segments = [
        Segment(f"cluster_{place + 1}", names[place], _meaning(features, row)) for place, row in enumerate(profile)
    ]
    return (*segments, others or unknown_segment())


def unknown_segment() -> Segment:
    """Return the segment of customers of whom a feature is unknown."""
    words = cluster_words()
    return Segment(OTHERS, words["others"], words["others_meaning"])


def strongest(row: Floats) -> list[int]:
    """Return the places of the notable differences, the strongest first; of equal ones the first.

    >>> strongest(np.array([0.2, -1.5, 0.9]))
    [1, 2]
    """
    order = np.argsort(-np.round(np.abs(row), 6), kind="stable")
    return [int(place) for place in order if abs(row[place]) >= NOTABLE]


def _name(
    features: Sequence[Feature], row: Floats, words: Wording, middling: WordsByLanguage, most: int
) -> WordsByLanguage:
    said = [words(features[place].name, bool(row[place] > 0)) for place in strongest(row)[:most]]
    said = said or [middling]
    english = ", ".join(dict.fromkeys(part["en"] for part in said))
    return {
        "en": english[:1].upper() + english[1:],
        "zh": "、".join(dict.fromkeys(part["zh"] for part in said)),
    }


def _distinct(short: Sequence[WordsByLanguage], long: Sequence[WordsByLanguage]) -> list[dict[str, str]]:
    """Tell equal names apart: by more words where that helps, then by a number."""
    names = [dict(word) for word in short]
    for place, word in enumerate(short):
        if list(short).count(word) > 1:
            names[place] = dict(long[place])
    for lang in NAME_LANGUAGES:
        said = [name[lang] for name in names]
        for place, name in enumerate(names):
            if said.count(said[place]) > 1:
                name[lang] = f"{said[place]} {said[: place + 1].count(said[place])}"
    return names


def _meaning(features: Sequence[Feature], row: Floats) -> WordsByLanguage:
    """Say by how many spreads the cluster differs, feature by feature."""
    parts = [f"{feature.name} {value:+.1f}" for feature, value in zip(features, row, strict=True)]
    said = ", ".join(parts).replace("-", "\N{MINUS SIGN}")
    return {
        "en": f"Distance of its centre from the mean of all, in spreads: {said}.",
        "zh": f"中心与全体均值的差（以离散程度为单位）：{said}。",
    }
