"""RFM: customers scored by how recently, how often and for how much they bought, and put into named segments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.rfm_cuts import Cuts
from workbench.analyses.segment_table import SegmentTable

Score = Literal["r_score", "f_score", "m_score"]

MONEY = "decimal(24, 2)"


def rfm_scores(facts: ir.Table, *, cuts: Cuts) -> ir.Table:
    """Score every customer from 1 to `cuts.bins` on recency, frequency and money; the highest is always the best.

    A score says between which cut points a customer lies, so equal customers get equal scores. Recency is turned
    round: fewest days, highest score. Money is compared as money, to the cent.

    Returns
    -------
    customer_id, recency_days, frequency, monetary, r_score, f_score, m_score, rfm_score (the three digits, e.g. 543).

    Examples
    --------
    >>> facts = ibis.table({"customer_id": "string", "recency_days": "int64", "frequency": "int64",
    ...     "monetary": "decimal(18, 2)"}, name="facts")
    >>> rfm_scores(facts, cuts=Cuts((30,), (3,), (5000,))).columns[-4:]
    ('r_score', 'f_score', 'm_score', 'rfm_score')
    """
    nearness = _score(facts.recency_days, cuts.recency_days)
    to_the_cent = [ibis.literal(_next_cent(cut), MONEY) for cut in cuts.monetary]
    scored = facts.mutate(
        r_score=(cuts.bins + 1 - nearness).cast("int32"),
        f_score=_score(facts.frequency, cuts.frequency),
        m_score=_score(facts.monetary.cast(MONEY), to_the_cent),
    )
    return scored.select(
        "customer_id",
        "recency_days",
        "frequency",
        "monetary",
        "r_score",
        "f_score",
        "m_score",
        rfm_score=(_.r_score * 100 + _.f_score * 10 + _.m_score).cast("int32"),
    )


def _score(measure: ir.NumericValue, cuts: Sequence[float | ir.NumericScalar]) -> ir.IntegerValue:
    """Count the cut points at or below the measure, from 1."""
    steps = [(measure < cut, score) for score, cut in enumerate(cuts, start=1)]
    return ibis.cases(*steps, else_=len(steps) + 1).cast("int32")


def _next_cent(cut: float) -> Decimal:
    """The smallest amount of money that reaches the cut."""
    return Decimal(math.ceil(Fraction(repr(cut)) * 100)).scaleb(-2)


def rfm_segments(scores: ir.Table, *, table: SegmentTable) -> ir.Table:
    """Give every scored customer the first segment of the table that fits, or "others" where none does.

    Returns
    -------
    The columns of `scores`, and segment (the id of the table's rule).
    """
    return scores.mutate(segment=table.segment_of(scores))


def rfm_cells(scores: ir.Table, *, by: Sequence[Score] = ("r_score", "f_score")) -> ir.Table:
    """Count customers and money in every combination of scores that occurs.

    Returns
    -------
    The scores in `by`, customer_count, customer_share, monetary, average_monetary.
    """
    cells = scores.group_by(list(by)).aggregate(customer_count=_.count(), monetary=_.monetary.sum().cast(MONEY))
    return cells.select(
        *by,
        "customer_count",
        customer_share=_.customer_count / _.customer_count.sum().over(ibis.window()),
        monetary=_.monetary,
        average_monetary=_.monetary.cast("float64") / _.customer_count,
    ).order_by(list(by))


def segment_summary(segmented: ir.Table) -> ir.Table:
    """Sum up every segment that has customers, the largest in money first.

    Returns
    -------
    segment, customer_count, customer_share, order_count (purchases), monetary, value_share (of the sum over all
    segments; null where that is not above zero), average_order_value (monetary / order_count), average_monetary
    (per customer), average_recency_days.
    """
    sums = segmented.group_by("segment").aggregate(
        customer_count=_.count(),
        order_count=_.frequency.sum().cast("float64"),
        monetary=_.monetary.sum().cast(MONEY),
        average_recency_days=_.recency_days.mean(),
    )
    money = sums.monetary.cast("float64")
    whole = money.sum().over(ibis.window())
    return sums.select(
        "segment",
        "customer_count",
        customer_share=_.customer_count / _.customer_count.sum().over(ibis.window()),
        order_count=_.order_count.cast("int64"),
        monetary=_.monetary,
        value_share=ibis.ifelse(whole > 0, money / whole, None),
        average_order_value=money / sums.order_count,
        average_monetary=money / sums.customer_count,
        average_recency_days=_.average_recency_days,
    ).order_by(_.monetary.desc(), _.segment)
