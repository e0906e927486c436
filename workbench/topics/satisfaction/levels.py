"""From which score an answer counts as satisfied: by the levels of its item's own scale."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

TOP_TWO_FROM = 5
"""On scales of at least so many levels the top two are satisfied answers, on shorter ones the top one."""

MOST_WHOLE = 10
"""A scale no longer than this, and longer than 1, has the whole numbers for levels."""

THOUSAND = 1000
"""Scores are kept to three decimals: as thousandths they are whole numbers, and compare exactly."""


def with_satisfied(answers: ir.Table) -> ir.Table:
    """Add `is_satisfied`: whether a score is among the top two levels of its scale, the top one on two to four levels.

    On a scale of up to 11 whole numbers (1–5, 1–7, 0–10) the levels are these numbers: what lies between two of them
    counts with the lower one, so 4.5 of 5 is satisfied as 4 is. On a longer scale (0–100), and within 0–1, the levels
    are known from what occurs among all the item's valid answers: they lie as far apart as the two nearest values do.
    0–100 in steps of 20 has six levels and 80 is satisfied; where every whole number occurs there are 101, and 99 is.
    Of a single value nothing is known of the levels: then only the end of the scale is satisfied.

    `answers` has item, score, scale_low, scale_high and is_valid, as `valid_answers` gives them.
    """
    exact = answers.mutate(
        **{f"{name}_exact": _thousandths(answers[name]) for name in ("score", "scale_low", "scale_high")}
    )
    scale = ["item", "scale_low_exact", "scale_high_exact"]
    values = exact.filter(_.is_valid).select(*scale, "score_exact").distinct()
    before = values.score_exact.lag().over(ibis.window(group_by=scale, order_by="score_exact"))
    steps = values.mutate(step=values.score_exact - before).group_by(scale).aggregate(step=_.step.min())
    length = steps.scale_high_exact - steps.scale_low_exact
    step = (length.between(THOUSAND + 1, MOST_WHOLE * THOUSAND)).ifelse(
        THOUSAND, ibis.coalesce(steps.step, length, ibis.literal(0))
    )
    has_many = length >= (TOP_TWO_FROM - 1) * step
    tops = steps.select(
        top_item=steps.item,
        top_low=steps.scale_low_exact,
        top_high=steps.scale_high_exact,
        satisfied_from=steps.scale_high_exact - has_many.ifelse(step, 0),
    )
    joined = exact.left_join(
        tops,
        [
            exact.item == tops.top_item,
            exact.scale_low_exact == tops.top_low,
            exact.scale_high_exact == tops.top_high,
        ],
    )
    return joined.select(*answers.columns, is_satisfied=joined.score_exact >= joined.satisfied_from)


def _thousandths(value: ir.FloatingColumn) -> ir.IntegerColumn:
    return (value * THOUSAND).round().cast("int64")
