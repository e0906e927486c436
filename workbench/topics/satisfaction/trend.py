"""How satisfaction moves: one row per month or quarter, gaps unknown, a period that has not ended marked."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import ibis
import ibis.expr.types as ir

from workbench.analyses.choices import check_choice
from workbench.analyses.small_groups import SMALLEST_GROUP
from workbench.analyses.survey_answers import Measure
from workbench.topics.satisfaction.query import ces, csat, nps

Every = Literal["month", "quarter"]

_MEASURES = {"nps": nps, "csat": csat, "ces": ces}


def satisfaction_trend(
    surveys: ir.Table,
    *,
    as_of: date,
    measure: Measure = "nps",
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
    period (its first day), value (nps in points, csat as a share 0..1, ces as a mean), low, high, base,
    effective_base, is_small, is_hidden, is_incomplete; in order of time.
    """
    check_choice("measure", measure, get_args(Measure))
    check_choice("every", every, get_args(Every))
    until = ibis.date(as_of)
    known = surveys.filter((surveys.day <= until).fill_null(True))
    figures = _MEASURES[measure](
        known, by=every, item=item, weighted=weighted, confidence=confidence, smallest=smallest
    ).select(every, "base", "effective_base", "low", "high", "is_small", "is_hidden", value=measure)

    step = ibis.interval(months=1 if every == "month" else 3)
    first = figures.aggregate(first=figures[every].min().cast("timestamp"))
    after = until.cast("timestamp") + ibis.interval(days=1)
    begins = first.select(begin=ibis.range(first["first"], after, step).unnest())
    periods = begins.select(period=begins.begin.cast("date"))
    joined = periods.left_join(figures, periods.period == figures[every])
    ends = joined.period.cast("timestamp") + step
    return joined.select(
        "period",
        "value",
        "low",
        "high",
        base=joined.is_hidden.isnull().ifelse(0, joined.base),
        effective_base="effective_base",
        is_small=joined.is_small.fill_null(True),
        is_hidden=joined.is_hidden.fill_null(False),
        is_incomplete=ends > after,
    ).order_by("period")
