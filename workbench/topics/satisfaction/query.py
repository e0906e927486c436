"""How satisfied customers are: NPS, CSAT and CES with base, interval and missing answers, small groups hidden."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from workbench.analyses.respondent_errors import with_deviations, with_error, with_interval, with_interval_on_scale
from workbench.analyses.small_groups import SMALLEST_GROUP
from workbench.analyses.survey_answers import (
    SurveyDimension,
    by_group,
    shown,
    valid_answers,
)
from workbench.topics.satisfaction.levels import with_satisfied

__all__ = ["ces", "csat", "nps"]

PROMOTER_FROM, DETRACTOR_TO = 9, 6
NPS_EXTRA, CSAT_EXTRA, MEAN_EXTRA = 1 / 4, 1 / 2, 1 / 4
"""How many respondents, in squares of the normal quantile, are added at either end: see `with_interval`."""


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
    answer once. All answers of one respondent (a customer, else a response of a file) are counted together: neither
    `effective_base` nor the interval takes them for independent. The interval is adjusted: about one respondent is
    added at either end of the scale (`with_interval`), so that it has a width where all answers are alike; it is
    unknown where a group is worth fewer than five respondents.

    What the 95 % interval covers, by `tests/topics/satisfaction/test_coverage.py`: with one answer each, over a grid of
    shares, never less than 93 % from 10 answers on and 96 to 98 % in the mean (Wald's, at 20 to 50 answers, 84 to 90 %
    where answers are skewed, and nothing where all are alike). `docs/trials.md` has the figures.

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
    the dimension, base (answers, unweighted), respondents, effective_base (respondents of equal weight), promoters,
    passives, detractors (answers), promoter_share, passive_share, detractor_share (weighted), nps, standard_error (of
    sums over respondents; unknown where all answers are alike), low, high (points), missing_blank, missing_sentinel,
    missing_out_of_range, by a dimension also weight, squares and cubes (what respondents differ by, for
    `with_standing`), is_small (effective base below 30), is_hidden.

    An answer off its scale never counts, nor does one of an item whose scale does not end at 10, nor one whose weight
    is zero or less; all are counted in missing_out_of_range.

    Examples
    --------
    >>> import ibis
    >>> words = ("response_id", "customer_id", "item", "kind", "missing", "touchpoint", "region", "segment")
    >>> numbers = ("score", "scale_low", "scale_high", "weight")
    >>> columns = dict.fromkeys(words, "string") | dict.fromkeys(numbers, "float64")
    >>> columns |= {"day": "date", "source_id": "int64"}
    >>> surveys = ibis.table(columns, name="surveys")
    >>> nps(surveys, by="touchpoint").columns[:3]
    ('touchpoint', 'base', 'respondents')

    References
    ----------
    Reichheld (2003), The one number you need to grow; Binder (1983) and Bonett & Price (2012) for the interval.
    """
    answers = valid_answers(surveys, "nps", item=item, weighted=weighted)
    is_promoter, is_detractor = _.score >= PROMOTER_FROM, _.score <= DETRACTOR_TO
    is_passive = ~is_promoter & ~is_detractor
    groups = by_group(
        answers,
        by,
        smallest=smallest,
        counts={"promoters": is_promoter, "passives": is_passive, "detractors": is_detractor},
        shares={"promoter_share": is_promoter, "passive_share": is_passive, "detractor_share": is_detractor},
        means={"nps": is_promoter.cast("float64") - is_detractor.cast("float64")},
    )
    figures = with_interval(groups, "nps", ends=(-1, 1), extra=NPS_EXTRA, confidence=confidence)
    figures = with_error(figures, "nps")
    points = dict.fromkeys(("nps", "standard_error", "low", "high"), 100)
    if by:
        figures, points = with_deviations(figures, "nps"), points | {"squares": 100**2, "cubes": 100**3}
    return shown(
        figures.mutate(**{name: factor * figures[name] for name, factor in points.items()}), by,
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
    """Measure the share of satisfied answers, and the mean beside it.

    Satisfied are the top two levels of the item's scale (4–5 of 5, 6–7 of 7, 9–10 of 10), on scales of two to four
    levels the top one; `with_satisfied` says how levels are known. Both intervals are adjusted as that of `nps`
    (the share's is Agresti & Coull's where each respondent answered once) and count a respondent's answers together.
    The mean is unknown where answers lie on different scales.
    Arguments as in `nps`.

    What the 95 % interval of the share covers, by `tests/topics/satisfaction/test_coverage.py`: with one answer each
    never less than 94 % from 10 answers on (Wilson's: 84 %); of samples of the SFO survey, pooled over its items, see
    `docs/trials.md` (with answers taken for independent: 64 %).

    Returns
    -------
    the dimension, base, respondents, effective_base, satisfied (answers), csat (share 0..1, weighted), low, high, mean,
    standard_error (of the mean), mean_low, mean_high (points of the scale), missing_blank, missing_sentinel,
    missing_out_of_range, by a dimension also weight, squares and cubes (of csat), is_small, is_hidden.

    References
    ----------
    Agresti & Coull (1998), Approximate is better than "exact" for interval estimation of binomial proportions.
    """
    answers = with_satisfied(valid_answers(surveys, "csat", item=item, weighted=weighted))
    groups = by_group(
        answers,
        by,
        smallest=smallest,
        counts={"satisfied": _.is_satisfied},
        shares={},
        means={"csat": _.is_satisfied, "mean": _.score},
    )
    figures = with_interval(groups, "csat", ends=(0, 1), extra=CSAT_EXTRA, confidence=confidence)
    figures = with_interval_on_scale(figures, "mean", extra=MEAN_EXTRA, confidence=confidence)
    return shown(
        with_deviations(figures, "csat") if by else figures, by,
        "satisfied", "csat", "low", "high", "mean", "standard_error", "mean_low", "mean_high",
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
    """Measure the customer effort score: the mean of the answers, from 1 to 7 or on the item's own scale.

    Whether much is good (the help was easy) or bad (much effort) is the questionnaire's wording; the figure does not
    turn it round. The interval is adjusted as that of `nps`, between the ends of the scale; unknown where a group is
    worth fewer than five respondents. Where answers lie on different scales there is no mean. Arguments as in `nps`.

    What the 95 % interval covers, by `tests/topics/satisfaction/test_coverage.py`: with one answer each, on scales of
    five and seven, weighted or not, never less than 95 % from 10 answers on (Student's: 81 % at ten skewed answers).

    Returns
    -------
    the dimension, base, respondents, effective_base, ces, standard_error, low, high (points of the scale),
    missing_blank, missing_sentinel, missing_out_of_range, by a dimension also weight, squares and cubes,
    is_small, is_hidden.

    References
    ----------
    Dixon, Freeman & Toman (2010), Stop trying to delight your customers, with effort from 1 to 5; as ease from 1 to 7
    ("CES 2.0") in Dixon, Toman & DeLisi (2013), The effortless experience.
    """
    answers = valid_answers(surveys, "ces", item=item, weighted=weighted)
    groups = by_group(answers, by, smallest=smallest, counts={}, shares={}, means={"mean": _.score})
    figures = with_interval_on_scale(groups, "mean", extra=MEAN_EXTRA, confidence=confidence)
    figures = with_deviations(figures, "mean") if by else figures
    figures = figures.rename(ces="mean", low="mean_low", high="mean_high")
    return shown(figures, by, "ces", "standard_error", "low", "high")
