"""Customer facts from ready figures: where a company gives recency, frequency and money, and no single purchase."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.analyses.facts import CARRIED_COLUMNS


def ready_customer_facts(ready: ir.Table, *, as_of: date, customers: ir.Table | None = None) -> ir.Table:
    """Put ready figures into the shape of `customer_facts`, each customer's newest ones.

    Who has a frequency of zero bought nothing and is not there. The days since the last purchase are counted from
    `as_of`; where no day of it is known they are those that were given. What single purchases alone would tell (the
    first purchase, days and lines of purchase, visits, margin) is unknown.

    Parameters
    ----------
    ready
        The table `customer_facts` of a store: customer_id, last_on, recency_days, frequency, monetary, as_of.

    Returns
    -------
    The columns of `customer_facts`, with CARRIED_COLUMNS as far as `customers` has them.

    Examples
    --------
    >>> ready = ibis.table({"customer_id": "string", "last_on": "date", "recency_days": "decimal(18, 3)",
    ...     "frequency": "decimal(18, 3)", "monetary": "decimal(18, 2)", "as_of": "date"}, name="customer_facts")
    >>> ready_customer_facts(ready, as_of=date(2024, 12, 31)).columns[5:7]
    ('frequency', 'order_count')
    """
    place = ibis.row_number().over(group_by="customer_id", order_by=[_.as_of.desc(nulls_first=False), _.last_on.desc()])
    bought = ibis.coalesce(_.frequency > 0, _.monetary != 0, _.recency_days.notnull() | _.last_on.notnull())
    newest = ready.mutate(place=place).filter(_.place == 0, bought)
    profile = () if customers is None else tuple(name for name in CARRIED_COLUMNS if name in customers.columns)
    if customers is not None:
        newest = newest.left_join(customers.select("customer_id", *profile), "customer_id")
    times, nothing = newest.frequency.cast("int64"), ibis.null("int64")
    since = ibis.date(as_of).delta(newest.last_on, unit="day")
    return newest.select(
        "customer_id",
        first_on=ibis.null("date"),
        last_on=newest.last_on,
        recency_days=since.cast("int64").coalesce(newest.recency_days.cast("int64")),
        tenure_days=nothing,
        frequency=times,
        order_count=times,
        purchase_days=nothing,
        visit_count=nothing,
        line_count=nothing,
        monetary=newest.monetary.cast("decimal(24, 2)"),
        margin=ibis.null("decimal(24, 2)"),
        uncosted_line_count=nothing,
        average_order_value=newest.monetary.cast("float64") / times.nullif(0),
        **{name: newest[name] for name in profile},
    )
