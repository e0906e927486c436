"""What makes a segment different: every column of its customers compared with the rest or with another segment."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from workbench.analyses.effect_size import (
    V_STEPS,
    cliffs_delta,
    cramers_v,
    independence_test,
    q_values,
    rank_test,
    size_word,
)
from workbench.analyses.rounding import rounded
from workbench.analyses.segmentation import Ground
from workbench.errors import ChoiceError, NothingToShow
from workbench.schema import CUSTOMERS
from workbench.topics.profile.cells import EVERYBODY, NO_VALUE, WithheldCells, withheld_cells

PROFILE_MEASURES = (
    "recency_days",
    "tenure_days",
    "order_count",
    "visit_count",
    "monetary",
    "average_order_value",
    "margin",
)
"""What the customer facts say in numbers."""

MOST_PROFILE_VALUES = 50
"""A column of more different values than this (number plates, streets) tells single customers, not segments."""
DIGITS = 3
"""How many digits of numbers are compared."""
EQUALLY_FAR = 1e-9
"""Shares of two values lie equally far apart where the distances differ by less."""

NAMING = {"customer_id", *(column.name for column in CUSTOMERS.columns if column.personal != "no" or column.derived)}
"""Columns that name a customer or the source of a row: there is nothing to compare."""
DATED = {"birthday"}
"""Days that say no more than the customer's age, and are compared although they are personal."""


def profile_table(ground: Ground, *, has_complaints: bool = True) -> ir.Table:
    """Put all that is known of a customer in one row: the facts, the customers' own columns, and complaints.

    A column of days becomes how many days it lies before `ground.as_of`. Columns that name somebody are left out, and
    complaints where they must not be asked (`has_complaints`).

    Returns
    -------
    customer_id, PROFILE_MEASURES, complaint_count (up to the day), and the columns of the customers' table: numbers as
    float64, days as days ago, texts and truths as text.
    """
    people, facts = ground.table("customers"), ground.facts
    own = {name: _plain(people[name], ground) for name in people.columns if _is_told(name)}
    joined = facts.select("customer_id", *PROFILE_MEASURES).left_join(
        people.select("customer_id", **own), "customer_id"
    )
    known = joined.select(
        "customer_id",
        **{name: joined[name].cast("float64") for name in PROFILE_MEASURES},
        **{n: joined[n] for n in own},
    )
    return _with_complaints(known, ground) if has_complaints else known


def _with_complaints(known: ir.Table, ground: Ground) -> ir.Table:
    complaints = ground.table("complaints")
    before = complaints.filter(complaints.customer_id.notnull(), complaints.day <= ibis.date(ground.as_of))
    counted = before.group_by("customer_id").aggregate(complaint_count=_.count())
    joined = known.left_join(counted, "customer_id")
    return joined.select(*known.columns, complaint_count=joined.complaint_count.fill_null(0).cast("float64"))


def _is_told(name: str) -> bool:
    return name in DATED or (name not in NAMING and name not in PROFILE_MEASURES and name != "complaint_count")


def _plain(column: ir.Column, ground: Ground) -> ir.Column:
    kind = column.type()
    if kind.is_date() or kind.is_timestamp():
        return ibis.date(ground.as_of).delta(column.cast("date"), unit="day").cast("float64")
    return column.cast("float64") if kind.is_numeric() else column.cast("string")


def value_counts(table: ir.Table) -> ir.Table:
    """Count the different values of every column, in one row; `chosen_columns` reads it."""
    return table.aggregate(**{name: table[name].nunique() for name in table.columns if name != "customer_id"})


