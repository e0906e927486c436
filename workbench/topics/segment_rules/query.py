"""Who meets which rules: one query that gives `RuleCounts` all that order, names and audit ask."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from workbench.analyses.rules.columns import rule_table
from workbench.analyses.rules.counts import SUMMED, RuleCounts, measures_by
from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.segmentation import Ground
from workbench.errors import ChoiceError

__all__ = ["RuleCounts", "rule_rows", "rule_sets", "rule_sizes"]


def rule_rows(segmentation: RuleSegmentation, ground: Ground) -> ir.Table:
    """Return what `rule_sets` reads: the columns the rules look at, with money, orders and recency; kept.

    Whoever changes a value, an operator, a name or the order of the rules needs no other rows.
    """
    segmentation.check(ground)
    lacking = [name for name in SUMMED if name not in ground.facts.columns]
    if lacking:
        raise ChoiceError("rule_columns_missing", columns=lacking, known=list(ground.facts.columns))
    return ground.keep(rule_table(ground, sorted({*segmentation.columns, *SUMMED} - {"customer_id"})))


def rule_sets(segmentation: RuleSegmentation, rows: ir.Table, *, as_of: date) -> ir.Table:
    """Group the customers of `rule_rows` by the set of rules they meet on `as_of`: one aggregate over one table.

    Returns
    -------
    mask (bit j is set where rule j is met), and MEASURES: customers, cents (monetary in hundredths), orders, days (sum
    of recency_days).
    """
    mask = ibis.literal(0, type="int64")
    for place, condition in enumerate(segmentation.conditions(rows, as_of=as_of)):
        mask = mask + ibis.ifelse(condition, ibis.literal(1 << place, type="int64"), ibis.literal(0, type="int64"))
    return measures_by(rows, mask=mask)


def rule_sizes(counts: RuleCounts, *, rules: RuleSegmentation) -> pd.DataFrame:
    """Return the sizes of the segments of `rules`: a look-up in what `RuleCounts` knows of them."""
    return counts.sizes([rule.id for rule in rules.rules])
