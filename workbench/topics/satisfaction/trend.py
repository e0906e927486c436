"""How satisfaction moves: one row per month or quarter, gaps unknown, a period that has not ended marked."""

from __future__ import annotations

from datetime import date
from typing import get_args

import ibis
import ibis.expr.types as ir

from workbench.analyses.calendar import Every, every_period
from workbench.analyses.choices import check_choice
from workbench.analyses.small_groups import SMALLEST_GROUP
from workbench.analyses.survey_answers import COMPARISON_COLUMNS
from workbench.schema import SurveyMeasure
from workbench.topics.satisfaction.query import ces, csat, nps

_MEASURES = {"nps": nps, "csat": csat, "ces": ces}


def satisfaction_trend(
    surveys: ir.Table,
    *,
    as_of: date,
    measure: SurveyMeasure = "nps",
    every: Every = "month",
    item: str | None = None,
    weighted: bool = True,
    confidence: float = 0.95,
    smallest: int = SMALLEST_GROUP,
) -> ir.Table:
    """Measure satisfaction period by period, from the first answer to the period of `as_of`.

    Answers after `as_of` do not count, nor do answers without a day. A period without answers has a row whose figures
    are unknown, never 0; one that ends after `as_of` is incomplete. Other arguments as in `nps`.

    Returns
    -------
    period (its first day), value (nps in points, csat as a share 0..1, ces as a mean), low, high, base, respondents,
    effective_base, weight, squares, cubes (for `trend_verdict`), is_small, is_hidden, is_incomplete; in
    order of time.
    """
    check_choice("measure", measure, get_args(SurveyMeasure))
    check_choice("every", every, get_args(Every))
    known = surveys.filter((surveys.day <= ibis.date(as_of)).fill_null(True))
    figures = _MEASURES[measure](
        known, by=every, item=item, weighted=weighted, confidence=confidence, smallest=smallest
    ).select(
        "base", "respondents", "effective_base", "low", "high", *COMPARISON_COLUMNS, "is_small", "is_hidden",
        period=every, value=measure,
    )  # fmt: skip

    periods = every_period(figures, "period", every=every, as_of=as_of)
    return periods.select(
        "period",
        "value",
        "low",
        "high",
        base=periods.is_hidden.isnull().ifelse(0, periods.base),
        respondents=periods.is_hidden.isnull().ifelse(0, periods.respondents),
        effective_base="effective_base",
        **{name: name for name in COMPARISON_COLUMNS},
        is_small=periods.is_small.fill_null(True),
        is_hidden=periods.is_hidden.fill_null(False),
        is_incomplete="is_incomplete",
    ).order_by("period")
