"""A survey item's kind and its scale must agree: what is wrong where they do not, as the key and facts of an error."""

from __future__ import annotations

from workbench.load.mapping.source_mapping import Item
from workbench.schema import SCALES

NPS_SCALE = SCALES["nps"]
"""Promoters are 9 and 10, detractors 0 to 6: a net promoter score exists on this scale alone."""


def item_fault(name: str, item: Item) -> tuple[str, dict[str, object]] | None:
    """Return the key and facts of what is wrong with an item as declared; None where nothing is.

    A scale must have room, an NPS must be asked from 0 to 10, words must lie on the scale, and scores can only be
    turned round within a scale.

    >>> item_fault("NPS", Item("nps", 1, 5))
    ('nps_scale', {'item': 'NPS', 'low': 1, 'high': 5})
    """
    low, high = item.scale
    facts: dict[str, object] = {"item": name, "low": low, "high": high}
    if low is not None and high is not None and low >= high:
        return "empty_range", facts
    if item.kind == "nps" and (low, high) != NPS_SCALE:
        return "nps_scale", facts
    outside = [word for word, score in item.words.items() if not _between(score, low, high)]
    if outside:
        return "words_off_scale", {**facts, "words": outside}
    if item.reversed and (low is None or high is None):
        return "reversed_without_scale", {"item": name}
    if bool(item.choices) != bool(item.separator):
        return "choices_without_separator", {"item": name}
    return None


def _between(score: float, low: float | None, high: float | None) -> bool:
    return (low is None or score >= low) and (high is None or score <= high)
