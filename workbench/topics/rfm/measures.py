"""What R, F and M measure: days since the last purchase, orders or days with a purchase, and their money."""

from __future__ import annotations

from typing import Literal, get_args

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.choices import check_choice
from workbench.analyses.facts import CountBy
from workbench.analyses.segmentation import MONEY_TYPE

Money = Literal["total", "average", "none"]
"""What M is; "none" where no money is known: R and F alone decide, and every M score is 1 and shown nowhere."""

RFM = ("recency_days", "frequency", "monetary")


def rfm_measures(facts: ir.Table, *, count_by: CountBy | None = None, money: Money = "total") -> ir.Table:
    """Take from the customer facts what RFM scores.

    Parameters
    ----------
    count_by
        What F counts: "order" or "day" (days with any purchase); None keeps `frequency` as the facts have it.
    money
        What M is: the "total" of the period, or the "average" of a purchase (total / F, rounded half up to the cent);
        "none" where it does not count.

    Returns
    -------
    customer_id, recency_days, frequency, monetary (always the total), average_order_value (decimal; with "average"
    alone), worth (M in whole cents; 0 with "none").

    Examples
    --------
    >>> facts = ibis.table({"customer_id": "string", "recency_days": "int64", "order_count": "int64",
    ...     "purchase_days": "int64", "monetary": "decimal(18, 2)"}, name="facts")
    >>> rfm_measures(facts, count_by="day", money="average").columns[2:]
    ('frequency', 'monetary', 'average_order_value', 'worth')
    """
    if count_by is not None:
        check_choice("count_by", count_by, get_args(CountBy))
    check_choice("money", money, get_args(Money))
    named = {None: "frequency", "order": "order_count", "day": "purchase_days"}[count_by]
    cents = (facts.monetary * 100).cast("int64")
    measured = facts.select("customer_id", "recency_days", frequency=facts[named], monetary=facts.monetary, worth=cents)
    if money == "none":
        return measured.mutate(worth=ibis.literal(0, "int64"))
    if money == "total":
        return measured
    worth = (_.worth.cast("float64") / _.frequency.nullif(0)).round().cast("int64")
    return measured.mutate(worth=worth).select(
        "customer_id",
        "recency_days",
        "frequency",
        "monetary",
        average_order_value=(_.worth.cast("float64") / 100).cast(MONEY_TYPE),
        worth=_.worth,
    )
