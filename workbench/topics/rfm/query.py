"""RFM: customers scored by how recently, how often and for how much they bought, and put into named segments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.facts import CountBy
from workbench.analyses.rules.table import SegmentTable
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.topics.rfm.cuts import AnyCuts, Cuts
from workbench.topics.rfm.measures import Money, rfm_measures
from workbench.topics.rfm.steps import reaching

Score = Literal["r_score", "f_score", "m_score"]


def rfm_scores(facts: ir.Table, *, cuts: AnyCuts, count_by: CountBy | None = None, money: Money = "total") -> ir.Table:
    """Score every customer from 1 to `cuts.bins` on recency, frequency and money; the highest is always the best.

    A score says between which cut points a customer lies, so equal customers get equal scores. Recency is turned
    round: fewest days, highest score. Money is compared as money, to the cent. Nested cuts look up the cuts of F by
    the R score, and those of M by both. `count_by` and `money` say what F and M are (`rfm_measures`).

    Returns
    -------
    customer_id, recency_days, frequency, monetary (the total), average_order_value (only where M is the average),
    r_score, f_score, m_score, rfm_score (the three digits, e.g. 543).

    Examples
    --------
    >>> facts = ibis.table({"customer_id": "string", "recency_days": "int64", "frequency": "int64",
    ...     "monetary": "decimal(18, 2)"}, name="facts")
    >>> rfm_scores(facts, cuts=Cuts((30,), (3,), (5000,))).columns[-4:]
    ('r_score', 'f_score', 'm_score', 'rfm_score')
    """
    measured = rfm_measures(facts, count_by=count_by, money=money)
    nearness = _score(measured.recency_days, cuts.recency_days)
    near = measured.mutate(r_score=(cuts.bins + 1 - nearness).cast("int32"))
    scored = _flat(near, cuts) if isinstance(cuts, Cuts) else _nested(near, cuts)
    shown = [name for name in measured.columns if name != "worth"]
    return scored.select(
        *shown,
        "r_score",
        "f_score",
        "m_score",
        rfm_score=(_.r_score * 100 + _.f_score * 10 + _.m_score).cast("int32"),
    )


def _flat(near: ir.Table, cuts: Cuts) -> ir.Table:
    """Compare F and M with the same cuts for everybody."""
    money = near.average_order_value if "average_order_value" in near.columns else near.monetary
    to_the_cent = [ibis.literal(Decimal(reaching(cut, 100)).scaleb(-2), MONEY_TYPE) for cut in cuts.monetary]
    return near.mutate(
        f_score=_score(near.frequency, cuts.frequency), m_score=_score(money.cast(MONEY_TYPE), to_the_cent)
    )


def _score(measure: ir.NumericValue, cuts: Sequence[float | ir.NumericScalar]) -> ir.IntegerValue:
    """Count the cut points at or below the measure, from 1."""
    steps = [(measure < cut, score) for score, cut in enumerate(cuts, start=1)]
    return ibis.cases(*steps, else_=len(steps) + 1).cast("int32")


def _nested(near: ir.Table, cuts: AnyCuts) -> ir.Table:
    """Compare F and M with the cuts of each customer's parent."""
    _days, times, cents = cuts.steps
    often = near.mutate(f_score=_score_within(near.frequency, times, near.r_score - 1))
    parent = (often.r_score - 1) * cuts.bins + often.f_score - 1
    return often.mutate(m_score=_score_within(often.worth, cents.reshape(-1, cuts.bins - 1), parent))


def _score_within(measure: ir.IntegerValue, steps: NDArray[np.int64], parent: ir.IntegerValue) -> ir.IntegerValue:
    """Count the steps of the parent at or below the measure, from 1; `steps` has a row for each parent."""
    score: ir.IntegerValue = ibis.literal(1)
    for step in steps.T.tolist():
        score = score + (measure >= ibis.literal(step, "array<int64>")[parent]).cast("int32")
    return score.cast("int32")


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
    cells = scores.group_by(list(by)).aggregate(customer_count=_.count(), monetary=_.monetary.sum().cast(MONEY_TYPE))
    return cells.select(
        *by,
        "customer_count",
        customer_share=_.customer_count / _.customer_count.sum().over(ibis.window()),
        monetary=_.monetary,
        average_monetary=_.monetary.cast("float64") / _.customer_count,
    ).order_by(list(by))
