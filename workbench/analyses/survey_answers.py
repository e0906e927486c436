"""Survey answers condensed by group: what counts as an answer, what is missing and why, what may be shown."""

from __future__ import annotations

from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import Deferred, _

from workbench.analyses.calendar import begin_of
from workbench.analyses.choices import check_choice
from workbench.analyses.small_groups import GREY_BELOW, hidden_groups, hidden_parts
from workbench.errors import ChoiceError
from workbench.schema import SurveyMeasure

SurveyDimension = Literal["touchpoint", "region", "segment", "item", "month", "quarter"]

SCALES: dict[SurveyMeasure, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
"""The lowest and highest answer of each measure, where the survey does not say."""

BASE = ("base", "respondents", "effective_base")
MISSING = ("missing_blank", "missing_sentinel", "missing_out_of_range")


def valid_answers(surveys: ir.Table, measure: SurveyMeasure, *, item: str | None, weighted: bool) -> ir.Table:
    """Return the answers to a measure's items, or to one item whatever its kind, each marked valid or missing.

    An answer is valid when it lies on the item's scale (`scale_low` … `scale_high`, else SCALES). Every other row is
    missing, as the loader says or, for a number off the scale, as `out_of_range`.

    Returns response_id, item, touchpoint, region, segment, month, quarter, score, scale_high, weight (1 where the
    survey gives none, or `weighted` is off), is_valid, missing.
    """
    low, high = (float(bound) for bound in SCALES[measure])
    rows = surveys.filter(surveys.kind == measure if item is None else surveys.item == item)
    answers = rows.mutate(
        score=rows.score.cast("float64"),
        scale_low=rows.scale_low.cast("float64").fill_null(low),
        scale_high=rows.scale_high.cast("float64").fill_null(high),
        weight=rows.weight.cast("float64").fill_null(1.0) if weighted else ibis.literal(1.0),
    ).mutate(is_valid=(_.score.notnull() & _.score.between(_.scale_low, _.scale_high)).fill_null(False))
    reason = ibis.coalesce(answers.missing, answers.score.notnull().ifelse("out_of_range", "blank"))
    return answers.select(
        "response_id",
        "item",
        "touchpoint",
        "region",
        "segment",
        month=begin_of("month", answers.day),
        quarter=begin_of("quarter", answers.day),
        score="score",
        scale_high="scale_high",
        weight="weight",
        is_valid="is_valid",
        missing=answers.is_valid.ifelse(ibis.null("string"), reason),
    )


def count_of(condition: Deferred) -> Deferred:
    """Count the valid answers for which a condition holds."""
    return condition.sum(where=_.is_valid).fill_null(0)


def weighted_mean(values: Deferred) -> Deferred:
    """Return the weighted mean of a column over the valid answers; unknown where these are none, or weigh nothing."""
    return (values.cast("float64") * _.weight).sum(where=_.is_valid) / _.weight.sum(where=_.is_valid).nullif(0)


def by_group(answers: ir.Table, by: SurveyDimension | None, *, smallest: int, **figures: Deferred) -> ir.Table:
    """Sum answers up by a dimension and mark the groups that must be hidden.

    Returns the dimension, BASE, MISSING, is_small, is_hidden and the `figures`. Hidden groups still have theirs:
    `shown` takes them away at the end.
    """
    if by is not None:
        check_choice("by", by, get_args(SurveyDimension))
    if smallest < 1:
        raise ChoiceError("smallest_below_one", value=smallest)
    groups = _summed(answers, [] if by is None else ["month", "quarter"] if by == "month" else [by], **figures)
    if by is None:
        is_hidden = (groups.respondents > 0) & (groups.respondents < smallest)
        marked = groups.mutate(is_hidden=is_hidden)
    elif by == "month":
        wholes = answers.aggregate(by="quarter", respondents=_.response_id.nunique(where=_.is_valid))
        marked = hidden_parts(groups, wholes, name="month", whole="quarter", size="respondents", smallest=smallest)
    else:
        marked = hidden_groups(groups, name=by, size="respondents", smallest=smallest)
    return marked.mutate(is_small=(marked.is_hidden | (marked.effective_base < GREY_BELOW)).fill_null(True))


def shown(groups: ir.Table, by: SurveyDimension | None, *figures: str) -> ir.Table:
    """Return the columns in their order and the groups in theirs, every figure of a hidden group unknown."""
    names = (*BASE, *figures, *MISSING)
    columns = groups.select(
        *([by] if by else []),
        **{name: groups.is_hidden.ifelse(ibis.null(groups[name].type()), groups[name]) for name in names},
        is_small="is_small",
        is_hidden="is_hidden",
    )
    return columns.order_by(by) if by else columns


def _summed(answers: ir.Table, keys: list[str], **figures: Deferred) -> ir.Table:
    weight = _.weight.sum(where=_.is_valid)
    return answers.aggregate(
        by=keys,
        base=_.is_valid.sum().fill_null(0),
        respondents=_.response_id.nunique(where=_.is_valid),
        effective_base=weight**2 / (_.weight**2).sum(where=_.is_valid).nullif(0),
        **{name: (_.missing == name.removeprefix("missing_")).sum().fill_null(0) for name in MISSING},
        **figures,
    )