def chosen_columns(table: ir.Table, counts: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the columns worth comparing: with two values at least, and texts with no more than MOST_PROFILE_VALUES."""
    least = 2
    return tuple(
        name
        for name in table.columns
        if name != "customer_id"
        and counts[name] >= least
        and (table[name].type().is_numeric() or counts[name] <= MOST_PROFILE_VALUES)
    )


def profile_counts(assigned: ir.Table, table: ir.Table, *, columns: Sequence[str]) -> ir.Table:
    """Condense the customers to counts: how many of each segment have each value of each column.

    Numbers are rounded to DIGITS digits first, so that a million customers are some ten thousand rows, and customers
    within half a per cent of each other count as equal; `total` adds up the numbers as they are.

    Parameters
    ----------
    assigned
        What a segmentation's `assign` gave.
    table
        What `profile_table` gave.

    Returns
    -------
    column, segment, number (of a numeric column), label (of another; both null: unknown), customer_count, total.
    """
    joined = table.inner_join(assigned.select("customer_id", "segment"), "customer_id")
    if not columns:
        raise NothingToShow("profile_all_equal")
    return ibis.union(*(_counted(joined, name) for name in columns))


def _counted(joined: ir.Table, name: str) -> ir.Table:
    column = joined[name]
    if column.type().is_numeric():
        grouped = joined.group_by(joined.segment, number=_rounded(column.cast("float64")))
        label, number, total = ibis.null("string"), _.number, column.sum()
    else:
        grouped = joined.group_by(joined.segment, label=column)
        label, number, total = _.label, ibis.null("float64"), ibis.null("float64")
    return grouped.aggregate(customer_count=_.count(), total=total).select(
        column=ibis.literal(name),
        segment="segment",
        number=number,
        label=label,
        customer_count="customer_count",
        total=_.total.cast("float64"),
    )


def _rounded(number: ir.FloatingValue) -> ir.FloatingValue:
    """Round to DIGITS digits, whatever the size."""
    size = number.abs()
    is_middling = (size == 0) | ((size >= 1) & (size < 10 ** (DIGITS - 1)))
    step = ibis.literal(10.0) ** (size.nullif(0).log10().floor() - (DIGITS - 1))
    fine = ibis.greatest(step, ibis.literal(1e-12))
    return ibis.ifelse(is_middling, rounded(number, DIGITS - 1), (number / fine).round() * fine)


def compare_segments(
    counts: pd.DataFrame,
    *,
    this: str,
    against: str | None = None,
    evidence: Collection[str] = (),
    smallest: int = 1,
    withheld: Mapping[str, WithheldCells] | None = None,
) -> pd.DataFrame:
    """Compare a segment with the rest, or with another one, in every column, the greatest difference first.

    A number is compared by ranks: Cliff's delta says how much likelier a customer of the segment has more than one of
    the others than less (it does not mind a few giants, as means do), and the rank test of Mann and Whitney whether
    chance could do it. A text is compared by shares: Cramér's V (corrected for bias) and the chi-square test, and the
    value whose share differs most. Both effects go from 0 to 1 in size, so one list can hold them; they are not the
    same measure. The tests of all columns but the evidence are corrected together by Benjamini and Hochberg: `q_value`;
    where the segment and the others are alike in all of these, the chance that any q lies at 0.05 or below is 5 %.
    Every column has its own base: who has no value there is counted as missing and not compared. The mean of the
    average order value is all spend over all orders, as it is of a segment everywhere else, not the mean of its
    customers' averages.

    Parameters
    ----------
    counts
        The rows of `profile_counts`.
    evidence
        Columns by which the segmentation was made, or that are computed from the same: they differ because they were
        made to. They have no q.
    smallest
        Figures of fewer customers are left unknown, and those that lead to them by way of any other choice of `this`
        and `against` (`withheld_cells`); where the number of those without a value is unknown, so is the base.
    withheld
        By column, the cells that may not be told, where that was decided together with more than the column itself. A
        column that is not there may not be told at all, and is left out.

    Returns
    -------
    column, kind ("number" or "text"), effect (delta with its sign, or V), size ("negligible" … "large"), direction
    ("higher", "lower", "mixed"), this_base, this_missing, other_base, other_missing, this_mean, other_mean,
    this_median, other_median (to DIGITS digits), value, this_share, other_share, points (their difference, -1..1),
    log_ratio (of the shares, to base 2; null where one is 0), p_value, is_evidence, q_value (null of the evidence).

    Examples
    --------
    >>> rows = [("spend", "gold", 9.0, None, 2, 18.0), ("spend", "rest", 1.0, None, 2, 2.0)]
    >>> names = ["column", "segment", "number", "label", "customer_count", "total"]
    >>> compare_segments(pd.DataFrame(rows, columns=names), this="gold")[["column", "effect", "this_mean"]].values
    array([['spend', 1.0, 9.0]], dtype=object)
    """
    groups = _groups(counts, this, against, smallest)
    compared = [
        _compared(str(name), rows, groups, smallest, _withheld(str(name), rows, smallest, withheld))
        for name, rows in counts.groupby("column", sort=False, dropna=True)
    ]
    table = _with_order_value(pd.DataFrame(compared))
    if withheld is not None:
        table = table[table["column"].isin([*withheld])]
    table = table.assign(is_evidence=table["column"].isin([*evidence]))
    table["q_value"] = q_values(table["p_value"].mask(table["is_evidence"]).tolist())
    order = table["effect"].abs().fillna(-1).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _with_order_value(compared: pd.DataFrame) -> pd.DataFrame:
    """Make the mean of the average order value the quotient of the two means it is made of."""
    rows = compared.set_index("column")
    if {"average_order_value", "monetary", "order_count"} <= set(rows.index):
        for name in ("this_mean", "other_mean"):
            means: dict[Any, float] = rows[name].to_dict()
            rows.loc["average_order_value", name] = means["monetary"] / means["order_count"]
    return rows.reset_index()


Group = Callable[[pd.DataFrame], pd.DataFrame]


def _groups(counts: pd.DataFrame, this: str, against: str | None, smallest: int) -> tuple[Group, Group]:
    """Return how to find the rows of either group; words where one of them is nobody."""
    if this == against:
        raise ChoiceError("segment_with_itself")
    chosen: tuple[Group, Group] = (
        lambda rows: rows[rows["segment"] == this],
        lambda rows: rows[rows["segment"] != this] if against is None else rows[rows["segment"] == against],
    )
    first = counts[counts["column"] == counts["column"].iloc[0]] if len(counts) else counts
    sizes = [int(group(first)["customer_count"].sum()) for group in chosen]
    if not all(sizes):
        raise NothingToShow("segment_empty")
    if min(sizes) < smallest:
        raise NothingToShow("group_too_small", minimum=smallest)
    return chosen


def _withheld(
    column: str, rows: pd.DataFrame, smallest: int, decided: Mapping[str, WithheldCells] | None
) -> WithheldCells:
    if decided is not None:
        return decided.get(column, frozenset())
    return withheld_cells(rows, smallest=smallest) if smallest > 1 else frozenset()


def _compared(
    name: str, rows: pd.DataFrame, groups: tuple[Group, Group], smallest: int, withheld: WithheldCells
) -> dict[str, Any]:
    sides = [group(rows) for group in groups]
    known = [side[side["number"].notna() | side["label"].notna()] for side in sides]
    bases = [int(side["customer_count"].sum()) for side in known]
    missing = [int(side["customer_count"].sum()) - base for side, base in zip(sides, bases, strict=True)]
    is_number = bool(rows["number"].notna().any())
    empty = dict.fromkeys(
        ("effect", "this_mean", "other_mean", "this_median", "other_median", "this_share", "other_share", "points",
         "log_ratio", "p_value"), math.nan,
    )  # fmt: skip
    comparison: dict[str, Any] = {"column": name, "kind": "number" if is_number else "text", **empty, "value": None}
    for side, base, gone, rows_of in zip(("this", "other"), bases, missing, sides, strict=True):
        # Where these are withheld, the base would say how many they are.
        is_untold = not withheld.isdisjoint(product(_telling(rows, rows_of), [NO_VALUE]))
        comparison |= {
            f"{side}_base": math.nan if is_untold else base,
            f"{side}_missing": math.nan if is_untold else gone,
        }
    if min(bases) >= max(smallest, 1):
        comparison |= _numbers(known) if is_number else _texts(rows, known, groups, withheld)
    steps = {} if is_number else {"steps": V_STEPS}
    effect = comparison["effect"]
    turned = "" if math.isnan(effect) or not effect else "higher" if effect > 0 else "lower"
    return comparison | {
        "size": size_word(effect, **steps),
        "direction": turned if is_number or not turned else "mixed",
    }


def _numbers(known: Sequence[pd.DataFrame]) -> dict[str, Any]:
    bins = sorted(set(known[0]["number"]) | set(known[1]["number"]))
    this, other = (side.groupby("number")["customer_count"].sum().reindex(bins, fill_value=0) for side in known)
    means = [side["total"].sum() / side["customer_count"].sum() for side in known]
    return {
        "effect": cliffs_delta(this, other),
        "p_value": rank_test(this, other),
        "this_mean": means[0],
        "other_mean": means[1],
        "this_median": _median(this),
        "other_median": _median(other),
    }


def _texts(
    rows: pd.DataFrame, known: Sequence[pd.DataFrame], groups: tuple[Group, Group], withheld: WithheldCells
) -> dict[str, Any]:
    values = sorted(set(known[0]["label"]) | set(known[1]["label"]))
    this, other = (side.groupby("label")["customer_count"].sum().reindex(values, fill_value=0) for side in known)
    comparison: dict[str, Any] = {"effect": cramers_v(this, other), "p_value": independence_test(this, other)}
    shares = [_shares(rows, group, withheld) for group in groups]
    points = (shares[0]["share"].reindex(values) - shares[1]["share"].reindex(values)).dropna()
    if points.empty:
        return comparison
    farthest = points[points.abs() > points.abs().max() - EQUALLY_FAR]
    value = farthest.idxmax()  # of two as far apart, what the segment has more of
    a, b = float(shares[0]["share"][value]), float(shares[1]["share"][value])
    ratio = math.log2(a / b) if a > 0 and b > 0 else math.nan
    return comparison | {"value": value, "this_share": a, "other_share": b, "points": a - b, "log_ratio": ratio}


def _shares(rows: pd.DataFrame, group: Group, withheld: WithheldCells) -> pd.DataFrame:
    """Return count and share by value, unknown where they may not be told."""
    values = sorted(rows["label"].dropna().unique())
    side = group(rows[rows["label"].notna()])
    counts = side.groupby("label")["customer_count"].sum().reindex(values, fill_value=0).astype(float)
    shown = pd.DataFrame({"count": counts, "share": counts / counts.sum() if counts.sum() else math.nan})
    telling = _telling(rows, group(rows))
    return shown.mask(
        pd.Series({value: not withheld.isdisjoint(product(telling, [value])) for value in values}, dtype=bool)
    )


def _telling(rows: pd.DataFrame, side: pd.DataFrame) -> set[str]:
    """Return whose cells make the figures of a side: its own, or of the rest the sum and the one segment not in it."""
    segments = set(side["segment"])
    return segments if len(segments) == 1 else {EVERYBODY, *rows["segment"]} - segments


def _median(counts: pd.Series) -> float:
    """Return the median of values given with their counts; between two values their mean."""
    running, whole = counts.cumsum().to_numpy(), counts.sum()
    places = [(whole - 1) // 2, whole // 2]
    return float(np.mean([counts.index[int(np.searchsorted(running, place, side="right"))] for place in places]))
