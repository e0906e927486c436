"""Overlap: two segmentations of the same customers, how far they agree, and who sits where."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from workbench.analyses.adjusted_rand import adjusted_rand
from workbench.analyses.effect_size import more_together
from workbench.analyses.segmentation import MONEY_TYPE


@dataclass(frozen=True)
class Agreement:
    """How far two segmentations agree over `base` customers.

    `adjusted_rand` is 1 where they make the same groups, about 0 where they have nothing to do with each other, and
    below 0 where they agree less than by chance; unknown (NaN) where both leave everybody in one group or everybody
    alone, since every pair agrees then.
    """

    base: int
    adjusted_rand: float


def segment_pairs(first: ir.Table, second: ir.Table, facts: ir.Table) -> ir.Table:
    """Say of every customer in which segment of both segmentations they are.

    Returns customer_id, first_segment, second_segment, monetary.
    """
    a = first.select("customer_id", first_segment=first.segment)
    b = second.select("customer_id", second_segment=second.segment)
    joined = a.inner_join(b, "customer_id").inner_join(facts.select("customer_id", "monetary"), "customer_id")
    return joined.select("customer_id", "first_segment", "second_segment", "monetary")


def segment_overlap(pairs: ir.Table) -> ir.Table:
    """Count customers and money in every combination of two segments that occurs.

    Parameters
    ----------
    pairs
        What `segment_pairs` gave.

    Returns
    -------
    first_segment, second_segment, customer_count, monetary, first_share (of the first segment's customers),
    second_share (of the second's), smaller_share (of the smaller of the two: 1 where one holds the other; Szymkiewicz
    and Simpson's overlap), jaccard (customers in both / in either), lift (customers / those expected if the two had
    nothing to do with each other).

    References
    ----------
    P. Jaccard, "Étude comparative de la distribution florale", Bulletin de la Société Vaudoise des Sciences Naturelles
    37 (1901); G. G. Simpson, "Mammals and the nature of continents", American Journal of Science 241 (1943).
    """
    cells = pairs.group_by("first_segment", "second_segment").aggregate(
        customer_count=_.count(), monetary=_.monetary.sum().cast(MONEY_TYPE)
    )
    n = cells.customer_count
    first = n.sum().over(ibis.window(group_by="first_segment"))
    second = n.sum().over(ibis.window(group_by="second_segment"))
    whole = n.sum().over(ibis.window())
    return cells.select(
        "first_segment",
        "second_segment",
        "customer_count",
        "monetary",
        first_share=n / first,
        second_share=n / second,
        smaller_share=n / ibis.least(first, second),
        jaccard=n / (first + second - n),
        lift=n.cast("float64") * whole / (first * second),
    ).order_by("first_segment", "second_segment")


def chance_of(cells: pd.DataFrame, *, base: int) -> pd.Series[float]:
    """Return for each cell the p-value that as many would be in both segments if the two had nothing in common.

    Fisher's exact test upwards, times the number of cells that could be (segments of one by segments of the other):
    among all cells of two segmentations that have nothing to do with each other the chance that any p-value lies at
    0.05 or below is at most 5 % (Bonferroni). Rows whose figures are hidden are counted and stay unknown.

    Parameters
    ----------
    cells
        The rows of `segment_overlap`, some of them perhaps hidden.
    base
        All customers.

    Examples
    --------
    >>> rows = [("a", "x", 9, 1.0, 1.0), ("b", "y", 9, 1.0, 1.0)]
    >>> names = ["first_segment", "second_segment", "customer_count", "first_share", "second_share"]
    >>> chance_of(pd.DataFrame(rows, columns=names), base=18).round(6).tolist()
    [8.2e-05, 8.2e-05]
    """
    compared = cells["first_segment"].nunique() * cells["second_segment"].nunique()
    both = cells["customer_count"].astype(float)
    sizes = ((both / cells[share].astype(float)).round() for share in ("first_share", "second_share"))
    chances = pd.Series(more_together(both, *sizes, whole=base), index=cells.index)
    return (chances * compared).clip(upper=1.0)


def agreement(cells: pd.DataFrame) -> Agreement:
    """Measure how far the two segmentations agree, from the rows of `segment_overlap`.

    References
    ----------
    L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2 (1985).

    Examples
    --------
    >>> cells = pd.DataFrame({"first_segment": ["a", "b"], "second_segment": ["x", "y"], "customer_count": [3, 2]})
    >>> agreement(cells)
    Agreement(base=5, adjusted_rand=1.0)
    """
    counts = cells["customer_count"].to_numpy(dtype=float)
    rows = cells.groupby("first_segment")["customer_count"].sum().to_numpy(dtype=float)
    columns = cells.groupby("second_segment")["customer_count"].sum().to_numpy(dtype=float)
    return Agreement(int(counts.sum()), adjusted_rand(counts, rows, columns))
