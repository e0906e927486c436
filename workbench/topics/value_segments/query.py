"""A battery of survey items as a matrix: who rated which item how, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.answer_matrix import item_column, respondent_scores, valid_scores
from workbench.analyses.exact_shares import share_count
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.clusters.points import FEWEST_DISTINCT, Feature, Points, tidy

FEWEST_ITEMS, MOST_ITEMS = 2, 40
"""How many items a battery may have here."""
FEWEST_RESPONDENTS = 30
MIN_ANSWERED = 0.8
"""The share of the battery's items that a respondent must have rated, unless another is chosen."""


def batteries(surveys: ir.Table, *, battery: str | None = None) -> ir.Table:
    """List the rated items by kind of survey (or of one battery, which is a kind), with how often each was rated.

    Returns kind, item, answer_count (valid scores), in the order of kind and item.
    """
    rated = valid_scores(surveys.filter(_.item.notnull()))
    rated = rated if battery is None else rated.filter(rated.kind == battery)
    counted = rated.group_by(["kind", "item"]).aggregate(answer_count=_.count())
    return counted.order_by(["kind", "item"])


def respondent_rows(surveys: ir.Table, *, items: Sequence[str]) -> ir.Table:
    """Return one row per respondent and one column per item, as `respondent_scores`; each respondent counts once.

    Returns
    -------
    customer_id (null where unknown), item_0, item_1 … (null where not rated), answered_items.
    """
    check_items(items)
    return respondent_scores(surveys, items=items, weighted=False).drop("weight")


def battery_rows(surveys: ir.Table, *, items: Sequence[str]) -> ir.Table:
    """Count the respondents of every combination of ratings: all that the segments are made from."""
    names = [item_column(place) for place in range(len(items))]
    counted = respondent_rows(surveys, items=items).group_by(names).aggregate(customer_count=_.count())
    return counted.order_by(names)


def check_items(items: Sequence[str]) -> None:
    """Raise ChoiceError unless there are enough different items, and not too many."""
    if not FEWEST_ITEMS <= len(set(items)) <= MOST_ITEMS or len(set(items)) < len(items):
        raise ChoiceError("battery_items", count=len(items), fewest=FEWEST_ITEMS, most=MOST_ITEMS)


def answers_needed(items: int, min_answered: float) -> int:
    """Return how many items a respondent must have rated.

    >>> answers_needed(22, 0.8), answers_needed(5, 1.0)
    (18, 5)
    """
    if not 0 < min_answered <= 1:
        raise ChoiceError("battery_share", value=min_answered)
    return max(share_count(min_answered, items), 1)


def battery_points(
    rows: Mapping[str, NDArray[Any]], *, items: Sequence[str], centred: bool = True, min_answered: float = MIN_ANSWERED
) -> Points:
    """Make respondents comparable: item by item in standard deviations, each respondent counting once.

    Parameters
    ----------
    rows
        What `battery_rows` gave, as arrays.
    centred
        Subtract from every score the respondent's own mean over the items they rated first, so that people are grouped
        by what they put above other things, not by how generous they are with points.
    min_answered
        Who rated a smaller share of the items is left out; an item that is missing is taken for the mean of all.

    Raises
    ------
    NothingToShow
        Nobody answered, fewer than 30 respondents who answered enough, or all of them alike.
    ChoiceError
        An item that everybody rated alike (beside their own mean, where `centred`).
    """
    check_items(items)
    needed = answers_needed(len(items), min_answered)
    values = np.column_stack([np.asarray(rows[item_column(place)], dtype=float) for place in range(len(items))])
    weights = np.asarray(rows["customer_count"]).astype(np.int64)
    if not len(weights):
        raise NothingToShow("battery_no_survey", items=list(items))
    rated = ~np.isnan(values)
    kept = rated.sum(axis=1) >= needed
    left_out = int(weights[~kept].sum())
    unknown = {item: int(weights[kept & ~rated[:, place]].sum()) for place, item in enumerate(items)}
    values, weights, rated = values[kept], weights[kept], rated[kept]
    if int(weights.sum()) < FEWEST_RESPONDENTS:
        raise NothingToShow("battery_too_few", respondents=int(weights.sum()), fewest=FEWEST_RESPONDENTS)
    compared = values - own_mean(values)[:, None] if centred else values
    features = _measured(items, compared, weights)
    scaled = np.column_stack([feature.scaled(compared[:, place]) for place, feature in enumerate(features)])
    if len(np.unique(scaled, axis=0)) < FEWEST_DISTINCT:
        raise NothingToShow("cluster_too_few", distinct=len(np.unique(scaled, axis=0)), fewest=FEWEST_DISTINCT)
    return Points(features, values, scaled, weights, left_out, unknown)


def own_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each respondent's mean over the items rated."""
    return np.asarray(np.nansum(values, axis=1) / (~np.isnan(values)).sum(axis=1))


def _measured(items: Sequence[str], compared: NDArray[np.float64], weights: NDArray[np.int64]) -> tuple[Feature, ...]:
    features, flat = [], []
    for place, item in enumerate(items):
        known = ~np.isnan(compared[:, place])
        values, counts = compared[known, place], weights[known]
        if not len(values):
            raise ChoiceError("battery_no_survey", items=[item])
        centre = float(np.average(values, weights=counts))
        spread = float(np.sqrt(np.average((values - centre) ** 2, weights=counts)))
        if spread < FLAT:
            flat.append(item)
            continue
        features.append(Feature(item, tidy(centre), tidy(spread), fill=tidy(centre)))
    if len(flat) == len(items):
        raise NothingToShow("cluster_all_equal", features=flat)
    if flat:
        raise ChoiceError("cluster_constant_feature", features=flat)
    return tuple(features)


FLAT = 1e-9
"""A spread below this is a sum of roundings."""
