"""Survey answers condensed by group: what counts as an answer, who gave it, what is missing and why, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import Deferred, _

from workbench.analyses.calendar import begin_of
from workbench.analyses.choices import check_choice
from workbench.analyses.small_groups import GREY_BELOW, hidden_groups, hidden_parts
from workbench.errors import ChoiceError
from workbench.schema import SCALES, SurveyMeasure

SurveyDimension = Literal["touchpoint", "region", "segment", "item", "month", "quarter"]

RESPONDENT = ("customer_id", "source_id", "response_id")
"""What together names who answered: the customer where known, else the file and the response in it."""

SQUARES, CUBES = ((1, 0), (2, 0), (1, 1)), ((3, 0), (2, 1), (1, 2))
BASE = ("base", "respondents", "effective_base")
MISSING = ("missing_blank", "missing_sentinel", "missing_out_of_range")
COMPARISON_COLUMNS = ("weight", "squares", "cubes")
"""By group, for the comparison with the other groups: see `with_deviations`."""


def respondent_columns(surveys: ir.Table) -> dict[str, ir.Column]:
    """Return the columns RESPONDENT, each unknown where another names the person.

    A customer is one respondent in all files. Without a customer, equal response numbers of two files are two people;
    a table that does not say its files is taken for one.
    """
    is_nameless = surveys.customer_id.isnull()
    source = surveys.source_id if "source_id" in surveys.columns else ibis.null("int64")
    return {
        "customer_id": surveys.customer_id,
        "source_id": is_nameless.ifelse(source, ibis.null("int64")),
        "response_id": is_nameless.ifelse(surveys.response_id, ibis.null("string")),
    }


def valid_answers(surveys: ir.Table, measure: SurveyMeasure, *, item: str | None, weighted: bool) -> ir.Table:
    """Return the answers to a measure's items, or to one item whatever its kind, each marked valid or missing.

    An answer is valid when it lies on the item's scale (`scale_low` … `scale_high`, else SCALES), which for NPS must
    end at 10, and when its weight, where weights count, is above zero. Every other row is missing, as the loader says
    or, for a number off the scale or a weight that is none, as `out_of_range`.

    Returns the columns RESPONDENT, item, touchpoint, region, segment, month, quarter, score, scale_low, scale_high,
    weight (1 where the survey gives none, or `weighted` is off), is_valid, missing.
    """
    low, high = (float(bound) for bound in SCALES[measure])
    rows = surveys.filter(surveys.kind == measure if item is None else surveys.item == item)
    answers = rows.mutate(
        score=rows.score.cast("float64"),
        scale_low=rows.scale_low.cast("float64").fill_null(low),
        scale_high=rows.scale_high.cast("float64").fill_null(high),
        weight=rows.weight.cast("float64").fill_null(1.0) if weighted else ibis.literal(1).cast("float64"),
    )
    on_scale = answers.score.notnull() & answers.score.between(answers.scale_low, answers.scale_high)
    if measure == "nps":
        on_scale &= answers.scale_high == high
    answers = answers.mutate(is_valid=(on_scale & (answers.weight > 0)).fill_null(False))
    reason = ibis.coalesce(answers.missing, answers.score.notnull().ifelse("out_of_range", "blank"))
    return answers.select(
        "item",
        "touchpoint",
        "region",
        "segment",
        **respondent_columns(answers),
        month=begin_of("month", answers.day),
        quarter=begin_of("quarter", answers.day),
        score="score",
        scale_low="scale_low",
        scale_high="scale_high",
        weight="weight",
        is_valid="is_valid",
        missing=answers.is_valid.ifelse(ibis.null("string"), reason),
    )


def without_weightless(surveys: ir.Table) -> ir.Table:
    """Return the answers, those whose weight is zero or less as missing: with weights and without, the same ones count.

    Otherwise the two differ by these few answers.
    """
    is_weightless = (surveys.weight.cast("float64") <= 0).fill_null(False)
    return surveys.mutate(
        score=is_weightless.ifelse(ibis.null(surveys.score.type()), surveys.score),
        missing=is_weightless.ifelse(ibis.coalesce(surveys.missing, "out_of_range"), surveys.missing),
    )


def by_group(
    answers: ir.Table,
    by: SurveyDimension | None,
    *,
    smallest: int,
    counts: Mapping[str, Deferred],
    shares: Mapping[str, Deferred],
    means: Mapping[str, Deferred],
) -> ir.Table:
    """Sum answers up by a dimension, respondent by respondent, and mark the groups that must be hidden.

    `counts` are conditions whose valid answers are counted, `shares` conditions whose weighted share is wanted,
    `means` values whose weighted mean is wanted and, as `…_2_0` and the like, what its error is made of: sums over
    respondents of powers of Σwy (first digit) and Σw (second digit) of each; of third powers too for the first of
    them, by which groups are compared.

    Returns the dimension, BASE (effective_base: respondents of equal weight, (ΣW)²/ΣW² over the weights W that each
    one's answers have together), MISSING, weight, scale_low and scale_high (the ends of all scales together),
    has_one_scale, is_small, is_hidden, the counts, the shares, the means. Hidden groups still have their figures:
    `shown` takes them away at the end.
    """
    if by is not None:
        check_choice("by", by, get_args(SurveyDimension))
    if smallest < 1:
        raise ChoiceError("smallest_below_one", value=smallest)
    keys: list[str] = [] if by is None else ["month", "quarter"] if by == "month" else [by]
    people = _by_respondent(answers, keys, counts, {**shares, **means})
    groups = _summed(people, keys, counts, shares, means)
    if by is None:
        is_hidden = (groups.respondents > 0) & (groups.respondents < smallest)
        marked = groups.mutate(is_hidden=is_hidden)
    elif by == "month":
        answered = people.filter(people.base > 0).select("quarter", *RESPONDENT).distinct()
        quarters = people.select("quarter").distinct()
        counted = answered.aggregate(by="quarter", respondents=_.count())
        wholes = quarters.left_join(counted, quarters.quarter.identical_to(counted.quarter)).select(
            "quarter", respondents=counted.respondents.fill_null(0)
        )
        marked = hidden_parts(groups, wholes, name="month", whole="quarter", size="respondents", smallest=smallest)
    else:
        marked = hidden_groups(groups, name=by, size="respondents", smallest=smallest)
    return marked.mutate(is_small=(marked.is_hidden | (marked.effective_base < GREY_BELOW)).fill_null(True))


def shown(groups: ir.Table, by: SurveyDimension | None, *figures: str) -> ir.Table:
    """Return the columns in their order and the groups in theirs, every figure of a hidden group unknown."""
    names = (*BASE, *figures, *MISSING, *(COMPARISON_COLUMNS if by else ()))
    columns = groups.select(
        *([by] if by else []),
        **{name: groups.is_hidden.ifelse(ibis.null(groups[name].type()), groups[name]) for name in names},
        is_small="is_small",
        is_hidden="is_hidden",
    )
    return columns.order_by(by) if by else columns


def _by_respondent(
    answers: ir.Table, keys: list[str], counts: Mapping[str, Deferred], values: Mapping[str, Deferred]
) -> ir.Table:
    """Sum up what each respondent answered in each group."""
    return answers.aggregate(
        by=[*keys, *RESPONDENT],
        base=_.is_valid.sum(),
        weight=_.weight.sum(where=_.is_valid),
        **{name: (_.missing == name.removeprefix("missing_")).sum() for name in MISSING},
        **{name: condition.sum(where=_.is_valid) for name, condition in counts.items()},
        **{name: (value.cast("float64") * _.weight).sum(where=_.is_valid) for name, value in values.items()},
        **{f"least_{bound}": _[bound].min(where=_.is_valid) for bound in ("scale_low", "scale_high")},
        **{f"most_{bound}": _[bound].max(where=_.is_valid) for bound in ("scale_low", "scale_high")},
    )


def _summed(
    people: ir.Table,
    keys: list[str],
    counts: Mapping[str, Deferred],
    shares: Mapping[str, Deferred],
    means: Mapping[str, Deferred],
) -> ir.Table:
    """Add the respondents of each group up; nobody's mean is unknown."""
    compared = next(iter(means)) if keys else ""
    powers = {f"weight_{power}": _product(("weight",) * power) for power in ((2, 3) if keys else (2,))}
    for name in means:
        for i, j in (*SQUARES, *(CUBES if name == compared else ())):
            powers[f"{name}_{i}_{j}"] = _product((name,) * i + ("weight",) * j)
    groups = people.aggregate(
        by=keys,
        respondents=(_.base > 0).sum().fill_null(0),
        **{name: _[name].sum().fill_null(0) for name in ("base", *MISSING, *counts)},
        weight=_.weight.sum(),
        **{f"{name}_1_0": _[name].sum() for name in shares},
        **{column: power.sum() for column, power in powers.items()},
        scale_low=_.least_scale_low.min().cast("float64"),
        scale_high=_.most_scale_high.max().cast("float64"),
        has_one_scale=(
            (_.least_scale_low.min() == _.most_scale_low.max()) & (_.least_scale_high.min() == _.most_scale_high.max())
        ).fill_null(False),
    )
    return groups.mutate(
        effective_base=groups.weight * groups.weight / groups.weight_2,
        **{name: groups[f"{name}_1_0"] / groups.weight for name in (*shares, *means)},
    )


def _product(columns: tuple[str, ...]) -> Deferred:
    product = _[columns[0]]
    for column in columns[1:]:
        product = product * _[column]
    return product
