"""Survey answers as a matrix: one row per respondent, one column per item, and on which scale each item is rated."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.survey_answers import RESPONDENT, respondent_columns
from workbench.schema import SCALES


def item_column(place: int) -> str:
    """Name the column of an item; companies' own items may be called anything."""
    return f"item_{place}"


def valid_scores(surveys: ir.Table) -> ir.Table:
    """Keep the scores that lie on their item's scale; where the survey names none, on that of its kind, if it has one.

    `score`, `scale_low` and `scale_high` become floats. A scale that nobody knows stays unknown, and any score is on
    it.
    """
    known = surveys.mutate(
        score=surveys.score.cast("float64"),
        scale_low=_bound(surveys, "scale_low", 0),
        scale_high=_bound(surveys, "scale_high", 1),
    )
    return known.filter(
        known.score.notnull(),
        known.scale_low.isnull() | (known.score >= known.scale_low),
        known.scale_high.isnull() | (known.score <= known.scale_high),
    )


def respondent_scores(surveys: ir.Table, *, items: Sequence[str], weighted: bool = True) -> ir.Table:
    """Turn long answers into one row per respondent and one column per item.

    A respondent is a customer, with the mean of all the scores they gave an item; answers without a customer count by
    their response in one file. A score counts when it lies on the item's scale (`valid_scores`) and, where weights
    count, its weight is above zero. Who rated none of the items has no row.

    Returns
    -------
    customer_id (null where unknown), item_0, item_1 … (null where not rated), answered_items, weight (the mean of the
    weights of the answers; 1 where the survey has none, or `weighted` is off).
    """
    answers = valid_scores(surveys.filter(surveys.item.isin(list(items))))
    weight = answers.weight.cast("float64").fill_null(1.0) if weighted else ibis.literal(1).cast("float64")
    keyed = answers.mutate(**respondent_columns(answers), weight=weight)
    keyed = keyed.filter(keyed.weight > 0)
    pivoted = keyed.group_by(list(RESPONDENT)).aggregate(
        **{item_column(place): keyed.score.mean(where=keyed.item == item) for place, item in enumerate(items)},
        weight=keyed.weight.mean(),
    )
    names = [item_column(place) for place in range(len(items))]
    answered = sum(
        (pivoted[name].notnull().cast("int64") for name in names[1:]), pivoted[names[0]].notnull().cast("int64")
    )
    return pivoted.select("customer_id", *names, answered_items=answered, weight="weight")


def item_scales(surveys: ir.Table) -> ir.Table:
    """List the rated items with their kinds and scales.

    Returns item, kind (null where it has none, or several), answer_count (valid scores), scale_low and scale_high (null
    where nobody knows them), scale_count (on how many different scales the item is rated), in the order of their names.
    """
    rated = valid_scores(surveys.filter(surveys.item.notnull()))
    scales = rated.group_by(["item", "scale_low", "scale_high"]).aggregate(
        answer_count=_.count(), least_kind=_.kind.min(), most_kind=_.kind.max()
    )
    items = scales.group_by("item").aggregate(
        answer_count=_.answer_count.sum(),
        scale_low=_.scale_low.min(),
        scale_high=_.scale_high.max(),
        scale_count=_.count(),
        least_kind=_.least_kind.min(),
        most_kind=_.most_kind.max(),
    )
    kind = (items.least_kind == items.most_kind).ifelse(items.least_kind, ibis.null("string"))
    return items.select("item", "answer_count", "scale_low", "scale_high", "scale_count", kind=kind).order_by("item")


def _bound(surveys: ir.Table, name: str, place: int) -> ir.FloatingColumn:
    usual = ibis.cases(*((surveys.kind == kind, float(scale[place])) for kind, scale in SCALES.items()))
    return surveys[name].cast("float64").coalesce(usual.cast("float64"))
