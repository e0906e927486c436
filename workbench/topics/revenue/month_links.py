"""Which months hang together: by so many customers who came in several that a few cannot be told from their sums.

Months are sums over what customers spent in them, and every other table of customers is a sum over all that they spent.
Both together could tell what a few spent: if all of a segment came in March and nobody else did but one, March less the
segment is that one. Months that enough customers link cannot be used so: whatever is added to one of them has to be
added to the others, because the same customers came in both, and then it is all that they spent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_flow

from workbench.analyses.calendar import begin_of


def visited_months(transactions: ir.Table) -> ir.Table:
    """Return customer_id and month, once for every month of which a customer has lines that count."""
    lines = transactions.filter(~_.is_cancelled & _.customer_id.notnull())
    return lines.select("customer_id", month=begin_of("month", lines.day)).distinct()


def month_moves(visited: ir.Table) -> ir.Table:
    """Return month, following and customer_count: how many customers came in one month and next in which."""
    by_customer = ibis.window(group_by="customer_id", order_by="month")
    moves = visited.mutate(following=_.month.lead().over(by_customer)).filter(_.following.notnull())
    return moves.group_by("month", "following").aggregate(customer_count=_.count())


def crossing_months(visited: ir.Table, groups: Mapping[date, int]) -> ir.Table:
    """Return who (a number) and month of the customers who came in months of several groups."""
    everyones = ibis.window(group_by="customer_id")
    in_groups = visited.mutate(group=linked_group(visited.month, groups))
    counted = in_groups.mutate(first=_.group.min().over(everyones), last=_.group.max().over(everyones))
    crossing = counted.filter(counted.first != counted["last"])
    return crossing.select("month", who=ibis.dense_rank().over(ibis.window(order_by="customer_id")))


def linked_group(month: ir.DateValue, groups: Mapping[date, int]) -> ir.IntegerValue:
    """Return the group of a month."""
    return ibis.cases(*((month == ibis.date(one), group) for one, group in groups.items()), else_=-1).cast("int64")


def linked_months(months: Sequence[date], moves: pd.DataFrame, *, smallest: int) -> dict[date, int]:
    """Group the months that `smallest` customers went between, directly or by way of other months.

    Examples
    --------
    >>> january, march, june = date(2024, 1, 1), date(2024, 3, 1), date(2024, 6, 1)
    >>> moves = pd.DataFrame({"month": [january, march], "following": [march, june], "customer_count": [9, 2]})
    >>> [*linked_months([january, march, june], moves, smallest=5).values()]
    [0, 0, 1]
    """
    enough = moves[moves["customer_count"] >= smallest]
    places = {month: place for place, month in enumerate(months)}
    ends = [enough[name].map(places).to_numpy(dtype=np.int64) for name in ("month", "following")]
    links = csr_array((np.ones(len(enough)), ends), shape=(len(places), len(places)))
    return dict(zip(months, connected_components(links, directed=False)[1].tolist(), strict=True))


def closely_linked(groups: Mapping[date, int], crossing: pd.DataFrame, *, smallest: int) -> dict[date, int]:
    """Join the groups of months that stay linked whichever `smallest` - 1 customers are left out.

    That is so where as many customers as `smallest` link them by ways that share none (Menger, 1927), which a flow
    counts: each customer lets one through. Groups that belong together do so with the same others: one is asked.
    """
    several = crossing.assign(group=crossing["month"].map(groups)).groupby("who")["group"].unique()
    # Customers of the same groups are one arc as wide as they are many: from any of these into the first place, from
    # the second to any of them.
    ways = Counter(tuple(sorted(some)) for some in several if len(some) > 1)
    size, count = max(groups.values()) + 1, len(ways)
    whose = np.repeat(np.arange(count), [len(some) for some in ways])
    group = np.array([one for some in ways for one in some], dtype=np.int64)
    into, out_of, through = size + whose, size + count + whose, np.arange(count)
    starts = np.concatenate([group, out_of, size + through])
    ends = np.concatenate([into, group, size + count + through])
    widths = np.concatenate([np.full(2 * len(group), smallest), np.fromiter(ways.values(), np.int64, count)])
    nodes = size + 2 * count
    arcs = csr_array((widths.astype(np.int32), (starts, ends)), shape=(nodes, nodes), dtype=np.int32)
    first_of: dict[int, int] = {}
    for one in range(size):
        joined = (first for first in set(first_of.values()) if maximum_flow(arcs, first, one).flow_value >= smallest)
        first_of[one] = next(joined, one)
    return {month: first_of[place] for month, place in groups.items()}
