"""RFM: customers scored by how recently, how often and for how much they bought, and put into named segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    scored = scores_by(measured, {"": cuts}, has_money=money != "none")
    shown = [name for name in measured.columns if name != "worth"]
    return scored.select(
        *shown,
        "r_score",
        "f_score",
        "m_score",
        rfm_score=(_.r_score * 100 + _.f_score * 10 + _.m_score).cast("int32"),
    )


def scores_by(measured: ir.Table, cuts: Mapping[str, AnyCuts], *, has_money: bool = True) -> ir.Table:
    """Score what `rfm_measures` gives by several cut points side by side.

    Parameters
    ----------
    cuts
        By what the names of their columns end with.
    has_money
        Off where M does not count: every M score is 1.

    Returns
    -------
    The columns of `measured`, and r_score, f_score and m_score with each of these endings.
    """
    near = measured.mutate(
        **{
            f"r_score{end}": (one.bins + 1 - _score(measured.recency_days, one.recency_days)).cast("int32")
            for end, one in cuts.items()
        }
    )
    often = near.mutate(**{f"f_score{end}": _f_score(near, one, end) for end, one in cuts.items()})
    if not has_money:
        return often.mutate(**{f"m_score{end}": ibis.literal(1, "int32") for end in cuts})
    return often.mutate(**{f"m_score{end}": _m_score(often, one, end) for end, one in cuts.items()})


def _f_score(near: ir.Table, cuts: AnyCuts, end: str) -> ir.IntegerValue:
    """Compare F with the same cuts for everybody, or with those of each customer's R score."""
    if isinstance(cuts, Cuts):
        return _score(near.frequency, cuts.frequency)
    return _score_within(near.frequency, cuts.steps[1], near[f"r_score{end}"] - 1)


def _m_score(often: ir.Table, cuts: AnyCuts, end: str) -> ir.IntegerValue:
    """Compare M with the same cuts for everybody, or with those of each customer's R and F scores."""
    if isinstance(cuts, Cuts):
        money = often.average_order_value if "average_order_value" in often.columns else often.monetary
        to_the_cent = [ibis.literal(Decimal(reaching(cut, 100)).scaleb(-2), MONEY_TYPE) for cut in cuts.monetary]
        return _score(money.cast(MONEY_TYPE), to_the_cent)
    parent = (often[f"r_score{end}"] - 1) * cuts.bins + often[f"f_score{end}"] - 1
    return _score_within(often.worth, cuts.steps[2].reshape(-1, cuts.bins - 1), parent)


def _score(measure: ir.NumericValue, cuts: Sequence[float | ir.NumericScalar]) -> ir.IntegerValue:
    """Count the cut points at or below the measure, from 1."""
    steps = [(measure < cut, score) for score, cut in enumerate(cuts, start=1)]
    return ibis.cases(*steps, else_=len(steps) + 1).cast("int32")


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


def rfm_sums(scores: ir.Table, facts: ir.Table) -> ir.Table:
    """Sum up the customers in every combination of the three scores that occurs.

    Cells, sizes of segments and places of the composite score are all sums over these few rows.

    Parameters
    ----------
    scores, facts
        What `rfm_scores` gave, and the customer facts it was made from.

    Returns
    -------
    r_score, f_score, m_score, customers, orders, cents (of monetary), days (of recency): whole numbers.
    """
    joined = scores.select("customer_id", "r_score", "f_score", "m_score").inner_join(
        facts.select("customer_id", "order_count", "monetary", "recency_days"), "customer_id"
    )
    return joined.group_by("r_score", "f_score", "m_score").aggregate(
        customers=_.count().cast("int64"),
        orders=_.order_count.sum().cast("int64"),
        cents=(_.monetary * 100).cast("int64").sum().cast("int64").fill_null(0),
        days=_.recency_days.sum().cast("int64"),
    )
