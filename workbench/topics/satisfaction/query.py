"""How satisfied customers are: NPS, CSAT and CES with base, interval and missing answers, small groups hidden."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.intervals import t_value, wilson, z_value
from workbench.analyses.small_groups import SMALLEST_GROUP
from workbench.analyses.survey_answers import SurveyDimension, by_group, count_of, shown, valid_answers, weighted_mean

__all__ = ["ces", "csat", "nps"]

PROMOTER_FROM, DETRACTOR_TO = 9, 6
FEWEST_FOR_INTERVAL = 5
"""The mean of fewer (effective) answers gets no interval."""


def nps(
    surveys: ir.Table,
    *,
    by: SurveyDimension | None = None,
    item: str | None = None,
    weighted: bool = True,
    confidence: float = 0.95,
    smallest: int = SMALLEST_GROUP,
) -> ir.Table:
    """Measure the net promoter score: promoters (9–10) minus detractors (0–6), in points from -100 to 100.

    Shares are weighted where the survey has weights (an answer without one counts once); `weighted=False` counts every
    answer once. The interval is the normal one, with variance p + d - (p - d)² per answer over the *effective* base
    (Σw)²/Σw²; without weights that is the number of answers. Where all answers are of one class it is unknown.

    Parameters
    ----------
    by
        One group per touchpoint, region, segment, item, month or quarter; None for all answers together. Answers
        without a name for it form a group of their own (null).
    item
        Only this item of the questionnaire, whatever its kind; None takes every item of the kind "nps".
    smallest
        Groups of fewer respondents are hidden, and with them the smallest other group, so that none comes out by
        subtraction from the total (see `small_groups`). A hidden group keeps its name and loses every figure.

    Returns
    -------
    the dimension, base (answers, unweighted), respondents, effective_base, promoters, passives, detractors (answers),
    promoter_share, passive_share, detractor_share (weighted), nps, standard_error, low, high (points), missing_blank,
    missing_sentinel, missing_out_of_range, is_small (effective base below 30), is_hidden.

    Examples
    --------
    >>> words = ("response_id", "item", "kind", "missing", "touchpoint", "region", "segment")
    >>> numbers = ("score", "scale_low", "scale_high", "weight")
    >>> columns = dict.fromkeys(words, "string") | dict.fromkeys(numbers, "float64") | {"day": "date"}
    >>> surveys = ibis.table(columns, name="surveys")
    >>> nps(surveys, by="touchpoint").columns[:3]
    ('touchpoint', 'base', 'respondents')

    References
    ----------
    Reichheld (2003), The one number you need to grow.
    """
    answers = valid_answers(surveys, "nps", item=item, weighted=weighted)
    is_promoter, is_detractor = _.score >= PROMOTER_FROM, _.score <= DETRACTOR_TO
    is_passive = ~is_promoter & ~is_detractor
    groups = by_group(
        answers,
        by,
        smallest=smallest,
        promoters=count_of(is_promoter),
        passives=count_of(is_passive),
        detractors=count_of(is_detractor),
        promoter_share=weighted_mean(is_promoter),
        passive_share=weighted_mean(is_passive),
        detractor_share=weighted_mean(is_detractor),
    )
    difference = groups.promoter_share - groups.detractor_share
    variance = groups.promoter_share + groups.detractor_share - difference**2
    error = 100 * (_positive(variance) / groups.effective_base) ** 0.5
    half = z_value(confidence) * error
    figures = groups.mutate(
        nps=100 * difference,
        standard_error=error,
        low=_at_least(100 * difference - half, -100),
        high=_at_most(100 * difference + half, 100),
    )
    return shown(
        figures, by,
        "promoters", "passives", "detractors", "promoter_share", "passive_share", "detractor_share",
        "nps", "standard_error", "low", "high",
    )  # fmt: skip


def csat(
    surveys: ir.Table,
    *,
    by: SurveyDimension | None = None,
    item: str | None = None,
    weighted: bool = True,
    confidence: float = 0.95,
    smallest: int = SMALLEST_GROUP,
) -> ir.Table:
    """Measure the share of satisfied answers, the top two of the scale (4–5 of 5), and the mean beside it.

    The share's interval is Wilson's, the mean's is Student's, both over the effective base. Arguments as in `nps`; one
    scale per call, else the mean has no meaning.

    Returns
    -------
    the dimension, base, respondents, effective_base, satisfied (answers), csat (share 0..1, weighted), low, high, mean,
    standard_error, mean_low, mean_high (points of the scale), missing_blank, missing_sentinel, missing_out_of_range,
    is_small, is_hidden.
    """
    answers = valid_answers(surveys, "csat", item=item, weighted=weighted)
    is_satisfied = _.score >= _.scale_high - 1
    groups = by_group(
        answers,
        by,
        smallest=smallest,
        satisfied=count_of(is_satisfied),
        csat=weighted_mean(is_satisfied),
        mean=weighted_mean(_.score),
        mean_square=weighted_mean(_.score**2),
    )
    low, high = wilson(groups.csat, groups.effective_base, confidence=confidence)
    figures = _with_mean_interval(groups.mutate(low=low, high=high), confidence)
    return shown(
        figures, by, "satisfied", "csat", "low", "high", "mean", "standard_error", "mean_low", "mean_high"
    )  # fmt: skip


def ces(
    surveys: ir.Table,
    *,
    by: SurveyDimension | None = None,
    item: str | None = None,
    weighted: bool = True,
    confidence: float = 0.95,
    smallest: int = SMALLEST_GROUP,
) -> ir.Table:
    """Measure the customer effort score: the mean of answers from 1 to 7, with Student's interval.

    Whether much is good (the help was easy) or bad (much effort) is the questionnaire's wording; the figure does not
    turn it round. Arguments as in `nps`.

    Returns
    -------
    the dimension, base, respondents, effective_base, ces, standard_error, low, high (points of the scale),
    missing_blank, missing_sentinel, missing_out_of_range, is_small, is_hidden.

    References
    ----------
    Dixon, Freeman & Toman (2010), Stop trying to delight your customers.
    """
    answers = valid_answers(surveys, "ces", item=item, weighted=weighted)
    groups = by_group(
        answers,
        by,
        smallest=smallest,
        mean=weighted_mean(_.score),
        mean_square=weighted_mean(_.score**2),
    )
    figures = _with_mean_interval(groups, confidence).rename(ces="mean", low="mean_low", high="mean_high")
    return shown(figures, by, "ces", "standard_error", "low", "high")


def _with_mean_interval(groups: ir.Table, confidence: float) -> ir.Table:
    """Add the mean's standard error and Student's interval, unknown for fewer than FEWEST_FOR_INTERVAL answers."""
    base = groups.effective_base.nullif(1.0)
    spread = _at_least(groups.mean_square - groups["mean"] ** 2, 0) * base / (base - 1)
    error = (spread / base) ** 0.5
    half = (base >= FEWEST_FOR_INTERVAL).ifelse(t_value(base - 1, confidence=confidence) * error, ibis.null())
    return groups.mutate(standard_error=error, mean_low=groups["mean"] - half, mean_high=groups["mean"] + half)


def _positive(value: ir.FloatingValue) -> ir.FloatingValue:
    """Return what is above the rounding of floats, else unknown."""
    return (value > 1e-12).ifelse(value, ibis.null())


def _at_least(value: ir.FloatingValue, bound: float) -> ir.FloatingValue:
    return (value < bound).ifelse(bound, value)


def _at_most(value: ir.FloatingValue, bound: float) -> ir.FloatingValue:
    return (value > bound).ifelse(bound, value)
